"""Back to SQLite: with nothing lost of what was written to MySQL in the meantime."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.changed_store import change_every_table
from tests.support.live_client import Client
from tests.support.moving import ROWS_ONLY, Mover
from tests.support.own_stores import changing
from tests.support.stores import copy_rows
from tracking import status
from tracking.migrate import handover, ledger, moving, rollback, server
from tracking.migrate.addresses import target_of
from tracking.status import MigrationStatus, Phase

MakeMover = Callable[..., Mover]
FORK = multiprocessing.get_context("fork")
LONG_ID = 123_456_789_012_345_678


def _hand_over(move: Mover) -> None:
    """As a cutover does it at its end."""
    with closing(server.connect(move.move.target)) as connection:
        entry = ledger.read(connection)
        assert entry is not None
        handover.write(connection, entry.snapshot)


def _words(move: Mover, *more: str) -> list[str]:
    words = ["migrate", "rollback", "--source", f"sqlite:///{move.source}", *more]
    return [*words, "--target", move.address, "--workspace", str(move.folder / "work")]


def _roll_back(move: Mover, *more: str) -> int:
    environ = {"HOME": str(move.folder), "TRACKTALK_MIGRATION_STATUS": str(move.move.status)}
    return main(_words(move, "--sample", "0", *more), environ)


def _file(move: Mover) -> Path:
    return move.source.with_name(f"{move.source.stem}-rolled-back.db")


def _ask(store: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute(query).fetchall()


def test_before_the_cutover_the_target_is_emptied_and_the_source_is_as_it_was(
    full: Path, mover: MakeMover, capsys: pytest.CaptureFixture[str]
) -> None:
    move, before = mover(full), hashlib.sha256(full.read_bytes()).hexdigest()
    move.run(None)

    assert _roll_back(move) == 0
    assert "Nothing of it was done" in capsys.readouterr().out
    assert move.ask("SHOW TABLES")
    assert _roll_back(move, "--yes") == 0

    assert move.ask("SHOW TABLES") == ()
    assert not move.move.folder.exists()
    assert hashlib.sha256(full.read_bytes()).hexdigest() == before
    told = status.read(move.move.status)
    assert told is not None
    assert told.phase is Phase.ROLLED_BACK


def test_what_a_client_wrote_to_mysql_is_in_the_new_file(
    sqlite_store: Path, mover: MakeMover, capsys: pytest.CaptureFixture[str]
) -> None:
    with Client(f"sqlite:///{sqlite_store}") as client:
        client.write("begin")
    before = hashlib.sha256(sqlite_store.read_bytes()).hexdigest()
    move = mover(sqlite_store)
    move.run(None)
    _hand_over(move)
    with Client(move.address) as client:
        client.write("go on")
    left = [_file(move).with_name(f"{_file(move).name}.part{end}") for end in ("", "-journal")]
    for file in left:
        file.write_text("of a rollback that was killed")

    assert _roll_back(move, "--yes", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "rolled back"
    assert not any(file.exists() for file in left)
    assert told["verification"]["ok"]
    assert told["tables"]["runs"] == {"added": 1, "updated": 0, "deleted": 1}
    query = "SELECT p.value, m.value FROM runs r JOIN params p USING (run_uuid)"
    late = f"{query} JOIN metrics m USING (run_uuid) WHERE r.name = 'late'"
    assert _ask(_file(move), late) == [("ünïcode 🚀 it's", 1 / 3)]
    assert hashlib.sha256(sqlite_store.read_bytes()).hexdigest() == before
    with Client(f"sqlite:///{_file(move)}") as client:
        client.write("anew")


def test_rows_of_every_table_go_back_as_they_are_in_mysql(full: Path, mover: MakeMover) -> None:
    move = mover(full)
    move.run(None)
    _hand_over(move)
    changed = Path(shutil.copy(full, full.with_name("changed.db")))
    with changing(changed) as store:
        change_every_table(store)
    with closing(move.server.connect(move.database)) as connection:
        copy_rows(changed, connection)

    assert _roll_back(move, "--yes") == 0

    names = _ask(full, "SELECT name FROM sqlite_master WHERE type = 'table'")
    queries = [f'SELECT * FROM "{name}"' for (name,) in names]
    expected = [sorted(map(repr, _ask(changed, query))) for query in queries]
    assert [sorted(map(repr, _ask(_file(move), query))) for query in queries] == expected


def test_long_experiment_ids_are_as_they_were_and_later_ones_keep_theirs(
    sqlite_store: Path, mover: MakeMover
) -> None:
    with changing(sqlite_store) as store:
        store.execute(
            "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage)"
            " VALUES (?, 'long', 's3://b', 'active')",
            (LONG_ID,),
        )
    move = mover(sqlite_store)
    move.run(None)
    _hand_over(move)
    move.ask(
        "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage,"
        " workspace) VALUES (77, 'later', 's3://b', 'active', 'default')"
    )

    assert _roll_back(move, "--yes") == 0

    query = "SELECT experiment_id, name FROM experiments WHERE experiment_id > 0 ORDER BY 1"
    assert _ask(_file(move), query) == [(77, "later"), (LONG_ID, "long")]


def test_while_a_server_is_connected_nothing_is_written_back(
    full: Path, mover: MakeMover, capsys: pytest.CaptureFixture[str]
) -> None:
    move = mover(full)
    move.run(None)
    _hand_over(move)

    with closing(server.connect(target_of(move.address))):
        assert _roll_back(move, "--yes") == 1

    assert "Somebody is connected" in capsys.readouterr().err
    assert not _file(move).exists()


def test_what_was_written_to_the_source_after_the_handover_is_told(
    full: Path, mover: MakeMover, capsys: pytest.CaptureFixture[str]
) -> None:
    move = mover(full)
    move.run(None)
    _hand_over(move)
    with changing(full) as store:
        store.execute("DELETE FROM params WHERE rowid = 1")

    assert _roll_back(move, "--yes") == 0

    assert "WARNING: 1 row changed in" in capsys.readouterr().out


def test_it_is_done_once_and_writes_over_nothing(
    full: Path, mover: MakeMover, capsys: pytest.CaptureFixture[str]
) -> None:
    move = mover(full)
    move.run(None)
    _hand_over(move)
    _file(move).write_text("somebody's")

    assert _roll_back(move, "--yes") == 2
    assert "is there already" in capsys.readouterr().err
    assert _roll_back(move, "--yes", "--into", str(move.folder / "back.db")) == 0
    assert _roll_back(move, "--yes") == 1
    assert "rolled back already" in capsys.readouterr().err
    assert _file(move).read_text() == "somebody's"


@pytest.mark.parametrize("changed", [False, True])
def test_one_that_was_killed_before_it_could_note_its_end_is_done_again(
    full: Path, mover: MakeMover, changed: bool
) -> None:
    move = mover(full)
    move.run(None)
    _hand_over(move)
    assert _killed_before_its_end(move)
    move.ask("UPDATE runs SET name = 'written after the kill' LIMIT 1")
    if changed:
        with changing(_file(move)) as store:
            store.execute("UPDATE runs SET name = 'written by the old server' WHERE rowid = 1")

    assert _roll_back(move, "--yes") == (2 if changed else 0)

    query = "SELECT count(*) FROM runs WHERE name = 'written after the kill'"
    assert _ask(_file(move), query) == [(0 if changed else 1,)]


def _killed_before_its_end(move: Mover) -> bool:
    """A rollback in a process of its own that is killed when the target is to be told of it."""
    process = FORK.Process(target=_roll_back_until_the_end, args=(move,))
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL and _file(move).exists()


def _roll_back_until_the_end(move: Mover) -> None:
    def die(now: MigrationStatus) -> None:
        if now.phase is Phase.ROLLED_BACK:
            os.kill(os.getpid(), signal.SIGKILL)

    dying = replace(move.move, tell=[die])
    with moving.progress_of(dying) as progress:
        rollback.roll_back(rollback.plan(dying), progress, ROWS_ONLY, lambda _step: None)
