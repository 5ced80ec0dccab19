"""What was verified before, as one store's engines are handed it: `minds.Memory`.

An exact known question is answered by what was verified, without an engine; examples like a
question go to the model, and all of them to the offline engine when a word can mean several
names. Whatever the store has outgrown is retired on the way, and never handed out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from texttosql.catalog import Catalog
from texttosql.flow import Draft, Question, Turn
from texttosql.learning.example import VERIFIED, Example, similar
from texttosql.learning.lasting import personal, reusable
from texttosql.learning.outgrown import missing
from texttosql.ports import Examples

SHOWN = 3
"""Examples that a model gets beside a question."""
_LOOKED_AT = 10
"""The likest examples, among which are those that the store still has everything for."""


class Recall:
    """`scope` is the store's (`configured.scope_of`), `zone` that of its days.

    `ttl`: seconds that a catalog may be old. One instance serves many threads. Raises
    JournalError.
    """

    def __init__(self, examples: Examples, scope: str, zone: ZoneInfo, *, ttl: float) -> None:
        self._examples, self._scope, self._zone = examples, scope, zone
        self._ttl = timedelta(seconds=ttl)

    def verified(self, question: Question, turns: Sequence[Turn], catalog: Catalog) -> Draft | None:
        """The draft of an exact known question, labelled; None where an engine has to read it.

        In a thread the same words may lean on what was said before: they are read anew there.
        """
        if turns:
            return None
        found = self._examples.asked(self._scope, question.text, question.asked_by)
        if found is None or not reusable(found, question.asked_at, question.asked_by):
            return None
        holds = self._holds(found, catalog, question.asked_at)
        return self._labelled(found) if holds else None

    def alike(self, question: Question, catalog: Catalog) -> tuple[Example, ...]:
        """Up to three verified examples like this question, likest first."""
        likest = similar(question.text, self.known(question), _LOOKED_AT)
        at = question.asked_at
        return tuple(islice((e for e in likest if self._holds(e, catalog, at)), SHOWN))

    def known(self, question: Question) -> tuple[Example, ...]:
        """All that this asker's words may be read by, newest first."""
        known = self._examples.known(self._scope, question.asked_by)
        return tuple(each for each in known if _meant_for(each, question.asked_by))

    def _labelled(self, example: Example) -> Draft:
        day = example.verified_at.astimezone(self._zone)
        label = f"verified by {example.verifier} on {day.day} {day:%b %Y}"
        draft = example.draft
        return replace(draft, engine=VERIFIED, assumptions=(label, *draft.assumptions))

    def _holds(self, example: Example, catalog: Catalog, at: datetime) -> bool:
        """Whether the store still has what it needs; where not, it is retired there and then.

        Unless the names may have been read before it was verified: then they know less than it.
        """
        why = missing(example, catalog)
        if why is not None and at - example.verified_at > self._ttl:
            self._examples.retire(example.id, why)
        return why is None


def _meant_for(example: Example, asker: str | None) -> bool:
    """Somebody else's "my runs" has their name in its SQL."""
    return not personal(example) or example.asked_by == asker
