"""Periods in words: "last week", "since Nov 3", "between monday and wednesday", "2 weeks ago".

A calendar word ("last week", "in October") means whole calendar units in the team's zone, weeks
from Monday; a count or "past" ("past week", "last 7 days") means that long back from now.
Dates written out are read by dateutil; only what a period means is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from texttosql.offline.calendars import (
    COUNT,
    UNIT,
    Span,
    calendar,
    count,
    floor,
    rolling,
    step,
    unit,
)
from texttosql.offline.line import Line
from texttosql.offline.points import (
    MONTH,
    MONTHS,
    ORDINAL,
    POINT,
    YEAR,
    day_number,
    day_of,
    month_of,
    point,
)
from texttosql.plan import Window


@dataclass(frozen=True, slots=True)
class Period:
    """A period found in words [first, end) of the line."""

    first: int
    end: int
    window: Window


def find(line: Line, now: datetime) -> list[Period]:
    """Every period in the line; their words are taken. `now` is on the team's wall clock."""
    found: list[Period] = []
    for pattern, read in _RULES:
        while (hit := line.find(pattern)) is not None:
            match, first, end = hit
            window = _read(read, match, now, line.said(first, end))
            if window is None:
                break
            line.take(first, end)
            found.append(Period(first, end, window))
    return sorted(found, key=lambda period: period.first)


def _read(
    read: Callable[[re.Match[str], datetime], Span | None],
    match: re.Match[str],
    now: datetime,
    said: str,
) -> Window | None:
    """The period, or None where there is no such time: "2026-13", 99,999 years ago."""
    try:
        span = read(match, now)
        return _window(span, said) if span is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def _window(span: Span, said: str) -> Window:
    start, end = (int(edge.timestamp() * 1000) if edge is not None else None for edge in span)
    return Window(start, end, said)


def _between(match: re.Match[str], now: datetime) -> Span | None:
    first = point(match, now, "a_")
    last = point(match, now, "z_")
    return (first[0], last[1]) if first and last else None


def _days_of_month(match: re.Match[str], now: datetime) -> Span | None:
    month = MONTHS[match.group("month")]
    first = day_of(now, day_number(match.group("d1")), month, None)
    last = day_of(now, day_number(match.group("d2")), month, None)
    return (first[0], last[1]) if first and last else None


def _part_of_month(match: re.Match[str], now: datetime) -> Span | None:
    """Seven days, or up to and from the 15th, at either end of a month."""
    start, end = month_of({"month": match["month"]}, now)
    if start is None or end is None:
        return None
    middle = start + timedelta(days=15 if match["piece"] == "half" else 7)
    if match["part"] in {"first", "1st"}:
        return start, middle
    return (middle if match["piece"] == "half" else end - timedelta(days=7)), end


def _since(match: re.Match[str], now: datetime) -> Span | None:
    at = point(match, now)
    return (_exact_ago(match, now) or at[0], None) if at else None


def _exact_ago(match: re.Match[str], now: datetime) -> datetime | None:
    """Back from this very moment: "since 3 days ago"."""
    part = match.groupdict()
    many, word = part.get("ago_n"), part.get("ago_unit")
    return now - step(unit(word), count(many)) if many and word else None


def _after(match: re.Match[str], now: datetime) -> Span | None:
    at = point(match, now)
    return (at[1], None) if at else None


def _before(match: re.Match[str], now: datetime) -> Span | None:
    at = point(match, now)
    return (None, _exact_ago(match, now) or at[0]) if at else None


def _until(match: re.Match[str], now: datetime) -> Span | None:
    at = point(match, now)
    return (None, at[1]) if at else None


def _within(match: re.Match[str], now: datetime) -> Span | None:
    """A span of time; nothing runs within a moment."""
    at = point(match, now)
    return None if at and at[0] == at[1] else at


def _last_n(match: re.Match[str], now: datetime) -> Span | None:
    return rolling(now, unit(match["unit"]), count(match["n"]))


def _past_unit(match: re.Match[str], now: datetime) -> Span | None:
    return rolling(now, unit(match.group("unit")), 1)


def _age(match: re.Match[str], now: datetime) -> Span | None:
    edge = now - step(unit(match.group("unit")), count(match.group("n")))
    return (None, edge) if match.group("way") in {"older", "more"} else (edge, None)


def _last_night(_match: re.Match[str], now: datetime) -> Span | None:
    """From six in the evening to eight in the morning."""
    midnight = floor(now, "day")
    return midnight - timedelta(hours=6), midnight + timedelta(hours=8)


def _week_of(match: re.Match[str], now: datetime) -> Span | None:
    start, _ = point(match, now) or (now, now)
    return calendar(start or now, "week", 0)


def _in_may(match: re.Match[str], now: datetime) -> Span | None:
    """Only with its year: alone, "may" is a verb."""
    return month_of({"month": "may", "month_year": match["month_year"]}, now)


def _prefixed(prefix: str) -> str:
    return re.sub(r"\(\?P<", f"(?P<{prefix}", POINT)


_IN = r"(?:(?:in|on|over|during|within|for|from|of|throughout|at|since) )?(?:the )?"
_VERBS = r"(?:(?:that )?(?:started|start|launched|created|ran|run|made|logged|submitted) )?"
_Reader = Callable[[re.Match[str], datetime], Span | None]
_RULES: tuple[tuple[str, _Reader], ...] = (
    (
        rf"{_VERBS}(?:on |from )?(?:the )?day before yesterday",
        lambda _, now: calendar(now, "day", 2),
    ),
    (
        (
            rf"{_VERBS}(?:between|from|btw) (?:the )?{_prefixed('a_')} (?:and|to|until|till|"
            rf"through|-|–|thru) (?:the )?{_prefixed('z_')}"
        ),
        _between,
    ),
    (
        (
            rf"{_VERBS}(?:in |from |on )?(?P<month>{MONTH}) (?P<d1>{ORDINAL}) (?:to|through|thru|"
            rf"until) (?P<d2>{ORDINAL})"
        ),
        _days_of_month,
    ),
    (
        (
            rf"{_VERBS}(?:in |during |for )?(?:the )?(?P<part>first|last|1st) (?P<piece>week|"
            rf"half) of (?P<month>{MONTH})"
        ),
        _part_of_month,
    ),
    (
        (
            rf"{_VERBS}(?P<way>older|newer|younger) than (?:the )?(?P<n>{COUNT}) "
            rf"(?P<unit>{UNIT})(?: old)?"
        ),
        _age,
    ),
    (rf"{_VERBS}(?P<way>more|less) than (?P<n>{COUNT}) (?P<unit>{UNIT}) (?:ago|old)", _age),
    (
        (
            rf"{_VERBS}{_IN}(?:last|past|previous|prior|trailing|recent|latest|"
            rf"preceding) (?P<n>{COUNT}) (?P<unit>{UNIT})"
        ),
        _last_n,
    ),
    (rf"{_VERBS}{_IN}(?:last|past|previous|prior|trailing) (?P<n>\d+)(?P<unit>{UNIT})", _last_n),
    (
        (
            rf"{_VERBS}(?:in|within|over) (?P<n>{COUNT}) (?P<unit>days?|weeks?|"
            r"months?)(?: or less)?"
        ),
        _last_n,
    ),
    (rf"{_VERBS}{_IN}(?:past|trailing) (?P<unit>{UNIT})", _past_unit),
    (rf"{_VERBS}{_IN}last (?P<unit>hours?|minutes?)", _past_unit),
    (r"(?:year to date|ytd|so far this year)", lambda _, now: calendar(now, "year", 0)),
    (r"(?:month to date|mtd|so far this month)", lambda _, now: calendar(now, "month", 0)),
    (r"(?:lately|these days)", lambda _, now: rolling(now, "week", 1)),
    (
        r"(?:since )?this (?:morning|afternoon|evening)|tonight",
        lambda _, now: calendar(now, "day", 0),
    ),
    (r"last night|overnight", _last_night),
    (rf"{_VERBS}(?:the )?week (?:of|starting) (?:the )?{POINT}", _week_of),
    (rf"{_VERBS}(?:since|starting|beginning|from) (?:the )?{POINT} (?:on|onwards?)", _since),
    (
        (
            rf"{_VERBS}(?:ever )?(?:since|starting(?: from)?|"
            rf"beginning) (?:the )?{POINT}(?: onwards?)?"
        ),
        _since,
    ),
    (rf"{_VERBS}(?:after|later than|past) (?:the )?{POINT}", _after),
    (rf"{_VERBS}(?:before|earlier than|prior to|older than) (?:the )?{POINT}", _before),
    (rf"{_VERBS}(?:until|till|up to|through|no later than) (?:the )?{POINT}", _until),
    (
        (
            rf"{_VERBS}(?:in|on|during|from|of|for|at|over|within|by|"
            rf"throughout) (?:the )?{POINT}(?: so far)?"
        ),
        _within,
    ),
    (rf"{_VERBS}(?!(?:may|mar|sat|sun|mon|{YEAR}|now)(?: |$))(?:{POINT})(?: so far)?", _within),
    (rf"may (?P<month_year>{YEAR})", _in_may),
)
