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
            if self._kept is None or self._clock() >= self._kept[1]:
                value = self._read()
                self._kept = value, self._clock() + self._ttl
            return self._kept[0]
