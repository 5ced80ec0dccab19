"""What a killed command left in the workspace goes; what is in use stays."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tracking.migrate import workspace

ROOT = Path(__file__).parents[4]
LOOKS = """
import sys
from pathlib import Path
from tracking.migrate import workspace
with workspace.passing(Path(sys.argv[1])) as folder:
    (folder / "snapshot.db").write_text("a whole store")
    print(folder, flush=True)
    sys.stdin.read()
"""


@contextmanager
def _another(place: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A command of another process that has a folder, until it is killed."""
    process = subprocess.Popen(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", LOOKS, str(place)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdout
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_the_copy_of_a_killed_command_goes_with_the_next_one(tmp_path: Path) -> None:
    with _another(tmp_path) as (process, theirs):
        process.kill()
        process.wait()
        assert (theirs / "snapshot.db").exists()

        with workspace.passing(tmp_path) as ours:
            assert ours.exists()
            assert not theirs.exists()


def test_the_copy_of_a_command_that_is_at_work_stays(tmp_path: Path) -> None:
    with _another(tmp_path) as (_, theirs):
        with workspace.passing(tmp_path) as one, workspace.passing(tmp_path) as other:
            assert len({one, other, theirs}) == 3
            assert all(each.exists() for each in (one, other, theirs))

        assert (theirs / "snapshot.db").exists()
        assert not one.exists()
        assert not other.exists()


def test_a_folder_goes_whatever_ends_its_use(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), workspace.passing(tmp_path):
        _ = 1 / 0

    assert list(tmp_path.glob("look-*")) == []


def test_what_a_killed_move_was_about_to_send_goes_and_its_copy_stays(tmp_path: Path) -> None:
    folder = tmp_path / "move"
    (folder / "next" / ".taking-x").mkdir(parents=True)
    for name in ("chunk-x", "snapshot.db", "next/snapshot.db", "next/.taking-x/source.db"):
        (folder / name).touch()

    with workspace.alone(folder) as free, workspace.alone(folder) as second:
        assert (free, second) == (True, False)

    left = {str(each.relative_to(folder)) for each in folder.rglob("*")}
    assert left == {"snapshot.db", "next", "next/snapshot.db"}
