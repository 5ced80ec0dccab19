"""Gold rows come from the store through the guard; a faulty gold is told, never passed over."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.doubles import Failing
from tests.unit.texttosql.evaluation.conftest import MakeGolds
from tests.unit.texttosql.evaluation.verdicts import asked, house
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.errors import QueryTooSlow, SettingsError, TextToSQLError, WarehouseDown
from texttosql.evaluation.files import Asked
from texttosql.evaluation.golds import Golds, results, sought_again
from texttosql.flow import Dialect
from texttosql.sqlite.warehouse import SQLiteWarehouse
from texttosql.storehouse import Storehouse

NAMES = "SELECT name FROM experiments WHERE lifecycle_stage = 'active'"


def told(golds: Golds, *questions: Asked) -> str:
    """What is said about questions whose gold cannot be used."""
    with pytest.raises(SettingsError) as raised:
        results(golds, questions, "q.jsonl")
    return raised.value.what


class MySQL(Failing):
    """A store that says it speaks MySQL."""

    dialect: Dialect = "mysql"


def failing(small: Path, error: TextToSQLError) -> tuple[Golds, Failing]:
    """Gold queries on a store that fails at everything once its `broken` is set."""
    store = Failing(SQLiteWarehouse(small), error)
    opened = Storehouse(store, max_rows=10, deadline=5, ttl=3_600, clock=time.monotonic)
    opened.snapshot()
    return Golds(opened), store


def test_gold_rows_are_those_of_the_store(golds: MakeGolds) -> None:
    (rows,) = golds().of(asked(gold=NAMES))
    assert sorted(rows) == [("churn",), ("digits-cnn",), ("nothing-yet",), ("price: house v2",)]


def test_rows_given_as_they_are_need_no_query_and_may_have_others_beside_them(
    golds: MakeGolds,
) -> None:
    one = asked(rows=((4,),), also=("SELECT COUNT(*) FROM experiments",))
    assert golds().of(one) == (((4,),), ((5,),))


def test_who_expects_no_rows_has_no_results(golds: MakeGolds) -> None:
    assert golds().of(asked("refuse")) == ()


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("DELETE FROM runs", "(statement."),
        ("SELECT * FROM secrets", "(table."),
        ("SELECT load_extension('x')", "(function."),
        ("SELECT nothing FROM runs", "(column."),
        ("not SQL at all", "("),
    ],
)
def test_a_gold_that_the_guard_refuses_is_told_with_rule_and_reason(
    golds: MakeGolds, sql: str, why: str
) -> None:
    said = told(golds(), asked(gold=NAMES), asked(ident="bad", gold=sql, line=7))
    assert "1 line of q.jsonl" in said
    assert "line 7: The gold of bad is refused (" in said
    assert why in said


def test_a_gold_that_would_be_cut_is_a_fault_and_not_half_a_result(golds: MakeGolds) -> None:
    assert golds(max_rows=4).of(asked(gold=NAMES))
    said = told(golds(max_rows=3), asked(gold=NAMES, line=2))
    assert "line 2" in said
    assert "more than 3 rows" in said
    assert "--max-rows" in said


def test_a_mysql_store_gets_the_gold_that_was_written_for_it(small: Path) -> None:
    two = asked(gold="SELECT 1", gold_mysql="SELECT 2", also=("SELECT 3",))
    on_mysql = Storehouse(
        MySQL(SQLiteWarehouse(small), WarehouseDown("Gone.", "Start it.")),
        max_rows=10, deadline=5, ttl=1, clock=time.monotonic,
    )  # fmt: skip
    assert Golds(on_mysql).queries(two) == ("SELECT 2", "SELECT 3")
    assert Golds(on_mysql).queries(asked(gold="SELECT 1")) == ("SELECT 1",)


def test_the_sqlite_store_keeps_to_the_gold(golds: MakeGolds) -> None:
    two = asked(gold="SELECT 1", gold_mysql="SELECT 2")
    assert golds().queries(two) == ("SELECT 1",)


def test_a_gold_that_is_too_slow_is_a_fault_of_its_line(small: Path) -> None:
    slow, store = failing(small, QueryTooSlow("It took too long.", "Narrow the dates."))
    store.broken = True
    said = told(slow, asked(gold=NAMES, line=3))
    assert "line 3: The gold of q cannot be used: It took too long. Narrow the dates." in said


def test_a_store_that_is_gone_is_told_as_such_and_not_line_by_line(small: Path) -> None:
    down, store = failing(small, WarehouseDown("Gone.", "Start it."))
    store.broken = True
    with pytest.raises(WarehouseDown):
        results(down, [asked(gold=NAMES), asked(ident="r", gold=NAMES)], "q.jsonl")


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[tuple[Golds, Path]]:
    """A store that somebody works on."""
    path = new_small_store(tmp_path / "moving.db")
    with closing(house(f"sqlite:///{path}")) as opened:
        yield Golds(opened), path


def test_a_store_that_has_moved_meanwhile_has_both_results(moving: tuple[Golds, Path]) -> None:
    golds, path = moving
    one = asked(gold="SELECT COUNT(*) FROM experiments")
    before = golds.of(one)
    assert sought_again(golds, one, before) == before
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("INSERT INTO experiments (name, lifecycle_stage) VALUES ('new', 'active')")
    assert sought_again(golds, one, before) == (((5,),), ((6,),))


def test_what_cannot_be_read_again_is_as_it_was(small: Path) -> None:
    down, store = failing(small, WarehouseDown("Gone.", "Start it."))
    before = down.of(asked(gold=NAMES))
    store.broken = True
    assert sought_again(down, asked(gold=NAMES), before) == before
