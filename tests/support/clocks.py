"""A clock that a test winds by hand."""

from __future__ import annotations


class HandClock:
    """Seconds; they pass when a test says so."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """The time it was set to."""
        return self.now
