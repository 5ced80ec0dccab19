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

from dateutil.parser import ParserError, parse
from dateutil.relativedelta import relativedelta

from texttosql.offline.lexicon import NUMBERS
from texttosql.offline.line import Line
from texttosql.plan import Window

Span = tuple[datetime | None, datetime | None]

_UNIT_WORDS = {
    "minute": "minutes?|mins?", "hour": "hours?|hrs?|h", "day": "days?|d", "week": "weeks?|wks?|w",
    "month": "months?|mos?|mths?", "quarter": "quarters?|qtrs?", "year": "years?|yrs?|y",
}  # fmt: skip
UNIT = "|".join(_UNIT_WORDS.values())
_MONTHS = {
    name: index
    for index, name in enumerate(
        "january february march april may june july august september october november december".split(),
        1,
    )
}
_MONTHS |= {name[:3]: index for name, index in _MONTHS.items()} | {"sept": 9}
_DAYS = {
    name: index
    for index, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_SHORT_DAYS = {name[:3]: index for name, index in _DAYS.items()} | {
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
DAY = "|".join((*_DAYS, *sorted(_SHORT_DAYS, key=len, reverse=True)))
COUNT = (
    rf"\d+(?:\.0)?|{'|'.join(NUMBERS)}|an?|few|a\ few|a\ couple\ of|a\ couple|couple\ of|several"
)
COUNT = COUNT.replace("\\ ", " ")
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"20\d\d"

_ALTERNATIVES = (
    r"(?P<iso>\d{4}-\d{2}-\d{2}\S*)",
    r"(?P<ym>\d{4}-\d{2})",
    r"(?P<slash>\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{4})",
    r"(?P<now>today|yesterday|now|(?:the )?day before yesterday)",
    rf"(?:the )?(?P<md_month>{MONTH}) (?:the )?(?P<md_day>{_ORDINAL})(?: ,)?(?: (?P<md_year>{_YEAR}))?",
    rf"(?:the )?(?P<dm_day>{_ORDINAL}) (?:of )?(?P<dm_month>{MONTH})(?: ,)?(?: (?P<dm_year>{_YEAR}))?",
    rf"(?:(?:the )?month of )?(?P<month>{MONTH})(?: of)?(?: (?P<month_year>{_YEAR}))?",
    rf"(?P<q>q[1-4])(?: (?:of )?(?P<q_year>{_YEAR}))?",
    rf"(?:the )?(?P<which>last|this|previous|prior|past|current) (?P<day>{DAY})",
    rf"(?P<bare_day>{DAY})",
    rf"(?:the )?(?P<rel>last|this|previous|prior|current) (?P<rel_unit>{UNIT})",
    r"(?:the )?(?P<before_last>week|month|year) before last",
    rf"(?:the )?(?:start|beginning) of (?:the|this) (?P<start_unit>{UNIT})",
    rf"(?P<ago_n>{COUNT}) (?P<ago_unit>{UNIT}) (?:ago|back)",
    rf"(?P<ago_glued>\d+)(?P<ago_gunit>{UNIT}) (?:ago|back)",
    r"(?:(?:the |this |last |past )*)(?P<weekend>weekend)",
    rf"(?P<year>{_YEAR})",
)
_POINT = f"(?:{'|'.join(_ALTERNATIVES)})"


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
            span = read(match, now)
            if span is None:
                break
            line.take(first, end)
            found.append(Period(first, end, _window(span, line.said(first, end))))
    return sorted(found, key=lambda period: period.first)


def _window(span: Span, said: str) -> Window:
    start, end = (int(edge.timestamp() * 1000) if edge is not None else None for edge in span)
    return Window(start, end, said)


def _floor(moment: datetime, unit: str) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "minute":
        return moment.replace(second=0, microsecond=0)
    if unit == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _step(unit: str, count: float) -> relativedelta:
    if unit == "quarter":
        return relativedelta(months=int(3 * count))
    return relativedelta(**{f"{unit}s": int(count)})  # type: ignore[arg-type]  # names of its own


def _unit(word: str) -> str:
    for unit, forms in _UNIT_WORDS.items():
        if re.fullmatch(forms, word):
            return unit
    raise KeyError(word)


def _count(word: str) -> int:
    word = word.strip()
    if word in {"a", "an"}:
        return 1
    if "couple" in word:
        return 2
    if word in {"few", "a few", "several"}:
        return 3
    return NUMBERS[word] if word in NUMBERS else int(float(word))


def _calendar(now: datetime, unit: str, back: int) -> Span:
    start = _floor(now, unit) - _step(unit, back)
    return start, start + _step(unit, 1)


def _rolling(now: datetime, unit: str, count: int) -> Span:
    return now - _step(unit, count), None


def _point(match: re.Match[str], now: datetime, prefix: str = "") -> Span | None:
    """The whole day, week, month … that a point names."""
    part = {k[len(prefix) :]: v for k, v in match.groupdict().items() if v and k.startswith(prefix)}
    for names, read in _POINTS:
        if names[0] in part:
            return read(part, now)
    return None


def _written(text: str, now: datetime) -> Span | None:
    try:
        moment = parse(text, default=_floor(now, "day"))
    except (ParserError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return (moment, moment) if ":" in text else (moment, moment + _step("day", 1))


def _slash(part: dict[str, str], now: datetime) -> Span | None:
    text = part["slash"]
    span = _written(text, now) if text.count("/") == 2 or "." in text else None
    if span is not None:
        return span
    month, day = (int(piece) for piece in text.split("/")[:2])
    return _day_of(now, day, month, None)


def _day_of(now: datetime, day: int, month: int, year: str | None) -> Span | None:
    """That day, in the latest year in which it is not after now unless the year is said."""
    try:
        moment = _floor(now, "day").replace(year=int(year or now.year), month=month, day=day)
    except ValueError:
        return None
    if year is None and moment > now:
        moment = moment.replace(year=moment.year - 1)
    return moment, moment + _step("day", 1)


def _day_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _month(part: dict[str, str], now: datetime) -> Span:
    start = _floor(now, "month").replace(month=_MONTHS[part["month"]])
    if year := part.get("month_year"):
        start = start.replace(year=int(year))
    elif start > now:
        start = start.replace(year=start.year - 1)
    return start, start + _step("month", 1)


def _quarter(part: dict[str, str], now: datetime) -> Span:
    start = _floor(now, "year").replace(month=3 * int(part["q"][1]) - 2)
    if year := part.get("q_year"):
        start = start.replace(year=int(year))
    elif start > now:
        start = start.replace(year=start.year - 1)
    return start, start + _step("quarter", 1)


def _weekday(now: datetime, name: str) -> Span:
    """The latest such day up to today."""
    wanted = _DAYS.get(name, _SHORT_DAYS.get(name, 0))
    today = _floor(now, "day")
    start = today - timedelta(days=(today.weekday() - wanted) % 7)
    return start, start + _step("day", 1)


def _which_day(part: dict[str, str], now: datetime) -> Span:
    start, end = _weekday(now, part["day"])
    if part["which"] not in {"this", "current"} and start == _floor(now, "day"):
        return (start or now) - _step("week", 1), (end or now) - _step("week", 1)
    return start, end


def _now(part: dict[str, str], now: datetime) -> Span:
    if part["now"] == "now":
        return now, now
    back = {"today": 0, "yesterday": 1}.get(part["now"], 2)
    return _calendar(now, "day", back)


def _ago(count: str, unit_word: str, now: datetime) -> Span:
    unit = _unit(unit_word)
    return _calendar(now, unit, _count(count))


def _weekend(now: datetime) -> Span:
    saturday, _ = _weekday(now, "saturday")
    start = saturday or now
    return start, start + _step("day", 2)


def _year(text: str, now: datetime) -> Span:
    start = _floor(now, "year").replace(year=int(text))
    return start, start + _step("year", 1)


_POINTS: tuple[tuple[tuple[str, ...], Callable[[dict[str, str], datetime], Span | None]], ...] = (
    (("iso",), lambda p, now: _written(p["iso"].upper(), now)),
    (("ym",), lambda p, now: _calendar(parse(p["ym"] + "-01").replace(tzinfo=now.tzinfo), "month", 0)),
    (("slash",), _slash),
    (("now",), _now),
    (("md_day",), lambda p, now: _day_of(
        now, _day_number(p["md_day"]), _MONTHS[p["md_month"]], p.get("md_year"))),
    (("dm_day",), lambda p, now: _day_of(
        now, _day_number(p["dm_day"]), _MONTHS[p["dm_month"]], p.get("dm_year"))),
    (("month",), _month),
    (("q",), _quarter),
    (("which",), _which_day),
    (("bare_day",), lambda p, now: _weekday(now, p["bare_day"])),
    (("rel",), lambda p, now: _calendar(
        now, _unit(p["rel_unit"]), 0 if p["rel"] in {"this", "current"} else 1)),
    (("before_last",), lambda p, now: _calendar(now, p["before_last"], 2)),
    (("start_unit",), lambda p, now: _calendar(now, _unit(p["start_unit"]), 0)),
    (("ago_n",), lambda p, now: _ago(p["ago_n"], p["ago_unit"], now)),
    (("ago_glued",), lambda p, now: _ago(p["ago_glued"], p["ago_gunit"], now)),
    (("weekend",), lambda p, now: _weekend(now)),
    (("year",), lambda p, now: _year(p["year"], now)),
)  # fmt: skip


def _between(match: re.Match[str], now: datetime) -> Span | None:
    first = _point(match, now, "a_")
    last = _point(match, now, "z_")
    return (first[0], last[1]) if first and last else None


def _days_of_month(match: re.Match[str], now: datetime) -> Span | None:
    month = _MONTHS[match.group("month")]
    first = _day_of(now, _day_number(match.group("d1")), month, None)
    last = _day_of(now, _day_number(match.group("d2")), month, None)
    return (first[0], last[1]) if first and last else None


def _part_of_month(match: re.Match[str], now: datetime) -> Span | None:
    """Seven days, or up to and from the 15th, at either end of a month."""
    start, end = _month({"month": match["month"]}, now)
    if start is None or end is None:
        return None
    middle = start + timedelta(days=15 if match["piece"] == "half" else 7)
    if match["part"] in {"first", "1st"}:
        return start, middle
    return (middle if match["piece"] == "half" else end - timedelta(days=7)), end


def _since(match: re.Match[str], now: datetime) -> Span | None:
    exact = _exact_ago(match, now)
    point = _point(match, now)
    return (exact or point[0], None) if point else None


def _exact_ago(match: re.Match[str], now: datetime) -> datetime | None:
    """ "since 3 days ago" counts back from this very moment."""
    part = match.groupdict()
    count, unit = part.get("ago_n"), part.get("ago_unit")
    return now - _step(_unit(unit), _count(count)) if count and unit else None


def _after(match: re.Match[str], now: datetime) -> Span | None:
    point = _point(match, now)
    return (point[1], None) if point else None


def _before(match: re.Match[str], now: datetime) -> Span | None:
    point = _point(match, now)
    return (None, _exact_ago(match, now) or point[0]) if point else None


def _until(match: re.Match[str], now: datetime) -> Span | None:
    point = _point(match, now)
    return (None, point[1]) if point else None


def _last_n(match: re.Match[str], now: datetime) -> Span | None:
    count, unit = match.group("n"), match.group("unit")
    return _rolling(now, _unit(unit), _count(count))


def _past_unit(match: re.Match[str], now: datetime) -> Span | None:
    return _rolling(now, _unit(match.group("unit")), 1)


def _age(match: re.Match[str], now: datetime) -> Span | None:
    edge = now - _step(_unit(match.group("unit")), _count(match.group("n")))
    return (None, edge) if match.group("way") in {"older", "more"} else (edge, None)


def _prefixed(prefix: str) -> str:
    return re.sub(r"\(\?P<", f"(?P<{prefix}", _POINT)


_IN = r"(?:(?:in|on|over|during|within|for|from|of|throughout|at|since) )?(?:the )?"
_VERBS = r"(?:(?:that )?(?:started|start|launched|created|ran|run|made|logged|submitted) )?"

_RULES: tuple[tuple[str, Callable[[re.Match[str], datetime], Span | None]], ...] = (
    (rf"{_VERBS}(?:on |from )?(?:the )?day before yesterday", lambda _, now: _calendar(now, "day", 2)),
    (rf"{_VERBS}(?:between|from|btw) (?:the )?{_prefixed('a_')} (?:and|to|until|till|through|-|–|thru) (?:the )?{_prefixed('z_')}", _between),
    (rf"{_VERBS}(?:in |from |on )?(?P<month>{MONTH}) (?P<d1>{_ORDINAL}) (?:to|through|thru|until) (?P<d2>{_ORDINAL})", _days_of_month),
    (rf"{_VERBS}(?:in |during |for )?(?:the )?(?P<part>first|last|1st) (?P<piece>week|half) of (?P<month>{MONTH})", _part_of_month),
    (rf"{_VERBS}(?P<way>older|newer|younger) than (?:the )?(?P<n>{COUNT}) (?P<unit>{UNIT})(?: old)?", _age),
    (rf"{_VERBS}(?P<way>more|less) than (?P<n>{COUNT}) (?P<unit>{UNIT}) (?:ago|old)", _age),
    (rf"{_VERBS}{_IN}(?:last|past|previous|prior|trailing|recent|latest|preceding) (?P<n>{COUNT}) (?P<unit>{UNIT})", _last_n),
    (rf"{_VERBS}{_IN}(?:last|past|previous|prior|trailing) (?P<n>\d+)(?P<unit>{UNIT})", _last_n),
    (rf"{_VERBS}(?:in|within|over) (?P<n>{COUNT}) (?P<unit>days?|weeks?|months?)(?: or less)?", _last_n),
    (rf"{_VERBS}{_IN}(?:past|trailing) (?P<unit>{UNIT})", _past_unit),
    (rf"{_VERBS}{_IN}(?:last) (?P<unit>hours?|minutes?)", _past_unit),
    (r"(?:year to date|ytd|so far this year)", lambda _, now: _calendar(now, "year", 0)),
    (r"(?:month to date|mtd|so far this month)", lambda _, now: _calendar(now, "month", 0)),
    (r"(?:lately|these days)", lambda _, now: _rolling(now, "week", 1)),
    (r"(?:since )?this (?:morning|afternoon|evening)|tonight", lambda _, now: _calendar(now, "day", 0)),
    (r"last night|overnight", lambda _, now: (_floor(now, "day") - timedelta(hours=6), _floor(now, "day") + timedelta(hours=8))),
    (rf"{_VERBS}(?:the )?week (?:of|starting) (?:the )?{_POINT}", lambda m, now: (
        _calendar((_point(m, now) or (now, now))[0] or now, "week", 0))),
    (rf"{_VERBS}(?:since|starting|beginning|from) (?:the )?{_POINT} (?:on|onwards?)", _since),
    (rf"{_VERBS}(?:ever )?(?:since|starting(?: from)?|beginning) (?:the )?{_POINT}(?: onwards?)?", _since),
    (rf"{_VERBS}(?:after|later than|past) (?:the )?{_POINT}", _after),
    (rf"{_VERBS}(?:before|earlier than|prior to|older than) (?:the )?{_POINT}", _before),
    (rf"{_VERBS}(?:until|till|up to|through|no later than) (?:the )?{_POINT}", _until),
    (rf"{_VERBS}(?:in|on|during|from|of|for|at|over|within|by|throughout) (?:the )?{_POINT}(?: so far)?", lambda m, now: _point(m, now)),
    (rf"{_VERBS}(?!(?:may|mar|sat|sun|mon|{_YEAR}|now)(?: |$))(?:{_POINT})(?: so far)?", lambda m, now: _point(m, now)),
    (rf"(?:may) (?P<month_year>{_YEAR})", lambda m, now: _month({"month": "may", "month_year": m.group("month_year")}, now)),
)  # fmt: skip
