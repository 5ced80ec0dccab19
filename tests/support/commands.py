"""The command line as a process of its own, to be killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
_COMMAND = "import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"


@contextmanager
def started(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`tracktalk` with these words, with its state under `home`; it is gone afterwards."""
    process = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-c", _COMMAND, *words],
        cwd=ROOT,
        env={"HOME": str(home), "XDG_STATE_HOME": str(home / "state")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def killed_once(home: Path, words: list[str], so_far: Callable[[], bool], what: str) -> None:
    """Kill -9 as soon as it is so far; that it ended before is a failure."""
    with started(home, *words) as process:
        until(lambda: so_far() or process.poll() is not None, what)
        assert process.poll() is None, f"it ended before {what}"
