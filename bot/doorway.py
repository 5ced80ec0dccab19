"""Who comes in goes first: work on answers waits while Slack is waiting for acknowledgements.

Python runs one thread at a time. When hundreds of events come at once, workers would share it
with their acceptance, and acknowledgements take seconds; accepting all of them takes a quarter
of one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 0.5
"""Seconds that an answer waits at most: a stream of events must not keep it for ever."""


class Doorway:
    """Counts who is coming in. Used by many threads at once."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._coming = 0

    @contextmanager
    def coming_in(self) -> Iterator[None]:
        """Inside, somebody is being let in."""
        with self._changed:
            self._coming += 1
        try:
            yield
        finally:
            with self._changed:
                self._coming -= 1
                if not self._coming:
                    self._changed.notify_all()

    def let_pass(self) -> None:
        """Wait until nobody is coming in, at most `PATIENCE` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self._coming, PATIENCE)
