"""What is made of a value once, for all questions until another value comes: an index, a prompt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from operator import is_
from typing import Generic, TypeVar

Source = TypeVar("Source")
Made = TypeVar("Made")


class Latest(Generic[Source, Made]):
    """`make` of the source asked about last; of it alone, because a store's names are large.

    Many threads may ask; one makes it for all. `same` tells whether a source is the one before:
    by default whether it is that very object.
    """

    def __init__(
        self, make: Callable[[Source], Made], same: Callable[[Source, Source], bool] = is_
    ) -> None:
        self._make, self._same = make, same
        self._lock = threading.Lock()
        self._kept: tuple[Source, Made] | None = None

    def of(self, source: Source) -> Made:
        """What is made of this source. Raises what making raises."""
        with self._lock:
            if self._kept is None or not self._same(self._kept[0], source):
                self._kept = source, self._make(source)
            return self._kept[1]
