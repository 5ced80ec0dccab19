"""Stores of older MLflows: the copy is brought to the newest tables, the source stays as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.moving import Mover
from tests.support.old_stores import BEFORE_REVISIONS, old_store
from tests.support.own_stores import changing
from tracking.migrate import schema

MakeMover = Callable[..., Mover]
RUN = "0123456789abcdef0123456789abcdef"
OLD = {
    BEFORE_REVISIONS: "none at all",
    "451aebb31d03": "451aebb31d03",  # MLflow 1.0, the first that has a revision
    "867495a8f9d4": "867495a8f9d4",  # MLflow 2.7
}
BEFORE_ANALYTICS = "b7e2c1a4d9f3"
"""The next one moves the names of traces out of their tags."""


def _fill(file: Path) -> None:
    with changing(file) as store:
        store.execute(
            "INSERT INTO experiments (experiment_id, name, lifecycle_stage)"
            " VALUES (0, 'Default', 'active'), (7, 'old', 'active')"
        )
        store.execute(
            "INSERT INTO runs (run_uuid, name, status, source_type, lifecycle_stage, experiment_id)"
            f" VALUES ('{RUN}', 'first', 'FINISHED', 'LOCAL', 'active', 7)"
        )
        store.execute(f"INSERT INTO params VALUES ('lr', '0.1', '{RUN}')")
        for time, value in ((1, 0.5), (2, 1 / 3)):
            store.execute(
                "INSERT INTO metrics (key, value, timestamp, run_uuid)"
                f" VALUES ('loss', {value!r}, {time}, '{RUN}')"
            )


@pytest.mark.parametrize("revision", OLD)
def test_a_store_of_an_old_mlflow_is_moved_with_its_copy_brought_up_to_date(
    revision: str, tmp_path: Path, mover: MakeMover
) -> None:
    file = old_store(tmp_path / "old.db", revision)
    _fill(file)
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    move = mover(file)

    hazard = move.hazard("old-schema")
    proof = move.run()

    assert not hazard.blocking
    assert f"revision {OLD[revision]}" in hazard.what
    assert schema.head() in hazard.remedy
    assert proof is not None
    assert proof.ok, proof.findings
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert move.ask("SELECT experiment_id FROM runs") == ((7,),)
    values = move.ask("SELECT value FROM metrics ORDER BY timestamp")
    assert values == ((0.5,), (1 / 3,))


def test_rows_that_mlflows_own_upgrade_removes_are_told(tmp_path: Path, mover: MakeMover) -> None:
    file = old_store(tmp_path / "old.db", BEFORE_ANALYTICS)
    _fill(file)
    with changing(file) as store:
        store.execute(
            "INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, status)"
            " VALUES ('tr-1', 7, 1, 'OK')"
        )
        store.execute(
            "INSERT INTO trace_tags (key, value, request_id)"
            " VALUES ('mlflow.traceName', 'answer', 'tr-1'), ('team', 'a', 'tr-1')"
        )
    move = mover(file)

    hazard = move.hazard("changed-by-upgrade")
    proof = move.run()

    assert (hazard.table, hazard.found, hazard.blocking) == ("trace_tags", 1, False)
    assert proof is not None
    assert proof.ok, proof.findings
    assert move.ask("SELECT trace_name FROM trace_info") == (("answer",),)
