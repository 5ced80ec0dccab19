"""Row scope: an asker sees the rows of the allowed experiments, however the question is put."""

from __future__ import annotations

import sqlite3

import pytest

from tests.guard_corpus.loading import sqlite_memory
from texttosql.flow import Cell
from texttosql.guard import OneOf, Policy, approve, default_schema, experiments_only
from texttosql.schema import ASKABLE

SCOPED = Policy(default_schema("sqlite"), "sqlite", scopes=experiments_only([1, 2]))
NOTHING = Policy(default_schema("sqlite"), "sqlite", scopes=experiments_only([]))


@pytest.fixture(scope="module")
def store() -> sqlite3.Connection:
    return sqlite_memory()


def _ask(store: sqlite3.Connection, sql: str, policy: Policy = SCOPED) -> list[tuple[Cell, ...]]:
    query = approve(sql, policy)
    return store.execute(query.sql, dict(query.params)).fetchall()


def test_every_askable_table_has_a_scope() -> None:
    assert set(experiments_only([1])) == ASKABLE


@pytest.mark.parametrize("table", sorted(ASKABLE))
def test_a_table_shows_fewer_rows_and_none_when_nothing_is_allowed(
    table: str, store: sqlite3.Connection
) -> None:
    ((every,),) = store.execute(f"SELECT COUNT(*) FROM {table}")
    assert _ask(store, f"SELECT COUNT(*) FROM {table}")[0][0] <= every
    assert _ask(store, f"SELECT COUNT(*) FROM {table}", NOTHING) == [(0,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT DISTINCT experiment_id FROM runs WHERE 1 = 1 OR 1 = 1",
        "SELECT DISTINCT r.experiment_id FROM runs AS r",
        "SELECT experiment_id FROM runs UNION SELECT experiment_id FROM experiments",
        "WITH x AS (SELECT experiment_id FROM runs) SELECT DISTINCT experiment_id FROM x",
        "SELECT DISTINCT experiment_id FROM (SELECT * FROM runs)",
        "SELECT DISTINCT r.experiment_id FROM metrics AS runs JOIN runs AS r USING (run_uuid)",
        "SELECT DISTINCT r.experiment_id FROM (runs r JOIN params p ON p.run_uuid = r.run_uuid)",
        (
            "SELECT e.experiment_id FROM experiments e WHERE e.experiment_id IN "
            "(SELECT experiment_id FROM runs) OR TRUE"
        ),
    ],
)
def test_no_way_of_asking_shows_another_experiment(sql: str, store: sqlite3.Connection) -> None:
    assert sorted(_ask(store, sql)) == [(1,), (2,)]


def test_metrics_follow_their_runs(store: sqlite3.Connection) -> None:
    sql = "SELECT COUNT(*) FROM latest_metrics WHERE run_uuid NOT IN (SELECT run_uuid FROM runs)"
    assert _ask(store, sql) == [(0,)]


def test_a_left_join_stays_a_left_join(store: sqlite3.Connection) -> None:
    policy = Policy(default_schema("sqlite"), "sqlite", scopes={"runs": OneOf("user_id", ("eve",))})
    sql = "SELECT e.name, r.run_uuid FROM experiments e LEFT JOIN runs r USING (experiment_id)"
    rows = _ask(store, sql, policy)
    assert len(rows) == 6
    assert all(run is None for _, run in rows)


def test_a_scope_value_is_a_parameter_too() -> None:
    policy = Policy(default_schema("mysql"), scopes={"runs": OneOf("user_id", ("o'hara",))})
    query = approve("SELECT name FROM runs", policy)
    assert "WHERE `user_id` IN (:p0)" in query.sql
    assert query.params == {"p0": "o'hara"}
