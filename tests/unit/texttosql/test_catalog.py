"""The catalog: what it counts, what it leaves out, and how little of a large store it reads."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.bench.make_store import EXPERIMENTS, METRICS, MODELS, USERS, Size, make
from texttosql.catalog import (
    LEAST,
    LONGEST_VALUE,
    NEWEST,
    VALUES_KEPT,
    Catalog,
    read_catalog,
)
from texttosql.fresh import Fresh
from texttosql.guard import Policy, approve
from texttosql.sqlite.warehouse import SQLiteWarehouse
from texttosql.storehouse import Storehouse

LIVE = (
    "FROM runs r JOIN experiments e USING (experiment_id)"
    " WHERE r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'"
)
DELETED = EXPERIMENTS[-1]
Change = Callable[[str], None]
Count = Callable[[str], int]


def read(path: Path) -> Catalog:
    """The catalog of a store, read as an assistant reads it."""
    storehouse = Storehouse(
        SQLiteWarehouse(path), max_rows=10, deadline=30, ttl=0, clock=time.monotonic
    )
    with closing(storehouse):
        return storehouse.snapshot().catalog


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """400 runs: every one of them is looked at."""
    path = tmp_path / "small.db"
    make(path, Size(runs=400, metric_rows=4_000))
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """6,000 runs: more than are looked at."""
    path = tmp_path_factory.mktemp("catalog") / "large.db"
    make(path, Size(runs=6_000, metric_rows=12_000))
    return path


@pytest.fixture
def change(small: Path) -> Change:
    """Changes the small store."""

    def run(sql: str) -> None:
        with closing(sqlite3.connect(small)) as database, database:
            database.execute(sql)

    return run


@pytest.fixture
def count(small: Path) -> Iterator[Count]:
    """A number of the small store by hand-written SQL."""
    with closing(sqlite3.connect(small)) as database:
        yield lambda sql: int(database.execute(sql).fetchone()[0])


def test_counts_are_of_live_runs_alone(small: Path, count: Count) -> None:
    found = read(small)
    assert found.runs == count(f"SELECT COUNT(*) {LIVE}")
    assert found.runs < count("SELECT COUNT(*) FROM runs")
    for user in USERS:
        assert found.users[user] == count(f"SELECT COUNT(*) {LIVE} AND user_id = '{user}'")
    for experiment in found.experiments:
        assert experiment.runs == count(f"SELECT COUNT(*) {LIVE} AND e.name = '{experiment.name}'")
    values = found.params["model"].values
    for model in MODELS:
        by_hand = (
            f"SELECT COUNT(*) {LIVE} AND EXISTS (SELECT 1 FROM params p"
            f" WHERE p.run_uuid = r.run_uuid AND p.key = 'model' AND p.value = '{model}')"
        )
        assert values[model] == count(by_hand)
    assert sum(found.run_names.values()) == found.runs


def test_a_metric_is_counted_on_live_runs_and_its_largest_value_is_finite(
    small: Path, count: Count
) -> None:
    found = read(small)
    assert set(found.metrics) == set(METRICS)
    latest = "AND EXISTS (SELECT 1 FROM latest_metrics m WHERE m.run_uuid = r.run_uuid"
    for key in METRICS:
        assert found.metrics[key] == count(f"SELECT COUNT(*) {LIVE} {latest} AND m.key = '{key}')")
        assert 0 < found.metric_max[key] < 10


def test_the_first_and_the_last_start_are_a_live_runs(small: Path, count: Count) -> None:
    found = read(small)
    assert found.first_ms == count(f"SELECT MIN(r.start_time) {LIVE}")
    assert found.last_ms == count(f"SELECT MAX(r.start_time) {LIVE}")


def test_a_deleted_experiment_and_its_runs_are_left_out(small: Path, change: Change) -> None:
    gone = EXPERIMENTS[0]
    change(
        "UPDATE params SET value = 'only-there' WHERE key = 'model'"
        " AND run_uuid IN (SELECT run_uuid FROM runs WHERE experiment_id = 1)"
    )
    assert "only-there" in read(small).params["model"].values
    change("UPDATE experiments SET lifecycle_stage = 'deleted' WHERE experiment_id = 1")
    found = read(small)
    names = {experiment.name for experiment in found.experiments}
    assert gone not in names
    assert DELETED not in names
    assert "only-there" not in found.params["model"].values
    assert 1 not in found.metrics_in
    assert 1 not in found.params_in
    assert 1 not in found.tags_in


def test_a_deleted_runs_user_name_and_tag_are_left_out(small: Path, change: Change) -> None:
    change(
        "UPDATE runs SET lifecycle_stage = 'deleted', user_id = 'ghost', name = 'gone'"
        " WHERE run_uuid = (SELECT MIN(run_uuid) FROM runs)"
    )
    change("INSERT INTO tags SELECT 'haunted', 'yes', MIN(run_uuid) FROM runs")
    found = read(small)
    assert "ghost" not in found.users
    assert "gone" not in found.run_names
    assert "haunted" not in found.tags


def test_a_metric_that_only_a_deleted_run_has_is_known_and_counts_none(
    small: Path, change: Change
) -> None:
    change(
        "UPDATE runs SET lifecycle_stage = 'deleted'"
        " WHERE run_uuid = (SELECT MIN(run_uuid) FROM runs)"
    )
    change(
        "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)"
        " SELECT 'old_score', 1, 0, 0, 0, MIN(run_uuid) FROM runs"
    )
    found = read(small)
    assert found.metrics["old_score"] == 0
    assert "old_score" not in found.metric_max


def test_a_dataset_of_a_deleted_run_is_left_out(small: Path, change: Change) -> None:
    for number, which in enumerate(("MIN", "MAX")):
        change(
            "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type,"
            f" dataset_source) VALUES ('d{number}', 1, 'set-{which}', 'x', 'local', 'x')"
        )
        change(
            "INSERT INTO inputs (input_uuid, source_type, source_id, destination_type,"
            f" destination_id) SELECT 'i{number}', 'DATASET', 'd{number}', 'RUN', {which}(run_uuid)"
            f" {LIVE}"
        )
    assert read(small).datasets == {"set-MIN": 1, "set-MAX": 1}
    change(
        "UPDATE runs SET lifecycle_stage = 'deleted' WHERE run_uuid ="
        " (SELECT destination_id FROM inputs WHERE input_uuid = 'i0')"
    )
    assert read(small).datasets == {"set-MAX": 1}


def test_mlflows_own_tags_are_no_names(small: Path) -> None:
    assert set(read(small).tags) == {"team", "stage"}


def test_models_have_their_live_versions_aliases_and_stages(small: Path, change: Change) -> None:
    change(
        "UPDATE model_versions SET current_stage = 'Deleted_Internal'"
        " WHERE name = 'fraud-detection-model' AND version = 2"
    )
    change(
        "UPDATE model_versions SET current_stage = 'Production'"
        " WHERE name = 'fraud-detection-model' AND version = 1"
    )
    (model,) = (m for m in read(small).models if m.name == "fraud-detection-model")
    assert model.versions == (1, 3, 4, 5, 6, 7, 8)
    assert model.aliases == {"champion": 8}
    assert "Production" in model.stages
    assert not {"Deleted_Internal", "None"} & model.stages


def test_a_value_too_long_to_type_counts_and_is_not_kept(small: Path, change: Change) -> None:
    change(f"UPDATE params SET value = '{'x' * LONGEST_VALUE}' WHERE key = 'optimizer'")
    kept = read(small)
    assert list(kept.params["optimizer"].values) == ["x" * LONGEST_VALUE]
    assert kept.params["optimizer"].complete
    change(f"UPDATE params SET value = '{'x' * (LONGEST_VALUE + 1)}' WHERE key = 'optimizer'")
    info = read(small).params["optimizer"]
    assert info.values == {}
    assert not info.complete
    assert info.runs == kept.params["optimizer"].runs


def test_numbers_are_known_to_be_numbers(small: Path) -> None:
    params = read(small).params
    assert params["learning_rate"].numeric
    assert params["batch_size"].numeric
    assert not params["optimizer"].numeric
    assert not params["weight_decay"].numeric


def test_a_large_store_is_read_from_the_newest_runs_of_each_experiment(large: Path) -> None:
    found = read(large)
    looked_at = found.params["model"].runs
    assert found.runs > 5_000
    assert NEWEST * 0.95 < looked_at <= NEWEST
    assert set(found.metrics) == set(METRICS)
    assert set(found.params["model"].values) == set(MODELS)
    assert sum(found.users.values()) == found.runs
    assert set(found.params_in) == {experiment.id for experiment in found.experiments}


def test_a_large_stores_many_values_are_not_all_kept(large: Path) -> None:
    info = read(large).params["learning_rate"]
    assert len(info.values) == VALUES_KEPT
    assert not info.complete
    assert info.numeric


def test_values_that_were_cut_off_while_reading_are_not_called_complete(small: Path) -> None:
    def read_at_most(rows: int) -> Catalog:
        with closing(SQLiteWarehouse(small)) as warehouse:
            policy = Policy(warehouse.schema(), "sqlite", rows)
            return read_catalog(policy.schema, lambda sql: warehouse.run(approve(sql, policy), 30))

    assert read_at_most(50_000).params["optimizer"].complete
    assert not any(info.complete for info in read_at_most(30).params.values())


def test_very_many_experiments_are_each_looked_at_a_little(tmp_path: Path) -> None:
    path = tmp_path / "wide.db"
    make(path, Size(runs=6_000, metric_rows=0))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) INSERT"
            " INTO experiments (experiment_id, name, lifecycle_stage) SELECT 1000 + i, 'e' || i,"
            " 'active' FROM n"
        )
        database.execute("UPDATE runs SET experiment_id = 1001 + rowid % 600")
    found = read(path)
    assert len(found.params_in) == 600
    assert found.params["model"].runs == 600 * LEAST


def test_a_store_without_runs_has_empty_names(sqlite_store: Path) -> None:
    found = read(sqlite_store)
    assert (found.runs, found.first_ms, found.last_ms) == (0, 0, 0)
    assert (found.metrics, found.params, found.users) == ({}, {}, {})
    assert found.schema.has("runs")


def test_a_value_is_read_again_when_it_is_old_and_not_before() -> None:
    now, readings = [0.0], iter(range(10))
    fresh = Fresh(lambda: next(readings), 60, lambda: now[0])
    assert (fresh.get(), fresh.get()) == (0, 0)
    now[0] = 59.9
    assert fresh.get() == 0
    now[0] = 60.0
    assert fresh.get() == 1


def test_threads_that_come_while_it_is_read_wait_for_that_one_reading() -> None:
    begun, go_on, readings = threading.Event(), threading.Event(), []

    def reading() -> int:
        begun.set()
        assert go_on.wait(timeout=30)
        readings.append(1)
        return len(readings)

    fresh = Fresh(reading, 60, time.monotonic)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(fresh.get) for _ in range(8)]
        assert begun.wait(timeout=30)
        go_on.set()
        assert {each.result(timeout=30) for each in waiting} == {1}


def test_a_reading_that_fails_is_tried_again_by_the_next() -> None:
    answers = iter([OSError("down"), "up"])

    def reading() -> str:
        found = next(answers)
        if isinstance(found, OSError):
            raise found
        return str(found)

    fresh = Fresh(reading, 60, lambda: 0.0)
    with pytest.raises(OSError, match="down"):
        fresh.get()
    assert fresh.get() == "up"
