"""MySQL's date functions on SQLite: text 'YYYY-MM-DD HH:MM:SS' in, text or numbers out, UTC.

Reference for formats and week modes: "Date and Time Functions" of the MySQL 8.4 manual.
What is no date gives NULL.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from texttosql.sqlite.functions.nulls import null_in_null_out, number, text

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - all times here are UTC and carry no zone, as in MySQL
CLOCK = frozenset({"now", "utc_timestamp", "curdate", "utc_date", "sysdate"})
"""Functions whose answer changes with the time of day."""

_DAYS_PER_WEEK = 7
_FORMAT = re.compile(r"%(.)", re.DOTALL)


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text(value).strip()).replace(tzinfo=None)
    except ValueError:
        return None


def _dated(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of a datetime, made one of a cell; what is no date gives NULL."""

    def careful(value: Any, *more: Any) -> Any:
        when = _moment(value)
        return None if when is None else function(when, *more)

    return null_in_null_out(careful)


def written(when: datetime) -> str:
    """As both warehouses write a time: fractions of a second only where there are any."""
    return when.isoformat(sep=" ")


def _from_unixtime(seconds: Any, layout: Any = None) -> str | None:
    value = number(seconds)
    if value < 0 or value > 32536771199:  # MySQL 8's largest; earlier servers stop in 2038
        return None
    when = EPOCH + timedelta(microseconds=round(value * 1_000_000))
    return written(when) if layout is None else _date_format(when, layout)


def _unix_timestamp(when: datetime) -> int | float:
    seconds = (when - EPOCH).total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


def _week_one(year: int, mode: int) -> date:
    """The first day of week 1. Mode bits: 1 Monday first, 4 week 1 begins on such a day."""
    new_year = date(year, 1, 1)
    monday_first = bool(mode & 1)
    weekday = new_year.weekday() if monday_first else (new_year.weekday() + 1) % 7
    if bool(mode & 4) != monday_first:  # week 1 is the one with four days or more
        return new_year + timedelta(days=-weekday if weekday <= 3 else _DAYS_PER_WEEK - weekday)
    return new_year + timedelta(days=-weekday % _DAYS_PER_WEEK)


def _year_week(when: datetime, mode: int) -> tuple[int, int]:
    day, year = when.date(), when.year
    if day < _week_one(year, mode):
        if not mode & 2:
            return year, 0
        year -= 1
    elif mode & 2 and day >= _week_one(year + 1, mode):
        year += 1
    return year, (day - _week_one(year, mode)).days // _DAYS_PER_WEEK + 1


def _week(when: datetime, mode: Any = 0) -> int:
    return _year_week(when, int(number(mode)))[1]


def _yearweek(when: datetime, mode: Any = 0) -> int:
    year, week = _year_week(when, int(number(mode)) | 2)
    return year * 100 + week


def _last_day(when: datetime) -> str:
    return f"{when:%Y-%m-}{calendar.monthrange(when.year, when.month)[1]:02d}"


def _ordinal(day: int) -> str:
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


def _codes(letters: str) -> dict[str, Callable[[datetime], str]]:
    """The codes that C's strftime writes in the same way."""
    return {letter: partial(_by_c, f"%{letter}") for letter in letters}


def _by_c(layout: str, when: datetime) -> str:
    return when.strftime(layout)


_MYSQL_CODES: Mapping[str, Callable[[datetime], str]] = {
    "c": lambda when: str(when.month),
    "D": lambda when: _ordinal(when.day),
    "e": lambda when: str(when.day),
    "h": lambda when: f"{when:%I}",
    "i": lambda when: f"{when:%M}",
    "k": lambda when: str(when.hour),
    "l": lambda when: str((when.hour - 1) % 12 + 1),
    "M": lambda when: f"{when:%B}",
    "r": lambda when: f"{when:%I:%M:%S %p}",
    "s": lambda when: f"{when:%S}",
    "T": lambda when: f"{when:%H:%M:%S}",
    "U": lambda when: f"{_week(when, 0):02d}",
    "u": lambda when: f"{_week(when, 1):02d}",
    "V": lambda when: f"{_week(when, 2):02d}",
    "v": lambda when: f"{_week(when, 3):02d}",
    "W": lambda when: f"{when:%A}",
    "X": lambda when: str(_year_week(when, 2)[0]),
    "x": lambda when: str(_year_week(when, 3)[0]),
    **_codes("YymdHISpfabjw"),
}
_C_CODES: Mapping[str, Callable[[datetime], str]] = {
    "f": lambda when: f"{when.second + when.microsecond / 1e6:06.3f}",
    "s": lambda when: str(int((when - EPOCH).total_seconds())),
    "J": lambda when: repr((when - EPOCH).total_seconds() / 86400 + 2440587.5),
    "v": lambda when: f"{when:%V}",
    **_codes("YymdHIMSpaAbBjwWUVGTu"),
}


def _filled(layout: str, when: datetime, codes: Mapping[str, Callable[[datetime], str]]) -> str:
    def fill(found: re.Match[str]) -> str:
        write = codes.get(found[1])
        return found[1] if write is None else write(when)

    return _FORMAT.sub(fill, layout)


def _date_format(when: datetime, layout: Any) -> str:
    return _filled(text(layout), when, _MYSQL_CODES)


def _strftime(layout: Any, value: Any) -> str | None:
    """SQLite's own of two arguments, with ISO weeks and names of days besides."""
    when = _moment(value)
    return None if when is None else _filled(text(layout), when, _C_CODES)


def _datediff(one: datetime, other: Any) -> int | None:
    before = _moment(other)
    return None if before is None else (one.date() - before.date()).days


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


_PARTS: Mapping[str, Callable[[datetime], Any]] = {
    "year": lambda when: when.year,
    "quarter": lambda when: (when.month + 2) // 3,
    "month": lambda when: when.month,
    "day": lambda when: when.day,
    "dayofmonth": lambda when: when.day,
    "hour": lambda when: when.hour,
    "minute": lambda when: when.minute,
    "second": lambda when: when.second,
    "weekday": lambda when: when.weekday(),
    "dayofweek": lambda when: (when.weekday() + 1) % 7 + 1,
    "day_of_week": lambda when: (when.weekday() + 1) % 7 + 1,
    "dayofyear": lambda when: when.timetuple().tm_yday,
    "day_of_year": lambda when: when.timetuple().tm_yday,
    "dayname": lambda when: f"{when:%A}",
    "monthname": lambda when: f"{when:%B}",
    "weekofyear": lambda when: _week(when, 3),
    "week_of_year": lambda when: _week(when, 3),
    "week": _week,
    "yearweek": _yearweek,
    "last_day": _last_day,
    "unix_timestamp": _unix_timestamp,
    "timestamp": written,
}
SCALARS: Mapping[tuple[str, int], Callable[..., Any]] = {
    **{(name, 1): _dated(function) for name, function in _PARTS.items()},
    ("week", 2): _dated(_week),
    ("yearweek", 2): _dated(_yearweek),
    ("date_format", 2): _dated(_date_format),
    ("datediff", 2): _dated(_datediff),
    ("strftime", 2): null_in_null_out(_strftime),
    ("from_unixtime", 1): null_in_null_out(_from_unixtime),
    ("from_unixtime", 2): null_in_null_out(_from_unixtime),
    ("unix_to_time", 1): null_in_null_out(_from_unixtime),  # sqlglot's name of it for SQLite
    ("unix_to_time", 2): null_in_null_out(_from_unixtime),
    ("now", 0): _now,
    ("utc_timestamp", 0): _now,
    ("sysdate", 0): _now,
    ("curdate", 0): lambda: _now()[:10],
    ("utc_date", 0): lambda: _now()[:10],
}
