"""The copy of files, and their comparison: each file by its size and SHA-256, on both sides.

Several files are under way at once; a few wait. Lines of the ledger are written here alone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
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
    outcome = Outcome()

    def bring(marked: tuple[File, bool]) -> tuple[File, str] | None:
        return _arrive(move, *marked, goal, pace)

    marked = ((file, ledger.has(move, file)) for file in some)
    for (file, _), arrived in _each(marked, bring, goal.at_once):
        if isinstance(arrived, Exception):
            ledger.forget(move, file.path)
            outcome.fail(Failure(file.path, "copied", _why(arrived)))
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
        content, arrived = _bring(source, file.path, goal, pace, there=there)
        after = source.stat()
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if same and arrived:
            return File(file.path, after.st_size, after.st_mtime_ns), content.sha256
        why = "other bytes were read back" if same else "it changes while it is copied"
    raise NotArrived(why, "Run it again.")


def _bring(
    source: Path, path: str, goal: Destination, pace: Pace, *, there: bool
) -> tuple[Content, bool]:
    """What the source holds, and whether that was read back; `there`: it may have come before."""
    if there:
        held = content_of(source)
        if goal.content(path) == held:
            return held, True
    pace.wait(source.stat().st_size)
    sent = goal.put(source, path)
    return sent, goal.content(path) == sent


def compare(
    move: Move, some: Iterable[File], goal: Destination, ledger: Ledger, counter: Counter,
    pace: Pace,
) -> Outcome:  # fmt: skip
    """Read every file on both sides. What differs is forgotten by the ledger: `run` mends it.

    Raises DestinationError when none can be read.
    """
    outcome = Outcome()

    def both(file: File) -> tuple[Content, Content | None]:
        pace.wait(file.size)
        return content_of(move.files / file.path), goal.content(file.path)

    for file, found in _each(some, both, goal.at_once):
        if isinstance(found, Exception):
            outcome.fail(Failure(file.path, "compared", _why(found)))
            continue
        ours, theirs = found
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


def _each(
    some: Iterable[Each], act: Callable[[Each], Done], workers: int
) -> Iterator[tuple[Each, Done | OSError | TrackingError]]:
    """Files with what became of them. Raises DestinationError when no further file will do."""
    in_a_row = 0
    for each, future in _at_once(some, act, workers):
        try:
            done = future.result()
        except (OSError, TrackingError) as error:
            in_a_row += isinstance(error, DestinationError)
            if in_a_row >= ENOUGH:
                raise
            yield each, error
        else:
            in_a_row = 0
            yield each, done


def _at_once(
    some: Iterable[Each], act: Callable[[Each], Done], workers: int
) -> Iterator[tuple[Each, Future[Done]]]:
    """Files with what became of them, as they get done: a large one holds up no other."""
    under_way: dict[Future[Done], Each] = {}
    pool = ThreadPoolExecutor(workers)
    try:
        for each in some:
            under_way[pool.submit(act, each)] = each
            if len(under_way) >= 2 * workers:
                yield from _finished(under_way)
        while under_way:
            yield from _finished(under_way)
    finally:
        pool.shutdown(cancel_futures=True)


def _finished(under_way: dict[Future[Done], Each]) -> Iterator[tuple[Each, Future[Done]]]:
    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
    for future in done:
        yield under_way.pop(future), future
