"""Every number of a sentence, however it is written: digits, words, units, dates.

Reading is generous, so that nothing slips by unread: "1,204", "0.934", "93.4 %", "3×", "twice",
"a third", "2e-5", "3 min 20 s", "12th". What a number has to agree with is decided elsewhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Sort = Literal["plain", "percent", "points", "times", "ordinal", "fraction"]
"""`points` are differences of percentages; `fraction` is a share in words ("a third")."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `step` is what its last digit counts; `seconds` the length of its unit.

    `before` is the text up to it, in lower case; `start` and `end` are its place. `floored`: what
    is below the smaller of two units was left off, as format.duration() does.
    """

    value: float
    step: float
    sort: Sort
    start: int
    end: int
    before: str
    seconds: float | None = None
    floored: bool = False

    @property
    def whole(self) -> int | None:
        """Its value as a count, where it can be one."""
        plain = self.sort == "plain" and self.seconds is None and self.step >= 1
        return int(self.value) if plain and 0 <= self.value < _MOST_ROWS else None

    @property
    def grain(self) -> float:
        """What a rounder of this number rounds to: 100 for 1,200, 0.01 for 0.93, a half of 2×."""
        if self.step == 0 or self.sort == "times":
            return abs(self.value) / 2
        digits = f"{abs(self.value):.0f}" if self.step >= 1 else ""
        return self.step * float(10 ** (len(digits) - len(digits.rstrip("0"))))

    @property
    def about(self) -> bool:
        """Whether it says itself that it is not exact."""
        return bool(_ABOUT.search(self.before))


_MOST_ROWS = 1e9
_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|nearly|almost|approximately|some|close to|just (?:over|under))"
    r"|[~≈])\s*(?:a |an |the )?$"
)
_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>(?<![\w.)\]%])[-−+])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<power>[eE][-+−]?\d+|\s?[×x·]\s?10(?:\^[-−]?|[-−])\d+)?"
)
_AFTER = re.compile(
    r"(?P<points>\s?(?:percentage points?|percent points?|pp\b|points?\b))"
    r"|(?P<percent>\s?%|[\s-]?per ?cent\b)"
    r"|(?P<times>\s?×|x\b|[\s-]times\b|-?fold\b)"
    r"|(?P<ordinal>(?:st|nd|rd|th)\b)"
    r"|(?P<size>\s?(?:k|K|M|bn|thousand|million|billion)\b)"
    r"|(?P<unit>[\s-]?(?:ms|milliseconds?|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|d|days?"
    r"|weeks?)\b)"
)
_SIZES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_UNITS = (
    ("ms", 0.001), ("millisecond", 0.001), ("sec", 1.0), ("s", 1.0), ("min", 60.0),
    ("h", 3600.0), ("d", 86400.0), ("w", 604800.0),
)  # fmt: skip

_COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_TENS = dict(
    zip("thirty forty fifty sixty seventy eighty ninety".split(), range(30, 100, 10), strict=True)
)
_WORDS = {word: n for n, word in enumerate(_COUNTED)} | _TENS | {"dozen": 12}
_VAGUE = "hundred hundreds thousands millions billions dozens".split()
_ORDINALS = {
    word: n
    for n, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth".split(), start=2
    )
}
_MULTIPLES = {
    "twice": 2, "thrice": 3, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "triple": 3,
    "triples": 3, "tripled": 3, "tripling": 3, "quadruple": 4, "quadrupled": 4,
}  # fmt: skip
_PARTS = {"half": 2, "halves": 2, "halved": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_FRACTION = re.compile(
    r"\b(?:(?P<many>a|an|one|two|three|four)[\s-])?(?P<part>hal(?:f|ves|ved)|thirds?|quarters?"
    r"|fifths?|tenths?)\b"
)
_WORD = re.compile(r"[a-z]+")
_NO_NUMBER = re.compile(r"\b(?:no|the|this|that|any|each|every|which|only|another)\s$")
_PRONOUN = re.compile(r"^(?:\s(?:of|another|that|which|with|is|has|by)\b|['’]s|s\b|[.,;]?$)")
ROUGHLY = 0.05
"""How far a multiple or a share in words may be off, in parts of itself."""


def read(sentence: str) -> tuple[Figure, ...]:
    """The numbers of a sentence in order."""
    lower = sentence.lower()
    digits = [_figure(found, sentence) for found in _NUMBER.finditer(sentence)]
    taken = [range(figure.start, figure.end) for figure in digits]
    words = [f for f in _in_words(lower) if not any(f.start in span for span in taken)]
    ordered = sorted((*digits, *words), key=lambda figure: figure.start)
    return tuple(_joined(ordered, sentence))


def _figure(found: re.Match[str], sentence: str) -> Figure:
    digits = found["digits"].replace(",", "")
    power = _power(found["power"])
    # As texts, because a power of 1000 is infinity there and an error in arithmetic.
    value = float(f"{digits}e{power}")
    step = float(f"1e{power - len(digits.partition('.')[2])}")
    sign = -1 if (found["sign"] or "+") in "-−" else 1
    before = sentence[: found.start()].lower()
    plain = Figure(sign * value, step, "plain", found.start(), found.end(), before)
    after = _AFTER.match(sentence, found.end())
    return _qualified(plain, after) if after else plain


def _power(text: str | None) -> int:
    if not text:
        return 0
    if text[0] in "eE":
        return int(text[1:].replace("−", "-"))
    return int(text.split("10", 1)[1].lstrip("^").replace("−", "-"))


def _qualified(figure: Figure, after: re.Match[str]) -> Figure:
    """The figure with what is said right behind it."""
    sort, word = str(after.lastgroup), after[0].strip().lower().lstrip("-")
    figure = replace(figure, end=after.end())
    if sort == "size":
        size = _SIZES[word]
        return replace(figure, value=figure.value * size, step=figure.step * size)
    if sort == "unit":
        return replace(figure, seconds=_seconds(word))
    kinds: dict[str, Sort] = {"points": "points", "percent": "percent", "times": "times"}
    return replace(figure, sort=kinds.get(sort, "ordinal"))


def _seconds(unit: str) -> float:
    return next(size for start, size in _UNITS if unit.startswith(start))


def _in_words(lower: str) -> Iterable[Figure]:
    """Numbers that are words; the one in "the one that …" is none."""
    parts = [_fraction(found, lower) for found in _FRACTION.finditer(lower)]
    fractions = [part for part in parts if part]
    yield from fractions
    for found in _WORD.finditer(lower):
        if any(part.start <= found.start() < part.end for part in fractions):
            continue
        made = _word(found, lower)
        if made is not None:
            yield made


def _fraction(found: re.Match[str], lower: str) -> Figure | None:
    """A share: "a third"; "the third run" is a place."""
    part = found["part"]
    whole = _PARTS.get(part) or _PARTS[part.removesuffix("s")]
    if found["many"] is None and whole not in {2, 4}:
        return None
    many = {"two": 2, "three": 3, "four": 4}.get(found["many"] or "", 1)
    before = lower[: found.start()]
    return Figure(many / whole, 0, "fraction", found.start(), found.end(), before)


def _word(found: re.Match[str], lower: str) -> Figure | None:
    word, before, after = found[0], lower[: found.start()], lower[found.end() :]
    place = (found.start(), found.end(), before)
    if word in _MULTIPLES:
        return Figure(_MULTIPLES[word], 0, "times", *place)
    if word in _ORDINALS and not re.search(r"\b(?:a|per|each|every)\s$", before):
        return Figure(_ORDINALS[word], 1, "ordinal", *place)
    if word in _VAGUE:
        return Figure(float("nan"), 0, "plain", *place)
    if word not in _WORDS or (word == "one" and _is_pronoun(before, after)):
        return None
    plain = Figure(_WORDS[word], 1, "plain", *place)
    behind = _AFTER.match(lower, found.end())
    return _qualified(plain, behind) if behind and behind[0][0] in " -" else plain


def _is_pronoun(before: str, after: str) -> bool:
    return bool(_NO_NUMBER.search(before) or _PRONOUN.match(after))


def _joined(figures: Iterable[Figure], sentence: str) -> Iterable[Figure]:
    """What belongs together as one: "3 min 20 s"."""
    last: Figure | None = None
    for figure in figures:
        if last is not None and _continues(last, figure, sentence):
            last = _sum(last, figure)
            continue
        if last is not None:
            yield last
        last = figure
    if last is not None:
        yield last


def _continues(last: Figure, figure: Figure, sentence: str) -> bool:
    if last.seconds is None or figure.seconds is None or figure.seconds >= last.seconds:
        return False
    return bool(re.fullmatch(r"\s(?:and\s)?", sentence[last.end : figure.start]))


def _sum(big: Figure, small: Figure) -> Figure:
    seconds = small.seconds or 1.0
    value = big.value * (big.seconds or 1.0) / seconds + small.value
    return replace(big, value=value, step=small.step, floored=True, seconds=seconds, end=small.end)


def fits(value: float, figure: Figure, scale: float = 1.0) -> bool:
    """Whether a value, times `scale`, reads like the figure at the figure's own precision."""
    if not math.isfinite(figure.value):
        return False
    off, sliver = value * scale - figure.value, 1e-9 * max(abs(figure.value), 1e-12)
    return abs(off) <= _tolerance(figure) + sliver or (figure.floored and 0 <= off < figure.step)


def _tolerance(figure: Figure) -> float:
    """Half of the last digit; a small whole number is exact, "about" a little more."""
    size = abs(figure.value)
    if figure.step == 0:
        return ROUGHLY * size * (2 if figure.about else 1)
    half = (figure.step if figure.step < 1 else min(figure.step, size)) / 2
    if figure.step >= 1:
        round_number = figure.about and size >= 10 and size % 10 == 0
        exact = size < 10 and not figure.about and figure.step == 1
        exact = exact and (figure.seconds is None or size < 2)
        return 0.0 if exact else max(half, 0.03 * size) if round_number else half
    return min(figure.step, max(half, ROUGHLY * size)) if figure.about else half
