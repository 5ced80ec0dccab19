"""How far a migration is: counted in one place, told on the screen, in a file and in the target."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from tracking.status import MigrationStatus, Phase

Tell = Callable[[MigrationStatus], None]
"""Hears of a status, now and then."""
EVERY = 1.0
"""Seconds between two tellings while a phase goes on."""
HEARTBEAT = 20.0
"""Seconds between two words while there is nothing to tell: silence would be taken for trouble."""


class Progress:
    """A migration's status as it changes. A new phase is told at once, the rest now and then.

    `clock` gives seconds, `now` the time of day.
    """

    def __init__(
        self, status: MigrationStatus, tell: Sequence[Tell],
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self.status = status
        self._tell, self._clock, self._now = list(tell), clock, now
        self._begun, self._told, self._here = clock(), float("-inf"), 0

    @contextmanager
    def telling(self, tell: Tell) -> Iterator[None]:
        """Tell somebody else, too, in the meantime."""
        self._tell.append(tell)
        try:
            yield
        finally:
            self._tell.remove(tell)

    def begin(self, phase: Phase, *, total: int | None = None, before: int = 0) -> None:
        """A phase begins; `before` rows were done in an earlier run."""
        self._begun, self._here = self._clock(), 0
        self.change(
            phase=phase, table=None, rows_copied=before, rows_total=total,
            rows_per_second=None, eta_seconds=None,
        )  # fmt: skip

    def advance(self, table: str, rows: int) -> None:
        """So many rows more are done."""
        self._here += rows
        rate = self._here / max(self._clock() - self._begun, 1e-6)
        copied = self.status.rows_copied + rows
        left = None if self.status.rows_total is None else self.status.rows_total - copied
        self.status = replace(
            self.status, table=table, rows_copied=copied, rows_per_second=rate or None,
            eta_seconds=max(left, 0) / rate if rate and left is not None else None,
        )  # fmt: skip
        if self._clock() - self._told >= EVERY:
            self._say()

    def change(self, **what: object) -> None:
        """Something else is so from now on, and is told at once."""
        self.status = replace(self.status, **what)  # type: ignore[arg-type]  # names are checked there
        self._say()

    def fail(self, error: str) -> None:
        """It has ended badly."""
        self.change(phase=Phase.FAILED, error=error, rows_per_second=None, eta_seconds=None)

    def _say(self) -> None:
        self._told = self._clock()
        self.status = replace(self.status, updated_at=self._now())
        for tell in self._tell:
            tell(self.status)


@contextmanager
def shown() -> Iterator[Tell]:
    """Tells on stderr: a bar on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield Lines(sys.stderr.write)
        return
    with _bar() as tell:
        yield tell


class Lines:
    """A line for each new phase, and for each further tenth of it."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._last: tuple[Phase, int] | None = None

    def __call__(self, status: MigrationStatus) -> None:
        """Write the line, if there is a new one."""
        mark = (status.phase, int(10 * (status.share or 0)))
        if mark != self._last:
            self._last = mark
            self._write(f"migrate: {line(status)}\n")


def line(status: MigrationStatus) -> str:
    """A status in a few words: "copying 600,000 of 1,200,000 rows, 61,000 rows/s, 10 s left"."""
    words = [str(status.phase)]
    counted = status.running and status.phase is not Phase.INDEXING
    if counted and status.rows_total is not None:
        words[0] += f" {status.rows_copied:,} of {status.rows_total:,} rows"
    if status.running and status.rows_per_second:
        words.append(f"{status.rows_per_second:,.0f} rows/s")
    if status.running and status.eta_seconds is not None:
        words.append(f"{duration(status.eta_seconds)} left")
    if status.running and status.table:
        words.append(status.table)
    return ", ".join(words)


def duration(seconds: float) -> str:
    """Seconds for people: "45 s", "3 min 20 s", "2 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


@contextmanager
def _bar() -> Iterator[Tell]:
    from rich.console import Console  # noqa: PLC0415  # only a terminal needs it
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415  # same

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"),
        console=Console(stderr=True), transient=False,
    )  # fmt: skip
    with bar as progress:
        task = progress.add_task("migrate", told="", total=None)

        def tell(status: MigrationStatus) -> None:
            phase, _, told = line(status).partition(" ")
            progress.update(
                task, description=phase, told=told,
                completed=status.rows_copied, total=status.rows_total,
            )  # fmt: skip

        yield tell
