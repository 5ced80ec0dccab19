"""One sentence for each shape a result can have. Every number comes from the table's cells."""

from __future__ import annotations

from collections.abc import Sequence

from texttosql.format import EMPTY, TIMES, is_infinite, number
from texttosql.shape import is_step, version_column
from texttosql.tell.view import View, along, as_float, main_measure, ranking, same
from texttosql.words import capital, listed, many, noun_of

_SHOWN = 3
_COMPARING = ("vs", "versus", "compare", "compared", "comparison", "against", "between")
_GROUPING = ("by", "per", "each", "every")
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
    high = measure is not None and ranking(view, measure)[1]
    lead = _rank_lead(view, measure, high=high) if measure is not None else _order_lead(view)
    if label is None or label in view.shape.ids:
        return capital(_counts_at(view) or _fields(view, 0, skip=())) + "."
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
    return listed([_field(view, row, i) for i in used[:4]], 4) or EMPTY


def _counts_at(view: View) -> str | None:
    """Such as "hour 12: 58 runs" or "mean f1 0.8 over 9 runs", of what stands before one count."""
    *before, last = range(len(view.table.columns))
    only = view.counts(last) and not any(view.counts(i) for i in before)
    if not before or not only or None in view.table.rows[0]:
        return None
    told, count = [_field(view, 0, i) for i in before], _field(view, 0, last)
    if all(view.table.columns[i].kind == "real" for i in before):
        return f"{listed(told, len(told))} over {count}"
    return f"{told[0]}: {count}" if len(told) == 1 else None


def _field(view: View, row: int, column: int) -> str:
    """Such as "user bob", "12 runs" or "last finished 2026-05-04 10:00"."""
    value, noun = view.table.rows[row][column], view.counts(column)
    if noun and isinstance(value, int):
        return many(value, noun)
    name = view.called(column)
    timed = view.table.columns[column].kind in TIMES
    return f"{name.replace('_', ' ') if timed else name} {view.text(row, column)}"


def ranked(view: View, measure: int, *, alone: bool = False) -> str:
    """Rank the rows: "Best: xgb (val_accuracy 0.934), then rf (0.92) and 3 more". Ties are said."""
    order, high = ranking(view, measure)
    lead = _rank_lead(view, measure, high=high) or _superlative(view, measure, high=high)
    top = [i for i in order if same(view, i, order[0], measure)]
    worth, rest = _worth(view, order[0], measure), order[len(top) :]
    names = listed([view.name(i) for i in top], _SHOWN)
    if len(top) > 1 and not rest:
        everyone = "Both" if len(top) == 2 else f"All {number(len(top))}"
        return f"{everyone} tie ({worth}): {names}."
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


def _rank_lead(view: View, measure: int, *, high: bool) -> str | None:
    word = view.said(tuple(_RANKS))
    if is_step(view.table, measure):
        return None
    if view.higher_is_better(measure) is None:
        if word in {"top", "bottom"}:
            return "Highest" if word == "top" else "Lowest"
        several = len(view.table.rows) > 1
        if word in {"best", "worst"} and several and not view.names(measure):
            return _superlative(view, measure, high=high)  # best is said of another column
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
    if is_step(view.table, measure):
        return "Latest" if high else "Earliest"
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
    values = [along(row[times[0]]) for row in view.table.rows] if times else []
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
    win, lose = sorted(order, key=lambda i: as_float(view.table.rows[i][measure]), reverse=better)
    sides = [f"{view.name(i)} {view.text(i, measure)}" for i in (win, lose)]
    about = view.counts(measure) or view.called(measure)
    if same(view, win, lose, measure):
        return f"{view.name(win)} and {view.name(lose)} tie at {view.text(win, measure)} ({about})"
    verb = "beats" if view.higher_is_better(measure) is not None else "is above"
    return f"{sides[0]} {verb} {sides[1]}{_gap(view, win, lose, measure)} ({about})"


def _gap(view: View, win: int, lose: int, measure: int) -> str:
    high, low = (as_float(view.table.rows[i][measure]) for i in (win, lose))
    if is_infinite(high) or is_infinite(low):
        return ""
    gap = abs(high - low)
    whole = all(isinstance(view.table.rows[i][measure], int) for i in (win, lose))
    return f" by {view.writers[measure](int(gap) if whole else gap)}"


def is_comparison(view: View, measure: int | None) -> bool:
    """Two different rows set side by side: asked for so, or the two groups there are."""
    if measure is None or len(view.table.rows) != 2 or view.shape.label is None:
        return False
    if view.name(0) == view.name(1):
        return False
    runs = view.table.columns[view.shape.label].name.lower() in _RUNS
    grouped = view.said(_GROUPING) and not runs and not view.said(tuple(_RANKS))
    return bool(view.said(_COMPARING) or grouped)


def is_ranking(view: View) -> bool:
    """Whether the rows were asked for by rank, or are groups, of which one leads."""
    label = view.shape.label
    named = label is not None and view.table.columns[label].name.lower() in _RUNS
    return label is not None and (bool(view.said(tuple(_RANKS))) or not named)
