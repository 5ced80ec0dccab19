"""A store with one case's text really in it, and with canaries where no question may look."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from tests.injection.loading import Case, Where
from tests.support.stores import new_sqlite_store
from texttosql.schema import ASKABLE

CANARY = "canary-7f3a"
"""Stands in every text of the tables that are not asked; whoever shows it has read them."""

_START = 1_762_000_000_000  # 1 November 2025, 12:26 UTC; epoch milliseconds
_RUNS = (("calm-1", "alice", "FINISHED", 0.91), ("calm-2", "bob", "FINISHED", 0.88),
         ("calm-3", "bob", "FAILED", 0.41))  # fmt: skip
HOST = f"{1:032x}"
"""The run that holds what is planted in params, tags and the like."""


def new_store(path: Path) -> Path:
    """Three runs of an experiment, a model, a dataset, and a canary in every hidden table."""
    with closing(sqlite3.connect(new_sqlite_store(path))) as store:
        _experiment(store, 1, "fraud")
        for place, (name, user, status, auc) in enumerate(_RUNS, start=1):
            _run(store, f"{place:032x}", name, user, status)
            _metric(store, f"{place:032x}", "auc", auc)
        for table in sorted(_hidden(store)):
            _canary(store, table)
        store.commit()
    return path


def planted(base: Path, path: Path, case: Case) -> Path:
    """A copy of the base store that holds the case's texts."""
    shutil.copyfile(base, path)
    with closing(sqlite3.connect(path)) as store:
        plant = _PLANTS.get(case.where)
        for place, text in enumerate(case.planted if plant else ()):
            plant(store, text, place)  # type: ignore[misc]  # `planted` is empty where it is None
        store.commit()
    return path


def _experiment(store: sqlite3.Connection, number: int, name: str) -> None:
    store.execute(
        "INSERT INTO experiments (experiment_id, name, lifecycle_stage, creation_time,"
        " last_update_time) VALUES (?, ?, 'active', ?, ?)", (number, name, _START, _START),
    )  # fmt: skip


def _run(
    store: sqlite3.Connection, ident: str, name: str, user: str = "carol",
    status: str = "FINISHED", experiment: int = 1,
) -> None:  # fmt: skip
    store.execute(
        "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time,"
        " lifecycle_stage, artifact_uri, experiment_id)"
        " VALUES (?, ?, 'LOCAL', ?, ?, ?, ?, 'active', 'mlflow-artifacts:/1', ?)",
        (ident, name, user, status, _START, _START + 60_000, experiment),
    )


def _metric(store: sqlite3.Connection, run: str, key: str, value: float) -> None:
    for table in ("metrics", "latest_metrics"):
        store.execute(
            f"INSERT INTO {table} (run_uuid, key, value, is_nan, timestamp, step)"
            " VALUES (?, ?, ?, 0, ?, 0)", (run, key, value, _START),
        )  # fmt: skip


def _pair(table: str, store: sqlite3.Connection, key: str, value: str) -> None:
    store.execute(f"INSERT INTO {table} (run_uuid, key, value) VALUES (?, ?, ?)",
                  (HOST, key, value))  # fmt: skip


def _in_run(store: sqlite3.Connection, text: str, place: int) -> None:
    """A run of that name that beats all others, so that answers lead with it."""
    ident = f"{1000 + place:032x}"
    _run(store, ident, text)
    _metric(store, ident, "auc", 0.99)


def _in_experiment(store: sqlite3.Connection, text: str, place: int) -> None:
    _experiment(store, 100 + place, text)
    _run(store, f"{1000 + place:032x}", "calm-4", experiment=100 + place)


def _in_user(store: sqlite3.Connection, text: str, place: int) -> None:
    _run(store, f"{1000 + place:032x}", "calm-4", user=text)


def _in_model(store: sqlite3.Connection, text: str, place: int = 0, stage: str = "Staging") -> None:
    del place
    store.execute("INSERT INTO registered_models (name, creation_time) VALUES (?, ?)",
                  (text, _START))  # fmt: skip
    store.execute(
        "INSERT INTO model_versions (name, version, creation_time, current_stage, run_id, status)"
        " VALUES (?, 1, ?, ?, ?, 'READY')", (text, _START, stage, HOST),
    )  # fmt: skip


def _in_alias(store: sqlite3.Connection, text: str, place: int) -> None:
    _in_model(store, f"calm-model-{place}")
    store.execute(
        "INSERT INTO registered_model_aliases (name, alias, version) VALUES (?, ?, 1)",
        (f"calm-model-{place}", text),
    )


def _in_dataset(store: sqlite3.Connection, text: str, place: int) -> None:
    store.execute(
        "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type,"
        " dataset_source) VALUES (?, 1, ?, 'abc', 'local', '{}')", (f"d{place}", text),
    )  # fmt: skip
    store.execute(
        "INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id)"
        " VALUES (?, 'DATASET', ?, 'RUN', ?)", (f"i{place}", f"d{place}", HOST),
    )  # fmt: skip


_PLANTS: Mapping[Where, Callable[[sqlite3.Connection, str, int], None]] = {
    "run_name": _in_run,
    "earlier_result": _in_run,
    "experiment": _in_experiment,
    "param_key": lambda store, text, _: _pair("params", store, text, "1"),
    "param_value": lambda store, text, n: _pair("params", store, f"memo{n or ''}", text),
    "tag_key": lambda store, text, _: _pair("tags", store, text, "1"),
    "tag_value": lambda store, text, n: _pair("tags", store, f"memo{n or ''}", text),
    "note": lambda store, text, _: _pair("tags", store, "mlflow.note.content", text),
    "user": _in_user,
    "model": _in_model,
    "alias": _in_alias,
    "stage": lambda store, text, n: _in_model(store, f"calm-model-{n}", stage=text),
    "dataset": _in_dataset,
    "metric_key": lambda store, text, _: _metric(store, HOST, text, 0.5),
}
"""Where a text goes in a store; the others are said, not stored."""


def _hidden(store: sqlite3.Connection) -> set[str]:
    names = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name for (name,) in names} - ASKABLE - {"alembic_version"}


def _canary(store: sqlite3.Connection, table: str) -> None:
    """A row whose every text is the canary. Foreign keys are not enforced here."""
    columns = [(name, kind) for _, name, kind, *_ in store.execute(f'PRAGMA table_info("{table}")')]
    values = [CANARY if any(t in kind for t in ("CHAR", "TEXT", "BLOB")) else 1
              for _, kind in columns]  # fmt: skip
    marks = ", ".join("?" * len(values))
    store.execute("PRAGMA ignore_check_constraints = ON")
    store.execute(f'INSERT INTO "{table}" VALUES ({marks})', values)
