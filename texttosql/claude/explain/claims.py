"""A sentence's numbers beside what it names: which cells, counts and pairs they may speak of.

The more a sentence names, the less its numbers may be: with rows named, a value is one of theirs;
with a column named, one of its values; with two rows named, a difference lies between the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations

from texttosql.claude.explain import around
from texttosql.claude.explain.dates import blanked, dates
from texttosql.claude.explain.facts import SHOWN, Facts, Measure
from texttosql.claude.explain.numerals import Figure, fits, read
from texttosql.claude.explain.wording import Worded

_OTHERS = re.compile(
    r"\b(?:mean|averag|median|minim|maxim|best|worst|highest|lowest|top|bottom|next|second|runner"
    r"|other|rest|than|ahead|behind|trail|while|whereas|but|compar|versus|vs|against|over|above"
    r"|below|under|from|follow|all|overall|rang|between|lead|winner|total|sum|spread|gap|fastest"
    r"|slowest|longest|shortest|outperform|beat)"
)
"""Words that bring in rows which the sentence does not name."""
_LEAD = re.compile(r"\b(?:lead|leads|led|ahead|margin|edge|edges|beats?|wins?|clear of)\b")
_NOT_NEXT = re.compile(r"\b(?:mean|average|median|worst|last|lowest|bottom|slowest|base\w*|all)\b")
_REST = re.compile(r"\b(?:others?|remaining|rest)\b")
_KINDS = re.compile(r"\b(?:different|distinct|unique|various|separate)\b")
_MISSING = re.compile(r"\b(?:no|not|without|missing|lacks?|null|none|empty|unset)\b")
_TIED = re.compile(r"\b(?:tie[sd]?|same|shares?|each|equal\w*|identical)\b")
_STATED = 4
_DAY = 86_400


@dataclass(frozen=True)
class Claims:
    """What a sentence claims, and the facts it is held against."""

    sentence: Worded
    facts: Facts

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Its numbers; those in dates and names are none."""
        return read(blanked(self.sentence.bare))

    @cached_property
    def lower(self) -> str:
        """The whole of it in lower case."""
        return self.sentence.text.lower()

    @cached_property
    def columns(self) -> tuple[Measure, ...]:
        """The columns of numbers that a number may be of: the named ones, or else any."""
        return self.spoken or self.facts.measures

    @cached_property
    def spoken(self) -> tuple[Measure, ...]:
        """The columns of numbers that it names."""
        return self.facts.spoken(self.lower)

    @cached_property
    def compared(self) -> tuple[Measure, ...]:
        """Those that a comparison may be of: the named ones, and what the question is about.

        A sentence that names a column and no row is about that column alone.
        """
        asked = self.facts.spoken(self.facts.said)
        if self.rows:
            return tuple(dict.fromkeys((*self.spoken, *asked))) if self.spoken else self.columns
        return self.spoken or asked or self.facts.measures

    @cached_property
    def named(self) -> tuple[frozenset[int], ...]:
        """For each text of the result that it names, the rows that have it."""
        return tuple(rows for _, _, rows in self._texts)

    @cached_property
    def rows(self) -> frozenset[int]:
        """All rows that it names."""
        return frozenset().union(*self.named)

    @cached_property
    def _texts(self) -> tuple[tuple[str, str, frozenset[int]], ...]:
        """Column, text and rows of every text that it names; a date names the rows about it."""
        said = set(self.sentence.named)
        found: dict[tuple[str, str], set[int]] = {}
        for column in self.facts.texts:
            for row, text in enumerate(column.values):
                if text is not None and said & {text, text[: SHOWN - 1].rstrip()}:
                    found.setdefault((column.name, text), set()).add(row)
        for dated in dates(self.sentence.bare):
            for row, day in enumerate(self.facts.buckets):
                if day is not None and dated.names(day):
                    found.setdefault(("", f"{dated.start}"), set()).add(row)
        return tuple((*key, frozenset(rows)) for key, rows in found.items())

    @property
    def bare(self) -> str:
        """Where figures have their places: the sentence without its names."""
        return self.sentence.bare

    def counts_what(self, figure: Figure) -> str | None:
        """What a number counts ("runs"), "" where that is unsaid; None where it measures."""
        return None if self.count(figure) is None else around.counted(self.bare, figure)

    def count(self, figure: Figure) -> int | None:
        """The figure as a number of rows; "4 days" are rows where each row is about a day."""
        days = figure.seconds is not None and figure.seconds >= _DAY and self.facts.buckets
        return replace(figure, seconds=None).whole if days else figure.whole

    def whole(self, *besides: Figure) -> frozenset[int]:
        """The counts that it states, but for these figures."""
        others = (figure for figure in self.figures if figure not in besides)
        return frozenset(n for figure in others if (n := self.count(figure)) is not None)

    # -- values ---------------------------------------------------------------------------

    def quotable(self, measure: Measure) -> tuple[float, ...]:
        """Cells of the rows it names, or any; what stands out, where it speaks of others."""
        cells = self.cells(measure)
        if len(self.named) > 1 and measure.is_whole:
            cells = (*cells, sum(cells))
        if self.rows and not _OTHERS.search(self.lower):
            total = measure.statistics.get("sum")
            return cells if total is None or measure not in self.spoken else (*cells, total)
        return (*cells, *measure.ends, *measure.statistics.values())

    def cells(self, measure: Measure) -> tuple[float, ...]:
        """The values of the rows that it names, or of all."""
        if not self.rows:
            return measure.known
        return tuple(v for i in self.rows if (v := measure.values[i]) is not None)

    def pairs(self, measure: Measure) -> Iterator[tuple[float, float]]:
        """Two values whose difference or ratio is worth a word, both ways round.

        Never any two cells: among many, some two differ by any number.
        """
        known = self.cells(measure) if self.rows else ()
        named = dict.fromkeys((*known, *self._stated(measure)))
        centre = self._centre(measure)
        if len(self.named) > 1:
            yield from permutations(dict.fromkeys((*named, *centre)), 2)
            return
        ends = measure.ends if named else measure.extremes
        if _LEAD.search(self.lower) and not _NOT_NEXT.search(self.lower):
            yield from (pair for two in measure.leading for pair in permutations(two, 2))
            ends = ()
        others = dict.fromkeys((*named, *ends, *centre))
        for a, b in permutations(others, 2):
            if not self.rows or a in named or b in named:
                yield a, b

    def across(self) -> Iterator[tuple[Measure, float, float]]:
        """Values of two columns that it speaks of in a row that it names: a run's two scores."""
        plain = [one for one in self.compared if not one.time and not one.identity]
        for one, other in permutations(plain, 2) if self.spoken else ():
            for row in self.rows if one in self.spoken or other in self.spoken else ():
                a, b = one.values[row], other.values[row]
                if a is not None and b is not None:
                    yield one, a, b

    def _centre(self, measure: Measure) -> tuple[float, ...]:
        """The mean and the median, where the sentence speaks of them."""
        spoken = (("mean", r"\b(?:mean|averag|typical)"), ("median", r"\b(?:median|typical)"))
        named = (name for name, word in spoken if re.search(word, self.lower))
        return tuple(measure.statistics[name] for name in named if measure.known)

    def _stated(self, measure: Measure) -> tuple[float, ...]:
        """Values of the column as the sentence rounds them: a reader subtracts what is written."""
        values = self.quotable(measure)
        plain = (figure for figure in self.figures if figure.sort == "plain" and figure.step < 1)
        found = (f.value for f in plain if any(fits(value, f) for value in values))
        return tuple(dict.fromkeys(found))[:_STATED]

    # -- counts ---------------------------------------------------------------------------

    def counts(self) -> Iterator[int]:
        """How many rows there are, have named texts (each, and all of them), or are left."""
        yield self.facts.rows
        yield from map(len, self.named)
        if len(self.named) > 1:
            yield from (len(self.named), len(self.rows), len(self._together()))
        if self.rows and _REST.search(self.lower):
            yield self.facts.rows - len(self.rows)
        yield from self._tied()
        if _MISSING.search(self.lower):
            yield from (measure.nulls for measure in self.columns)
            yield from (self.facts.rows - column.counts.total() for column in self.facts.texts)

    def _together(self) -> frozenset[int]:
        """Rows that have a named text in every column that has one: kim's failed runs."""
        by_column: dict[str, frozenset[int]] = {}
        for column, _, rows in self._texts:
            by_column[column] = by_column.get(column, frozenset()) | rows
        return frozenset.intersection(*by_column.values())

    def _tied(self) -> Iterator[int]:
        """How many rows share a value that it states: "four runs are tied at 0.975"."""
        tied = bool(_TIED.search(self.lower))
        stated = [f for f in self.figures if f.sort == "plain" and (f.step < 1 or tied)]
        for measure in self.columns:
            for figure in stated:
                factor = scale(measure, figure)
                same = sum(fits(value, figure, factor) for value in measure.known)
                yield from (same,) if same else ()

    def may_count(self, measure: Measure, figure: Figure) -> bool:
        """Whether a column's values can be how many of something a number tells.

        Of nothing that stands in another column: "7 experiments" are no cell of `runs`.
        """
        noun = self.counts_what(figure)
        foreign = any(is_about(column.name, noun or "") for column in self.facts.texts)
        return noun is None or (measure.is_whole and not foreign)

    def kinds(self, noun: str) -> Iterator[int]:
        """How many different texts the column has that a noun is about: "3 users"."""
        for column in self.facts.texts:
            if is_about(column.name, noun) or _KINDS.search(self.lower):
                yield len(column.counts)


def is_about(column: str, noun: str) -> bool:
    """Whether a noun names what is in a column: "users" what is in `user_id`."""
    stem = column.lower().removesuffix("_id").removesuffix("_name")
    return bool(noun) and noun.removesuffix("s") == stem.removesuffix("s")


def scale(measure: Measure, figure: Figure) -> float:
    """What turns a value of the column into one in the figure's unit."""
    if figure.seconds is not None and measure.time:
        return 0.001 / figure.seconds
    if figure.seconds is not None and measure.seconds is not None:
        return measure.seconds / figure.seconds
    in_percent = figure.sort in {"percent", "points"} and not measure.percent
    return 100.0 if in_percent and measure.is_share else 1.0
