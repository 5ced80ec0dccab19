"""Runs one command and tells what it cost: wall and processor time, and its peak memory.

A program of its own, and a small one: until a child runs its command it counts as large as the
process that started it, and a measuring process with a warm assistant is larger than an ask.

    python -S child.py COMMAND…      one line of JSON on stderr's last line; stdout is the command's
"""

from __future__ import annotations

import json
import os
import sys
import time


def main() -> int:
    """Run the command; returns its exit status."""
    started = time.perf_counter()
    pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - started
    cost = {
        "wall_ms": wall * 1000,
        "cpu_ms": (used.ru_utime + used.ru_stime) * 1000,
        # Linux counts in KiB, macOS in bytes.
        "peak_mb": used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10),
    }
    sys.stderr.write(f"\n{json.dumps(cost)}\n")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
