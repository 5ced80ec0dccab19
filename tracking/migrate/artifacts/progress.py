"""How far files are: counted in one place, told as a bar on a terminal, else in plain lines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tracking.migrate.progress import duration


@dataclass(frozen=True, slots=True)
class State:
    """A moment of some work on files. `rate` is in bytes a second, None when nobody knows yet."""

    what: str
    files: int
    bytes: int
    all_files: int
    all_bytes: int
    rate: float | None = None
    seconds_left: float | None = None

    @property
    def share(self) -> float:
        """From 0 to 1, by bytes; by files where all are empty."""
        if self.all_bytes:
            return min(1.0, self.bytes / self.all_bytes)
        return self.files / self.all_files if self.all_files else 1.0


Tell = Callable[[State], None]


class Counter:
    """Counts files as they get done; `before` what was done in an earlier run."""

    def __init__(
        self, what: str, files: int, size: int, tell: Tell,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._tell, self._clock, self._begun = tell, clock, clock()
        self._here = 0
        self.state = State(what, 0, 0, files, size)
        tell(self.state)

    def before(self, size: int) -> None:
        """A file was done in an earlier run."""
        self._count(size)

    def done(self, size: int) -> None:
        """A file is done."""
        self._here += size
        self._count(size)

    def _count(self, size: int) -> None:
        seconds = max(self._clock() - self._begun, 1e-6)
        now, rate = self.state, self._here / seconds
        left = max(0, now.all_bytes - now.bytes - size)
        self.state = State(
            now.what, now.files + 1, now.bytes + size, now.all_files, now.all_bytes,
            rate or None, left / rate if rate else None,
        )  # fmt: skip
        self._tell(self.state)


def line(state: State) -> str:
    """A state in a few words."""
    words = [
        f"{state.files:,} of {state.all_files:,} files",
        f"{amount(state.bytes)} of {amount(state.all_bytes)}",
    ]
    if state.rate:
        words.append(f"{amount(state.rate)}/s")
    if state.seconds_left is not None and state.files < state.all_files:
        words.append(f"{duration(state.seconds_left)} left")
    return ", ".join(words)


def amount(size: float) -> str:
    """Bytes for people: "3 B", "1.5 kB", "12.0 GB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def silent(_state: State) -> None:
    """For callers that show nothing."""


@contextmanager
def shown() -> Iterator[Tell]:
    """Tells on stderr."""
    if not sys.stderr.isatty():
        yield Lines(sys.stderr.write)
        return
    with _bar() as tell:
        yield tell


class Lines:
    """A line for each new kind of work, and for each further tenth of it."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._last: tuple[str, int] | None = None

    def __call__(self, state: State) -> None:
        """Hear of a state."""
        mark = (state.what, int(10 * state.share))
        if mark != self._last:
            self._last = mark
            self._write(f"artifacts: {state.what}: {line(state)}\n")


@contextmanager
def _bar() -> Iterator[Tell]:
    from rich.console import Console  # noqa: PLC0415  # only a terminal needs it
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415  # same

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"),
        console=Console(stderr=True),
    )  # fmt: skip
    with bar as progress:
        task = progress.add_task("artifacts", told="", total=1.0)

        def tell(state: State) -> None:
            progress.update(task, description=state.what, told=line(state), completed=state.share)

        yield tell
