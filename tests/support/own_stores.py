"""A copy of the demo store that a test may change, with plain SQL."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.demo_fixture import demo_database


@contextmanager
def changing(store: Path) -> Iterator[sqlite3.Connection]:
    """A connection whose changes are kept at the end."""
    with closing(sqlite3.connect(store)) as connection:
        yield connection
        connection.commit()


def copied_store(folder: Path) -> Path:
    """The file of a copy in this folder."""
    return Path(shutil.copy(demo_database(), folder / "mlflow.db"))


def log_run(store: Path, name: str, metric: str, value: float) -> None:
    """A finished run by alice like the newest there is, with one metric."""
    run = name.encode().hex().ljust(32, "0")[:32]
    with changing(store) as connection:
        connection.execute(
            "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time,"
            " lifecycle_stage, artifact_uri, experiment_id)"
            " SELECT ?, ?, source_type, 'alice', 'FINISHED', start_time, start_time + 1000,"
            " 'active', artifact_uri, experiment_id FROM runs WHERE lifecycle_stage = 'active'"
            " ORDER BY start_time DESC LIMIT 1",
            (run, name),
        )
        for table in ("metrics", "latest_metrics"):
            connection.execute(
                f"INSERT INTO {table} (run_uuid, key, value, timestamp, step, is_nan)"
                " VALUES (?, ?, ?, 0, 0, 0)",
                (run, metric, value),
            )
