"""The same plan gives the same rows on SQLite and on the server."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stores import MySQLStores
from tests.unit.texttosql.compose.plans import PLANS
from tests.unit.texttosql.compose.running import Place, place
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.flow import Cell, ResultTable

pytestmark = pytest.mark.mysql

Places = tuple[Place, Place]


@pytest.fixture(scope="module")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_small_store(tmp_path_factory.mktemp("small") / "mlflow.db")


@pytest.fixture(scope="module")
def places(small_file: Path, mysql_mlflow: MySQLStores) -> Iterator[Places]:
    """The small store on SQLite, and the same rows on the server."""
    with (
        place(f"sqlite:///{small_file}") as sqlite,
        place(mysql_mlflow.copy(small_file, "t_compose")) as mysql,
    ):
        yield sqlite, mysql


@pytest.fixture(scope="module")
def insensitive(small_file: Path, mysql_mlflow: MySQLStores) -> Iterator[Place]:
    """As many servers are: text compares without regard to case."""
    url = mysql_mlflow.copy(small_file, "t_compose_ci", "utf8mb4_general_ci")
    with place(url) as found:
        yield found


def _same(one: Cell, other: Cell) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
        return numbers and math.isclose(float(one or 0), float(other or 0), rel_tol=1e-9)
    return one == other


def _assert_same(one: ResultTable, other: ResultTable) -> None:
    assert one.names == other.names
    assert len(one.rows) == len(other.rows)
    for left, right in zip(one.rows, other.rows, strict=True):
        assert all(map(_same, left, right)), f"{left} is not {right}"


@pytest.mark.parametrize("name", PLANS)
def test_both_databases_give_the_same_rows_in_the_same_order(name: str, places: Places) -> None:
    sqlite, mysql = places
    _assert_same(sqlite.run(PLANS[name]), mysql.run(PLANS[name]))


@pytest.mark.parametrize("name", PLANS)
def test_a_servers_case_insensitive_text_changes_nothing(
    name: str, places: Places, insensitive: Place
) -> None:
    _assert_same(places[0].run(PLANS[name]), insensitive.run(PLANS[name]))


def test_both_databases_have_the_same_names(places: Places) -> None:
    sqlite, mysql = (one.snapshot.catalog for one in places)
    assert sqlite.experiments == mysql.experiments
    assert sqlite.metrics == mysql.metrics
    assert sqlite.params == mysql.params
    assert sqlite.tags == mysql.tags
    assert sqlite.users == mysql.users
    assert sqlite.models == mysql.models
    assert (sqlite.first_ms, sqlite.last_ms) == (mysql.first_ms, mysql.last_ms)
