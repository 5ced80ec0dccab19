"""A report tells what a move has left behind in its target, at any time, wherever one asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.moving import Mover
from tracking.migrate.record import Kind
from tracking.migrate.report.checklist import items
from tracking.migrate.report.facts import gather

pytestmark = pytest.mark.mysql
MakeMover = Callable[..., Mover]


def _words(move: Mover) -> list[str]:
    return ["--source", f"sqlite:///{move.source}", "--target", move.address]


def test_the_command_leaves_a_report_beside_the_status_and_tells_it_again_from_the_target(
    demo: Path, mover: MakeMover, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    move, environ = mover(demo, collation=None), {"HOME": str(tmp_path)}
    assert main(["migrate", "run", *_words(move), "--sample", "0"], environ) == 0
    beside = tmp_path / ".local" / "state" / "tracktalk" / "migration-report.html"
    assert str(beside) in capsys.readouterr().err

    assert main(["migrate", "report", "--target", move.address], {"HOME": "/nowhere"}) == 0

    told = capsys.readouterr().out
    (rows,) = move.ask("SELECT COUNT(*) FROM metrics")[0]
    assert "Nothing was lost" in told
    assert f"| `metrics` | {rows:,} |" in told
    assert told.count("- [x]") == 6
    assert "(not checked)" in told
    assert move.server.password not in told + beside.read_text(encoding="utf-8")
    assert "Nothing was lost" in beside.read_text(encoding="utf-8")


def test_a_row_that_is_lost_later_is_in_the_next_report(
    demo: Path, mover: MakeMover, tmp_path: Path
) -> None:
    move = mover(demo)
    move.run()
    move.ask("DELETE FROM params LIMIT 1")
    file = tmp_path / "report.md"

    assert main(["migrate", "verify", *_words(move), "--sample", "0"], {"HOME": str(tmp_path)}) == 4
    assert main(["migrate", "report", "--target", move.address, "--out", str(file)], {}) == 0

    told = file.read_text(encoding="utf-8")
    assert "# Move of an MLflow store: Not the same" in told
    assert "✗ **Every row is the same" in told
    assert "| rows | `params` |" in told


def test_a_target_that_somebody_else_has_filled_is_told_of_and_left_as_it_is(
    demo: Path, mover: MakeMover, tmp_path: Path
) -> None:
    move = mover(demo)
    move.run()
    tables = [str(row[0]) for row in move.ask("SHOW TABLES LIKE 'tracktalk%'")]
    move.ask(f"DROP TABLE {', '.join(tables)}")

    assert main(["migrate", "verify", *_words(move), "--sample", "0"], {"HOME": str(tmp_path)}) == 0

    told = (tmp_path / ".local/state/tracktalk/migration-report.md").read_text(encoding="utf-8")
    assert "Nothing was lost" in told
    assert "this target was not filled by a run of Tracktalk" in told
    assert move.ask("SHOW TABLES LIKE 'tracktalk%'") == ()


def test_a_second_copy_of_the_same_rows_is_a_second_run_and_no_second_beginning(
    demo: Path, mover: MakeMover
) -> None:
    move = mover(demo)
    move.run(None)
    assert {item.ok for item in items(gather(move.move.target))} == {True, None}
    move.run()

    events = [event.kind for event in gather(move.move.target).events]

    assert events == [Kind.PLANNED, Kind.BEGUN, Kind.COPIED, Kind.VERIFIED]


def test_a_form_that_nobody_knows_is_refused(demo: Path, mover: MakeMover, tmp_path: Path) -> None:
    out = str(tmp_path / "report.pdf")

    assert main(["migrate", "report", "--target", mover(demo).address, "--out", out], {}) == 2


def test_compared_artifacts_are_in_it(
    demo: Path, mover: MakeMover, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    move, environ = mover(demo), {"HOME": str(tmp_path)}
    move.run()
    (tmp_path / "old" / "1").mkdir(parents=True)
    (tmp_path / "old" / "1" / "model.pkl").write_bytes(b"weights")
    words = [
        "--target",
        move.address,
        "--from",
        str(tmp_path / "old"),
        "--to",
        str(tmp_path / "new"),
    ]
    assert main(["migrate", "artifacts", "run", *words, "--everything"], environ) == 0
    assert main(["migrate", "artifacts", "verify", *words, "--everything"], environ) == 0
    capsys.readouterr()

    assert main(["migrate", "report", "--target", move.address], environ) == 0

    told = capsys.readouterr().out
    assert "- [x] **Artifact files are the same where they went" in told
    assert "1 files at" in told
    assert "- [ ] **The rows name the artifacts' new addresses**" in told
