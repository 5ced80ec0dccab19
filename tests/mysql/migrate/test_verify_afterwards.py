"""Verification of a target that MLflow writes to by now, and of one whose addresses we changed."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.moving import ROWS_ONLY, Mover
from tests.support.own_stores import changing
from tracking import status
from tracking.migrate import handover, ledger, moving, prepared, server
from tracking.migrate.artifacts import rewriting
from tracking.migrate.artifacts.moves import moves as artifact_moves
from tracking.status import Phase

MakeMover = Callable[..., Mover]


@pytest.fixture
def moved(full: Path, mover: MakeMover) -> Mover:
    """A move that is over: the target was handed to MLflow."""
    move = mover(full)
    move.run()
    with closing(server.connect(move.move.target)) as connection:
        entry = ledger.read(connection)
        assert entry is not None
        handover.write(connection, entry.snapshot)
    with moving.progress_of(move.move) as progress:
        progress.change(phase=Phase.CUT_OVER)
    return move


def _verify(move: Mover, *more: str) -> int:
    words = ["--source", f"sqlite:///{move.source}", "--target", move.address]
    place = ["--workspace", str(move.folder / "work"), "--sample", "0"]
    environ = {"HOME": str(move.folder), "TRACKTALK_MIGRATION_STATUS": str(move.move.status)}
    return main(["migrate", "verify", *words, *place, *more], environ)


def _phase(move: Mover) -> Phase | None:
    told = status.read(move.move.status)
    return told.phase if told else None


def test_what_mlflow_wrote_since_the_cutover_is_counted_and_is_no_difference(
    moved: Mover, capsys: pytest.CaptureFixture[str]
) -> None:
    moved.ask("INSERT INTO params (`key`, value, run_uuid) SELECT 'new', '1', run_uuid FROM runs")
    moved.ask("UPDATE runs SET status = 'KILLED', name = 'renamed' LIMIT 1")
    runs = moved.ask("SELECT COUNT(*) FROM runs")[0][0]

    assert _verify(moved) == 0

    told = capsys.readouterr().out
    assert "The target is MLflow's own since" in told
    assert f"{runs} rows (params {runs}) only the target has" in told
    assert "1 row (runs 1) not as in the source" in told
    assert "Nothing is missing" in told
    assert _phase(moved) is Phase.CUT_OVER


def test_however_much_mlflow_wrote_since_it_takes_no_more_memory(moved: Mover) -> None:
    many = 60_000
    moved.ask(
        "INSERT INTO metrics (`key`, value, timestamp, run_uuid, step, is_nan)"
        f" SELECT '~', 0.5, 1, (SELECT MIN(run_uuid) FROM runs), seq, 0 FROM seq_1_to_{many}"
    )

    tracemalloc.start()
    try:
        proof = moved.verify()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert proof.ok
    assert proof.since is not None
    assert proof.since.added == {"metrics": many}
    assert peak < 10 << 20  # all of these rows at once take 15 MB


def test_a_row_that_is_gone_and_a_param_that_is_otherwise_are_differences_still(
    moved: Mover, capsys: pytest.CaptureFixture[str]
) -> None:
    moved.ask("DELETE FROM metrics LIMIT 1")
    moved.ask("UPDATE params SET value = 'another' LIMIT 1")

    assert _verify(moved, "--json") == 4

    told = json.loads(capsys.readouterr().out)
    assert {each["subject"] for each in told["differences"]} == {"metrics", "params"}
    assert told["differing"] == 2
    assert _phase(moved) is Phase.CUT_OVER


def test_rows_that_were_written_to_the_source_after_the_handover_are_a_difference(
    moved: Mover, capsys: pytest.CaptureFixture[str]
) -> None:
    with changing(moved.source) as store:
        store.execute("UPDATE runs SET name = 'late' WHERE rowid = 1")

    assert _verify(moved) == 4
    assert "1 of its rows changed after the cutover, only there" in capsys.readouterr().out
    prepared.forget(moved.move.folder)
    assert _verify(moved) == 0
    assert "is not here any more" in capsys.readouterr().out


def test_a_command_that_is_refused_does_not_hide_that_the_move_is_over(moved: Mover) -> None:
    words = ["--source", f"sqlite:///{moved.source}", "--target", moved.address]
    place = ["--workspace", str(moved.folder / "work")]
    environ = {"HOME": str(moved.folder), "TRACKTALK_MIGRATION_STATUS": str(moved.move.status)}

    for command in ("run", "catch-up"):
        assert main(["migrate", command, *words, *place], environ) == 1

    assert _phase(moved) is Phase.CUT_OVER


@pytest.fixture
def readdressed(full: Path, mover: MakeMover) -> Mover:
    """A move whose runs were given the addresses to which their artifacts went."""
    move, old, between = mover(full), full.parent / "old", full.parent / "between"
    old.mkdir()
    between.mkdir()
    with changing(full) as store:
        store.execute("UPDATE runs SET artifact_uri = ? || run_uuid", (f"{old}/",))
        store.execute("UPDATE experiments SET artifact_location = ? || name", (f"{old}/",))
    move.run()
    for one, other in ((old, str(between)), (between, "s3://other")):
        rewriting.rewrite(move.move.target, artifact_moves([str(one)], [other]))
    assert move.ask("SELECT COUNT(*) FROM runs WHERE artifact_uri LIKE 's3://other/%'") != ((0,),)
    return move


def test_addresses_that_were_rewritten_are_no_difference(readdressed: Mover) -> None:
    assert readdressed.verify().findings == ()

    _, proof = moving.run_all(readdressed.move, terms=ROWS_ONLY)

    assert proof is not None
    assert proof.findings == ()


def test_an_address_that_is_otherwise_than_it_was_rewritten_is_one(readdressed: Mover) -> None:
    readdressed.ask("UPDATE runs SET artifact_uri = CONCAT(artifact_uri, '/') LIMIT 1")
    readdressed.ask("UPDATE experiments SET artifact_location = 'x' LIMIT 1")

    found = readdressed.verify().findings

    assert [each.subject for each in found] == ["experiments", "runs"]
    assert "artifact_uri = s3://other/" in found[1].expected


def test_an_address_that_the_source_has_changed_since_is_one(readdressed: Mover) -> None:
    with changing(readdressed.source) as store:
        store.execute("UPDATE runs SET artifact_uri = 's3://late' WHERE rowid = 1")

    (found,) = readdressed.verify().findings

    assert "artifact_uri = s3://late" in found.expected
