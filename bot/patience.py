"""What an asker sees while an answer takes its time: first a status, then a message.

A quick answer shows neither. The message is posted once and becomes the answer later, so that a
question never leaves a trail.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass

from texttosql.errors import TextToSQLError
from texttosql.rescue import rescued

STATUS_AFTER = 0.8
"""Seconds until the thread says that the bot is at work."""
MESSAGE_AFTER = 2.0
"""Seconds until a message stands where the answer will be."""

Clock = Callable[[], float]


@dataclass(slots=True)
class Wait:
    """A question that is being worked on; `stage` is what is going on right now."""

    stage: str
    over: bool = False


class Patience:
    """Calls back for waits that last. `clock` gives seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._order = itertools.count()
        self._due: list[tuple[float, int, Wait, Callable[[Wait], None]]] = []
        self._closed = False
        self._thread = threading.Thread(target=self._remind, name="patience", daemon=True)
        self._thread.start()

    def begin(
        self, stage: str, status: Callable[[Wait], None], message: Callable[[Wait], None]
    ) -> Wait:
        """Watch a question from now on; end it by `wait.over = True`."""
        wait, now = Wait(stage), self._clock()
        with self._changed:
            for after, act in ((STATUS_AFTER, status), (MESSAGE_AFTER, message)):
                heapq.heappush(self._due, (now + after, next(self._order), wait, act))
            self._changed.notify()
        return wait

    def close(self) -> None:
        """No more signs."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout=5)

    def _remind(self) -> None:
        while (due := self._take()) is not None:
            wait, act = due
            if not wait.over:
                self._act(act, wait)

    def _act(self, act: Callable[[Wait], None], wait: Wait) -> None:
        try:
            rescued(lambda: act(wait))
        except TextToSQLError:
            return  # a sign of life that fails must not end the others'

    def _take(self) -> tuple[Wait, Callable[[Wait], None]] | None:
        with self._changed:
            while not self._closed:
                if self._due and self._due[0][0] <= self._clock():
                    _, _, wait, act = heapq.heappop(self._due)
                    return wait, act
                self._changed.wait(self._due[0][0] - self._clock() if self._due else None)
            return None
