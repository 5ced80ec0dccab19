"""What a result says of itself: its names, its columns of numbers and their statistics, its days.

One pass over all rows; sentences are then held against this, and the model is shown a part of it.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from texttosql.claude.explain.dates import Dated, blanked, dates
from texttosql.claude.explain.numerals import Figure, read
from texttosql.flow import Answer, Cell, Column
from texttosql.format import DATES, TIMES, clean, day_of, formatter, is_identity
from texttosql.shape import as_number

SHOWN = 60
"""Characters of a cell that the model sees."""
HASH = re.compile(r"[0-9a-f]{32}")
SHORT_HASH = 8

_UNIT = re.compile(r"(?:^|_)(ms|s|sec|secs|seconds|min|minutes|h|hours)$")
_DURATION = re.compile(rf"(?:^|_)duration{_UNIT.pattern}")
_SECONDS = {"ms": 0.001, "s": 1.0, "sec": 1.0, "secs": 1.0, "seconds": 1.0, "min": 60.0}
_SUMMARY = re.compile(r"(?:^|[ _(])(?:mean|avg|average|median)(?:$|[ _)(])")
_SUMMARISING = re.compile(
    r"^(?:mean|avg|average|median|max|min|best|worst|highest|lowest|total|sum|std)[ _(]"
)
_SHARES = 1.5
"""An R² may leave 0 to 1 a little, a change of a share also; 93.4 is in per cent already."""
_PERCENT = re.compile(r"(?:^|[ _])(?:percent|percentage|pct)(?:$|[ _])")
_MEANINGLESS = frozenset({"avg", "average", "mean", "max", "min", "best", "the", "and", "of"})


@dataclass(frozen=True)
class Measure:
    """A column of numbers. `values` are by row, None where there is none.

    `seconds` is its unit's length where its name tells a duration. `time`: moments in epoch
    milliseconds, of which only distances are numbers to speak of.
    """

    name: str
    values: tuple[float | None, ...]
    seconds: float | None = None
    percent: bool = False
    time: bool = False
    identity: bool = False

    @cached_property
    def known(self) -> tuple[float, ...]:
        """The values there are, in rising order."""
        return tuple(sorted(value for value in self.values if value is not None))

    @property
    def nulls(self) -> int:
        """Rows without a value."""
        return len(self.values) - len(self.known)

    @cached_property
    def statistics(self) -> Mapping[str, float]:
        """min, max, mean, median of the values there are; the sum of whole numbers."""
        if not self.known:
            return {}
        found = {
            "min": self.known[0],
            "max": self.known[-1],
            "mean": statistics.fmean(self.known),
            "median": statistics.median(self.known),
        }
        return found | ({"sum": sum(self.known)} if self.is_whole else {})

    @cached_property
    def ends(self) -> tuple[float, ...]:
        """What stands out: the first, second and last row's value, the two best and worst."""
        placed = [self.values[i] for i in (0, 1, -1) if -len(self.values) <= i < len(self.values)]
        found = (*placed, *self.known[:2], *self.known[-2:])
        return tuple(dict.fromkeys(value for value in found if value is not None))

    @cached_property
    def extremes(self) -> tuple[float, ...]:
        """The first and the last row's value, the least and the greatest."""
        placed = (self.values[0], self.values[-1]) if self.values else ()
        found = (*placed, *self.known[:1], *self.known[-1:])
        return tuple(dict.fromkeys(value for value in found if value is not None))

    @cached_property
    def leading(self) -> tuple[tuple[float, ...], ...]:
        """The pairs of which one leads: the first two rows', the two greatest, the two least."""
        first = tuple(value for value in self.values[:2] if value is not None)
        return tuple(two for two in (first, self.known[-2:], self.known[:2]) if len(two) == 2)

    @cached_property
    def is_whole(self) -> bool:
        """Whether it counts: all its values are whole numbers."""
        return all(value.is_integer() for value in self.known)

    @property
    def is_share(self) -> bool:
        """Whether its values may be read in per cent: all lie about between 0 and 1."""
        return bool(self.known) and max(abs(self.known[0]), abs(self.known[-1])) <= _SHARES

    @property
    def is_amount(self) -> bool:
        """Whether its values add up to something: no names, moments, shares, nothing below 0."""
        thing = self.identity or self.time or self.is_share or self.percent
        return not thing and bool(self.known) and self.known[0] >= 0 and self.known[-1] > 0


@dataclass(frozen=True)
class Texts:
    """A column of texts, by row, as the reader sees them in lower case."""

    name: str
    values: tuple[str | None, ...]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each text is there."""
        return Counter(value for value in self.values if value is not None)


@dataclass(frozen=True)
class Facts:
    """All that a sentence may lean on. `asked` are the figures of the question and the title.

    `names` are whatever may be named, in lower case, the longest first; `words` their parts.
    `times` are moments to the minute; `buckets` the day, week or month that each row is about.
    """

    rows: int
    measures: tuple[Measure, ...]
    texts: tuple[Texts, ...]
    names: tuple[str, ...]
    words: frozenset[str]
    asked: tuple[Figure, ...]
    days: frozenset[date]
    times: frozenset[tuple[date, str]]
    buckets: tuple[date | None, ...]
    said: str

    @cached_property
    def summarised(self) -> bool:
        """Whether cells are means themselves: then a mean in a sentence may be a cell."""
        return any(_SUMMARY.search(each.name.lower()) for each in self.measures)

    def spoken(self, sentence: str) -> tuple[Measure, ...]:
        """The measures that a sentence names, whole or by a word that is theirs alone."""
        return tuple(
            each for each in self.measures if any(_has(sentence, w) for w in self._calls[each.name])
        )

    @cached_property
    def _calls(self) -> Mapping[str, frozenset[str]]:
        parts = {each.name: _parts(each.name) for each in self.measures}
        times = Counter(word for words in parts.values() for word in words)
        return {
            name: frozenset(
                {name.lower(), _base(name), *(word for word in words if times[word] == 1)}
            )
            for name, words in parts.items()
        }


def _has(sentence: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sentence) is not None


def _base(name: str) -> str:
    """What a column summarises: "mean val_accuracy" is about val_accuracy."""
    return _SUMMARISING.sub("", name.lower()).rstrip(")")


def _parts(name: str) -> frozenset[str]:
    words = re.findall(r"[a-z0-9]+", name.lower())
    return frozenset(word for word in words if len(word) > 2) - _MEANINGLESS


def gather(question: str, answer: Answer, zone: ZoneInfo) -> Facts:
    """The facts of an answer, over all of its rows."""
    table, said = answer.table, f"{question}\n{answer.title}"
    columns = [(column, [row[i] for row in table.rows]) for i, column in enumerate(table.columns)]
    texts = tuple(_texts(column, values) for column, values in columns if column.kind == "text")
    names = {name for each in texts for name in each.counts}
    names |= {clean(column.name).lower() for column, _ in columns}
    names |= {shown for column, values in columns for shown in _shown(column, values, zone)}
    return Facts(
        rows=len(table.rows),
        measures=tuple(m for column, values in columns if (m := _measure(column, values))),
        texts=texts,
        names=tuple(sorted(_spellings(names), key=lambda name: (-len(name), name))),
        words=frozenset(_words((*names, said.lower()))),
        asked=read(blanked(clean(said))),
        times=frozenset(_times(columns, zone)),
        buckets=_buckets(columns, zone),
        days=frozenset((*_days(columns, zone), *(d for d in map(_first, dates(said)) if d))),
        said=clean(said).lower(),
    )


def _texts(column: Column, values: Sequence[Cell]) -> Texts:
    read = [None if value is None else clean(str(value)).strip().lower() for value in values]
    return Texts(column.name, tuple(value or None for value in read))


def _measure(column: Column, values: Sequence[Cell]) -> Measure | None:
    """Params are text in MLflow; a column of texts that are all numbers measures something."""
    if column.kind in DATES:
        return None
    numbers = tuple(as_number(value) for value in values)
    filled = [value for value in values if value is not None]
    if column.kind == "text" and (not filled or None in map(as_number, filled)):
        return None
    name = column.name.lower()
    unit = _UNIT.search(name)
    return Measure(
        column.name, numbers, _SECONDS.get(unit[1], 3600.0) if unit else None,
        bool(_PERCENT.search(name)), column.kind == "time", is_identity(column.name),
    )  # fmt: skip


def is_duration(name: str) -> bool:
    """Whether the cells of a column are written out as durations: "3 min 20 s"."""
    return bool(_DURATION.search(name.lower()))


def _shown(column: Column, values: Sequence[Cell], zone: ZoneInfo) -> Iterator[str]:
    """Times as the reader sees them: "2026-05-04 13:20"."""
    if column.kind in TIMES:
        write = formatter(column, values, zone)
        yield from {write(value).lower() for value in values if value is not None}


def _spellings(names: set[str]) -> set[str]:
    """Each name as it is, and as the model sees it: cut, or the first 8 digits of a run's id."""
    cut = {name[: SHOWN - 1].rstrip() for name in names if len(name) > SHOWN}
    short = {name[:SHORT_HASH] for name in names if HASH.fullmatch(name)}
    return {name for name in names | cut | short if len(name) > 1}


def _words(names: Sequence[str]) -> Iterator[str]:
    """Parts of names: "val_f1_macro" may be spoken of as F1."""
    for name in names:
        yield from re.split(r"[\s_/.:=,;()\[\]{}-]+", name)
        yield from name.split()


def _first(written: Dated) -> date | None:
    """The day of a date in the question, the first of a month that it names."""
    try:
        return date(written.year or 0, written.month or 0, written.day or 1)
    except ValueError:
        return None


def _days(columns: Sequence[tuple[Column, Sequence[Cell]]], zone: ZoneInfo) -> Iterator[date]:
    for column, values in columns:
        if column.kind in TIMES:
            yield from (day for value in values if (day := day_of(value, zone)))


def _times(
    columns: Sequence[tuple[Column, Sequence[Cell]]], zone: ZoneInfo
) -> Iterator[tuple[date, str]]:
    for column, values in columns:
        if column.kind == "time":
            write = formatter(column, values, zone)
            for value in values:
                day = day_of(value, zone)
                if day is not None:
                    yield day, write(value)[-5:]


def _buckets(
    columns: Sequence[tuple[Column, Sequence[Cell]]], zone: ZoneInfo
) -> tuple[date | None, ...]:
    dated = (values for column, values in columns if column.kind in DATES)
    return tuple(day_of(value, zone) for value in next(dated, ()))
