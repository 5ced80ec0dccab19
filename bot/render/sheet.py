"""A result as it will be written in Slack: which columns, which rows, each cell as text.

Slack's tables hold 20 columns, 100 rows and 10,000 characters. A sheet keeps the columns that
tell most, and pages of rows that fit; the CSV has everything, and `left_out` says what it has
more. All pages write a column the same way, because its digits are chosen over all rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from bot.render.links import RUN_ID, Link, RunLinks
from texttosql.flow import Cell, Column, ResultTable
from texttosql.format import EMPTY, TIMES, clean, formatter, is_infinite, shorten
from texttosql.shape import read_shape

COLUMNS, ROWS, CHARACTERS = 20, 100, 10_000
"""Slack's own limits for a table (docs.slack.dev, "Data table block")."""
LEAST_TELLING = ("run_id", "status", "user")
"""What tells least about a run, and goes first where there is no room."""

_CELL = 60
_SHORT_ID = 8


@dataclass(frozen=True, slots=True)
class Written:
    """A cell: its text, never empty; a finite number's value; where it leads; if it was cut."""

    text: str
    value: float | None = None
    url: str | None = None
    cut: bool = False

    @property
    def size(self) -> int:
        """Its characters, as Slack may count them."""
        return len(self.text) + len(self.url or "")


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a sheet's rows: `first` counts from 0 in `total` rows."""

    number: int
    first: int
    total: int
    rows: tuple[tuple[Written, ...], ...]

    @property
    def more(self) -> bool:
        """Whether rows come after it."""
        return self.first + len(self.rows) < self.total


@dataclass(frozen=True, slots=True)
class Sheet:
    """The kept columns of a table; `naming` is the place of the one that names the rows."""

    table: ResultTable
    columns: tuple[int, ...]
    names: tuple[str, ...]
    numeric: tuple[bool, ...]
    left_out: tuple[str, ...]
    naming: int
    write: Callable[[Sequence[Cell]], tuple[Written, ...]]


def sheet(table: ResultTable, zone: ZoneInfo, links: RunLinks) -> Sheet:
    """How a table will be written."""
    kept = _telling(table)
    label = read_shape(table).label
    return Sheet(
        table=table,
        columns=kept,
        names=tuple(_name(table.names[i]) for i in kept),
        numeric=tuple(table.columns[i].kind in {"integer", "real"} for i in kept),
        left_out=tuple(_name(n) for i, n in enumerate(table.names) if i not in kept),
        naming=kept.index(label) if label in kept else 0,
        write=_writer(table, kept, zone, links),
    )


def page(written: Sheet, number: int, rows: int = ROWS) -> Page:
    """The page of that number, or the last: at most `rows` rows and Slack's characters."""
    start, at = 0, 0
    taken = _rows_that_fit(written, start, rows)
    while at < number and start + len(taken) < len(written.table.rows):
        start, at = start + len(taken), at + 1
        taken = _rows_that_fit(written, start, rows)
    return Page(at, start, len(written.table.rows), tuple(taken))


def _telling(table: ResultTable) -> tuple[int, ...]:
    """At most 20 columns: what tells least goes first, then the last ones."""
    kept = list(range(len(table.columns)))
    for name in LEAST_TELLING:
        if len(kept) > COLUMNS:
            kept = [i for i in kept if table.names[i] != name]
    return tuple(kept[:COLUMNS])


def _rows_that_fit(written: Sheet, start: int, rows: int) -> list[tuple[Written, ...]]:
    """At least one row, so that no page is empty: 20 columns of 60 characters always fit."""
    room = CHARACTERS - sum(len(name) for name in written.names)
    taken: list[tuple[Written, ...]] = []
    for row in map(written.write, islice(written.table.rows, start, start + rows)):
        room -= sum(cell.size for cell in row)
        if room < 0 and taken:
            break
        taken.append(row)
    return taken


def _writer(
    table: ResultTable, kept: Sequence[int], zone: ZoneInfo, links: RunLinks
) -> Callable[[Sequence[Cell]], tuple[Written, ...]]:
    leads = links.of(table)
    cells = [_cell_writer(table, i, zone, leads.get(i)) for i in kept]
    return lambda row: tuple(write(row) for write in cells)


def _cell_writer(
    table: ResultTable, i: int, zone: ZoneInfo, link: Link | None
) -> Callable[[Sequence[Cell]], Written]:
    column = table.columns[i]
    text = formatter(column, [row[i] for row in table.rows], zone)

    def write(row: Sequence[Cell]) -> Written:
        shown, url = text(row[i]).strip() or EMPTY, link(row) if link else None
        # 8 digits tell runs apart; all 32 would push out of sight what matters.
        if RUN_ID.fullmatch(shown):
            return Written(shown[:_SHORT_ID], url=url)
        value = _measured(row[i], column)
        return Written(shorten(shown, _CELL), value, url, cut=len(shown) > _CELL)

    return write


def _measured(value: Cell, column: Column) -> float | None:
    """The number that a cell sorts by; none for times, texts and what is not finite."""
    if value is None or isinstance(value, str) or column.kind in TIMES:
        return None
    return None if math.isnan(value) or is_infinite(value) else value


def _name(name: str) -> str:
    return shorten(clean(name).strip() or EMPTY, _CELL)
