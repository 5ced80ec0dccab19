"""What a pass of catching up does not begin with, and what it does not bring over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.moving import Mover
from tests.support.own_stores import changing
from tracking.errors import SourceError, TargetRefused
from tracking.migrate import catchup, moving
from tracking.migrate.artifacts import rewriting
from tracking.migrate.artifacts.moves import moves as artifact_moves

MakeMover = Callable[..., Mover]
EMPTY = "DELETE FROM runs"
"""As MLflow's server makes a file anew that was moved away under it."""
OTHER = "UPDATE runs SET run_uuid = 'other' || run_uuid"


def test_it_begins_only_after_a_whole_copy(full: Path, mover: MakeMover) -> None:
    move = mover(full)

    with pytest.raises(TargetRefused, match="Nothing has been copied") as nothing:
        move.catch_up()
    move.run()
    move.ask("DELETE FROM tracktalk_migration_chunks WHERE table_name = 'metrics'")
    with pytest.raises(TargetRefused, match="not come to its end"):
        move.catch_up()

    assert "migrate run" in nothing.value.fix


def test_addresses_of_artifacts_that_were_rewritten_are_not_overwritten(
    full: Path, mover: MakeMover
) -> None:
    move = mover(full)
    with changing(full) as store:
        store.execute("UPDATE runs SET artifact_uri = ? || run_uuid", (f"{full.parent}/old/",))
    move.run()
    (full.parent / "old").mkdir()
    moves = artifact_moves([str(full.parent / "old")], ["s3://bucket/new"])
    rewriting.rewrite(move.move.target, moves)

    with pytest.raises(TargetRefused, match="have new addresses") as error:
        move.catch_up()

    assert "--undo" in error.value.fix
    rewriting.undo(move.move.target, really=True)
    assert move.catch_up().counts == {}


def test_a_row_that_does_not_fit_is_told_and_stops_the_pass(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    move.run()
    with changing(full) as store:
        store.execute("UPDATE runs SET name = ? WHERE rowid = 1", ("x" * 300,))

    with pytest.raises(TargetRefused, match="too long for column 'name'") as error:
        move.catch_up()

    assert "migrate plan" in error.value.fix


def test_a_row_that_is_too_large_for_the_server_is_not_sent(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    move.run()
    with changing(full) as store:
        store.execute("UPDATE params SET value = ? WHERE rowid = 1", ("x" * 8_000,))

    with (
        moving.progress_of(move.move) as progress,
        pytest.raises(TargetRefused, match="max_allowed_packet") as error,
        catchup.at_work(move.move, progress) as work,
    ):
        catchup.one_pass(replace(work, packet=4_000))

    assert "migrate plan" in error.value.fix


@pytest.mark.parametrize("instead", [EMPTY, OTHER])
def test_a_file_that_another_one_has_taken_the_place_of_empties_no_target(
    full: Path, mover: MakeMover, instead: str
) -> None:
    move = mover(full)
    move.run()
    before = move.ask("SELECT COUNT(*) FROM runs")
    with changing(full) as store:
        store.execute(instead)

    with pytest.raises(SourceError, match=r"none is in .*full.db any more") as error:
        move.catch_up()

    assert "migrate rollback" in error.value.fix
    assert move.ask("SELECT COUNT(*) FROM runs") == before


def test_an_older_copy_that_was_put_back_is_what_the_target_becomes(
    full: Path, mover: MakeMover
) -> None:
    backup = full.read_bytes()
    with changing(full) as store:
        store.execute("UPDATE runs SET name = 'later'")
        store.execute("DELETE FROM runs WHERE rowid = 2")
    move = mover(full)
    move.run()
    full.write_bytes(backup)

    done = move.catch_up()

    assert done.counts["runs"].added == 1
    assert move.verify().findings == ()


def test_a_source_that_is_gone_is_told(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    move.run()
    with moving.progress_of(move.move) as progress, catchup.at_work(move.move, progress) as work:
        full.rename(full.with_name("elsewhere.db"))

        with pytest.raises(SourceError, match="not there any more"):
            catchup.one_pass(work)
