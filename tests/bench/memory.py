"""The memory of a process and of all that it starts, at its highest: where Linux tells it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

LOOK_EVERY = 0.05
PROC = Path("/proc")


def peak_until_end(process: subprocess.Popen[str]) -> float | None:
    """Wait for the end of a process; the most memory that its tree had at one moment.

    In MB (10^6 bytes). What several processes share is counted once (PSS). None where the system
    does not tell.
    """
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(_memory, tree(process.pid))))
        time.sleep(LOOK_EVERY)
    return peak or None


def tree(pid: int) -> Iterator[int]:
    """A process and its children, and theirs."""
    yield pid
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
        children = [(thread / "children").read_text().split() for thread in threads]
    except OSError:  # it has ended meanwhile
        return
    for child in [int(each) for some in children for each in some]:
        yield from tree(child)


def _memory(pid: int) -> float:
    try:
        told = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("Pss:")), 0.0
    )
