"""A store as its asker may see it: a policy hides the rest of it in answers and names alike."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.bench.make_store import EXPERIMENTS, Size, make
from tests.support.doubles import Failing
from texttosql.assistant import Assistant
from texttosql.errors import QueryFailed, QueryTooSlow, Refused
from texttosql.flow import Draft, Question, ResultTable
from texttosql.guard import approve
from texttosql.journal.memory import MemoryJournal
from texttosql.offline.engine import OfflineInterpreter
from texttosql.sqlite.warehouse import SQLiteWarehouse
from texttosql.storehouse import Scope, Storehouse
from texttosql.trial import OpenTrial

ZONE = ZoneInfo("UTC")
NOW = datetime(2025, 11, 24, 12, tzinfo=UTC)
SEEN = EXPERIMENTS[1]
TABLES = {
    "runs": "name", "params": "value", "tags": "value", "metrics": "key", "latest_metrics": "key",
    "experiments": "name", "registered_models": "name", "model_versions": "name",
    "registered_model_aliases": "name", "datasets": "name", "inputs": "source_id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Only:
    """`storehouse.Scope` as a test wants it."""

    experiment_names: frozenset[str] = frozenset()
    experiment_ids: frozenset[int] = frozenset()


BY_NAME = Only(experiment_names=frozenset({SEEN}))
BY_ID = Only(experiment_ids=frozenset({2}))


_OWN = "(SELECT run_uuid FROM runs WHERE experiment_id = 1)"
_SECRETS = f"""
    UPDATE experiments SET name = 'secret-plan' WHERE experiment_id = 1;
    UPDATE runs SET name = 'secret-' || name, user_id = 'secret-agent' WHERE experiment_id = 1;
    UPDATE params SET value = 'secret-' || value WHERE run_uuid IN {_OWN};
    INSERT INTO params SELECT 'secret_param', '1', run_uuid FROM runs WHERE run_uuid IN {_OWN};
    UPDATE tags SET value = 'secret-' || value WHERE run_uuid IN {_OWN};
    UPDATE latest_metrics SET key = 'secret_' || key WHERE run_uuid IN {_OWN};
    UPDATE metrics SET key = 'secret_' || key WHERE run_uuid IN {_OWN};
    UPDATE registered_models SET name = 'secret-model' WHERE name LIKE 'fraud%';
    UPDATE model_versions SET name = 'secret-model' WHERE name LIKE 'fraud%';
    UPDATE registered_model_aliases SET name = 'secret-model' WHERE name LIKE 'fraud%';
    INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type,
        dataset_source) VALUES ('secret-d1', 1, 'secret-set', 'x', 'local', 'x');
    INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id)
        SELECT 'i1', 'DATASET', 'secret-d1', 'RUN', run_uuid FROM runs
        WHERE experiment_id = 1 AND lifecycle_stage = 'active' LIMIT 1;
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which all that belongs to the first experiment says so: its text has "secret"."""
    path = tmp_path_factory.mktemp("storehouse") / "mlflow.db"
    make(path, Size(runs=300, metric_rows=3_000))
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_SECRETS)
    return path


def _storehouse(store: Path, scope: Scope | None = None, deadline: float = 30) -> Storehouse:
    return Storehouse(
        SQLiteWarehouse(store), max_rows=500, deadline=deadline, ttl=3_600,
        clock=time.monotonic, scope=scope,
    )  # fmt: skip


@pytest.fixture(params=[BY_NAME, BY_ID], ids=["by name", "by id"])
def scoped(store: Path, request: pytest.FixtureRequest) -> Iterator[Storehouse]:
    """The store as one who may see the second experiment alone."""
    with closing(_storehouse(store, request.param)) as storehouse:
        yield storehouse


def _rows(storehouse: Storehouse, sql: str) -> ResultTable:
    return storehouse.run(approve(sql, storehouse.snapshot().policy))


def test_without_a_scope_the_secret_is_there_to_be_hidden(store: Path) -> None:
    with closing(_storehouse(store)) as storehouse:
        assert "secret" in repr(storehouse.snapshot().catalog)
        for table, column in TABLES.items():
            hidden = f"SELECT COUNT(*) FROM {table} WHERE {column} LIKE 'secret%'"
            assert _rows(storehouse, hidden).rows[0][0], table


def test_no_name_of_a_hidden_experiment_is_in_the_catalog(scoped: Storehouse) -> None:
    catalog = scoped.snapshot().catalog
    assert "secret" not in repr(catalog)
    assert [experiment.name for experiment in catalog.experiments] == [SEEN]
    assert [model.name for model in catalog.models] == [f"{SEEN}-model"]
    assert set(catalog.metrics_in) == {2}
    assert set(catalog.params_in) == {2}
    assert catalog.runs == catalog.experiments[0].runs > 0
    assert sum(catalog.users.values()) == catalog.runs
    assert catalog.datasets == {}


@pytest.mark.parametrize(("table", "column"), TABLES.items())
def test_no_row_of_a_hidden_experiment_can_be_read(
    scoped: Storehouse, table: str, column: str
) -> None:
    found = _rows(scoped, f"SELECT COUNT(*) FROM {table} WHERE {column} LIKE 'secret%'")
    assert found.rows == ((0,),)
    aliased = _rows(
        scoped, f"SELECT x.{column} FROM (SELECT * FROM {table}) AS x WHERE 1 = 1 OR 2 = 2"
    )
    assert "secret" not in repr(aliased.rows)


@pytest.mark.parametrize(
    "text",
    [
        "list all experiments",
        "list all runs",
        "which users are there?",
        "list the models",
        "how many runs by experiment?",
        "what metrics are there?",
        "top 50 runs by val_accuracy",
        "runs of secret-agent",
        "runs in secret-plan",
        "best run by secret_accuracy",
        "versions of secret-model",
        "list all runs including deleted ones",
    ],
)
def test_no_answer_tells_of_a_hidden_experiment(scoped: Storehouse, text: str) -> None:
    mind = OfflineInterpreter(ZONE)
    reply = Assistant(scoped, mind, MemoryJournal(), ZONE, time.perf_counter).ask(
        Question(text, NOW)
    )
    assert reply.error is None
    told = repr((reply.answer and reply.answer.table, reply.clarification))
    assert "secret" not in told
    if reply.declined:
        assert "secret" not in repr(reply.declined.suggestions)


def test_a_scope_that_names_nothing_there_shows_nothing(store: Path) -> None:
    with closing(_storehouse(store, Only(frozenset({"no such"})))) as storehouse:
        catalog = storehouse.snapshot().catalog
        assert (catalog.runs, catalog.experiments, catalog.models) == (0, (), ())
        assert _rows(storehouse, "SELECT COUNT(*) FROM runs").rows == ((0,),)


def test_the_answers_limit_is_the_asked_for_one_not_the_names(store: Path) -> None:
    with closing(_storehouse(store)) as storehouse:
        assert storehouse.snapshot().policy.max_rows == 500
        found = _rows(storehouse, "SELECT run_uuid, key FROM params")
        assert (len(found.rows), found.truncated) == (500, True)


def test_a_rehearsal_gives_what_guard_or_database_would_say(store: Path) -> None:
    with closing(_storehouse(store)) as storehouse:
        trial = OpenTrial(storehouse, storehouse.snapshot().policy)

        def said(sql: str) -> object:
            return trial(Draft(sql, "t", "test"))

        assert said("SELECT name FROM runs") is None
        assert isinstance(said("DROP TABLE runs"), Refused)
        assert isinstance(said("SELECT no_such FROM runs"), (Refused, QueryFailed))


def test_a_query_is_stopped_at_the_storehouses_deadline(store: Path) -> None:
    with closing(_storehouse(store)) as patient:
        policy = patient.snapshot().policy
    endless = (
        "SELECT COUNT(*) FROM metrics a JOIN metrics b ON a.is_nan = b.is_nan"
        " JOIN metrics c ON b.is_nan = c.is_nan"
    )
    with closing(_storehouse(store, deadline=0.05)) as hasty, pytest.raises(QueryTooSlow):
        hasty.run(approve(endless, policy))


def test_names_are_read_anew_once_they_are_old(sqlite_store: Path) -> None:
    now = [0.0]
    storehouse = Storehouse(
        SQLiteWarehouse(sqlite_store), max_rows=5, deadline=30, ttl=60, clock=lambda: now[0]
    )
    with closing(storehouse):
        assert storehouse.snapshot().catalog.experiments == ()
        with closing(sqlite3.connect(sqlite_store)) as database, database:
            database.execute(
                "INSERT INTO experiments (experiment_id, name, lifecycle_stage)"
                " VALUES (5, 'new', 'active')"
            )
        assert storehouse.snapshot().catalog.experiments == ()
        now[0] = 60.0
        assert [each.name for each in storehouse.snapshot().catalog.experiments] == ["new"]


def test_sizes_that_cannot_be_had_are_none_and_no_error(store: Path) -> None:
    failed = QueryFailed("The database turned it down.", "Ask again.", reference="ab12cd34")
    warehouse = Failing(SQLiteWarehouse(store), failed)
    with closing(
        Storehouse(warehouse, max_rows=500, deadline=30, ttl=0, clock=time.monotonic)
    ) as storehouse:
        assert storehouse.sizes()["runs"] == 300
        warehouse.broken = True
        assert storehouse.sizes() == {}


def test_sizes_of_the_whole_store_are_not_for_who_may_see_a_part(scoped: Storehouse) -> None:
    assert scoped.sizes() == {}


def test_the_age_of_the_names_is_known_once_they_are_read(store: Path) -> None:
    now = [100.0]
    warehouse = SQLiteWarehouse(store)
    with closing(
        Storehouse(warehouse, max_rows=500, deadline=30, ttl=60, clock=lambda: now[0])
    ) as storehouse:
        assert storehouse.age() is None
        storehouse.snapshot()
        now[0] += 25
        storehouse.snapshot()
        assert storehouse.age() == 25
        now[0] += 60
        storehouse.snapshot()
        assert storehouse.age() == 0
