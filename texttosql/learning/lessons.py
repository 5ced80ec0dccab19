"""What teaches: a thumb, a correction, edited SQL, a saved template; and what takes it back.

Only what somebody vouched for is learned, and only under words that ask for it by themselves: a
follow-up ("only mine") means nothing without its thread, so it teaches nothing but a correction
of the question it follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from texttosql.cost import FREE
from texttosql.errors import TemplateError
from texttosql.flow import Draft, Turn
from texttosql.learning.example import VERIFIED, Example, Source, folded
from texttosql.minds import AGREED, DOUBTED, INSTEAD
from texttosql.picking import picked
from texttosql.ports import Examples, Journal
from texttosql.templates import fill

_DEEPEST = 10
"""Corrections of corrections that are followed to the question they are about."""
_PASSING = (INSTEAD, AGREED, DOUBTED)
"""How assumptions begin that tell how one answer came about, not what it means."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who vouches for an answer: an id, and a name for readers where that is none.

    `alone`: where nobody else reads along; what is learned there is for its asker alone.
    """

    id: str
    name: str | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words that ask for a turn's answer by themselves, whose they were, and by which turn."""

    words: str
    turn: Turn
    source: Source | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class Lessons:
    """`scopes` are those of the stores by name (`configured.scope_of`). Raises JournalError."""

    def __init__(
        self,
        journal: Journal,
        examples: Examples,
        scopes: Mapping[str, str],
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._journal, self._examples = journal, examples
        self._scopes, self._now = scopes, now

    def praised(self, turn_id: str, by: Teacher) -> Example | None:
        """What a 👍 on a turn's answer teaches; None when that is nothing new."""
        return self._learn(turn_id, "thumb", by)

    def edited(self, turn_id: str, by: Teacher) -> Example | None:
        """What SQL teaches that somebody edited and ran: the question it was edited under."""
        return None if self.in_doubt(turn_id) else self._learn(turn_id, "edited", by)

    def in_doubt(self, turn_id: str) -> str | None:
        """The question edited SQL may not be meant for: its answer had other columns.

        People look at something else this way as well; who edited it has to say (`adopted`).
        """
        turn = self._journal.turn(turn_id)
        before = self._before(turn) if turn else None
        if turn is None or before is None or before.outcome != "rows":
            return None
        return self._words(turn) if set(turn.columns) != set(before.columns) else None

    def adopted(self, turn_id: str, by: Teacher) -> Example | None:
        """What edited SQL teaches whose editor says that it answers the question."""
        return self._learn(turn_id, "edited", by)

    def kept(self, turn_id: str, text: str, by: Teacher) -> Example | None:
        """What a template teaches that was made from a turn's answer.

        Nothing where it asks something else when nothing is filled in: the answer is not to that.
        """
        turn = self._journal.turn(turn_id)
        words = self._words(turn) if turn else None
        if words is None or _filled(text) != folded(words):
            return None
        return self._learn(turn_id, "template", by)

    def doubted(self, turn_id: str, by: str) -> tuple[Example, ...]:
        """Take back what a turn that got a 👎 taught, or was answered from; what it was."""
        doubtful = list(self._examples.taught_by(turn_id))
        turn = self._journal.turn(turn_id)
        if turn is not None and turn.draft is not None and turn.draft.engine == VERIFIED:
            used = self._examples.asked(self._scope(turn), turn.question, turn.asked_by)
            doubtful += [used] if used and used.sql == turn.draft.sql else []
        return tuple(each for each in doubtful if self.withdraw(each.id, by))

    def withdraw(self, example_id: str, by: str) -> bool:
        """Use an example no longer; False when there is none, or it is not in use."""
        return self._examples.withdraw(example_id, by, self._now())

    def _words(self, turn: Turn) -> str | None:
        """The question that a turn's answer can teach; None when it can teach nothing."""
        asked = self._asked(turn) if _answered(turn) else None
        return asked.words if asked else None

    def _learn(self, turn_id: str, source: Source, by: Teacher) -> Example | None:
        turn = self._journal.turn(turn_id)
        if turn is None or turn.draft is None or not _answered(turn):
            return None
        asked = self._asked(turn)
        if asked is None:
            return None
        example = Example(
            id="",
            scope=self._scope(turn),
            store=turn.store,
            question=asked.words,
            draft=_lasting(turn.draft),
            source=asked.source if source == "thumb" and asked.source else source,
            verified_by=by.id,
            verified_as=by.name,
            verified_at=self._now(),
            asked_at=turn.asked_at,
            asked_by=asked.turn.asked_by,
            turn_id=turn.id,
            place=turn.place,
            private_to=(asked.turn.asked_by or by.id) if by.alone else None,
        )
        return self._examples.learn(example)

    def _scope(self, turn: Turn) -> str:
        # A store that the settings name no longer has no scope that anybody asks in.
        return self._scopes.get(turn.store, f"{turn.store}/")

    def _asked(self, turn: Turn, depth: int = 0) -> _Asked | None:
        """What a turn's answer answers; None when its words need the thread around them."""
        if turn.follows is None:
            return _Asked(turn.question, turn)
        before = self._before(turn)
        if before is None or depth > _DEEPEST:
            return None
        chosen = picked(turn.question, (before,))
        if chosen is not None and before.follows is None:
            return _Asked(chosen.question, turn)
        source = _rewrites(turn, before)
        asked = self._asked(before, depth + 1) if source else None
        return replace(asked, source=source) if asked else None

    def _before(self, turn: Turn) -> Turn | None:
        return self._journal.turn(turn.follows) if turn.follows else None


def _filled(text: str) -> tuple[str, ...] | None:
    """What a template asks by itself; None where something has to be filled in first."""
    try:
        return folded(fill(text, {}))
    except TemplateError:
        return None


def _answered(turn: Turn) -> bool:
    """Whether there are rows to vouch for that were not known already."""
    return turn.outcome == "rows" and turn.draft is not None and turn.draft.engine != VERIFIED


def _lasting(draft: Draft) -> Draft:
    """What of a draft is true of any later answer as well."""
    told = tuple(each for each in draft.assumptions if not each.startswith(_PASSING))
    return replace(draft, assumptions=told, cost=FREE, sure=False)


def _rewrites(turn: Turn, before: Turn) -> Source | None:
    """How a turn answers anew what the turn before it asked; None when it asks for more."""
    if turn.draft is not None and turn.draft.engine == "sql" and turn.question == before.question:
        return "edited"
    if turn.asked_by == before.asked_by and corrects(turn.question):
        return "correction"
    return "correction" if _was_the_reading(turn.question, before.correction) else None


def _was_the_reading(words: str, correction: str | None) -> bool:
    """Whether somebody asked in the words that were said to be the right reading."""
    said = folded(words)
    return bool(said) and folded(correction or "")[-len(said) :] == said


_CORRECTS = re.compile(
    r"\W*(?:"
    r"(?:no|nope|nah)(?:\s*[,.;:!–—-]|\s+(?:i|we|not|that|that's|it|its|it's|this|use|using|by"
    r"|wrong|sorry|only|the other)\b)"
    r"|(?:(?:that|this|it)(?:'s|s| is| was)? )?(?:all )?(?:wrong|incorrect|not (?:quite )?"
    r"(?:right|correct|what (?:i|we)))\b"
    r"|(?:sorry|oops)\W"
    r"|(?:.*[,.;:!–—-]\s*|(?:but|well|ok|hm+)\W+)?(?:i|we) (?:meant|mean|wanted|asked for)\b"
    r"|(?:it|that|this) should (?:be|have been)\b"
    r")",
    re.IGNORECASE,
)


def corrects(words: str) -> bool:
    """Whether a reply says that the answer before it was not to what was asked.

    "no, I meant validation accuracy" does; "only finished runs" and "no chart" ask for more.
    """
    return _CORRECTS.match(words.replace("’", "'")) is not None
