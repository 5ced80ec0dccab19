"""Memory is measured of a whole tree of processes, at its highest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.bench.memory import peak_until_end, tree

CHILD = "b = bytearray(60 << 20); input()"
# The parent lives on for a moment with its child, so that both are looked at.
PARENT = (
    "import subprocess, sys; b = bytearray(60 << 20);"
    f" p = subprocess.Popen([sys.executable, '-S', '-c', {CHILD!r}], stdin=subprocess.PIPE);"
    " import time; time.sleep(0.3); p.communicate(b'\\n')"
)
TOLD = Path("/proc/self/smaps_rollup").exists()


def test_a_process_counts_with_what_it_has_started() -> None:
    command = [sys.executable, "-S", "-c", PARENT]
    process = subprocess.Popen(command, text=True)  # noqa: S603 - our own program

    peak = peak_until_end(process)

    assert peak is None if not TOLD else 120 < (peak or 0) < 200


def test_a_process_that_has_ended_has_no_children() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()

    assert list(tree(process.pid)) == [process.pid]
    assert next(tree(os.getpid())) == os.getpid()
