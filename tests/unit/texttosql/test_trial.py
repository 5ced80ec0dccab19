"""A question's drafts are tried under its policy, and no query runs twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.bench.make_store import Size, make
from tests.support.doubles import Failing
from texttosql.errors import QueryTooSlow, Refused
from texttosql.flow import Draft, SafeQuery
from texttosql.guard import approve
from texttosql.sqlite.warehouse import SQLiteWarehouse
from texttosql.storehouse import Storehouse
from texttosql.trial import OpenTrial

COUNT = Draft("SELECT COUNT(*) AS n FROM runs", "runs", "test")


@pytest.fixture
def warehouse(tmp_path: Path) -> Failing:
    """A store of twenty runs that can be made to fail."""
    make(tmp_path / "mlflow.db", Size(runs=20, metric_rows=40))
    slow = QueryTooSlow("It took too long.", "Narrow the dates.")
    return Failing(SQLiteWarehouse(tmp_path / "mlflow.db"), slow)


@pytest.fixture
def house(warehouse: Failing) -> Iterator[Storehouse]:
    """Its storehouse."""
    made = Storehouse(warehouse, max_rows=500, deadline=30, ttl=3_600, clock=time.monotonic)
    with closing(made):
        yield made


def _trial(house: Storehouse, seen: list[str]) -> OpenTrial:
    @contextmanager
    def running(query: SafeQuery) -> Iterator[None]:
        seen.append(query.sql)
        yield

    return OpenTrial(house, house.snapshot().policy, running)


def test_rows_that_were_tried_are_the_answers_rows_without_another_query(
    house: Storehouse, warehouse: Failing
) -> None:
    seen: list[str] = []
    trial = _trial(house, seen)

    tried = trial.rows(COUNT)
    warehouse.broken = True

    assert trial.run(approve(COUNT.sql, house.snapshot().policy)) is tried
    assert len(seen) == 1


def test_a_query_that_failed_fails_again_at_once(house: Storehouse, warehouse: Failing) -> None:
    seen: list[str] = []
    trial = _trial(house, seen)
    house.snapshot()
    warehouse.broken = True

    for _ in range(2):
        with pytest.raises(QueryTooSlow):
            trial.rows(COUNT)

    assert len(seen) == 1


def test_the_same_words_with_other_values_are_another_query(house: Storehouse) -> None:
    trial = _trial(house, [])
    by = "SELECT COUNT(*) AS n FROM runs WHERE status = '{}'"

    every = {trial.rows(Draft(by.format(s), "t", "test")).rows for s in ("FAILED", "FINISHED", "x")}

    assert len(every) == 3


def test_a_rehearsal_says_what_is_wrong_and_runs_nothing(house: Storehouse) -> None:
    seen: list[str] = []
    trial = _trial(house, seen)

    assert trial(COUNT) is None
    assert isinstance(trial(Draft("SELECT * FROM secrets", "t", "test")), Refused)
    with pytest.raises(Refused):
        trial.rows(Draft("DROP TABLE runs", "t", "test"))
    assert seen == []
