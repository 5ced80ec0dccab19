from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracking.errors import TrackingError
from tracking.status import (
    Difference,
    MigrationStatus,
    Phase,
    StatusError,
    Verification,
    here,
    read,
    status_file,
    write,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
COPYING = MigrationStatus(
    phase=Phase.COPYING,
    source="sqlite:///mlflow.db",
    target="mysql+pymysql://mlflow:********@db/mlflow",
    started_at=NOON,
    updated_at=NOON + timedelta(minutes=1),
    table="metrics",
    rows_copied=600_000,
    rows_total=1_200_000,
    rows_per_second=61_234.5,
    eta_seconds=9.8,
)
WHOLE = replace(
    COPYING,
    phase=Phase.DIFFERENCES,
    last_verification=Verification(at=NOON, ok=False, tables=65, rows=1_200_000),
    differences=(Difference("params", "12 rows", "11 rows"),),
    error="params: 1 row is missing",
)


@pytest.mark.parametrize("status", [COPYING, WHOLE, replace(WHOLE, rows_total=None)])
def test_what_is_written_is_what_is_read(tmp_path: Path, status: MigrationStatus) -> None:
    file = tmp_path / "state" / "migration.json"

    write(file, status)

    assert read(file) == status


def test_no_file_is_no_migration(tmp_path: Path) -> None:
    assert read(tmp_path / "migration.json") is None


def test_writing_again_leaves_one_file_with_the_last_status(tmp_path: Path) -> None:
    file = tmp_path / "migration.json"
    write(file, COPYING)

    write(file, WHOLE)

    assert read(file) == WHOLE
    assert [each.name for each in tmp_path.iterdir()] == ["migration.json"]


def test_a_reader_that_has_the_file_open_never_sees_half_of_the_next_one(tmp_path: Path) -> None:
    file = tmp_path / "migration.json"
    write(file, COPYING)
    before = file.read_text("utf-8")

    with file.open(encoding="utf-8") as held:
        first = held.read(10)
        write(file, WHOLE)
        assert first + held.read() == before


def test_no_password_gets_into_the_file(tmp_path: Path) -> None:
    file = tmp_path / "migration.json"
    told = replace(
        COPYING,
        source="mysql://root:p@ss/w0rd@old/mlflow",
        target="mysql+pymysql://mlflow:hunter2@db:3306/mlflow",
        error="mysql://mlflow:hunter2@db refused; it waited",
    )

    write(file, told)

    assert [word for word in ("hunter2", "ss/", "w0rd") if word in file.read_text("utf-8")] == []
    kept = read(file)
    assert kept is not None
    assert kept.target == "mysql+pymysql://mlflow:********@db:3306/mlflow"
    assert kept.error == "mysql://mlflow:********@db refused; it waited"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "half a fi",
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": "one", "status": {}}',
        '{"version": 0, "status": {}}',
        '{"version": 1, "status": {"phase": "dancing"}}',
        "\ufffe\x00",
    ],
)
def test_a_damaged_file_says_what_to_do(tmp_path: Path, text: str) -> None:
    file = tmp_path / "migration.json"
    file.write_text(text, "utf-8")

    with pytest.raises(StatusError) as told:
        read(file)

    assert isinstance(told.value, TrackingError)
    assert str(file) in told.value.what
    assert "Remove it" in told.value.fix


@pytest.mark.parametrize(
    "change",
    [{"rows_copied": -1}, {"updated_at": "2026-11-20T12:00:00"}, {"differences": [{"table": "t"}]}],
)
def test_a_status_that_cannot_be_is_damaged(tmp_path: Path, change: dict[str, object]) -> None:
    file = tmp_path / "migration.json"
    write(file, COPYING)
    kept = json.loads(file.read_text("utf-8"))
    kept["status"] |= change
    file.write_text(json.dumps(kept), "utf-8")

    with pytest.raises(StatusError):
        read(file)


def test_a_newer_file_asks_for_an_update_and_not_for_its_removal(tmp_path: Path) -> None:
    file = tmp_path / "migration.json"
    file.write_text('{"version": 2, "status": {"phase": "sleeping"}}', "utf-8")

    with pytest.raises(StatusError) as told:
        read(file)

    assert "newer" in told.value.what
    assert "Update" in told.value.fix
    assert "Remove" not in told.value.fix


def test_a_field_that_is_new_within_the_version_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "migration.json"
    write(file, COPYING)
    kept = json.loads(file.read_text("utf-8"))
    kept["status"]["mood"] = "good"
    file.write_text(json.dumps(kept), "utf-8")

    assert read(file) == COPYING


def test_what_is_no_file_can_be_neither_read_nor_written(tmp_path: Path) -> None:
    folder = tmp_path / "migration.json"
    folder.mkdir()

    with pytest.raises(StatusError, match="cannot be read"):
        read(folder)
    with pytest.raises(StatusError, match="cannot be written"):
        write(folder, COPYING)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_rate_that_is_no_number_is_an_unknown_rate(tmp_path: Path) -> None:
    file = tmp_path / "migration.json"
    write(file, replace(COPYING, rows_per_second=float("inf"), eta_seconds=float("nan")))

    kept = read(file)

    assert kept is not None
    assert (kept.rows_per_second, kept.eta_seconds) == (None, None)


@pytest.mark.parametrize("phase", Phase)
def test_only_what_should_be_running_can_stall(phase: Phase) -> None:
    status = replace(COPYING, phase=phase)
    running = phase in {"copying", "indexing", "catching up", "verifying"}

    assert status.running is running
    assert status.stalled(status.updated_at + timedelta(seconds=61)) is running
    assert status.stalled(status.updated_at + timedelta(seconds=60)) is False


def test_one_whose_process_is_dead_is_known_at_once_on_its_own_machine() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:  # our interpreter
        process.wait()
    dead = replace(COPYING, pid=process.pid, place=here())

    assert dead.stalled(dead.updated_at) is (here() is not None)
    assert replace(dead, pid=os.getpid()).killed is False
    assert replace(dead, pid=1).killed is False  # somebody else's
    assert replace(dead, place="elsewhere").killed is False
    assert replace(dead, phase=Phase.CAUGHT_UP).killed is False


@pytest.mark.parametrize(
    ("copied", "total", "share"),
    [(0, 10, 0.0), (5, 10, 0.5), (11, 10, 1.0), (0, 0, 1.0), (5, None, None)],
)
def test_the_share_is_never_more_than_all(
    copied: int, total: int | None, share: float | None
) -> None:
    assert replace(COPYING, rows_copied=copied, rows_total=total).share == share


def test_the_file_is_in_the_users_state_folder() -> None:
    home = {"HOME": "/home/ada"}
    usual = Path("/home/ada/.local/state/tracktalk/migration.json")

    assert status_file(home) == usual
    assert status_file({**home, "XDG_STATE_HOME": "relative"}) == usual
    assert status_file({**home, "XDG_STATE_HOME": "/var/lib/state"}) == Path(
        "/var/lib/state/tracktalk/migration.json"
    )


def test_importing_it_loads_neither_mlflow_nor_a_database() -> None:
    heavy = "{'mlflow', 'sqlalchemy', 'pymysql', 'alembic', 'texttosql'}"
    script = f"import sys, tracking.status; print({heavy} & set(sys.modules))"
    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )

    assert done.stdout.strip() == "set()"
