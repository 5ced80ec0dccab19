"""Whoever stops a move, by hand or by a kill, and a disk that is full: all of it is told."""

from __future__ import annotations

import resource
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.moving import ROWS_ONLY, Begin, Mover
from tests.support.waiting import until
from tracking import status
from tracking.errors import TargetRefused, WorkspaceFull
from tracking.migrate import catchup, moving, telling
from tracking.status import MigrationStatus, Phase

MakeMover = Callable[..., Mover]


def _status(move: Mover) -> MigrationStatus | None:
    return status.read(move.move.status)


def _await(move: Mover, process: subprocess.Popen[str], phase: Phase) -> None:
    def reached() -> bool:
        told = _status(move)
        return process.poll() is not None or (told is not None and told.phase is phase)

    until(reached, f"it to be {phase}")


@pytest.mark.parametrize(
    ("command", "phase"),
    [
        (["run", "--max-rate", "6000"], Phase.COPYING),
        (["catch-up", "--freeze", "0"], Phase.CATCHING_UP),
        (["verify", "--sample", "all"], Phase.VERIFYING),
        (["cutover", "--yes"], Phase.VERIFYING),
    ],
)
def test_ctrl_c_ends_it_with_130_and_says_so(
    wide: Path, mover: MakeMover, begun: Begin, command: list[str], phase: Phase
) -> None:
    move = mover(wide)
    if command[0] != "run":
        move.run(None)
    process = begun(move, *command)
    _await(move, process, phase)

    process.send_signal(signal.SIGINT)
    _, told = process.communicate()

    assert process.returncode == 130
    assert "Stopped by hand" in told
    assert "Traceback" not in told
    now = _status(move)
    assert now is not None
    assert now.phase is Phase.FAILED
    assert "Stopped by hand" in str(now.error)


def test_the_status_of_one_that_was_killed_says_so_at_once(
    wide: Path, mover: MakeMover, begun: Begin
) -> None:
    move = mover(wide)
    process = begun(move, "run", "--max-rate", "3000")
    _await(move, process, Phase.COPYING)
    alive = _status(move)
    assert alive is not None
    assert not alive.stalled(alive.updated_at)

    process.kill()
    process.communicate()

    now = _status(move)
    assert now is not None
    assert now.stalled(now.updated_at)
    said = telling.status(now, datetime.now(UTC))
    assert f"Its process ({process.pid}) has ended without a word" in said


def test_a_second_one_is_refused_and_leaves_the_status_of_the_first(
    full: Path, mover: MakeMover
) -> None:
    move = mover(full)
    move.run(None)
    with moving.progress_of(move.move) as first, catchup.at_work(move.move, first) as work:
        first.begin(Phase.CATCHING_UP)
        before = _status(move)

        with pytest.raises(TargetRefused, match="Another run is copying"):
            move.catch_up()

        assert _status(move) == before
        assert catchup.one_pass(work).counts == {}


def test_a_second_one_does_not_touch_the_copy_that_the_first_is_taking(
    full: Path, mover: MakeMover
) -> None:
    move = mover(full)

    with moving.sole(move.move), pytest.raises(TargetRefused, match="Another run is copying"):
        move.run()

    assert not move.move.folder.exists()
    assert _status(move) is None
    assert move.run() is not None


def test_a_folder_that_is_too_small_for_the_copy_is_told(
    wide: Path, mover: MakeMover, begun: Begin
) -> None:
    move = mover(wide)
    process = begun(move, "run", after="ulimit -f 1000;")

    _, told = process.communicate()

    assert process.returncode == 1
    assert "takes no more" in told
    assert "--workspace" in told


def test_a_disk_that_is_full_in_the_middle_of_a_copy_ends_it_and_it_can_go_on(
    wide: Path, mover: MakeMover
) -> None:
    move, usual = mover(wide), resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(now: MigrationStatus) -> None:
        if now.phase is Phase.COPYING:
            resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, usual[1]))

    try:
        with pytest.raises(WorkspaceFull, match="takes no more"):
            moving.run_all(replace(move.move, tell=[fill]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)

    assert "takes no more" in str(getattr(_status(move), "error", None))
    made, proof = moving.run_all(move.move, terms=ROWS_ONLY)
    assert made.resumes
    assert proof is not None
    assert proof.findings == ()
