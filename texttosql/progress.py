"""How far a batch is: a bar on a terminal, a plain line now and then elsewhere. On stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def progress(what: str, total: int, err: TextIO) -> Iterator[Callable[[], None]]:
    """Call what you get after each of `total` steps."""
    if err.isatty():
        with _bar(what, total) as step:
            yield step
    else:
        yield _lines(what, total, err)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[], None]]:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs rich
    from rich.progress import Progress  # noqa: PLC0415 - same

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def _lines(what: str, total: int, err: TextIO) -> Callable[[], None]:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done == total or done * 10 // total > (done - 1) * 10 // total:
            err.write(f"{what}: {done}/{total}\n")
            err.flush()

    return step
