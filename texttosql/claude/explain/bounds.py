"""Numbers that bound others: "above 0.9", "at most 5 minutes", "between 0.8 and 0.9".

Such a number need not be in the table; what the sentence says of it has to be so: for as many rows
as it states, for none, or else for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from texttosql.claude.explain.claims import Claims, scale
from texttosql.claude.explain.facts import Measure
from texttosql.claude.explain.numerals import Figure, fits

_OVER = re.compile(
    r"(?:\b(?:above|over|more than|greater than|higher than|at least|exceed\w*|beyond)|≥|>=?)"
    r"(?: of)?\s*$"
)
_UNDER = re.compile(
    r"(?:\b(?:below|under|less than|fewer than|lower than|at most|up to)|≤|<=?)(?: of)?\s*$"
)
_INCLUSIVE = re.compile(r"(?:at least|at most|up to|≥|≤|>=|<=)(?: of)?\s*$")
_NONE = re.compile(r"\b(?:no|none|not|never|neither|nothing)\b")
_EVERY = re.compile(r"\b(?:all|every|each|both)\b")
_WITHIN = re.compile(r"\b(?:between|within|inside)\b[^\d]*$")
_SPAN = re.compile(r"\b(?:rang(?:es?|ed|ing)|spans?|spanned|spanning)\b[^\d]*$")
_TO = re.compile(r"\s*(?:–|-|—|to|and)\s*")


def is_bound(figure: Figure) -> bool:
    """Whether a number says where others lie, and not what something is."""
    return bool(_OVER.search(figure.before) or _UNDER.search(figure.before))


def is_quantified(claims: Claims, figure: Figure) -> bool:
    """Whether a bound is said of all rows or of none: only how many keep it can prove that."""
    said = _NONE.search(claims.lower) or _EVERY.search(claims.lower)
    return is_bound(figure) and bool(said)


def keeps(claims: Claims, figure: Figure) -> bool:
    """Whether a bound, or one end of a range, is kept by as many rows as the sentence says."""
    none, every = bool(_NONE.search(claims.lower)), bool(_EVERY.search(claims.lower))
    stated = claims.whole(figure)
    for count, measure in _beyond(claims, figure):
        wanted = stated or {0 if none else len(measure.known)}
        one = not (stated or none or every)
        if count in wanted or (one and _only_just(claims, figure, measure)):
            return True
    ranges = ((low, high) for low, high in _ranges(claims) if figure in (low, high))
    return any(
        _inside(low, high, measure) in (claims.whole(low, high) or {len(measure.known)})
        for low, high in ranges
        for measure in _measures(claims)
    )


def is_span(claims: Claims, figure: Figure) -> bool:
    """Whether a number is an end of "ranges from 0.46 to 0.93": the least or the greatest value."""
    figures = claims.figures
    pairs = (pair for pair in pairwise(figures) if _SPAN.search(pair[0].before))
    return any(figure in pair for pair in pairs)


def counts(claims: Claims) -> Iterator[int]:
    """How many rows lie beyond each bound, and inside each range."""
    for figure in claims.figures:
        yield from (count for count, _ in _beyond(claims, figure))
    for low, high in _ranges(claims):
        yield from (_inside(low, high, measure) for measure in _measures(claims))


def _measures(claims: Claims) -> Iterator[Measure]:
    plain = (m for m in claims.columns if not m.identity and not m.time)
    return (measure for measure in plain if measure.known)


def _beyond(claims: Claims, bound: Figure) -> Iterator[tuple[int, Measure]]:
    """By column, how many rows lie beyond the bound; nothing for a number that is none."""
    if not is_bound(bound):
        return
    sign = 1 if _OVER.search(bound.before) else -1
    inclusive = bool(_INCLUSIVE.search(bound.before))
    for measure in _measures(claims):
        if not claims.may_count(measure, bound):
            continue
        gaps = [(v * scale(measure, bound) - bound.value) * sign for v in measure.known]
        yield sum(gap > 0 or (inclusive and gap == 0) for gap in gaps), measure


def _only_just(claims: Claims, bound: Figure, measure: Measure) -> bool:
    factor = scale(measure, bound)
    return any(just_beyond(value, bound, factor) for value in claims.quotable(measure))


def just_beyond(value: float, bound: Figure, factor: float = 1.0) -> bool:
    """Whether a value lies beyond a bound, and near enough that one would say so: 0.934, 0.93."""
    gap = value * factor - bound.value
    return 0 <= (gap if _OVER.search(bound.before) else -gap) <= bound.grain


def agrees(value: float, figure: Figure, factor: float = 1.0) -> bool:
    """Whether a value is what the figure says, or lies where it says."""
    if is_bound(figure):
        return just_beyond(value, figure, factor)
    return fits(value, figure, factor)


def _ranges(claims: Claims) -> Iterator[tuple[Figure, Figure]]:
    for low, high in pairwise(claims.figures):
        joint = claims.sentence.bare[low.end : high.start]
        if not _WITHIN.search(low.before):
            continue  # "ranges from 0.46 to 0.93" says what the ends are
        if low.value < high.value and _TO.fullmatch(joint):
            yield low, high


def _inside(low: Figure, high: Figure, measure: Measure) -> int:
    factor = scale(measure, high)
    return sum(low.value <= value * factor <= high.value for value in measure.known)
