"""What the columns of a result are to each other: label, axis, measures.

`tell` and `chart` read a result through this file, so that the sentence and the picture speak
of the same thing. Everything is judged from names, kinds and cells; nothing is invented.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from texttosql.flow import Cell, Column, ColumnKind, ColumnNote, ResultTable
from texttosql.format import DATES, TIMES, clean, is_identity, is_infinite

_TIME_NAME = re.compile(r"(?:^|_)(?:time|timestamp|timestamp_ms)$")
STEPS = frozenset({"step", "epoch", "iteration", "round"})
_NAMING = ("run", "run_name", "run name", "experiment", "name", "model", "model_name")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"\d{4}-\d\d")
_MILLISECONDS = (10**11, 10**14)
"""Epoch milliseconds between 1973 and 5138: what a time column may hold and a count will not."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Column positions by role. `axis` runs over time or steps; `labels` name the rows."""

    labels: tuple[int, ...]
    measures: tuple[int, ...]
    axis: int | None
    others: tuple[int, ...]
    ids: tuple[int, ...]

    @property
    def label(self) -> int | None:
        """The column that names a row best."""
        return self.labels[0] if self.labels else None


def dress(table: ResultTable, notes: Mapping[str, ColumnNote]) -> ResultTable:
    """The table with each column's kind as the draft, its name or its cells tell it."""
    columns = tuple(
        replace(column, kind=_kind(column, notes.get(column.name), values))
        for column, values in zip(table.columns, _by_column(table), strict=True)
    )
    return replace(table, columns=columns)


def _by_column(table: ResultTable) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(row[i] for row in table.rows) for i in range(len(table.columns)))


def _kind(column: Column, note: ColumnNote | None, values: Sequence[Cell]) -> ColumnKind:
    if note is not None:
        return note.kind
    known = [value for value in values if value is not None]
    if column.kind in TIMES or not known:
        return column.kind
    if all(isinstance(value, str) for value in known):
        return _kind_of_text([str(value) for value in known])
    if any(isinstance(value, str) for value in known):
        return "text"
    if not all(isinstance(value, int) for value in known):
        return "real"
    return "time" if _is_time(column.name, known) else "integer"


def _kind_of_text(values: Sequence[str]) -> ColumnKind:
    if all(_DAY.fullmatch(value) for value in values):
        return "day"
    return "month" if all(_MONTH.fullmatch(value) for value in values) else "text"


def _is_time(name: str, values: Sequence[Cell]) -> bool:
    low, high = _MILLISECONDS
    named = bool(_TIME_NAME.search(name.lower()))
    return named and all(isinstance(v, int) and low < v < high for v in values)


def read_shape(table: ResultTable) -> Shape:
    """The roles of a dressed table's columns."""
    everything = range(len(table.columns))
    ids = tuple(i for i in everything if is_identity(table.columns[i].name))
    rest = [i for i in everything if i not in ids]
    texts = [i for i in rest if table.columns[i].kind == "text"]
    times = [i for i in rest if table.columns[i].kind in TIMES]
    steps = [i for i in rest if is_step(table, i)]
    labels = _labels(table, texts, ids)
    steps = [] if _are_things(table, labels, ids) else steps
    measures = tuple(i for i in rest if i not in (*texts, *times, *steps))
    axis = _axis(table, times, steps, labels)
    taken = {*ids, *labels, *measures, axis}
    others = tuple(i for i in everything if i not in taken)
    return Shape(labels or _identities(ids, axis), measures, axis, others, ids)


def is_step(table: ResultTable, i: int) -> bool:
    """Whether a column counts steps or epochs."""
    column = table.columns[i]
    return column.kind == "integer" and column.name.lower() in STEPS


def _labels(table: ResultTable, texts: Sequence[int], ids: Sequence[int]) -> tuple[int, ...]:
    """Text columns: the naming ones first, params that are numbers late, constant ones last.

    A version is named by its model, not by the run that made it. Where each row is another run,
    its name stays in front even if all share it: nobody takes a run for its user. Of groups, what
    tells them apart names them, whatever else is said of each.
    """
    naming = _NAMING[::-1] if version_column(table, ids) is not None else _NAMING

    own = next((i for i in ids if table.columns[i].name == "run_id"), None)
    runs = own is not None and len({row[own] for row in table.rows}) == len(table.rows)

    def rank(i: int) -> tuple[bool, bool, bool, int, int]:
        name = table.columns[i].name.lower()
        shared = not ids and not _is_unique(table, i)
        place = naming.index(name) if name in naming else len(naming)
        constant = len(table.rows) > 1 and len({row[i] for row in table.rows}) == 1
        constant = constant and not (runs and name == "run")
        return constant, all_numbers(table, i), shared, place, i

    return tuple(sorted(texts, key=rank))


def _are_things(table: ResultTable, labels: Sequence[int], ids: Sequence[int]) -> bool:
    """Whether each row is a thing of its own, of which a step is told, and no point of a curve."""
    naming = (*labels[:1], *ids) if labels else ()
    return any(_is_unique(table, i) for i in naming)


def _is_unique(table: ResultTable, i: int) -> bool:
    return len({row[i] for row in table.rows}) == len(table.rows)


def _identities(ids: Sequence[int], axis: int | None) -> tuple[int, ...]:
    """With no text to name the rows, an id or a version has to."""
    return tuple(ids[:1]) if axis is None else ()


def _axis(
    table: ResultTable, times: Sequence[int], steps: Sequence[int], labels: Sequence[int]
) -> int | None:
    """A bucket of time or a step; a plain time only where it does not describe named rows."""
    buckets = [i for i in times if table.columns[i].kind in DATES]
    if buckets or steps:
        return (*buckets, *steps)[0]
    return times[0] if times and not labels else None


def share_column(table: ResultTable) -> int | None:
    """The percentage of a table of shares: how many match, of how many, and the percent."""
    names = table.names
    return names.index("percent") if {"matching", "percent"} <= {*names} else None


def as_number(value: Cell) -> float | None:
    """A cell as a finite number: params are text in MLflow. None when it is none."""
    try:
        found = float(value) if value is not None else None
    except ValueError:
        return None
    return None if found is None or found != found or is_infinite(found) else found  # noqa: PLR0124 - NaN


def all_numbers(table: ResultTable, i: int) -> bool:
    """Whether every filled cell of a column is a number, be it written as text."""
    known = [row[i] for row in table.rows if row[i] is not None]
    return bool(known) and all(as_number(value) is not None for value in known)


def version_column(table: ResultTable, ids: Sequence[int]) -> int | None:
    """The column that tells a registered model's versions apart."""
    return next((i for i in ids if table.columns[i].name.lower().endswith("version")), None)


def line_column(table: ResultTable, shape: Shape, axis: int) -> int | None:
    """The column that tells lines along an axis apart, so that each has one point at a place.

    A run's name may be that of several runs: then their ids do.
    """
    for i in (*shape.labels, *shape.ids):
        points = {(row[i], row[axis]) for row in table.rows}
        if i != axis and len(points) == len(table.rows) > len({row[i] for row in table.rows}) > 1:
            return i
    return None


def line_namer(table: ResultTable, shape: Shape, column: int) -> Callable[[int], str]:
    """How to call the line of a row; an id comes after the name that its rows share."""
    cells = [row[column] for row in table.rows]
    if column not in shape.ids or shape.label is None or shape.label == column:
        return lambda row: _name(cells[row])
    plain = [_name(row[shape.label]) for row in table.rows]
    ids = Counter(name for name, _ in {*zip(plain, cells, strict=True)})
    return lambda row: (
        f"{plain[row]} {_extra(table, column, cells[row])}" if ids[plain[row]] > 1 else plain[row]
    )


def namer(table: ResultTable, shape: Shape) -> Callable[[int], str]:
    """How to call a row. A name that several rows share gets its experiment, version or id."""
    if shape.label is None:
        return lambda row: f"row {row + 1}"
    plain = [_name(row[shape.label]) for row in table.rows]
    version = version_column(table, shape.ids)
    if version is not None and version != shape.label:
        rows = zip(plain, table.rows, strict=True)
        return [f"{name} {_extra(table, version, row[version])}" for name, row in rows].__getitem__
    times = Counter(plain)
    if len(times) == len(plain):
        return plain.__getitem__
    full = _told_apart(table, shape, plain)
    return [f if times[p] > 1 else p for f, p in zip(full, plain, strict=True)].__getitem__


def _told_apart(table: ResultTable, shape: Shape, plain: Sequence[str]) -> Sequence[str]:
    for i in (*shape.labels[1:], *shape.ids):
        full = [f"{n} {_extra(table, i, row[i])}" for n, row in zip(plain, table.rows, strict=True)]
        if i != shape.label and len(set(full)) == len(full):
            return full
    return plain


def _extra(table: ResultTable, i: int, value: Cell) -> str:
    if table.columns[i].name.lower().endswith("version"):
        return f"v{_name(value)}"
    text = _name(value)
    return f"({text[:8] if re.fullmatch(r'[0-9a-f]{32}', text) else text})"


def _name(value: Cell) -> str:
    return "(none)" if value in {None, ""} else clean(str(value))
