"""One sentence for each shape a result can have. Every number comes from the table's cells."""

from __future__ import annotations

from collections.abc import Sequence

from texttosql.flow import Cell
from texttosql.format import EMPTY, TIMES, is_infinite, number
from texttosql.shape import version_column
from texttosql.tell.view import View, main_measure, ranking
from texttosql.words import called, capital, listed, many, noun_of

_SHOWN = 3
_COMPARING = ("vs", "versus", "compare", "compared", "comparison", "against", "between")
_RUNS = frozenset({"run", "run_name", "run name", "run_id", "run_uuid", "name"})
_RANKS = {
    "top": "Best", "best": "Best", "worst": "Worst", "bottom": "Worst",
    "highest": "Highest", "most": "Most", "largest": "Highest", "biggest": "Highest",
    "lowest": "Lowest", "least": "Lowest", "fewest": "Fewest", "smallest": "Lowest",
    "longest": "Longest", "slowest": "Slowest", "shortest": "Shortest", "fastest": "Fastest",
}  # fmt: skip
_ORDERS = {
    "latest": "Latest", "newest": "Latest", "last": "Latest", "recent": "Latest",
    "oldest": "Earliest", "earliest": "Earliest", "first": "Earliest",
}  # fmt: skip


def empty(view: View, why_empty: Sequence[str]) -> str:
    """Say what was looked for, and what a condition cost: "without 'x' there are 14 runs"."""
    noun = noun_of(view.table.columns[0].name) if view.table.columns else "rows"
    for i in (view.shape.label, *view.shape.measures):
        counted = view.counts(i) if i is not None else None
        noun = counted or (noun_of(view.table.columns[i].name) if noun == "rows" and i else noun)
    return f"No {_of_details(view) or noun} match" + (
        f": {'; '.join(why_empty)}." if why_empty else "."
    )


def single(view: View) -> str:
    """One number: "12 runs." or "Average val_accuracy is 0.912."."""
    value, noun = view.table.rows[0][0], view.counts(0)
    if value is None:
        return f"There is no value for {view.called(0)}."
    if noun is not None and isinstance(value, int):
        return f"{many(value, noun)}." if noun else f"{capital(view.called(0))}: {view.text(0, 0)}."
    return f"{capital(view.called(0))} is {view.text(0, 0)}."


def one_row(view: View) -> str:
    """One thing and what is known of it, or several numbers side by side."""
    label, measure = view.shape.label, main_measure(view)
    if (share := _share(view)) is not None:
        return share if label is None else f"{view.name(0)}: {share}"
    lead = _rank_lead(view, measure) if measure is not None else _order_lead(view)
    if label is None or label in view.shape.ids:
        return capital(_fields(view, 0, skip=()) + ".")
    if lead and measure is not None:
        return f"{lead}: {view.name(0)} ({_worth(view, 0, measure)})."
    return f"{lead + ': ' if lead else ''}{view.name(0)}: {_fields(view, 0, skip=(label,))}."


def _share(view: View) -> str | None:
    """Such as "20.8 % (70 of 337 runs)." of a row that has how many match, out of how many."""
    names = [column.name for column in view.table.columns]
    if names[-3:] not in ([["matching", noun, "percent"] for noun in ("runs", "versions")]):
        return None
    at = len(names) - 3
    matching, total = view.text(0, at), view.text(0, at + 1)
    if view.table.rows[0][at + 2] is None:
        return f"There are no {names[at + 1]} to take a share of."
    return f"{view.text(0, at + 2)} ({matching} of {total} {names[at + 1]})."


def _fields(view: View, row: int, skip: Sequence[int | None]) -> str:
    filled = [i for i, value in enumerate(view.table.rows[row]) if value is not None]
    used = [i for i in filled if i not in skip and (i not in view.shape.ids or len(filled) < 3)]
    return listed([f"{view.called(i)} {view.text(row, i)}" for i in used[:4]], 4) or EMPTY


def ranked(view: View, measure: int, *, alone: bool = False) -> str:
    """Rank the rows: "Best: xgb (val_accuracy 0.934), then rf (0.92) and 3 more". Ties are said."""
    order, high = ranking(view, measure)
    lead = _rank_lead(view, measure) or _superlative(view, measure, high=high)
    top = [i for i in order if _same(view, i, order[0], measure)]
    worth, rest = _worth(view, order[0], measure), order[len(top) :]
    names = listed([view.name(i) for i in top], _SHOWN)
    if len(top) > 1 and not rest:
        return f"All {number(len(top))} tie ({worth}): {names}."
    joint = "; then " if len(top) > 1 else ", then "
    then = "" if alone else _then(view, measure, rest, joint)
    if len(top) > 1:
        return f"{lead} is a tie of {number(len(top))} ({worth}): {names}{then}."
    return f"{lead}: {view.lead(order[0])} ({worth}){then}."


def _then(view: View, measure: int, order: Sequence[int], joint: str) -> str:
    names = [f"{view.name(i)} ({view.text(i, measure)})" for i in order]
    return joint + listed(names, _SHOWN - 1) if names else ""


def _worth(view: View, row: int, measure: int) -> str:
    noun = view.counts(measure)
    value = view.table.rows[row][measure]
    if noun and isinstance(value, int):
        return many(value, noun)
    return f"{view.called(measure)} {view.text(row, measure)}"


def _same(view: View, one: int, other: int, column: int) -> bool:
    return view.table.rows[one][column] == view.table.rows[other][column]


def _rank_lead(view: View, measure: int) -> str | None:
    word = view.said(tuple(_RANKS))
    if word in {"top", "bottom"} and view.higher_is_better(measure) is None:
        return "Highest" if word == "top" else "Lowest"
    return _RANKS[word] if word else None


def _order_lead(view: View) -> str | None:
    word = view.said(tuple(_ORDERS))
    return _ORDERS[word] if word else None


def _superlative(view: View, measure: int, *, high: bool) -> str:
    better = view.higher_is_better(measure)
    if better is not None:
        return "Best" if better == high else "Worst"
    if view.counts(measure) is not None:
        return "Most" if high else "Fewest"
    return "Highest" if high else "Lowest"


def found(view: View, measure: int | None) -> str:
    """Say how many: "4 runs. Best: xgb (val_accuracy 0.934)" or "3 models: a, b and c"."""
    label = view.shape.label
    noun = noun_of(view.table.columns[label].name) if label is not None else "rows"
    if version_column(view.table, view.shape.ids) is not None:
        noun = "versions"
    total = many(len(view.table.rows), _of_details(view) or noun)
    if measure is not None and label is not None:
        return f"{total}. {ranked(view, measure, alone=True)}"
    if label is None:
        return f"{total}{_spread(view, measure)}."
    lead = (_order_lead(view) or "") if _in_order(view) else ""
    names = listed([_dated(view, i, lead) for i in range(len(view.table.rows))], 5)
    return f"{total}{', ' + lead.lower() + ' first' if lead else ''}: {names}."


def _of_details(view: View) -> str | None:
    """Such as "params", where each row is one of a run and not the run."""
    names = view.table.names
    kinds = [name for name in names if name in {"param", "metric", "tag"}]
    return f"{kinds[0]}s" if kinds and "value" in names and "step" not in names else None


def _spread(view: View, measure: int | None) -> str:
    if measure is None:
        return ""
    order, _ = ranking(view, measure)
    low, high = sorted((order[0], order[-1]), key=lambda i: float(view.table.rows[i][measure] or 0))
    return f": {view.called(measure)} from {view.text(low, measure)} to {view.text(high, measure)}"


def _in_order(view: View) -> bool:
    """Whether the rows really run with time, whatever the title promises."""
    times = [i for i in view.shape.others if view.table.columns[i].kind in TIMES]
    values = [_along(row[times[0]]) for row in view.table.rows] if times else []
    return bool(values) and values in (sorted(values), sorted(values, reverse=True))


def _dated(view: View, row: int, lead: str) -> str:
    times = [i for i in view.shape.others if view.table.columns[i].kind in TIMES]
    if row or not lead or not times:
        return view.name(row)
    return f"{view.name(row)} ({view.text(row, times[0])})"


def compared(view: View) -> str:
    """Set two rows side by side: "xgb 0.91 beats rf 0.88 by 0.03 (average val_accuracy)"."""
    first = main_measure(view)
    rest = [i for i in view.shape.measures if i != first and view.counts(i) is None]
    parts = [_beats(view, i) for i in (first, *rest[:2]) if i is not None]
    return "; ".join(part for part in parts if part) + "."


def _beats(view: View, measure: int) -> str:
    order, _ = ranking(view, measure)
    if len(order) < 2:
        return ""
    better = view.higher_is_better(measure) is not False
    win, lose = sorted(order, key=lambda i: _float(view.table.rows[i][measure]), reverse=better)
    sides = [f"{view.name(i)} {view.text(i, measure)}" for i in (win, lose)]
    about = view.counts(measure) or view.called(measure)
    if _same(view, win, lose, measure):
        return f"{view.name(win)} and {view.name(lose)} tie at {view.text(win, measure)} ({about})"
    verb = "beats" if view.higher_is_better(measure) is not None else "is above"
    return f"{sides[0]} {verb} {sides[1]}{_gap(view, win, lose, measure)} ({about})"


def _gap(view: View, win: int, lose: int, measure: int) -> str:
    high, low = (_float(view.table.rows[i][measure]) for i in (win, lose))
    if is_infinite(high) or is_infinite(low):
        return ""
    gap = abs(high - low)
    whole = all(isinstance(view.table.rows[i][measure], int) for i in (win, lose))
    return f" by {view.writers[measure](int(gap) if whole else gap)}"


def _float(value: Cell) -> float:
    return float(value) if value is not None else 0.0


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
    label = view.shape.label
    rows = [i for i, row in enumerate(view.table.rows) if None not in {row[axis], row[measure]}]
    whole: dict[str, list[int]] = {}
    for i in sorted(rows, key=lambda i: _along(view.table.rows[i][axis])):
        whole.setdefault("" if label is None else view.text(i, label), []).append(i)
    return whole


def _along(value: Cell) -> tuple[bool, float, str]:
    return isinstance(value, str), 0.0 if isinstance(value, str) else _float(value), str(value)


def _course(view: View, axis: int, measure: int, rows: Sequence[int]) -> str:
    about = view.counts(measure) or view.called(measure)
    told = f"{about} {_ends(view, axis, measure, rows)}"
    values = {i: _float(view.table.rows[i][measure]) for i in rows}
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
    if all(_same(view, i, first, measure) for i in rows):
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


def is_comparison(view: View, measure: int | None) -> bool:
    """Two different rows set side by side: asked for so, or two groups that are no runs."""
    if measure is None or len(view.table.rows) != 2 or view.shape.label is None:
        return False
    if view.name(0) == view.name(1):
        return False
    runs = view.table.columns[view.shape.label].name.lower() in _RUNS
    return bool(view.said(_COMPARING)) or not (runs or view.said(tuple(_RANKS)))


def is_ranking(view: View) -> bool:
    """Whether the rows were asked for by rank, or are groups, of which one leads."""
    label = view.shape.label
    named = label is not None and view.table.columns[label].name.lower() in _RUNS
    return label is not None and (bool(view.said(tuple(_RANKS))) or not named)
