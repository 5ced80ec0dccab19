"""The cutover: nobody can write meanwhile, nothing is handed over that is not the same."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.moving import Begin, Mover
from tests.support.own_stores import changing
from tests.support.waiting import until
from tracking import status
from tracking.migrate import freeze
from tracking.migrate.ledger import LOG
from tracking.migrate.server_process import MLflowServer
from tracking.status import Phase

MakeMover = Callable[..., Mover]
ROWS = ("--yes", "--sample", "0")
"""MLflow takes seconds to load."""


@pytest.fixture
def copied(demo: Path, mover: MakeMover) -> Mover:
    """A move whose first copy has come to its end."""
    move = mover(demo)
    move.run(None)
    return move


def _phase(move: Mover) -> Phase | None:
    told = status.read(move.move.status)
    return told.phase if told else None


def _await(move: Mover, phase: Phase) -> None:
    until(lambda: _phase(move) is phase, f"the cutover to be {phase}")


def _handed_over(move: Mover) -> bool:
    return bool(move.ask("SHOW TABLES LIKE 'tracktalk_cutover'"))


def _writable(store: Path) -> bool:
    return bool(store.stat().st_mode & 0o222)


def test_without_consent_it_only_says_its_steps_and_the_servers_new_environment(
    copied: Mover, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(copied.words("cutover"), {"HOME": str(copied.folder)}) == 0

    told = capsys.readouterr().out
    assert "1. hold mlflow.db" in told
    assert "7. stop the old server" in told
    assert "MLFLOW_BACKEND_STORE_URI=mysql+pymysql://root:********@127.0.0.1" in told
    assert copied.server.password not in told
    assert "Nothing of it was done" in told
    assert not _handed_over(copied)
    assert _writable(copied.source)


def test_an_old_server_that_is_up_is_kept_from_writing_until_it_has_ended(
    copied: Mover, begun: Begin
) -> None:
    with MLflowServer(f"sqlite:///{copied.source}") as old:
        late = old.ask("POST", "experiments/create", {"name": "while the copy was made"})
        copied.move.status.unlink()
        cutover = begun(copied, "cutover", *ROWS)
        until(lambda: _phase(copied) is Phase.CUT_OVER or cutover.poll() is not None, "cutover")

        assert cutover.poll() is None
        assert old.ask("GET", f"experiments/get?experiment_id={late['experiment_id']}")
        with (
            closing(sqlite3.connect(copied.source, timeout=0)) as store,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            store.execute("DELETE FROM params")

    told, _ = cutover.communicate()
    assert cutover.returncode == 0
    assert f"{copied.database} is MLflow's store now" in told
    assert "WARNING" not in told
    assert not _writable(copied.source)
    names = {row[0] for row in copied.ask("SELECT name FROM experiments")}
    assert "while the copy was made" in names
    assert not copied.ask("SELECT 1 FROM runs WHERE name LIKE 'tracktalk %'")


def test_killed_while_it_verifies_and_tries_the_server_it_is_done_again(
    copied: Mover, begun: Begin
) -> None:
    for moment in (Phase.VERIFYING, Phase.VERIFIED):
        copied.move.status.unlink()
        cutover = begun(copied, "cutover", *ROWS)
        _await(copied, moment)
        cutover.kill()
        cutover.wait()
        assert not _handed_over(copied)
        assert _writable(copied.source)

    _leave_a_test_run(copied)
    cutover = begun(copied, "cutover", *ROWS)
    cutover.communicate()
    assert cutover.returncode == 0
    assert _handed_over(copied)
    assert not copied.ask("SELECT 1 FROM runs WHERE name LIKE 'tracktalk %'")


def _leave_a_test_run(move: Mover) -> None:
    """What a smoke test leaves that is killed between logging a run and removing it."""
    columns = "experiment_id, status, start_time, lifecycle_stage, source_type"
    move.ask(
        f"INSERT INTO runs (run_uuid, name, {columns})"
        f" SELECT 'left', 'tracktalk smoke test', {columns} FROM runs LIMIT 1"
    )
    move.ask("INSERT INTO params (run_uuid, `key`, value) VALUES ('left', 'lr', '1')")


def test_a_difference_that_the_verification_finds_stops_it(
    copied: Mover, capsys: pytest.CaptureFixture[str]
) -> None:
    copied.ask("UPDATE metrics SET value = value + 1 LIMIT 1")

    words = [*copied.words("cutover"), "--yes", "--sample", "0", "--json"]
    assert main(words, {"HOME": str(copied.folder)}) == 4

    told = json.loads(capsys.readouterr().out)
    assert "not the same: metrics" in told["error"]["what"]
    assert "Nothing was handed over" in told["error"]["fix"]
    assert not _handed_over(copied)
    assert _writable(copied.source)


def test_a_target_that_is_mlflows_own_is_not_copied_into_any_more(
    copied: Mover, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"HOME": str(copied.folder)}
    assert main([*copied.words("cutover"), "--yes", "--sample", "0"], environ) == 0
    copied.ask("UPDATE runs SET name = 'named in MySQL' LIMIT 1")
    copied.source.chmod(0o644)
    with changing(copied.source) as store:
        store.execute("DELETE FROM params WHERE rowid = 1")
    capsys.readouterr()

    words = copied.words("cutover")
    for command in ("catch-up", "run"):
        assert main(["migrate", command, *words[2:]], environ) == 1
        assert "handed over to MLflow" in capsys.readouterr().err
    _forget_the_handover_in_the_log(copied)
    assert main([*words, "--yes"], environ) == 0
    told = capsys.readouterr().out
    assert "1 row of the source changed after the handover" in told
    assert copied.ask(f"SELECT COUNT(*) FROM {LOG} WHERE kind = 'cut over'") == ((1,),)
    assert copied.ask("SELECT COUNT(*) FROM runs WHERE name = 'named in MySQL'") == ((1,),)


def _forget_the_handover_in_the_log(move: Mover) -> None:
    """As a cutover leaves it that is killed right after the handover."""
    move.ask(f"DELETE FROM {LOG} WHERE kind = 'cut over'")


def test_who_still_has_the_source_open_is_named_when_nobody_waits_any_longer(
    copied: Mover, capsys: pytest.CaptureFixture[str]
) -> None:
    hold = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM runs')"
    with subprocess.Popen(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", f"{hold}; input()", str(copied.source)], stdin=subprocess.PIPE
    ) as other:
        until(lambda: bool(freeze.holders(copied.source)), "the other to open it")
        words = [*copied.words("cutover"), "--yes", "--sample", "0", "--wait", "0"]
        assert main(words, {"HOME": str(copied.folder)}) == 0
        other.communicate(b"\n")

    told = capsys.readouterr().out
    assert f"WARNING: pid {other.pid}" in told
