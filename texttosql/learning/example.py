"""Verified examples: questions whose SQL somebody vouched for, and which questions are like them.

Two questions are the same only when nothing that could change the answer differs: case,
punctuation and politeness may, a number, a comparison or a name may not. Whether an example still
holds is `learning.lasting`'s to say, and `learning.outgrown`'s.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from texttosql.flow import Draft

Source = Literal["thumb", "correction", "edited", "template"]
"""What taught it: 👍, a correction in the thread, SQL that was edited, a saved template."""

VERIFIED = "verified"
"""The engine of an answer that came from an example."""

_COLLEAGUE = "a colleague"
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{7,}")


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the draft that answers it, as verified by somebody.

    `scope` is the store and policy it was verified under (`configured.scope_of`): it is used
    there alone. `asked_by` and `asked_at` are the asker and the clock its SQL was written for.
    `verified_as` is the verifier's name where `verified_by` is only an id. `private_to`: it was
    learned where nobody else reads along, and is used for this asker alone. `retired` says why
    it holds no longer.
    """

    id: str
    scope: str
    store: str
    question: str
    draft: Draft
    source: Source
    verified_by: str
    verified_at: datetime
    asked_at: datetime
    asked_by: str | None = None
    verified_as: str | None = None
    turn_id: str | None = None
    place: str | None = None
    private_to: str | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    retired: str | None = None

    @property
    def sql(self) -> str:
        """The statement that was verified."""
        return self.draft.sql

    @property
    def live(self) -> bool:
        """Whether it may be used: neither withdrawn nor retired."""
        return self.withdrawn_at is None and self.retired is None

    @property
    def verifier(self) -> str:
        """Who verified it, as a reader may be told; an id means nothing to anybody."""
        return self.verified_as or called(self.verified_by)


def called(who: str) -> str:
    """Somebody's name; Slack's ids are no names."""
    return _COLLEAGUE if _SLACK_ID.fullmatch(who) else who


# -- the same question ------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\"[^\"]*\"|`[^`]*`|“[^”]*”|(?<!\w)'[^']*'(?!\w)"  # quoted: a name, as it stands
    r"|-?\d+(?:[.,]\d+)*\w*%?"
    r"|[\w@#$][\w@#$./:+-]*"
    r"|[<>=!~]=|=>|=<|[^\s\w]"
)
_QUOTES = "\"'`“”"
_MARKS = frozenset(".,;:!?()[]{}…¿¡\"'`“”‘’")
"""What may differ in the same question. Signs that compare or reckon may not."""
_LONE = frozenset("AI")
_LEADING = (
    ("please",), ("pls",), ("plz",), ("kindly",), ("hi",), ("hey",), ("hello",), ("ok",),
    ("can", "you"), ("could", "you"), ("would", "you"), ("will", "you"),
)  # fmt: skip
_TRAILING = (("please",), ("pls",), ("plz",), ("thanks",), ("thx",), ("thank", "you"))


def folded(question: str) -> tuple[str, ...]:
    """The words of a question that count, in order: the same for the same question."""
    text = unicodedata.normalize("NFKC", question).replace("’", "'")
    words = [_folded(token) for token in _TOKEN.findall(text)]
    return _without_manners([word for word in words if word and word not in _MARKS])


def same(question: str, example: Example) -> bool:
    """Whether it is this very question, whatever its case, punctuation, spaces or politeness."""
    return folded(question) == folded(example.question)


def _folded(token: str) -> str:
    """A plain word in small letters; a name keeps its own: params lr and LR are two."""
    if token[0] in _QUOTES and len(token) > 1:
        return token[1:-1].strip() or token
    word = token.rstrip(".:/+-") or token
    plain = word.isalpha() and (word[1:].islower() or word in _LONE)
    return word.lower() if plain else word


def _without_manners(words: Sequence[str]) -> tuple[str, ...]:
    """Without what opens and closes a question among people; never all of it."""
    first, end = 0, len(words)
    while first < end and (lead := _phrase(words[first:end], _LEADING, at_end=False)):
        first += lead
    while first < end and (tail := _phrase(words[first:end], _TRAILING, at_end=True)):
        end -= tail
    return tuple(words[first:end] or words)


def _phrase(words: Sequence[str], phrases: Iterable[tuple[str, ...]], *, at_end: bool) -> int:
    """How many words such a phrase takes at this end; 0 where there is none."""
    for phrase in phrases:
        found = tuple(words[-len(phrase) :] if at_end else words[: len(phrase)])
        if found == phrase:
            return len(phrase)
    return 0


# -- questions like it ------------------------------------------------------------------------

FLOOR = 60.0
"""The least likeness (of 100) that is of use: below it the two share little but their grammar."""
_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+(?:\.\d+)?|[^\W\d_]+")
_EMPTY = frozenset(
    "a an the of in on at for to by with and or is are was were be do does did have has had me us"
    " show give tell list get find what which who how there all any please that this it".split()
)


def similar(question: str, examples: Iterable[Example], limit: int) -> tuple[Example, ...]:
    """The examples most like a question, likest first; the newer of two that are as like.

    Names count by their pieces (val_accuracy is near "validation accuracy"), numbers as words.
    """
    wanted = _content(question)
    scored = [(_likeness(wanted, _content(each.question)), each) for each in examples]
    near = [(score, each) for score, each in scored if score >= FLOOR]
    near.sort(key=lambda found: (-found[0], -found[1].verified_at.timestamp(), found[1].id))
    return tuple(each for _, each in near[:limit])


def _likeness(one: str, other: str) -> float:
    """From 0 to 100. The order of words says little, words that only one of the two has much."""
    # Imported here: its 30 ms are no matter to who has nothing to compare.
    from rapidfuzz import fuzz  # noqa: PLC0415

    return 0.5 * fuzz.token_sort_ratio(one, other) + 0.5 * fuzz.token_set_ratio(one, other)


def _content(question: str) -> str:
    """The words that say something, names in their pieces."""
    pieces = [piece.lower() for word in folded(question) for piece in _PIECES.findall(word)]
    return " ".join(piece for piece in pieces if piece not in _EMPTY)
