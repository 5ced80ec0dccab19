"""Stores as older releases of MLflow left them: their tables, and rows that were valid in them.

MLflow's own migrations make the tables, one revision after the other, as its releases came; what
a release could not keep yet (a NaN before 1.1, a trace before 2.13) is not in its store.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tracking.migrate import source

NO_REVISION = "none"
"""The tables of MLflow 0.9, which kept no revision."""
AWKWARD = "ünïcode ß 🚀 'quoted' \\N\ttab "
LARGEST = 1.7976931348623157e308
"""MLflow's number for infinity."""
NOW = 1_700_000_000_000

_MAKE = """
import shutil, sys
from pathlib import Path
from alembic import command
from sqlalchemy import create_engine
from mlflow.store.db.utils import _get_alembic_config
from mlflow.store.tracking.dbmodels.initial_models import Base
folder, none, *revisions = sys.argv[1:]
growing = Path(folder) / "growing.db"
engine = create_engine(f"sqlite:///{growing}")
Base.metadata.create_all(engine)
shutil.copyfile(growing, growing.with_name(f"{none}.db"))
for revision in revisions:
    config = _get_alembic_config(f"sqlite:///{growing}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    shutil.copyfile(growing, growing.with_name(f"{revision}.db"))
"""


def old_stores(folder: Path, revisions: Sequence[str]) -> None:
    """Write REVISION.db for each revision, oldest first, and one for those without any."""
    command = [sys.executable, "-c", _MAKE, str(folder), NO_REVISION, *revisions]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own interpreter
    assert not done.returncode, done.stderr[-2000:]
    for revision in (NO_REVISION, *revisions):
        with closing(sqlite3.connect(folder / f"{revision}.db")) as store:
            store.execute("PRAGMA foreign_keys = ON")
            for name, rows in ROWS.items():
                _fill(store, name, rows)
            store.commit()


def _fill(store: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """What of the rows this age could keep: rows that need a column which is not there, are not."""
    there = {row[1] for row in store.execute(f"PRAGMA table_xinfo({source.quoted(table)})")}
    for row in rows if there else ():
        if row.get("is_nan") and "is_nan" not in there:
            continue
        kept = {name: value for name, value in row.items() if name in there}
        names = ", ".join(map(source.quoted, kept))
        marks = ", ".join("?" * len(kept))
        statement = f"INSERT INTO {source.quoted(table)} ({names}) VALUES ({marks})"
        store.execute(statement, list(kept.values()))


def _run(run: str, experiment: int, **more: object) -> dict[str, object]:
    return {
        "run_uuid": run, "name": f"run {run}", "source_type": "LOCAL", "source_name": "train.py",
        "entry_point_name": "main", "user_id": "alice", "status": "FINISHED", "start_time": NOW,
        "end_time": NOW + 1, "source_version": "abc", "lifecycle_stage": "active",
        "artifact_uri": f"s3://bucket/{experiment}/{run}/artifacts", "experiment_id": experiment,
    } | more  # fmt: skip


def _metric(key: str, value: float, step: int, **more: object) -> dict[str, object]:
    # Before there were steps, the time told a metric's values apart.
    return {"run_uuid": "a", "key": key, "value": value, "timestamp": NOW + step, "step": step,
            "is_nan": 0} | more  # fmt: skip


_HISTORY = [_metric("loss", 1 / 3 + step, step) for step in range(20)]
_ENDS = [
    _metric("nan", 0.0, 1, is_nan=1),
    _metric("inf", LARGEST, 2),
    _metric("-inf", -LARGEST, 3),
    _metric("precise", 0.1 + 0.2, 4),
]

ROWS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "experiments": [
        {"experiment_id": number, "name": name, "lifecycle_stage": stage,
         "artifact_location": f"s3://bucket/{number}"}
        for number, name, stage in (
            (0, "Default", "active"), (1, "Exp", "active"), (2, "exp", "active"),
            (3, AWKWARD, "deleted"),
        )
    ],
    "experiment_tags": [{"experiment_id": 1, "key": "team", "value": AWKWARD}],
    "runs": [_run("a", 0), _run("b", 1, status="FAILED"), _run("c", 1, lifecycle_stage="deleted"),
             _run("d", 3, status="RUNNING", end_time=None)],
    "tags": [
        *({"run_uuid": run, "key": "mlflow.user", "value": "alice"} for run in "abcd"),
        {"run_uuid": "a", "key": "env", "value": AWKWARD},
        {"run_uuid": "a", "key": "Env", "value": "another"},
    ],
    "params": [{"run_uuid": "a", "key": "lr", "value": "0.1"},
               {"run_uuid": "a", "key": "LR", "value": "x" * 250},
               {"run_uuid": "b", "key": "lr", "value": AWKWARD}],
    "metrics": [*_HISTORY, *_ENDS],
    "latest_metrics": [_HISTORY[-1], *_ENDS],
    "registered_models": [{"name": name, "creation_time": NOW, "last_updated_time": NOW,
                           "description": AWKWARD} for name in ("model", "Model")],
    "registered_model_tags": [{"name": "model", "key": "task", "value": AWKWARD}],
    "registered_model_aliases": [{"name": "model", "alias": "champion", "version": 2}],
    "model_versions": [
        {"name": "model", "version": number, "creation_time": NOW, "last_updated_time": NOW,
         "user_id": "alice", "current_stage": "Production", "source": "s3://bucket/0/a/m",
         "run_id": "a", "status": "READY"}
        for number in (1, 2)
    ],
    "model_version_tags": [{"name": "model", "version": 1, "key": "k", "value": AWKWARD}],
    "datasets": [{"dataset_uuid": "ds", "experiment_id": 1, "name": "shuttle", "digest": "d1",
                  "dataset_source_type": "code", "dataset_source": "{}"}],
    "inputs": [{"input_uuid": "in", "source_type": "DATASET", "source_id": "ds",
                "destination_type": "RUN", "destination_id": "b"}],
    "input_tags": [{"input_uuid": "in", "name": "mlflow.data.context", "value": "train"}],
    "trace_info": [{"request_id": trace, "experiment_id": 1, "timestamp_ms": NOW,
                    "execution_time_ms": 5, "status": "OK"} for trace in ("tr-1", "tr-2")],
    "trace_tags": [{"request_id": "tr-1", "key": "mlflow.artifactLocation",
                    "value": "s3://bucket/1/traces/tr-1"},
                   {"request_id": "tr-1", "key": "team", "value": AWKWARD}],
    "trace_request_metadata": [{"request_id": "tr-1", "key": "mlflow.sourceRun", "value": "b"},
                               {"request_id": "tr-2", "key": "k", "value": AWKWARD}],
    "logged_models": [{"model_id": "m-1", "experiment_id": 1, "name": "lm", "status": 2,
                       "artifact_location": "s3://bucket/1/models/m-1", "lifecycle_stage": "active",
                       "creation_timestamp_ms": NOW, "last_updated_timestamp_ms": NOW,
                       "source_run_id": "b"}],
    "logged_model_metrics": [{"model_id": "m-1", "metric_name": "acc", "metric_step": 1,
                              "metric_timestamp_ms": NOW, "metric_value": 0.5, "experiment_id": 1,
                              "run_id": "b"}],
    "logged_model_params": [{"model_id": "m-1", "experiment_id": 1, "param_key": "lr",
                             "param_value": AWKWARD}],
    "logged_model_tags": [{"model_id": "m-1", "experiment_id": 1, "tag_key": "t",
                           "tag_value": AWKWARD}],
    "assessments": [{"assessment_id": "a-1", "trace_id": "tr-1", "name": "good", "valid": 1,
                     "assessment_type": "feedback", "value": "true", "created_timestamp": NOW,
                     "last_updated_timestamp": NOW, "source_type": "HUMAN", "rationale": AWKWARD}],
    "spans": [{"trace_id": "tr-1", "experiment_id": 1, "span_id": "s", "name": AWKWARD,
               "type": "CHAIN", "status": "OK", "start_time_unix_nano": NOW * 1_000_000,
               "end_time_unix_nano": NOW * 1_000_000 + 1, "content": json.dumps({"name": "s"})}],
    "entity_associations": [{"association_id": "e-1", "source_type": "trace", "source_id": "tr-1",
                             "destination_type": "run", "destination_id": "b",
                             "created_time": NOW}],
    "evaluation_datasets": [{"dataset_id": "d-1", "name": "golden", "created_time": NOW}],
    "evaluation_dataset_records": [{"dataset_record_id": "r-1", "dataset_id": "d-1",
                                    "inputs": '{"question": "why?"}', "input_hash": "h"}],
    "webhooks": [{"webhook_id": "w-1", "name": "hook", "url": "https://example.org",
                  "status": "ACTIVE"}],
    "webhook_events": [{"webhook_id": "w-1", "entity": "model_version", "action": "created"}],
    "scorers": [{"experiment_id": 1, "scorer_name": "judge", "scorer_id": "sc-1"}],
    "scorer_versions": [{"scorer_id": "sc-1", "scorer_version": 1, "serialized_scorer": "{}"}],
    "secrets": [{"secret_id": "se-1", "secret_name": "key", "encrypted_value": b"\xff\x00",
                 "wrapped_dek": b"\xfe", "kek_version": 1, "masked_value": "sk-…",
                 "created_at": NOW, "last_updated_at": NOW}],
}  # fmt: skip
"""Parents before their children. A row is written without the columns that are not there yet."""
