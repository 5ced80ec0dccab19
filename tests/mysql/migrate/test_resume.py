"""Whoever dies at whatever moment: the next run ends as if nothing had been."""

from __future__ import annotations

import multiprocessing
import random
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import pymysql

from tests.support import servers
from tests.support.moving import RIGHT, ROWS_ONLY, Begin, Mover
from tests.support.servers import MySQLServer
from tests.support.waiting import until
from tracking.migrate import moving
from tracking.migrate.ledger import CHUNKS
from tracking.status import MigrationStatus, Phase

MakeMover = Callable[..., Mover]
KILLS = 20
FORK = multiprocessing.get_context("fork")
"""A fork has imported all that it needs: the twentieth is as quick as the first."""


def _chunks(move: Mover) -> int:
    with suppress(pymysql.MySQLError):  # no such table yet, or no such database
        return int(str(move.ask(f"SELECT COUNT(*) FROM {CHUNKS}")[0][0]))
    return 0


def _over_or_beyond(process: BaseProcess, move: Mover, chunks: int) -> bool:
    return process.exitcode is not None or _chunks(move) > chunks


def _odd(move: Mover) -> list[tuple[str, object, object]]:
    """Tables whose rows and whose chunks' lines are not as many."""
    lines = move.ask(f"SELECT table_name, SUM(row_count) FROM {CHUNKS} GROUP BY 1")
    found = [(str(t), n, move.ask(f"SELECT COUNT(*) FROM `{t}`")[0][0]) for t, n in lines]
    return [(table, said, rows) for table, said, rows in found if said != rows]


def test_a_copy_that_is_killed_twenty_times_ends_as_it_would_have(
    wide: Path, mover: MakeMover
) -> None:
    move, chance = mover(wide), random.Random(5)
    reached = set()
    for _ in range(KILLS):
        process = FORK.Process(target=moving.run_all, args=(move.move,), kwargs={"max_rate": 8_000})
        process.start()
        wanted = _chunks(move) + chance.randrange(2)
        until(partial(_over_or_beyond, process, move, wanted), "a chunk")
        process.join(timeout=chance.random() / 20)
        process.kill()
        process.join()
        assert process.exitcode in {0, -signal.SIGKILL}
        until(lambda: _odd(move) == [], "rows and lines that are as many")
        reached.add(_chunks(move))

    proof = move.run()

    assert len(reached) > 5
    assert proof is not None
    assert proof.findings == ()
    assert proof.ok


def test_a_run_that_is_killed_before_its_tables_are_made_is_no_stranger_to_the_next(
    wide: Path, mover: MakeMover, begun: Begin
) -> None:
    move = mover(wide, collation=None)
    process = begun(move, "run", "--no-verify")

    def half_made() -> bool:
        return len(move.server.execute(f"SHOW TABLES FROM `{move.database}`")) > 12

    with_database = f"SHOW DATABASES LIKE '{move.database}'"
    until(lambda: bool(move.server.execute(with_database)) and half_made(), "some tables")
    process.kill()
    process.wait()
    assert "make tables" in [step.do for step in move.plan().steps]

    proof = move.run()

    assert proof is not None
    assert proof.ok


def test_a_copy_that_is_lost_is_taken_anew_and_the_target_filled_anew(
    wide: Path, mover: MakeMover, begun: Begin
) -> None:
    move = mover(wide)
    process = begun(move, "run", "--no-verify", "--max-rate", "12000")
    until(lambda: _chunks(move) > 1, "a chunk")
    process.kill()
    process.wait()
    for file in (move.folder / "work").rglob("snapshot.*"):
        file.unlink()

    assert move.plan().steps[0].do == "start over"
    proof = move.run()

    assert proof is not None
    assert proof.ok


def test_rows_that_arrive_in_the_source_meanwhile_are_not_mixed_in(
    wide: Path, mover: MakeMover, tmp_path: Path
) -> None:
    live = tmp_path / "live.db"
    live.write_bytes(wide.read_bytes())
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(live, timeout=30)) as store:
            (run,) = store.execute("SELECT run_uuid FROM runs LIMIT 1").fetchone()
            for step in range(100_000):
                if stop.is_set():
                    return
                # A row here and its twin there, in one transaction.
                store.execute("INSERT INTO params VALUES (?, '1', ?)", (f"live{step}", run))
                store.execute("INSERT INTO tags VALUES (?, '1', ?)", (f"live{step}", run))
                store.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        move = mover(live)
        made, _ = moving.run_all(move.move, terms=None)
    finally:
        stop.set()
        writer.join()

    pairs = {
        table: move.ask(f"SELECT COUNT(*) FROM {table} WHERE `key` LIKE 'live%'")[0][0]
        for table in ("params", "tags")
    }
    assert pairs["params"] == pairs["tags"]
    assert made.rows == sum(
        int(str(n)) for (n,) in move.ask(f"SELECT SUM(row_count) FROM {CHUNKS}")
    )


def test_a_server_that_is_started_anew_in_the_middle_is_waited_for(
    wide: Path,
    own_server: MySQLServer,
    tmp_path: Path,
    begun: Begin,
) -> None:
    address = own_server.create_database("moved", "utf8mb4_nopad_bin")
    move = Mover(own_server, wide, "moved", tmp_path, address)
    process = begun(move, "run", "--no-verify", "--max-rate", "6000")
    until(lambda: _chunks(move) > 0, "a chunk", within=60)

    servers.restart(own_server)
    _, told = process.communicate(timeout=120)

    assert process.returncode == 0, told
    assert move.verify().findings == ()


def test_a_server_that_crashes_and_loses_the_beginning_is_begun_with_again(
    wide: Path, own_server: MySQLServer, tmp_path: Path
) -> None:
    address = own_server.create_database("moved", RIGHT)
    own_move = Mover(own_server, wide, "moved", tmp_path, address)
    crashes = list[MigrationStatus]()

    def crash(now: MigrationStatus) -> None:
        if now.phase is Phase.COPYING and not crashes:
            crashes.append(now)
            _forget_the_beginning(own_server)

    _, proof = moving.run_all(replace(own_move.move, tell=[crash]), terms=ROWS_ONLY)

    assert crashes
    assert proof is not None
    assert proof.findings == ()


def _forget_the_beginning(server: MySQLServer) -> None:
    """As a crash leaves it that takes the last second with it, and then that crash."""
    server.execute(
        "UPDATE tracktalk_migration SET shape = ''",
        "INSERT INTO workspaces (name) VALUES ('default')",
        database="moved",
    )
    servers.restart(server)
