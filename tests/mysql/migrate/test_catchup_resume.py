"""A pass that is cut short, by a kill or by the server, is done again and ends the same."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import servers
from tests.support.changed_store import change_every_table
from tests.support.moving import RIGHT, ROWS_ONLY, Mover
from tests.support.own_stores import changing
from tests.support.servers import MySQLServer
from tests.support.waiting import until
from tracking.migrate import catchup, moving, prepared
from tracking.migrate.ledger import MIGRATION
from tracking.status import MigrationStatus, Phase

MakeMover = Callable[..., Mover]
ROOT = Path(__file__).parents[3]
COMMAND = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"
KILLS = 6


def test_a_pass_that_is_killed_is_done_again_and_ends_the_same(
    wide: Path, mover: MakeMover
) -> None:
    move, chance = mover(wide), random.Random(7)
    move.run(None)
    reached = set[object]()
    for kill in range(KILLS):
        _shuffle(wide, kill)
        move.move.status.unlink(missing_ok=True)
        process = _pass_of_its_own(move)
        _await_its_beginning(move, process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 0.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        reached |= set(move.ask(f"SELECT snapshot FROM {MIGRATION}"))
    move.catch_up()

    assert move.verify().findings == ()
    assert len(reached) < KILLS  # not each of them had come to its end


def _await_its_beginning(move: Mover, process: subprocess.Popen[bytes]) -> None:
    until(lambda: move.move.status.exists() or process.poll() is not None, "a pass")


def _pass_of_its_own(move: Mover) -> subprocess.Popen[bytes]:
    words = ["migrate", "catch-up", "--source", f"sqlite:///{move.source}"]
    more = ["--target", move.address, "--workspace", str(move.folder / "work")]
    return subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-c", COMMAND, *words, *more],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"HOME": str(move.folder), "TRACKTALK_MIGRATION_STATUS": str(move.move.status)},
    )  # fmt: skip


def _shuffle(store: Path, number: int) -> None:
    """Rows go, come and change: enough of them that a pass takes a while."""
    with changing(store) as connection:
        connection.execute("DELETE FROM metrics WHERE rowid % 20 = ?", (number,))
        connection.execute(
            "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan)"
            " SELECT key, value, timestamp, run_uuid, step + ?, is_nan FROM metrics"
            " WHERE rowid % 5 = ?",
            (10_000 << number, number % 5),
        )
        connection.execute("UPDATE runs SET name = ? || rowid", (f"{number} ",))


@pytest.fixture
def caught_up(full: Path, mover: MakeMover) -> Mover:
    """A move whose target is newer than its first copy."""
    move = mover(full)
    move.run()
    with changing(full) as store:
        change_every_table(store)
    move.catch_up()
    return move


@pytest.mark.parametrize("left", [["snapshot.db", "snapshot.json"], ["snapshot.json"]])
def test_one_that_was_killed_before_its_copy_had_taken_its_place_goes_on_from_there(
    caught_up: Mover, left: list[str]
) -> None:
    _put_back(caught_up, left)

    assert caught_up.catch_up().counts == {}
    assert (caught_up.move.folder / "snapshot.db").exists()


@pytest.mark.parametrize("left", [["snapshot.db", "snapshot.json"], ["snapshot.json"]])
def test_a_run_after_one_that_was_killed_at_its_very_end_copies_nothing_anew(
    caught_up: Mover, left: list[str]
) -> None:
    _put_back(caught_up, left)

    made, proof = moving.run_all(caught_up.move, terms=ROWS_ONLY)

    assert made.resumes
    assert proof is not None
    assert proof.findings == ()


def _put_back(move: Mover, names: list[str]) -> None:
    """As one leaves it that is killed while the newer copy takes the older one's place."""
    folder = move.move.folder
    for name in names:
        (folder / name).rename(folder / prepared.NEXT / name)


@pytest.mark.parametrize("ended", [servers.restart, servers.crash])
@pytest.mark.parametrize("copy_kept", [True, False])
def test_a_server_that_goes_away_in_the_middle_is_waited_for(
    full: Path, own_server: MySQLServer, tmp_path: Path,
    ended: Callable[[MySQLServer], None], copy_kept: bool,
) -> None:  # fmt: skip
    address = own_server.create_database("moved", RIGHT)
    move = Mover(own_server, full, "moved", tmp_path, address)
    move.run()
    own_server.execute("FLUSH ENGINE LOGS")  # a crash takes only what the pass has written
    with changing(full) as store:
        change_every_table(store)
    if not copy_kept:
        prepared.forget(move.move.folder)
    ends = list[MigrationStatus]()

    def end(now: MigrationStatus) -> None:
        if now.phase is Phase.CATCHING_UP and now.rows_total and not ends:
            ends.append(now)
            ended(own_server)

    with moving.progress_of(replace(move.move, tell=[end])) as progress:
        passes = list[catchup.Pass]()
        catchup.catch_up(move.move, progress, freeze=1e9, told=passes.append)

    assert ends
    assert len(passes[0].counts) == 63
    assert move.verify().findings == ()


def test_a_crash_that_took_rows_of_the_first_copy_too_leaves_no_gap(
    full: Path, mover: MakeMover
) -> None:
    move = mover(full)
    move.run()
    with moving.progress_of(move.move) as progress, catchup.at_work(move.move, progress) as work:
        move.ask("DELETE FROM metrics")
        move.ask("DELETE FROM tracktalk_migration_chunks WHERE table_name = 'metrics'")

        done = catchup.one_pass(work)

    assert done.counts["metrics"].added
    assert move.verify().findings == ()
