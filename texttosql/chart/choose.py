"""Which chart suits a result, if any does.

A line over time or steps, bars of named things, points of two measures, a histogram of many
values; none for a single number, text, or too little to see.
"""

from __future__ import annotations

from collections.abc import Sequence

from texttosql.flow import Chart, ChartKind, ChartWish, ResultTable
from texttosql.format import DATES
from texttosql.shape import (
    Shape,
    all_numbers,
    as_number,
    line_column,
    read_shape,
    share_column,
)

BARS = 20
"""More bars than this cannot be read: the first 20 of a sorted result are drawn."""
SERIES = 8
"""As many colours as a colour-blind reader can tell apart (Okabe and Ito's palette)."""
_HISTOGRAM_FROM = 10
_NAMED = frozenset({"run", "run_name", "run name", "name"})


def choose_chart(table: ResultTable, wish: ChartWish, title: str) -> Chart | None:
    """The chart for a dressed table. A wish overrides where the result can be drawn that way."""
    if wish.kind == "none" or len(table.rows) < 2:
        return None
    shape = read_shape(table)
    if wish.kind is not None and (wished := _make(wish.kind, table, shape, title)):
        return wished
    return next(
        (c for kind in _fitting(table, shape, title) if (c := _make(kind, table, shape, title))),
        None,
    )


def _make(kind: ChartKind, table: ResultTable, shape: Shape, title: str) -> Chart | None:
    makers = {"line": _line, "bar": _bar, "scatter": _scatter, "histogram": _histogram}
    chart = makers[kind](table, shape, title)
    return chart if chart and _visible(table, chart) else None


def _fitting(table: ResultTable, shape: Shape, title: str) -> tuple[ChartKind, ...]:
    """Kinds that suit, best first."""
    if shape.axis is not None:
        one_place = len({row[shape.axis] for row in table.rows}) == 1
        return ("bar",) if one_place else ("line",)
    crowd = len(table.rows) > 2 * BARS
    pairs = len(shape.measures) >= 2
    if pairs and (not shape.labels or (crowd and _is_named(table, shape)) or _asks_pairs(title)):
        return "scatter", "bar"
    if not shape.labels or (crowd and _is_named(table, shape)):
        return ("histogram",) if len(table.rows) >= _HISTOGRAM_FROM else ()
    return ("bar",)


def _is_named(table: ResultTable, shape: Shape) -> bool:
    return shape.label is not None and table.columns[shape.label].name.lower() in _NAMED


def _asks_pairs(title: str) -> bool:
    words = title.lower().split()
    return bool({"scatter", "correlation", "correlate", "relation"} & set(words))


def _line(table: ResultTable, shape: Shape, title: str) -> Chart | None:
    axis = shape.axis if shape.axis is not None else _ordinal(table, shape)
    measures = _alike(table, [i for i in _told(table, shape, title) if i != axis])
    if axis is None or not measures:
        return None
    series = _series(table, shape, axis)
    if series is None and len({row[axis] for row in table.rows}) < len(table.rows):
        return None
    return _chart(
        "line", table, axis, measures[:1] if series is not None else measures, series, title
    )


def _ordinal(table: ResultTable, shape: Shape) -> int | None:
    """A time or numeric column the rows can run along when a line is wished for."""
    times = [i for i in shape.others if table.columns[i].kind in {*DATES, "time", "integer"}]
    numeric = [i for i in shape.labels if all_numbers(table, i)]
    return next(iter((*times, *numeric)), None)


def _series(table: ResultTable, shape: Shape, axis: int) -> int | None:
    """A column that gives each of a few lines its own colour."""
    column = line_column(table, shape, axis)
    if column is None or len({row[column] for row in table.rows}) > 3 * SERIES:
        return None
    return column


def _bar(table: ResultTable, shape: Shape, title: str) -> Chart | None:
    label = shape.label if shape.label is not None else shape.axis
    told = [i for i in _told(table, shape, title) if i != label]
    if label is None or not told:
        return None
    names = [row[label] for row in table.rows]
    if len(set(names)) == len(names) or _is_named(table, shape):
        few = len(names) <= BARS // 2
        return _chart("bar", table, label, _alike(table, told) if few else told[:1], None, title)
    second = _second(table, shape, label)
    return _chart("bar", table, label, told[:1], second, title) if second is not None else None


def _second(table: ResultTable, shape: Shape, label: int) -> int | None:
    for i in (*shape.labels, *shape.ids):
        few = len({row[i] for row in table.rows}) <= SERIES
        pairs = {(row[label], row[i]) for row in table.rows}
        if i != label and few and len(pairs) == len(table.rows):
            return i
    return None


def _scatter(table: ResultTable, shape: Shape, title: str) -> Chart | None:
    told = _told(table, shape, title)
    texts = [i for i in shape.labels if all_numbers(table, i)]
    axes = [i for i in (shape.axis,) if i is not None]
    across = [i for i in (*axes, *texts, *told[::-1]) if i not in told[:1]]
    if not told or not across:
        return None
    series = next((i for i in shape.labels if i not in across and _few(table, i)), None)
    return _chart("scatter", table, across[0], told[:1], series, title)


def _few(table: ResultTable, i: int) -> bool:
    return 2 <= len({row[i] for row in table.rows}) <= min(SERIES, len(table.rows) // 2)


def _histogram(table: ResultTable, shape: Shape, title: str) -> Chart | None:
    told = [*_told(table, shape, title), *[i for i in shape.labels if all_numbers(table, i)]]
    if not told or len(table.rows) < 3:
        return None
    return _chart("histogram", table, told[0], [], None, title)


def _told(table: ResultTable, shape: Shape, title: str) -> list[int]:
    """Measures, a share or the one that the title names first, real numbers before counts."""
    low, share = title.lower(), share_column(table)

    def rank(i: int) -> tuple[bool, bool, bool, int]:
        column = table.columns[i]
        return i != share, column.name.lower() not in low, column.kind == "integer", i

    return sorted(shape.measures, key=rank)


def _alike(table: ResultTable, measures: Sequence[int]) -> list[int]:
    """Those measures that fit on the first one's scale: same kind, sizes within a factor of 5."""
    if not measures:
        return []
    first, size = measures[0], _size(table, measures[0])
    return [i for i in measures if i == first or _fits(table, i, first, size)][:4]


def _fits(table: ResultTable, i: int, first: int, size: float) -> bool:
    same = table.columns[i].kind == table.columns[first].kind
    return same and size / 5 <= _size(table, i) <= size * 5


def _size(table: ResultTable, i: int) -> float:
    return max((abs(n) for row in table.rows if (n := as_number(row[i])) is not None), default=0.0)


def _chart(
    kind: ChartKind, table: ResultTable, x: int, y: Sequence[int], series: int | None, title: str
) -> Chart:
    names = table.names
    shown = names[series] if series is not None else None
    return Chart(kind, names[x], tuple(names[i] for i in y), shown, title)


def _visible(table: ResultTable, chart: Chart) -> bool:
    """Whether at least two finite values would be drawn, and every column has one place."""
    if len(set(table.names)) < len(table.names):
        return False
    drawn = [table.names.index(name) for name in (chart.y or (chart.x,))]
    return all(sum(as_number(row[i]) is not None for row in table.rows) >= 2 for i in drawn)
