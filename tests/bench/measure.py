"""Times and memory, taken; and the table that shows them beside their goals."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of one thing on one store. Without a goal it is told for comparison only.

    `goal`: no more than that; `least`: no less than that.
    """

    what: str
    store: str
    unit: str
    values: tuple[float, ...]
    goal: float | None = None
    least: float | None = None

    def at(self, share: float) -> float:
        """The value that this share of the values does not exceed (nearest rank)."""
        ordered = sorted(self.values)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]

    @property
    def verdict(self) -> str:
        """Judged by the median; that one in twenty is over is said as well."""
        if self.least is not None:
            return "ok" if self.at(0.5) >= self.least else "UNDER"
        if self.goal is None:
            return ""
        if self.at(0.5) > self.goal:
            return "OVER"
        return "ok" if self.at(0.95) <= self.goal else "ok, p95 over"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took. Times in milliseconds, memory in MiB."""

    wall_ms: float
    cpu_ms: float
    peak_mb: float
    said: str


def times(act: Callable[[], object], rounds: int, warm: int = 1) -> tuple[float, ...]:
    """Milliseconds of each round, after `warm` rounds that do not count."""
    for _ in range(warm):
        act()
    return tuple(_one(act) for _ in range(rounds))


def _one(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return (perf_counter() - started) * 1000


def process(command: Sequence[str], environ: Mapping[str, str]) -> Cost:
    """What a command costs as a process of its own. Raises RuntimeError when it fails."""
    done = subprocess.run(  # noqa: S603 - our own programs, handed over as a list
        [sys.executable, "-S", str(CHILD), *command],
        cwd=ROOT, env=dict(environ), check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        msg = f"{' '.join(command)} failed ({done.returncode}):\n{done.stderr[-2000:]}"
        raise RuntimeError(msg)
    return Cost(**json.loads(done.stderr.strip().splitlines()[-1]), said=done.stdout)


def table(figures: Iterable[Figure]) -> str:
    """One line each: what, where, the best, p50, p95, the goal, and whether it is met.

    The best is what a machine with nothing else to do would come near to.
    """
    head = ("what", "store", "best", "p50", "p95", "n", "goal", "")
    lines = [head, *map(_cells, figures)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join(_line(cells, widths) for cells in lines)


def _cells(figure: Figure) -> tuple[str, ...]:
    goal = figure.unit if figure.goal is None else f"≤ {figure.goal:g} {figure.unit}"
    if figure.least is not None:
        goal = f"≥ {figure.least:g} {figure.unit}"
    told = [f"{figure.at(share):,.1f}" for share in (0, 0.5, 0.95)]
    count = str(len(figure.values))
    return figure.what, figure.store, *told, count, goal, figure.verdict


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    right = {2, 3, 4, 5, 6}
    padded = (
        cell.rjust(width) if place in right else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()
