"""Days, weeks, months and years by name: "monday", "Nov 3", "last week", "2 days ago"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from dateutil.parser import ParserError, parse

from texttosql.offline.calendars import COUNT, UNIT, Span, calendar, count, floor, step, unit

_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
_LONG_MONTHS = {name: index for index, name in enumerate(_MONTH_NAMES.split(), 1)}
MONTHS = _LONG_MONTHS | {name[:3]: index for name, index in _LONG_MONTHS.items()} | {"sept": 9}
_LONG_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_DAYS = {name: index for index, name in enumerate(_LONG_DAYS)}
_SHORT_DAYS = {name[:3]: index for name, index in _DAYS.items()} | {
    "tues": 1, "weds": 2, "thur": 3, "thurs": 3,
}  # fmt: skip
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY = "|".join((*_DAYS, *sorted(_SHORT_DAYS, key=len, reverse=True)))
ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
YEAR = r"20\d\d"
_ALTERNATIVES = (
    r"(?P<iso>\d{4}-\d{2}-\d{2}\S*)",
    r"(?P<ym>\d{4}-\d{2})",
    r"(?P<slash>\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{4})",
    r"(?P<now>today|yesterday|now|(?:the )?day before yesterday)",
    (
        rf"(?:the )?(?P<md_month>{MONTH}) (?:the )?(?P<md_day>{ORDINAL})(?: ,)?(?: "
        rf"(?P<md_year>{YEAR}))?"
    ),
    (
        rf"(?:the )?(?P<dm_day>{ORDINAL}) (?:of )?(?P<dm_month>{MONTH})(?: ,)?(?: "
        rf"(?P<dm_year>{YEAR}))?"
    ),
    rf"(?:(?:the )?month of )?(?P<month>{MONTH})(?: of)?(?: (?P<month_year>{YEAR}))?",
    rf"(?P<q>q[1-4])(?: (?:of )?(?P<q_year>{YEAR}))?",
    rf"(?:the )?(?P<which>last|this|previous|prior|past|current) (?P<day>{DAY})",
    rf"(?P<bare_day>{DAY})",
    rf"(?:the )?(?P<rel>last|this|previous|prior|current) (?P<rel_unit>{UNIT})",
    r"(?:the )?(?P<before_last>week|month|year) before last",
    rf"(?:the )?(?:start|beginning) of (?:the|this) (?P<start_unit>{UNIT})",
    rf"(?P<ago_n>{COUNT}) (?P<ago_unit>{UNIT}) (?:ago|back)",
    rf"(?P<ago_glued>\d+)(?P<ago_gunit>{UNIT}) (?:ago|back)",
    r"(?:(?:the |this |last |past )*)(?P<weekend>weekend)",
    rf"(?P<year>{YEAR})",
)
_CLOCK = r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?|\d{1,2} ?[ap]m)"
POINT = f"(?:{_CLOCK}(?: (?:on|of|,))?(?: the)? )?(?:{'|'.join(_ALTERNATIVES)})"


def point(match: re.Match[str], now: datetime, prefix: str = "") -> Span | None:
    """The whole day, week, month … that a point names, or the moment of a day."""
    part = {k[len(prefix) :]: v for k, v in match.groupdict().items() if v and k.startswith(prefix)}
    for name, read in _POINTS:
        if name in part:
            span = read(part, now)
            return _moment_of(span, part["clock"]) if span and "clock" in part else span
    return None


def _moment_of(day: Span, clock: str) -> Span | None:
    """The time of a single day: "16:13 on 17 september"; None where no day is named."""
    start, end = day
    if start is None or end is None or end != start + step("day", 1):
        return None
    at = parse(clock, default=start)
    return at, at


def _written(text: str, now: datetime) -> Span | None:
    try:
        moment = parse(text.replace("_", " "), default=floor(now, "day"))
    except (ParserError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=now.tzinfo)
    return (moment, moment) if ":" in text else (moment, moment + step("day", 1))


def _slash(part: dict[str, str], now: datetime) -> Span | None:
    text = part["slash"]
    span = _written(text, now) if text.count("/") == 2 or "." in text else None
    if span is not None:
        return span
    month, day = (int(piece) for piece in text.split("/")[:2])
    return day_of(now, day, month, None)


def day_of(now: datetime, day: int, month: int, year: str | None) -> Span | None:
    """That day, in the latest year in which it is not after now unless the year is said."""
    try:
        moment = floor(now, "day").replace(year=int(year or now.year), month=month, day=day)
    except ValueError:
        return None
    if year is None and moment > now:
        moment = moment.replace(year=moment.year - 1)
    return moment, moment + step("day", 1)


def day_number(text: str) -> int:
    """The number in "3rd"."""
    return int(re.sub(r"\D", "", text))


def month_of(part: dict[str, str], now: datetime) -> Span:
    """That month, in the latest year in which it had begun unless the year is said."""
    start = floor(now, "month").replace(month=MONTHS[part["month"]])
    if year := part.get("month_year"):
        start = start.replace(year=int(year))
    elif start > now:
        start = start.replace(year=start.year - 1)
    return start, start + step("month", 1)


def _quarter(part: dict[str, str], now: datetime) -> Span:
    start = floor(now, "year").replace(month=3 * int(part["q"][1]) - 2)
    if year := part.get("q_year"):
        start = start.replace(year=int(year))
    elif start > now:
        start = start.replace(year=start.year - 1)
    return start, start + step("quarter", 1)


def _weekday(now: datetime, name: str) -> Span:
    """The latest such day up to today."""
    wanted = _DAYS.get(name, _SHORT_DAYS.get(name, 0))
    today = floor(now, "day")
    start = today - timedelta(days=(today.weekday() - wanted) % 7)
    return start, start + step("day", 1)


def _which_day(part: dict[str, str], now: datetime) -> Span:
    start, end = _weekday(now, part["day"])
    if part["which"] not in {"this", "current"} and start == floor(now, "day"):
        return (start or now) - step("week", 1), (end or now) - step("week", 1)
    return start, end


def _now(part: dict[str, str], now: datetime) -> Span:
    if part["now"] == "now":
        return now, now
    back = {"today": 0, "yesterday": 1}.get(part["now"], 2)
    return calendar(now, "day", back)


def _ago(many: str, unit_word: str, now: datetime) -> Span:
    return calendar(now, unit(unit_word), count(many))


def _weekend(now: datetime) -> Span:
    saturday, _ = _weekday(now, "saturday")
    start = saturday or now
    return start, start + step("day", 2)


def _year(text: str, now: datetime) -> Span:
    start = floor(now, "year").replace(year=int(text))
    return start, start + step("year", 1)


_Reader = Callable[[dict[str, str], datetime], Span | None]
_POINTS: tuple[tuple[str, _Reader], ...] = (
    ("iso", lambda p, now: _written(p["iso"].upper(), now)),
    ("ym", lambda p, now: calendar(parse(p["ym"] + "-01").replace(tzinfo=now.tzinfo), "month", 0)),
    ("slash", _slash),
    ("now", _now),
    (
        "md_day",
        lambda p, now: day_of(
            now, day_number(p["md_day"]), MONTHS[p["md_month"]], p.get("md_year")
        ),
    ),
    (
        "dm_day",
        lambda p, now: day_of(
            now, day_number(p["dm_day"]), MONTHS[p["dm_month"]], p.get("dm_year")
        ),
    ),
    ("month", month_of),
    ("q", _quarter),
    ("which", _which_day),
    ("bare_day", lambda p, now: _weekday(now, p["bare_day"])),
    (
        "rel",
        lambda p, now: calendar(
            now, unit(p["rel_unit"]), 0 if p["rel"] in {"this", "current"} else 1
        ),
    ),
    ("before_last", lambda p, now: calendar(now, p["before_last"], 2)),
    ("start_unit", lambda p, now: calendar(now, unit(p["start_unit"]), 0)),
    ("ago_n", lambda p, now: _ago(p["ago_n"], p["ago_unit"], now)),
    ("ago_glued", lambda p, now: _ago(p["ago_glued"], p["ago_gunit"], now)),
    ("weekend", lambda _, now: _weekend(now)),
    ("year", lambda p, now: _year(p["year"], now)),
)
