"""The copy of files, and their comparison: each file by its size and SHA-256, on both sides.

Several files are under way at once; a few wait. Lines of the ledger are written here alone.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from tracking.errors import TrackingError
from tracking.migrate.artifacts.destination import (
    Content,
    Destination,
    DestinationError,
    content_of,
)
from tracking.migrate.artifacts.files import UNREADABLE, File, Oddities
from tracking.migrate.artifacts.ledger import Ledger
from tracking.migrate.artifacts.moves import Move
from tracking.migrate.artifacts.progress import Counter

TRIES = 3
"""How often a file is copied that changes meanwhile, or arrives other than it was sent."""
ENOUGH = 10
"""So many failures one after the other mean that no further file will do."""

MOST = 1_000
"""Failures kept of a move."""

Each = TypeVar("Each")
Done = TypeVar("Done")


class NotArrived(TrackingError):
    """A file could not be brought over as it is."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that did not arrive, or is not the same there."""

    path: str
    expected: str
    found: str


@dataclass(slots=True)
class Outcome:
    """What came of a move's files: `files` done now, `there` done before.

    Failures may be cut; `failed` is their true number.
    """

    files: int = 0
    bytes: int = 0
    there: int = 0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)

    def fail(self, failure: Failure) -> None:
        """One more that went wrong."""
        self.failed += 1
        if self.failed <= MOST:
            self.failures.append(failure)

    def unreadable(self, odd: Oddities) -> None:
        """What this account could not even look into is no part of a whole copy."""
        for path in odd.examples.get(UNREADABLE, []):
            self.fail(Failure(path, "readable", UNREADABLE))
        self.failed += odd.counts.get(UNREADABLE, 0) - len(odd.examples.get(UNREADABLE, []))


class Act(Protocol):
    """What is done with the files of a move: `copy` or `compare`."""

    def __call__(
        self, move: Move, some: Iterable[File], goal: Destination, ledger: Ledger,
        counter: Counter, pace: Pace,
    ) -> Outcome:  # fmt: skip
        """Do it with each."""


class Pace:
    """Lets no more than so many bytes a second begin, over all threads."""

    def __init__(self, rate: float | None, sleep: Callable[[float], None] = time.sleep) -> None:
        self._rate, self._sleep = rate, sleep
        self._next = time.monotonic()
        self._lock = threading.Lock()

    def wait(self, size: int) -> None:
        """Wait until so many bytes may go."""
        if not self._rate:
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + size / self._rate
        self._sleep(start - now)


def copy(
    move: Move, some: Iterable[File], goal: Destination, ledger: Ledger, counter: Counter,
    pace: Pace,
) -> Outcome:  # fmt: skip
    """Bring files over that are not there yet. Raises DestinationError when none gets through."""
    outcome, in_a_row = Outcome(), 0
    marked = ((file, ledger.has(move, file)) for file in some)
    for (file, _), future in _at_once(
        marked, lambda each: _arrive(move, *each, goal, pace), goal.at_once
    ):
        try:
            arrived = future.result()
            in_a_row = 0
        except (OSError, TrackingError) as error:
            in_a_row += 1
            ledger.forget(move, file.path)
            outcome.fail(Failure(file.path, "copied", _why(error)))
            if in_a_row >= ENOUGH and isinstance(error, DestinationError):
                raise
            continue
        if arrived is None:
            outcome.there += 1
            counter.before(file.size)
            continue
        ledger.arrived(move, *arrived)
        outcome.files, outcome.bytes = outcome.files + 1, outcome.bytes + file.size
        counter.done(file.size)
    return outcome


def _why(error: OSError | TrackingError) -> str:
    if isinstance(error, TrackingError):
        return error.what
    return f"it cannot be read: {error.strerror}"


def _arrive(
    move: Move, file: File, known: bool, goal: Destination, pace: Pace
) -> tuple[File, str] | None:
    """Copy a file until what is read back is what the source holds; None when it had arrived.

    `known`: the ledger has it, as it is now. What is there without a line is compared, not sent.
    """
    there = goal.size(file.path) == file.size
    if known and there:
        return None
    if not goal.takes(file.path):
        what = "no such name can be there"
        raise NotArrived(what, "Rename it, or choose another kind of root.")
    source, why = move.files / file.path, ""
    for _ in range(TRIES):
        before = source.stat()
        sent = content_of(source) if there else None
        if sent is None or goal.content(file.path) != sent:
            pace.wait(before.st_size)
            sent = goal.put(source, file.path)
        after = source.stat()
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if same and goal.content(file.path) == sent:
            return File(file.path, after.st_size, after.st_mtime_ns), sent.sha256
        why = "other bytes were read back" if same else "it changes while it is copied"
    raise NotArrived(why, "Run it again.")


def compare(
    move: Move, some: Iterable[File], goal: Destination, ledger: Ledger, counter: Counter,
    pace: Pace,
) -> Outcome:  # fmt: skip
    """Read every file on both sides. What differs is forgotten by the ledger: `run` mends it."""
    outcome = Outcome()

    def both(file: File) -> tuple[Content, Content | None]:
        pace.wait(file.size)
        return content_of(move.files / file.path), goal.content(file.path)

    for file, future in _at_once(some, both, goal.at_once):
        try:
            ours, theirs = future.result()
        except OSError as error:
            outcome.fail(Failure(file.path, "readable", f"not readable: {error.strerror}"))
            continue
        outcome.files, outcome.bytes = outcome.files + 1, outcome.bytes + ours.size
        if ours != theirs:
            ledger.forget(move, file.path)
            outcome.fail(_difference(file, ours, theirs))
        counter.done(file.size)
    return outcome


def _difference(file: File, ours: Content, theirs: Content | None) -> Failure:
    if theirs is None:
        return Failure(file.path, f"{ours.size:,} bytes", "missing")
    if ours.size != theirs.size:
        return Failure(file.path, f"{ours.size:,} bytes", f"{theirs.size:,} bytes")
    return Failure(file.path, f"SHA-256 {ours.sha256[:12]}…", f"SHA-256 {theirs.sha256[:12]}…")


def _at_once(
    some: Iterable[Each], act: Callable[[Each], Done], workers: int
) -> Iterator[tuple[Each, Future[Done]]]:
    """Files with what becomes of them, in their order; only a few are ahead of who asks."""
    waiting: deque[tuple[Each, Future[Done]]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for each in some:
            waiting.append((each, pool.submit(act, each)))
            if len(waiting) >= 4 * workers:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        pool.shutdown(cancel_futures=True)
