"""Every number of a sentence is in the table, or follows from it in a way that a reader can redo.

What counts, and nothing else:

    a cell, or a column's minimum, maximum, mean, median or sum
    how many rows there are, have a text that is named, or lie beyond a bound that is named
    the difference, ratio or percentage of two values that stand out or are named
    a share of the rows, or of a column's sum
    a place in the table, or how many of its rows are picked out ("the top 3")
    a number or a date of the question or the title

Which cells and which pairs, claims.py says. All at the precision that is shown.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from texttosql.claude.explain import around, bounds, wording
from texttosql.claude.explain.claims import Claims, scale
from texttosql.claude.explain.dates import dates
from texttosql.claude.explain.facts import Facts, Measure
from texttosql.claude.explain.numerals import Figure, fits
from texttosql.claude.explain.wording import Worded, worded

_DIFFER = re.compile(
    r"\b(?:differ|gap|lead|led\b|ahead|behind|spread|rang|margin|more|less|fewer|higher|lower"
    r"|better|worse|faster|slower|longer|shorter|larger|smaller|bigger|by\b|rose|ris[ei]|fell|fall"
    r"|drop|gain|increas|decreas|improv|apart|within|between|short|advantage|delta|chang|grew|grow"
    r"|shrank|shrink|cut|points?\b|above|below|over|under|span|separat|trail|edg|beat|outperform"
    r"|exceed|jump|declin|across|after|later|earlier|clear of)"
)
_SELECT = re.compile(
    r"(?:\b(?:top|best|bottom|worst|first|last|next|highest|lowest|leading|fastest|slowest|newest"
    r"|latest|oldest|following|rank|place|row|no\.)[\s-]|#)$"
)
_BY = re.compile(r"\b(?:by|difference of|gap of|lead of|margin of)\b[^\d]*$")
_RATIO = re.compile(r"\b(?:ratio|factor)\b")
_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "mean": statistics.fmean,
    "median": statistics.median,
}
_NEAR = 0.01
"""How near to a cell a bound must be to count as that cell, in parts of itself."""

Rule = Callable[[Claims, Figure], bool]


def why_not(sentence: str, facts: Facts) -> str | None:
    """Why a sentence does not hold against the facts; None when all of it does."""
    if len(sentence) > wording.LONGEST:
        return "it is too long"
    found = worded(sentence, facts)
    wrong = wording.fault(found, facts) or _wrong_date(found, facts)
    if wrong:
        return wrong
    claims = Claims(found, facts)
    for figure in claims.figures:
        if not any(rule(claims, figure) for rule in _RULES):
            return f"{sentence[figure.start : figure.end].strip()} does not follow from the table"
    return None if _grounded(claims) else "it says nothing of the table"


def _wrong_date(sentence: Worded, facts: Facts) -> str | None:
    for each in dates(sentence.bare):
        if not each.is_of(facts.days, facts.times):
            return f"no row has the date {sentence.text[each.start : each.end]}"
    return None


def _grounded(claims: Claims) -> bool:
    """Whether it has anything of the result in it: what could be said of any table is no insight.

    Nor is what a text in the table told the model to say.
    """
    dated = any(True for _ in dates(claims.sentence.bare))
    return bool(claims.figures or claims.sentence.named or claims.spoken or dated)


def _asked(claims: Claims, figure: Figure) -> bool:
    """A number of the question or the title, in the sense that it has there."""
    return any(
        asked.step > 0 and asked.sort in {figure.sort, "plain"} and fits(asked.value, figure)
        for asked in claims.facts.asked
    )


def _quoted(claims: Claims, figure: Figure) -> bool:
    """A cell or a statistic; of the named rows, a cell of any column."""
    bare = claims.bare
    if figure.sort not in {"plain", "percent"} or around.part_of_rows(bare, figure):
        return False
    if around.is_distance(bare, figure) or bounds.is_quantified(claims, figure):
        return False
    return any(
        _reads(value, measure, figure)
        for measure, value in _quotable(claims, figure)
        if value is not None and not measure.time and claims.may_count(measure, figure)
        if figure.sort == "plain" or measure.percent or measure.is_share or measure in claims.spoken
    )


def _quotable(claims: Claims, figure: Figure) -> Iterator[tuple[Measure, float | None]]:
    """Nobody writes in per cent what the question is not about without saying what it is."""
    said = around.statistic(claims.bare, figure)
    if bounds.is_span(claims, figure):
        for measure in claims.columns:
            cells = claims.cells(measure)
            yield from ((measure, end(cells)) for end in (min, max) if cells)
        return
    if said is not None and not claims.facts.summarised:
        for measure in claims.columns:
            sets = (measure.known, claims.cells(measure))
            yield from ((measure, _STATISTICS[said](values)) for values in sets if values)
        return
    for measure in claims.compared if figure.sort == "percent" else claims.columns:
        yield from ((measure, value) for value in claims.quotable(measure))
    for measure in claims.facts.measures:
        yield from ((measure, measure.values[row]) for row in claims.rows)


def _reads(value: float, measure: Measure, figure: Figure) -> bool:
    factor = scale(measure, figure)
    near = abs(value * factor - figure.value) <= _NEAR * abs(figure.value)
    return fits(value, figure, factor) and (near or not bounds.is_bound(figure))


def _counted(claims: Claims, figure: Figure) -> bool:
    """How many rows there are, have a named text, or lie beyond a named bound."""
    if bounds.is_quantified(claims, figure):
        return False
    kinds = claims.kinds(claims.counts_what(figure) or "")
    return claims.count(figure) in {*_counts(claims), *kinds}


def _counts(claims: Claims) -> set[int]:
    return {*claims.counts(), *bounds.counts(claims)}


def _differs(claims: Claims, figure: Figure) -> bool:
    """The difference of two values; between times, in the figure's unit."""
    if figure.sort not in {"plain", "points"} or not _DIFFER.search(claims.lower):
        return False
    if bounds.is_bound(figure) and not _BY.search(figure.before):
        return False
    size = replace(figure, value=abs(figure.value))
    times = [m for m in claims.facts.measures if m.time and figure.seconds is not None]
    columns = (*(m for m in claims.compared if not m.time), *times)
    within = ((measure, a, b) for measure in columns for a, b in claims.pairs(measure))
    return any(
        bounds.agrees(abs(a - b), size, scale(measure, figure))
        for measure, a, b in chain(within, claims.across())
    )


def _multiple(claims: Claims, figure: Figure) -> bool:
    """So many times another value, or more than it."""
    if figure.sort == "plain" and not _RATIO.search(claims.lower):
        return False
    if figure.sort not in {"plain", "times", "fraction"} or around.part_of_rows(
        claims.bare, figure
    ):
        return False
    more = around.exceeds(claims.bare, figure)
    return any(
        bounds.agrees(ratio, figure) or (more and fits(ratio - 1, figure))
        for ratio in _ratios(claims)
    )


def _ratios(claims: Claims) -> Iterator[float]:
    for measure in claims.compared:
        if not measure.time and not measure.identity:
            yield from (a / b for a, b in claims.pairs(measure) if b)
    yield from (a / b for _, a, b in claims.across() if b)


def _percentage(claims: Claims, figure: Figure) -> bool:
    """A share of the rows or of a sum; in per cent, also a part of another value, or a change."""
    if figure.sort not in {"percent", "fraction"}:
        return False
    hundred = 100.0 if figure.sort == "percent" else 1.0
    if any(bounds.agrees(share, figure, hundred) for share in _shares(claims)):
        return True
    if figure.sort != "percent" or around.part_of_rows(claims.bare, figure):
        return False
    size = replace(figure, value=abs(figure.value))
    changed = bool(_DIFFER.search(claims.lower))
    part = not around.is_distance(claims.bare, figure)
    return any(
        (part and bounds.agrees(ratio, figure, 100))
        or (changed and bounds.agrees(abs(ratio - 1), size, 100))
        for ratio in _ratios(claims)
    )


def _shares(claims: Claims) -> Iterator[float]:
    rows = claims.facts.rows
    yield from (count / rows for count in _counts(claims) if rows)
    amounts = [measure for measure in claims.facts.measures if measure.is_amount]
    for measure in amounts:
        if measure in claims.spoken or len(amounts) == 1:
            total = sum(measure.known)
            yield from (value / total for value in claims.quotable(measure))


def _placed(claims: Claims, figure: Figure) -> bool:
    """A place in the table, or how many of its rows are picked out: "third", "the top 3"."""
    rows, whole = claims.facts.rows, claims.count(figure)
    if figure.sort == "ordinal":
        return 1 <= figure.value <= rows
    return whole is not None and 1 <= whole <= rows and bool(_SELECT.search(figure.before))


def _year(claims: Claims, figure: Figure) -> bool:
    return figure.whole is not None and any(day.year == figure.value for day in claims.facts.days)


_RULES: tuple[Rule, ...] = (
    _asked, _quoted, _counted, _placed, _year, bounds.keeps, _differs, _multiple, _percentage,
)  # fmt: skip
