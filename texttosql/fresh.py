"""A value that is read again when it is old, by one thread for all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Fresh(Generic[T]):
    """A value read again when it is older than `ttl` seconds by `clock`.

    Threads that come while it is read wait for that one reading.
    """

    def __init__(self, read: Callable[[], T], ttl: float, clock: Callable[[], float]) -> None:
        self._read, self._ttl, self._clock = read, ttl, clock
        self._lock = threading.Lock()
        self._kept: tuple[T, float] | None = None

    def get(self) -> T:
        """The value, at most `ttl` seconds old. Raises what reading raises."""
        with self._lock:
            if self._kept is None or self._clock() >= self._kept[1] + self._ttl:
                value = self._read()
                self._kept = value, self._clock()
            return self._kept[0]

    def last(self) -> T | None:
        """The value that was read last, however old, without waiting; None before the first."""
        kept = self._kept
        return None if kept is None else kept[0]

    def age(self) -> float | None:
        """Seconds since the value was read; None when it never was."""
        kept = self._kept
        return None if kept is None else self._clock() - kept[1]
