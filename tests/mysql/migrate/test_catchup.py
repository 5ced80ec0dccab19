"""What changed in the source since it was copied comes over, and nothing else is touched."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.changed_store import change_every_table
from tests.support.live_client import Client
from tests.support.moving import ROWS_ONLY, Mover
from tests.support.own_stores import changing
from tracking import status
from tracking.migrate import catchup, moving, prepared
from tracking.migrate.changes import Count
from tracking.migrate.verify.verify import Terms
from tracking.status import Phase

MakeMover = Callable[..., Mover]
ROOT = Path(__file__).parents[3]
COMMAND = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"
KILLS = 6
LONG_ID = 123_456_789_012_345_678


def test_every_table_loses_gains_and_changes_rows_as_the_source_did(
    full: Path, mover: MakeMover
) -> None:
    move = mover(full)
    move.run()
    with changing(full) as store:
        change_every_table(store)

    done = move.catch_up()

    assert len(done.counts) == 63  # all but the one with the default workspace
    assert all(count.deleted for count in done.counts.values())
    assert done.counts["metrics"] == Count(added=1, updated=0, deleted=1)
    assert done.counts["spans"].updated == 1
    assert move.verify().findings == ()


def test_tables_that_are_not_mlflows_are_in_nobodys_way(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    with changing(full) as store:
        store.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
        store.executemany("INSERT INTO notes VALUES (?, 'ours')", [(n,) for n in range(100)])
    move.run()
    with changing(full) as store:
        store.execute("UPDATE runs SET name = 'renamed' WHERE rowid = 1")

    assert move.catch_up().changes == 1


def test_where_nothing_has_changed_nothing_is_written(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    move.run()

    assert move.catch_up().counts == {}
    assert move.catch_up().counts == {}


def test_without_the_copy_of_the_last_time_the_target_is_asked_what_it_lacks(
    full: Path, mover: MakeMover
) -> None:
    move = mover(full)
    move.run()
    prepared.forget(move.move.folder)
    with changing(full) as store:
        change_every_table(store)

    done = move.catch_up()

    assert done.counts["metrics"] == Count(added=1, updated=0, deleted=1)
    assert move.verify().findings == ()


def test_rows_that_have_moved_within_the_file_are_not_taken_for_changed(
    full: Path, mover: MakeMover
) -> None:
    move = mover(full)
    move.run()
    with changing(full) as store:
        store.execute("CREATE TABLE kept AS SELECT * FROM params")
        store.execute("DELETE FROM params")
        store.execute("INSERT INTO params SELECT * FROM kept ORDER BY rowid DESC")
        store.execute("DROP TABLE kept")

    assert move.catch_up().counts == {}


def test_what_a_client_of_mlflow_does_meanwhile_arrives(
    sqlite_store: Path, mover: MakeMover
) -> None:
    move = mover(sqlite_store)
    with Client(f"sqlite:///{sqlite_store}") as client:
        client.write("begin")
        move.run()
        client.write("change")

        done = move.catch_up()

    assert done.counts["runs"] == Count(added=1, updated=4, deleted=1)
    assert done.counts["experiments"] == Count(added=1, updated=2, deleted=0)
    assert done.counts["registered_model_aliases"].updated == 1
    proof = move.verify(Terms(sample=100, write=False))
    assert proof.findings == ()
    assert {check.name: check.ok for check in proof.checks}["through MLflow"]


def test_long_experiment_ids_keep_what_they_were_given_and_new_ones_get_their_own(
    sqlite_store: Path, mover: MakeMover
) -> None:
    _experiments(sqlite_store, LONG_ID)
    move = mover(sqlite_store)
    move.run()
    _experiments(sqlite_store, LONG_ID + 1)

    move.catch_up()

    given = set(move.ask("SELECT source_id, target_id FROM tracktalk_experiment_ids"))
    assert {old for old, _ in given} == {LONG_ID, LONG_ID + 1}
    names = set(move.ask("SELECT experiment_id, name FROM experiments WHERE experiment_id > 0"))
    assert names == {(new, f"e{old}") for old, new in given}
    assert move.verify().findings == ()


def _experiments(store: Path, number: int) -> None:
    with changing(store) as connection:
        connection.execute(
            "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage)"
            " VALUES (?, ?, 's3://b', 'active')",
            (number, f"e{number}"),
        )


def test_a_run_after_it_has_nothing_to_copy(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    move.run()
    with changing(full) as store:
        change_every_table(store)
    move.catch_up()

    made, proof = moving.run_all(move.move, terms=ROWS_ONLY)

    assert made.resumes
    assert proof is not None
    assert proof.findings == ()


def test_passes_go_on_until_one_is_short_or_they_get_no_shorter(
    full: Path, mover: MakeMover
) -> None:
    move = mover(full)
    move.run()
    passes: list[catchup.Pass] = []

    with moving.progress_of(move.move) as progress:
        catchup.catch_up(move.move, progress, freeze=0, told=passes.append)

    assert len(passes) > 1
    assert passes[-1].seconds > 0.8 * passes[-2].seconds
    told = status.read(move.move.status)
    assert told is not None
    assert told.phase is Phase.CAUGHT_UP


def test_it_can_go_on_pass_after_pass_until_it_is_told_to_stop(
    full: Path, mover: MakeMover
) -> None:
    move, over = mover(full), threading.Event()
    move.run()
    passes: list[catchup.Pass] = []

    def told(done: catchup.Pass) -> None:
        passes.append(done)
        if len(passes) == 1:
            with changing(full) as store:
                store.execute("DELETE FROM params WHERE rowid = 3")
        else:
            over.set()

    with moving.progress_of(move.move) as progress:
        catchup.follow(move.move, progress, 0, told, over)

    assert [each.changes for each in passes] == [0, 1]
    assert move.verify().findings == ()


def test_the_command_says_what_has_changed(
    full: Path, mover: MakeMover, capsys: pytest.CaptureFixture[str]
) -> None:
    move = mover(full)
    move.run()
    with changing(full) as store:
        store.execute("DELETE FROM params WHERE rowid = 3")
    words = ["--source", f"sqlite:///{full}", "--target", move.address]
    place = ["--workspace", str(move.folder / "work")]

    assert main(["migrate", "catch-up", *words, *place], {"HOME": str(move.folder)}) == 0

    told = capsys.readouterr()
    assert "1 change in" in told.err
    assert "params -1" in told.err
    assert "Caught up" in told.out
