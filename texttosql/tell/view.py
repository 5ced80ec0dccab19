"""What a sentence is made from: a dressed table, its roles and how its cells are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from texttosql.flow import Cell, ColumnNote, ResultTable
from texttosql.format import formatter, shorten, without_unit
from texttosql.shape import (
    STEPS,
    Shape,
    all_numbers,
    as_number,
    is_step,
    namer,
    read_shape,
    share_column,
)
from texttosql.words import called, counted

NAME_WIDTH = 60


@dataclass(frozen=True, slots=True)
class View:
    """A result on its way into words. Row and column numbers count from 0."""

    table: ResultTable
    shape: Shape
    notes: Mapping[str, ColumnNote]
    title: str
    writers: Sequence[Callable[[Cell], str]]
    row_name: Callable[[int], str]

    def name(self, row: int) -> str:
        """How the row is called."""
        return shorten(self.row_name(row), NAME_WIDTH)

    def lead(self, row: int) -> str:
        """The row's name, with the column's before it where a number alone would say nothing."""
        label = self.shape.label
        bare = label is not None and all_numbers(self.table, label)
        return (
            f"{self.called(label)} {self.name(row)}"
            if bare and label is not None
            else self.name(row)
        )

    def text(self, row: int, column: int) -> str:
        """A cell as it reads."""
        return shorten(self.writers[column](self.table.rows[row][column]), NAME_WIDTH)

    def called(self, column: int) -> str:
        """A column as it reads."""
        return shorten(called(self.table.columns[column].name), NAME_WIDTH)

    def counts(self, column: int) -> str | None:
        """The noun a column counts, "" for an unsaid one, None when it counts nothing."""
        if self.table.columns[column].kind != "integer":
            return None
        return counted(self.table.columns[column].name, self.title)

    def higher_is_better(self, column: int) -> bool | None:
        """Which way is best in a column, where the draft knows."""
        note = self.notes.get(self.table.columns[column].name)
        return note.higher_is_better if note else None

    def names(self, column: int) -> bool:
        """Whether the title names a column."""
        return _place(self, column) >= 0

    def said(self, words: Sequence[str]) -> str | None:
        """The first of these words that the title uses."""
        return next((w for w in re.findall(r"[a-z]+", self.title.lower()) if w in words), None)


def look(table: ResultTable, title: str, notes: Mapping[str, ColumnNote], zone: ZoneInfo) -> View:
    """The view of a dressed table."""
    columns = enumerate(table.columns)
    writers = [formatter(c, [row[i] for row in table.rows], zone) for i, c in columns]
    shape = read_shape(table)
    return View(table, shape, notes, title, writers, namer(table, shape))


def main_measure(view: View) -> int | None:
    """The column the answer is about: one the title names, else a value before a count.

    Where its cells are in no order and those of another are, it is that one: rows were sorted
    by what was asked for.
    """
    measures = [i for i in view.shape.measures if _filled(view, i)]
    places = {i: _place(view, i) for i in measures}
    share = share_column(view.table)
    named = sorted((i for i in measures if places[i] >= 0), key=lambda i: places[i])
    named = [share, *named] if share in measures else named
    values = [i for i in measures if view.counts(i) is None]
    likely = dict.fromkeys((*named, *values, *measures))
    first = next(iter(likely), None)
    if first is None or view.shape.axis is not None or _is_sorted(view, first, of=1):
        return first
    return next((i for i in likely if _is_sorted(view, i, of=3)), first)


def _is_sorted(view: View, column: int, *, of: int) -> bool:
    """Whether the rows run up or down by a column that has so many different values."""
    shown = [n for row in view.table.rows if (n := _sortable(row[column])) is not None]
    up = sorted(shown)
    return len(set(shown)) >= of and shown in (up, up[::-1])


def _place(view: View, column: int) -> int:
    """Where the title first names a column; -1 where it does not."""
    name = without_unit(view.table.columns[column].name.lower()).removesuffix("_s")
    called_so = STEPS if is_step(view.table, column) else {name, name.replace("_", " ")}
    title = view.title.lower()
    return min((at for one in called_so if (at := title.find(one)) >= 0), default=-1)


def _filled(view: View, column: int) -> bool:
    return any(row[column] is not None for row in view.table.rows)


def ranking(view: View, column: int) -> tuple[list[int], bool]:
    """Row numbers from the telling end of a column, and whether that is the high end.

    The table's own order decides where it is sorted; else what is better, else what is more.
    Rows with no value are left out.
    """
    value = {
        i: n for i, row in enumerate(view.table.rows) if (n := _sortable(row[column])) is not None
    }
    shown = list(value.values())
    if len(set(shown)) > 1 and shown == sorted(shown):
        downward = _sorted_up_means_down(view, column)
    elif shown == sorted(shown, reverse=True) and len(set(shown)) > 1:
        downward = True
    else:
        downward = view.higher_is_better(column) is not False and not is_step(view.table, column)
    return sorted(value, key=lambda i: -value[i] if downward else value[i]), downward


def _sorted_up_means_down(view: View, column: int) -> bool:
    """Rows in rising order: told from the top only where no rank was asked and more is better."""
    asked = view.said(("top", "bottom", "best", "worst", "lowest", "least", "fewest", "shortest"))
    if is_step(view.table, column):
        return False
    return asked is None and view.higher_is_better(column) is not False


def _sortable(value: Cell) -> float | None:
    """A number, infinity included."""
    return float(value) if isinstance(value, int | float) else as_number(value)


def same(view: View, one: int, other: int, column: int) -> bool:
    """Whether two rows are alike in a column."""
    return view.table.rows[one][column] == view.table.rows[other][column]


def as_float(value: Cell) -> float:
    """A number to compare by; nothing is 0."""
    return float(value) if value is not None else 0.0


def along(value: Cell) -> tuple[bool, float, str]:
    """Where a cell stands on an axis."""
    return isinstance(value, str), 0.0 if isinstance(value, str) else as_float(value), str(value)
