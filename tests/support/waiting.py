"""Waiting for something that another process or thread does."""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK_EVERY = 0.02


def until(happened: Callable[[], bool], what: str, within: float = 60.0) -> None:
    """Return as soon as it has happened; fail after so many seconds."""
    give_up = time.monotonic() + within
    while not happened():
        assert time.monotonic() < give_up, f"waited {within:.0f} s for {what}"
        time.sleep(LOOK_EVERY)
