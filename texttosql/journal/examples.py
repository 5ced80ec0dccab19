"""Verified examples in the journal's database.

Nothing is overwritten: an example that another one replaced, that somebody withdrew or that the
store outgrew stays, with the reason, so that it can be shown and is not learned again by accident.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from texttosql.journal import drafts
from texttosql.journal.database import Database
from texttosql.journal.ids import TurnIds, first_ms_after
from texttosql.journal.rows import Row, epoch_ms, moment, name, storable
from texttosql.journal.tables import EXAMPLES
from texttosql.learning.example import Example, folded

_LOOKED_AT = 50
"""The newest examples for one question that a new one is compared with."""
_NAMES = ("scope", "store", "verified_by", "verified_as", "asked_by", "place", "private_to")
_LIVE = EXAMPLES.c.withdrawn_at.is_(None) & EXAMPLES.c.retired.is_(None)


class SqlExamples:
    """`ports.Examples` in the journal's database. Many threads and processes may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids = TurnIds()

    def learn(self, example: Example) -> Example | None:
        """Keep a new one; its id comes back with it. None when there is nothing new in it."""
        digest = digest_of(example.scope, example.question, example.private_to)
        same_question = EXAMPLES.c.digest == digest
        earlier = self._found(same_question, limit=_LOOKED_AT)
        if nothing_new(example, earlier):
            return None
        new = replace(example, id=self._ids.new(moment_after(example, earlier)))
        self._database.add(EXAMPLES, _row(new) | {"digest": digest})
        # Only those before it: of two that are taught at once, one has to stay.
        self._end(same_question & (EXAMPLES.c.id < new.id), {"retired": replaced(new)})
        return new

    def withdraw(self, example_id: str, by: str, at: datetime) -> bool:
        """Take one back; False when there is none, or it is not in use."""
        ended: Row = {"withdrawn_by": name(by), "withdrawn_at": epoch_ms(at)}
        return self._end(EXAMPLES.c.id == example_id, ended)

    def retire(self, example_id: str, why: str) -> bool:
        """Use one no longer because the store has changed; False as for `withdraw`."""
        return self._end(EXAMPLES.c.id == example_id, {"retired": storable(why)})

    def get(self, example_id: str) -> Example | None:
        """The one with this id, in use or not."""
        return next(iter(self._found(EXAMPLES.c.id == example_id, limit=1)), None)

    def taught_by(self, turn_id: str) -> tuple[Example, ...]:
        """Those in use that were learned from this turn."""
        return self._found(EXAMPLES.c.turn_id == turn_id, _LIVE, limit=_LOOKED_AT)

    def asked(self, scope: str, question: str, asker: str | None) -> Example | None:
        """The newest one in use for this very question."""
        for_asker = {digest_of(scope, question, whose) for whose in (None, asker)}
        return next(iter(self._found(EXAMPLES.c.digest.in_(for_asker), _LIVE, limit=1)), None)

    def known(self, scope: str, asker: str | None, limit: int = 500) -> tuple[Example, ...]:
        """Those in use in a scope for this asker, newest first."""
        whose = EXAMPLES.c.private_to
        mine = or_(whose.is_(None), whose == name(asker)) if asker else whose.is_(None)
        return self._found(EXAMPLES.c.scope == name(scope), _LIVE, mine, limit=limit)

    def list_all(
        self, *, store: str | None = None, unused: bool = False, limit: int = 10_000
    ) -> tuple[Example, ...]:
        """Those of every scope, for whoever runs this; newest first."""
        wanted = [] if store is None else [EXAMPLES.c.store == name(store)]
        return self._found(*wanted, *([] if unused else [_LIVE]), limit=limit)

    def _end(self, which: ColumnElement[bool], ended: Row) -> bool:
        """Whether any that was in use is not any more."""
        return bool(self._database.change(update(EXAMPLES).where(which, _LIVE).values(ended)))

    def _found(self, *wanted: ColumnElement[bool], limit: int) -> tuple[Example, ...]:
        query = select(EXAMPLES).where(*wanted).order_by(EXAMPLES.c.id.desc()).limit(limit)
        return tuple(_example(row) for row in self._database.rows(query))


def digest_of(scope: str, question: str, private_to: str | None) -> str:
    """The same for the same question (`example.same`), scope and asker of a private one."""
    parts = (scope, private_to or "", *folded(storable(question)))
    return hashlib.sha256("\0".join(map(storable, parts)).encode()).hexdigest()


def nothing_new(example: Example, earlier: Iterable[Example]) -> bool:
    """Whether this SQL is in use for the question, or only a thumb asks for what was withdrawn.

    Who withdrew it may have clicked by mistake: their own thumb brings it back.
    """
    alike = [each for each in earlier if each.sql == example.sql]
    withdrawn_by = {each.withdrawn_by for each in alike if each.withdrawn_at is not None}
    others = withdrawn_by - {example.verified_by}
    return any(each.live for each in alike) or (example.source == "thumb" and bool(others))


def moment_after(example: Example, earlier: Iterable[Example]) -> int:
    """Epoch milliseconds for its id: it is the newest, though another host's clock be ahead."""
    return max(epoch_ms(example.verified_at), *(first_ms_after(each.id) for each in earlier), 0)


def replaced(new: Example) -> str:
    """Why an example whose place another one took is not used any more."""
    return f"{new.id} took its place"


def _row(example: Example) -> Row:
    return {
        "id": example.id,
        **{column: name(getattr(example, column)) for column in _NAMES},
        "question": storable(example.question),
        "draft": drafts.draft_text(example.draft),
        "plan": drafts.plan_text(example.draft.plan),
        "source": example.source,
        "verified_at": epoch_ms(example.verified_at),
        "asked_at": epoch_ms(example.asked_at),
        "turn_id": example.turn_id,
    }


def _example(row: Mapping[str, Any]) -> Example:  # Any: a database row, typed by its columns
    draft = drafts.read_draft(row["draft"], row["plan"])
    assert draft is not None  # noqa: S101 - the column is never null
    ended = row["withdrawn_at"]
    return Example(
        id=row["id"],
        **{column: row[column] for column in _NAMES},
        question=row["question"],
        draft=draft,
        source=row["source"],
        verified_at=moment(row["verified_at"]),
        asked_at=moment(row["asked_at"]),
        turn_id=row["turn_id"],
        withdrawn_by=row["withdrawn_by"],
        withdrawn_at=None if ended is None else moment(ended),
        retired=row["retired"],
    )
