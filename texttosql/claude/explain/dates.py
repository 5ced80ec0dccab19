"""Dates and times of day in a sentence, held against the days of a result."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?: (?P<year>\d{4}))?"
_CLOCK = r"(?P<clock>\d{1,2}:\d\d)(?::\d\d)?"
_AT = rf"(?:(?:,| at) {_CLOCK})?"
_FORMS = tuple(
    re.compile(rf"(?<![\w.]){form}(?![\w])", re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})-(?P<number>\d\d)(?:-(?P<day>\d\d))?(?:(?:[T ]|,? at ){_CLOCK})?",
        rf"{_MONTH}\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?{_AT}",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>\d{{4}}))?{_AT}",
        # the 2 in "between 2 and 19 November"
        rf"(?P<day>\d{{1,2}})(?=(?: (?:and|to|or) |, |[–-])\d{{1,2}} {_MONTH}{_YEAR})",
        rf"{_MONTH}\.? (?P<year>\d{{4}})",
        _CLOCK,
    )
)


BLANK = "\0"
"""Stands for a character that was read already. No clean text has it."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date or time as it was written. Parts that were not written are None."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    clock: str | None

    def is_of(self, days: Collection[date], times: Collection[tuple[date, str]]) -> bool:
        """Whether one of these days is meant, or of these times ("17:28" of a day)."""
        if self.clock is None:
            return any(self.names(day) for day in days)
        return any(self.names(day) and clock == self.clock for day, clock in times)

    def names(self, day: date) -> bool:
        """Whether it may be this day, by the parts that were written."""
        pairs = ((self.year, day.year), (self.month, day.month), (self.day, day.day))
        return all(written in {None, real} for written, real in pairs)


def dates(sentence: str) -> Iterator[Dated]:
    """The dates of a sentence; a later form never reads what an earlier one has."""
    taken: list[range] = []
    for form in _FORMS:
        for found in form.finditer(sentence):
            if not any(found.start() in span for span in taken):
                taken.append(range(found.start(), found.end()))
                yield _dated(found)


def blanked(sentence: str) -> str:
    """The sentence with its dates taken out; all else keeps its place."""
    for found in dates(sentence):
        gap = BLANK * (found.end - found.start)
        sentence = f"{sentence[: found.start]}{gap}{sentence[found.end :]}"
    return sentence


def _dated(found: re.Match[str]) -> Dated:
    parts = found.groupdict()
    name = (parts.get("month") or "").lower()[:3]
    month = _MONTHS.index(name) + 1 if name else int(parts.get("number") or 0) or None
    year, day = (int(text) if (text := parts.get(key)) else None for key in ("year", "day"))
    clock = parts.get("clock")
    return Dated(found.start(), found.end(), year, month, day, clock and clock.zfill(5))
