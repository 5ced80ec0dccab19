"""A result becomes an answer: a sentence whose every number comes from the table.

The sentence's form follows the result's shape (a single number, a ranking, groups, a
comparison, a trend, a list, nothing), not the question's wording. The counts of a draft's
probes are the only other numbers there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from texttosql.chart import choose_chart
from texttosql.flow import Answer, Chart, Draft, Probe, ResultTable, SafeQuery
from texttosql.format import TIMES, clean, number
from texttosql.shape import dress
from texttosql.tell.course import trend
from texttosql.tell.sentences import (
    compared,
    empty,
    found,
    is_comparison,
    is_ranking,
    one_row,
    ranked,
    single,
)
from texttosql.tell.view import View, look, main_measure
from texttosql.words import in_words, many

__all__ = ["fill", "headline", "in_words", "tell"]


def tell(
    draft: Draft,
    query: SafeQuery,
    table: ResultTable,
    *,
    notes: Sequence[str] = (),
    why_empty: Sequence[str] = (),
    zone: ZoneInfo,
) -> Answer:
    """The answer. `notes` and `why_empty` are texts of the draft's probes, filled by `fill`."""
    dressed = dress(table, draft.columns)
    chart = choose_chart(dressed, draft.chart, draft.title)
    return Answer(
        headline=headline(draft, dressed, zone, why_empty),
        table=dressed,
        chart=chart,
        assumptions=_assumptions(draft, dressed, chart, notes, zone),
        sql=query.sql,
        params=query.params,
        suggestions=draft.suggestions,
        title=draft.title,
        engine=draft.engine,
        cost=draft.cost,
    )


def fill(probe: Probe, count: int) -> str | None:
    """A probe's text with its number; None when the number is 0 and there is nothing to say."""
    if not count:
        return None
    return re.sub(r"\{n\} (\w+)", lambda said: many(count, said[1]), probe.text)


def headline(
    draft: Draft, table: ResultTable, zone: ZoneInfo, why_empty: Sequence[str] = ()
) -> str:
    """The sentence for a dressed table."""
    view = look(table, draft.title, draft.columns, zone)
    if not table.rows:
        return empty(view, why_empty)
    return _sentence(view) + _cut(table)


def _sentence(view: View) -> str:
    measure, axis = main_measure(view), view.shape.axis
    if len(view.table.rows) == 1:
        return single(view) if len(view.table.columns) == 1 else one_row(view)
    if axis is not None and measure is not None:
        return trend(view, axis, measure)
    if is_comparison(view, measure):
        return compared(view)
    if measure is not None and is_ranking(view):
        return ranked(view, measure)
    return found(view, measure)


def _cut(table: ResultTable) -> str:
    if not table.truncated:
        return ""
    return f" First {number(len(table.rows))} rows; there are more."


def _assumptions(
    draft: Draft, table: ResultTable, chart: Chart | None, notes: Sequence[str], zone: ZoneInfo
) -> tuple[str, ...]:
    said = (*draft.assumptions, *notes)
    timed = any(column.kind in TIMES for column in table.columns) and bool(table.rows)
    if timed and not any(zone.key in text for text in said):
        said = (*said, f"times in {zone.key}")
    wish = draft.chart.kind
    if table.rows and wish not in {None, "none"} and (chart is None or chart.kind != wish):
        said = (*said, f"this result cannot be drawn as a {wish} chart")
    return tuple(clean(text) for text in said)
