"""Calendar units on the team's wall clock: where one starts, how long it is, what it is called."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from texttosql.offline.lexicon import NUMBERS

Span = tuple[datetime | None, datetime | None]
"""[start, end) of a period; None where it is open."""

_UNIT_WORDS = {
    "minute": "minutes?|mins?", "hour": "hours?|hrs?|h", "day": "days?|d", "week": "weeks?|wks?|w",
    "month": "months?|mos?|mths?", "quarter": "quarters?|qtrs?", "year": "years?|yrs?|y",
}  # fmt: skip
UNIT = "|".join(_UNIT_WORDS.values())
COUNT = rf"\d+(?:\.0)?|{'|'.join(NUMBERS)}|an?|few|a few|a couple of|a couple|couple of|several"


def floor(moment: datetime, name: str) -> datetime:
    """When the unit that a moment lies in began."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if name == "minute":
        return moment.replace(second=0, microsecond=0)
    if name == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    if name == "week":
        return day - timedelta(days=day.weekday())
    if name == "month":
        return day.replace(day=1)
    if name == "quarter":
        return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    return day.replace(month=1, day=1) if name == "year" else day


def step(name: str, many: int) -> relativedelta:
    """That many units, as a distance."""
    if name == "quarter":
        return relativedelta(months=3 * many)
    return relativedelta(**{f"{name}s": many})  # type: ignore[arg-type]  # names of its own


def unit(word: str) -> str:
    """The unit a word such as "wks" names."""
    for name, forms in _UNIT_WORDS.items():
        if re.fullmatch(forms, word):
            return name
    raise KeyError(word)


def count(word: str) -> int:
    """How many "a couple of", "ten" or "7" are."""
    word = word.strip()
    if word in {"a", "an"}:
        return 1
    if "couple" in word:
        return 2
    if word in {"few", "a few", "several"}:
        return 3
    return NUMBERS[word] if word in NUMBERS else int(float(word))


def calendar(now: datetime, name: str, back: int) -> Span:
    """The whole unit that lies so many before the present one."""
    start = floor(now, name) - step(name, back)
    return start, start + step(name, 1)


def rolling(now: datetime, name: str, many: int) -> Span:
    """From that many units before now on."""
    return now - step(name, many), None
