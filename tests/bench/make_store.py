"""Makes a big MLflow store for measurements: 20,000 runs and 1,000,000 metric rows in a minute.

    python -m tests.bench.make_store big.db
    python -m tests.bench.make_store big.db --mysql mysql+pymysql://root:…@127.0.0.1:3306/big

MLflow makes the schema; the rows are written into it directly, the same ones every time. With
`--mysql` the finished file is also copied into an MLflow database that is already there.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pymysql
from sqlalchemy.engine import make_url

from tests.support.stores import copy_rows, new_sqlite_store

DAY = 86_400_000
END = 1_763_942_400_000  # 24 November 2025, 00:00 UTC, in epoch milliseconds
INFINITE = 1.7976931348623157e308  # MLflow's infinity

EXPERIMENTS = (
    "fraud-detection", "churn-prediction", "credit-scoring", "image-classifier", "demand-forecast",
    "recsys-ranking", "search-relevance", "sentiment-analysis", "ner-tagger", "speech-to-text",
    "anomaly-sensors", "price-elasticity", "click-through", "document-ocr", "route-eta",
    "customer-ltv", "spam-filter", "toxicity", "energy-load", "defect-inspection",
)  # fmt: skip
USERS = ("alice", "bob", "carol", "dan", "erin", "frank", "grace", "heidi", "ivan", "judy")
MODELS = ("xgboost", "lightgbm", "random_forest", "logreg", "mlp", "resnet50", "transformer")
METRICS = {
    "train_loss": -1, "val_loss": -1, "test_loss": -1, "rmse": -1, "mae": -1, "mape": -1,
    "log_loss": -1, "latency_ms": -1, "train_time_s": -1, "ece": -1,
    "accuracy": 1, "val_accuracy": 1, "test_accuracy": 1, "precision": 1, "recall": 1, "f1": 1,
    "roc_auc": 1, "pr_auc": 1, "r2": 1, "ndcg_at_10": 1, "map_at_10": 1, "balanced_accuracy": 1,
    "mcc": 1, "throughput": 1, "coverage": 1,
}  # fmt: skip
"""Metric -> whether it rises (1) or falls (-1) while training."""

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How big. Metric rows are spread evenly over the runs."""

    runs: int = 20_000
    metric_rows: int = 1_000_000
    seed: int = 7


DEFAULT = Size()


@dataclass(frozen=True, slots=True)
class Run:
    """What the tables of one run are made from."""

    id: str
    name: str
    experiment: int
    user: str
    model: str
    status: str
    start: int
    end: int | None
    deleted: bool


def make(path: Path, size: Size = DEFAULT) -> None:
    """Write a new store to `path`."""
    new_sqlite_store(path)
    chance = random.Random(size.seed)
    runs = [_run(number, size, chance) for number in range(size.runs)]
    with closing(sqlite3.connect(path, isolation_level=None)) as store:
        store.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")
        store.execute("BEGIN")
        _insert(store, "experiments", "experiment_id, name, lifecycle_stage, creation_time,"
                " last_update_time", _experiments())  # fmt: skip
        _insert(store, "runs", "run_uuid, name, source_type, user_id, status, start_time, end_time,"
                " lifecycle_stage, artifact_uri, experiment_id", map(_run_row, runs))  # fmt: skip
        _insert(store, "params", "key, value, run_uuid", _params(runs, chance))
        _insert(store, "tags", "key, value, run_uuid", _tags(runs, chance))
        _insert(store, "metrics", "key, value, timestamp, step, is_nan, run_uuid",
                _metrics(runs, size.metric_rows // max(1, size.runs), chance))  # fmt: skip
        store.execute(_LATEST)
        _register(store, runs, chance)
        store.execute("COMMIT")


_LATEST = """
    INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
    SELECT key, value, timestamp, step, is_nan, run_uuid FROM (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY run_uuid, key ORDER BY step DESC, timestamp DESC, value DESC
        ) AS place FROM metrics
    ) WHERE place = 1
"""


def _insert(store: sqlite3.Connection, table: str, columns: str, rows: Iterator[Row]) -> None:
    marks = ", ".join("?" * (columns.count(",") + 1))
    store.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _experiments() -> Iterator[Row]:
    for number, name in enumerate(EXPERIMENTS, start=1):
        stage = "deleted" if number == len(EXPERIMENTS) else "active"
        yield number, name, stage, END - 400 * DAY + number * DAY, END - number * DAY


def _run(number: int, size: Size, chance: random.Random) -> Run:
    start = END - int(chance.random() * 365 * DAY)
    status = chance.choices(("FINISHED", "FAILED", "RUNNING", "KILLED"), (88, 7, 3, 2))[0]
    model = chance.choice(MODELS)
    end = None if status == "RUNNING" else start + chance.randrange(10_000, 7_200_000)
    return Run(
        id=hashlib.md5(f"{size.seed}/{number}".encode(), usedforsecurity=False).hexdigest(),
        name=f"{model}-{chance.choice(('base', 'tuned', 'deep', 'seed'))}-{number % 500}",
        experiment=chance.choices(range(1, 21), range(20, 0, -1))[0],
        user=chance.choice(USERS),
        model=model,
        status=status,
        start=start,
        end=end,
        deleted=chance.random() < 0.05,
    )


def _run_row(run: Run) -> Row:
    stage = "deleted" if run.deleted else "active"
    uri = f"mlflow-artifacts:/{run.experiment}/{run.id}/artifacts"
    return (run.id, run.name, "LOCAL", run.user, run.status, run.start, run.end, stage, uri,
            run.experiment)  # fmt: skip


def _params(runs: list[Run], chance: random.Random) -> Iterator[Row]:
    for run in runs:
        chosen = {
            "model": run.model,
            "learning_rate": f"{10 ** chance.uniform(-5, -1):.6g}",
            "batch_size": str(2 ** chance.randrange(4, 10)),
            "epochs": str(chance.randrange(1, 100)),
            "max_depth": str(chance.randrange(2, 16)),
            "n_estimators": str(chance.randrange(50, 1_000, 50)),
            "dropout": f"{chance.random() * 0.6:.2f}",
            "optimizer": chance.choice(("adam", "sgd", "adamw", "rmsprop")),
            "weight_decay": chance.choice(("0", "1e-4", "1e-3", "None")),
            "seed": str(chance.randrange(10)),
            "hidden": str([chance.choice((16, 32, 64))] * chance.randrange(1, 4)),
            "dataset_version": f"v{chance.randrange(1, 9)}",
        }
        for key, value in chosen.items():
            yield key, value, run.id


def _tags(runs: list[Run], chance: random.Random) -> Iterator[Row]:
    for number, run in enumerate(runs):
        yield "mlflow.user", run.user, run.id
        yield "mlflow.runName", run.name, run.id
        yield "mlflow.source.name", "train.py", run.id
        yield "team", chance.choice(("risk", "growth", "vision", "nlp")), run.id
        yield "stage", chance.choice(("dev", "staging", "prod")), run.id
        if number % 10 > 6:
            yield "mlflow.parentRunId", runs[number - number % 10].id, run.id


def _metrics(runs: list[Run], per_run: int, chance: random.Random) -> Iterator[Row]:
    names = list(METRICS)
    for run in runs:
        keys = chance.sample(names, min(10, per_run))
        for place in range(per_run):
            key, step = keys[place % len(keys)], place // len(keys)
            value, is_nan = _value(key, step, chance)
            yield key, value, run.start + step * 1_000, step, is_nan, run.id


def _value(key: str, step: int, chance: random.Random) -> tuple[float, int]:
    odd = chance.random()
    if odd < 0.0005:
        return 0.0, 1
    if odd < 0.0007:
        return INFINITE, 0
    learnt = 1 - math.exp(-0.4 * (step + 1))
    rising = 0.5 + 0.45 * learnt + chance.gauss(0, 0.02)
    return (rising if METRICS[key] > 0 else 2.0 - 1.8 * learnt + abs(chance.gauss(0, 0.05))), 0


def _register(store: sqlite3.Connection, runs: list[Run], chance: random.Random) -> None:
    finished = [run for run in runs if run.status == "FINISHED" and not run.deleted]
    for number, name in enumerate(EXPERIMENTS[:12]):
        model = f"{name}-model"
        store.execute("INSERT INTO registered_models (name, creation_time, last_updated_time)"
                      " VALUES (?, ?, ?)", (model, END - 300 * DAY, END))  # fmt: skip
        own = [run for run in finished if run.experiment == number + 1][:8]
        for version, run in enumerate(own, start=1):
            stage = chance.choice(("None", "Staging", "Production", "Archived"))
            store.execute(
                "INSERT INTO model_versions (name, version, creation_time, last_updated_time,"
                " user_id, current_stage, source, run_id, status) VALUES (?,?,?,?,?,?,?,?,'READY')",
                (model, version, run.start, run.start, run.user, stage, "models:/m", run.id),
            )
        if own:
            store.execute("INSERT INTO registered_model_aliases (alias, version, name)"
                          " VALUES ('champion', ?, ?)", (len(own), model))  # fmt: skip


def copy_to_mysql(path: Path, url: str) -> None:
    """Replace the rows of the MLflow database at `url` by the file's."""
    to = make_url(url)
    with closing(
        pymysql.connect(
            host=to.host or "localhost",
            port=to.port or 3306,
            user=to.username,
            password=to.password or "",
            database=to.database,
            charset="utf8mb4",
        )
    ) as connection:
        copy_rows(path, connection)


def main() -> None:
    """Make the store that the arguments ask for."""
    wish = argparse.ArgumentParser(description="Make a big MLflow store for measurements.")
    wish.add_argument("file", type=Path, help="the SQLite file to write")
    wish.add_argument("--runs", type=int, default=DEFAULT.runs)
    wish.add_argument("--metric-rows", type=int, default=DEFAULT.metric_rows)
    wish.add_argument("--mysql", help="an MLflow database to copy it into")
    given = wish.parse_args()
    started = time.perf_counter()
    make(given.file, Size(given.runs, given.metric_rows))
    sys.stderr.write(f"{given.file}: {time.perf_counter() - started:.1f} s\n")
    if given.mysql:
        copy_to_mysql(given.file, given.mysql)
        sys.stderr.write(f"copied to MySQL: {time.perf_counter() - started:.1f} s in all\n")


if __name__ == "__main__":
    main()
