"""The small store as a file: its runs written straight into the tables that MLflow made."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.support.stores import new_sqlite_store
from tests.unit.texttosql.offline.small_runs import (
    ATTIC,
    CHURN,
    EXPERIMENTS,
    HOUSE,
    VERSIONS,
    Run,
    ms,
    run_id,
    runs,
)

INFINITE = 1.7976931348623157e308
"""What MLflow writes for an infinity."""

TAGS_OF_MODELS = (("team", "growth", "churn-model"), ("team", "estate", "house-price"))
TAGS_OF_VERSIONS = (("approved", "yes", "churn-model", 2), ("approved", "no", "churn-model", 3))


def new_small_store(path: Path) -> Path:
    """The small store as a new SQLite file."""
    with closing(sqlite3.connect(new_sqlite_store(path))) as store:
        _experiments(store)
        for run in runs():
            _insert_run(store, run)
        _datasets(store)
        _registry(store)
        store.commit()
    return path


def _experiments(store: sqlite3.Connection) -> None:
    for number, name, stage in EXPERIMENTS:
        made = ms("2026-04-01T00:00") + number * 86_400_000
        store.execute(
            "INSERT INTO experiments (experiment_id, name, lifecycle_stage, creation_time,"
            " last_update_time) VALUES (?, ?, ?, ?, ?)", (number, name, stage, made, made),
        )  # fmt: skip


def _insert_run(store: sqlite3.Connection, run: Run) -> None:
    stage = "deleted" if run.deleted or run.experiment == ATTIC else "active"
    store.execute(
        "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time,"
        " lifecycle_stage, artifact_uri, experiment_id)"
        " VALUES (?, ?, 'LOCAL', ?, ?, ?, ?, ?, ?, ?)",
        (run.id, run.name, run.user, run.status, run.start, run.end, stage,
         f"mlflow-artifacts:/{run.experiment}/{run.id}/artifacts", run.experiment),
    )  # fmt: skip
    tags = {**run.tags, "mlflow.runName": run.name, "mlflow.user": run.user}
    if run.parent:
        tags["mlflow.parentRunId"] = run_id(run.parent)
    for table, pairs in (("params", run.params), ("tags", tags)):
        store.executemany(
            f"INSERT INTO {table} (run_uuid, key, value) VALUES (?, ?, ?)",
            [(run.id, key, value) for key, value in pairs.items()],
        )
    for key, values in run.metrics.items():
        _insert_metric(store, run, key, values)


def _insert_metric(store: sqlite3.Connection, run: Run, key: str, values: list[float]) -> None:
    points = [
        (run.id, key, *_stored(value), run.start + 60_000 * step, step)
        for step, value in enumerate(values)
    ]
    columns = "(run_uuid, key, value, is_nan, timestamp, step) VALUES (?, ?, ?, ?, ?, ?)"
    store.executemany(f"INSERT INTO metrics {columns}", points)
    store.execute(f"INSERT INTO latest_metrics {columns}", points[-1])


def _stored(value: float) -> tuple[float, int]:
    if math.isnan(value):
        return 0.0, 1
    return (math.copysign(INFINITE, value) if math.isinf(value) else value), 0


def _datasets(store: sqlite3.Connection) -> None:
    for name, experiment in (("customers", CHURN), ("houses", HOUSE)):
        store.execute(
            "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type,"
            " dataset_source) VALUES (?, ?, ?, 'abc', 'local', '{}')", (name, experiment, name),
        )  # fmt: skip
    store.executemany(
        "INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id)"
        " VALUES (?, 'DATASET', ?, 'RUN', ?)",
        [(f"i-{run.name}", run.dataset, run.id) for run in runs() if run.dataset],
    )


def _registry(store: sqlite3.Connection) -> None:
    lines = [line.split() for line in VERSIONS.strip().splitlines()]
    for name in dict.fromkeys(line[0] for line in lines):
        made = min(ms(line[5]) for line in lines if line[0] == name)
        store.execute(
            "INSERT INTO registered_models (name, creation_time, last_updated_time)"
            " VALUES (?, ?, ?)", (name, made, made),
        )  # fmt: skip
    for name, version, stage, user, run, created, status, *alias in lines:
        store.execute(
            "INSERT INTO model_versions (name, version, creation_time, last_updated_time, user_id,"
            " current_stage, run_id, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (name, version, ms(created), ms(created), user, stage, run_id(run), status),
        )  # fmt: skip
        if alias:
            store.execute(
                "INSERT INTO registered_model_aliases (name, alias, version) VALUES (?, ?, ?)",
                (name, alias[0], version),
            )
    store.executemany(
        "INSERT INTO registered_model_tags (key, value, name) VALUES (?, ?, ?)", TAGS_OF_MODELS
    )
    store.executemany(
        "INSERT INTO model_version_tags (key, value, name, version) VALUES (?, ?, ?, ?)",
        TAGS_OF_VERSIONS,
    )
