"""How far a build is: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Report = Callable[[str, int, int], None]
"""Called with what is being done, how many of it are done, and how many there are."""


def silent(_what: str, _done: int, _total: int) -> None:
    """For callers that show nothing."""


@contextmanager
def shown() -> Iterator[Report]:
    """A report that talks on stderr, in the way that suits it."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    with _bar() as report:
        yield report


class _Lines:
    """One line for each new kind of work, and for each further tenth of it."""

    def __init__(self) -> None:
        self._last = ("", -1)

    def __call__(self, what: str, done: int, total: int) -> None:
        mark = (what, 10 * done // total)
        if mark != self._last:
            self._last = mark
            count = f" {done}/{total}" if total > 1 else ""
            sys.stderr.write(f"demo store: {what}{count}\n")
            sys.stderr.flush()


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.console import Console  # noqa: PLC0415  # only a terminal needs it
    from rich.progress import Progress  # noqa: PLC0415  # same

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("demo store")

        def report(what: str, done: int, total: int) -> None:
            progress.update(task, description=f"demo store: {what}", completed=done, total=total)

        yield report
