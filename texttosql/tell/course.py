"""The sentence of values that run along time or steps: where each line starts, peaks and ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from texttosql.format import TIMES, number, shorten
from texttosql.shape import line_column, line_namer
from texttosql.tell.view import NAME_WIDTH, View, along, as_float, same
from texttosql.words import called, capital

_SHOWN = 3


def trend(view: View, axis: int, measure: int) -> str:
    """Tell the course: "f1 went from 0.81 (2026-05-04) to 0.93 (2026-05-08); best 0.95 (…)"."""
    lines = _series(view, axis, measure)
    if len(lines) == 1:
        return capital(_course(view, axis, measure, next(iter(lines.values()))) + ".")
    told = [f"{name} {_ends(view, axis, measure, rows)}" for name, rows in lines.items()]
    more = f" and {number(len(told) - _SHOWN)} more" if len(told) > _SHOWN else ""
    return f"{capital(view.called(measure))}: {'; '.join(told[:_SHOWN])}{more}."


def _series(view: View, axis: int, measure: int) -> dict[str, list[int]]:
    """Row numbers by series, in the axis's order, rows with no value left out."""
    rows = [i for i, row in enumerate(view.table.rows) if None not in {row[axis], row[measure]}]
    name = _line_of(view, axis)
    whole: dict[str, list[int]] = {}
    for i in sorted(rows, key=lambda i: along(view.table.rows[i][axis])):
        whole.setdefault(name(i), []).append(i)
    return whole


def _line_of(view: View, axis: int) -> Callable[[int], str]:
    """How the line is called that a row is a point of; runs of one name are lines of their own."""
    column = line_column(view.table, view.shape, axis)
    if column is not None:
        called_so = line_namer(view.table, view.shape, column)
        return lambda row: shorten(called_so(row), NAME_WIDTH)
    label = view.shape.label
    return lambda row: "" if label is None else view.text(row, label)


def _course(view: View, axis: int, measure: int, rows: Sequence[int]) -> str:
    about = view.counts(measure) or view.called(measure)
    told = f"{about} {_ends(view, axis, measure, rows)}"
    values = {i: as_float(view.table.rows[i][measure]) for i in rows}
    better = view.higher_is_better(measure)
    peak = (min if better is False else max)(rows, key=values.__getitem__)
    if len(rows) < 3 or values[peak] in {values[rows[0]], values[rows[-1]]}:
        return told
    word = "highest" if better is None else "best"
    return f"{told}; {word} {view.text(peak, measure)} ({_at(view, axis, peak)})"


def _ends(view: View, axis: int, measure: int, rows: Sequence[int]) -> str:
    first, last = rows[0], rows[-1]
    if first == last:
        return f"{view.text(first, measure)} ({_at(view, axis, first)})"
    if all(same(view, i, first, measure) for i in rows):
        return (
            f"stayed at {view.text(first, measure)} "
            f"({_at(view, axis, first)} to {_at(view, axis, last)})"
        )
    ends = [f"{view.text(i, measure)} ({_at(view, axis, i)})" for i in (first, last)]
    return f"went from {ends[0]} to {ends[1]}"


def _at(view: View, axis: int, row: int) -> str:
    column = view.table.columns[axis]
    text = view.text(row, axis)
    return text if column.kind in TIMES else f"{called(column.name)} {text}"
