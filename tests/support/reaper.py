"""Stops the test server when every test process that used it is gone, killed ones included.

Run as a program: `reaper.py STATE_FILE`. It ends when the state file does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path


def watch(state_file: Path) -> None:
    """Look once a second; a session that ends in order takes the state file away itself."""
    while state_file.exists():
        with suppress(ValueError, FileNotFoundError):  # being written, or gone in this moment
            state = json.loads(state_file.read_text())
            if not any(_alive(pid) for pid in state["users"]):
                state_file.unlink()
                os.kill(state["pid"], signal.SIGTERM)
        time.sleep(1)


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() if Path("/proc").is_dir() else _answers(pid)


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
