"""Verified examples that last as long as their process: for tests, `eval` and a first try."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from texttosql.journal.examples import digest_of, moment_after, nothing_new, replaced
from texttosql.journal.ids import TurnIds
from texttosql.learning.example import Example


class MemoryExamples:
    """`ports.Examples` in a dictionary, by the rules of `examples.SqlExamples`."""

    def __init__(self) -> None:
        self._ids = TurnIds()
        self._lock = threading.Lock()
        self._kept: dict[str, Example] = {}

    def learn(self, example: Example) -> Example | None:
        """Keep a new one; its id comes back with it. None when there is nothing new in it."""
        digest = _digest(example)
        with self._lock:
            earlier = self._newest(lambda each: _digest(each) == digest)
            if nothing_new(example, earlier):
                return None
            new = replace(example, id=self._ids.new(moment_after(example, earlier)))
            for each in filter(lambda each: each.live, earlier):
                self._kept[each.id] = replace(each, retired=replaced(new))
            self._kept[new.id] = new
            return new

    def withdraw(self, example_id: str, by: str, at: datetime) -> bool:
        """Take one back; False when there is none, or it is not in use."""
        return self._end(example_id, lambda each: replace(each, withdrawn_by=by, withdrawn_at=at))

    def retire(self, example_id: str, why: str) -> bool:
        """Use one no longer because the store has changed; False as for `withdraw`."""
        return self._end(example_id, lambda each: replace(each, retired=why))

    def get(self, example_id: str) -> Example | None:
        """The one with this id, in use or not."""
        return self._kept.get(example_id)

    def taught_by(self, turn_id: str) -> tuple[Example, ...]:
        """Those in use that were learned from this turn."""
        return self._newest(lambda each: each.live and each.turn_id == turn_id)

    def asked(self, scope: str, question: str, asker: str | None) -> Example | None:
        """The newest one in use for this very question."""
        wanted = {digest_of(scope, question, whose) for whose in (None, asker)}
        found = self._newest(lambda each: each.live and _digest(each) in wanted)
        return next(iter(found), None)

    def known(self, scope: str, asker: str | None, limit: int = 500) -> tuple[Example, ...]:
        """Those in use in a scope for this asker, newest first."""

        def wanted(each: Example) -> bool:
            return each.live and each.scope == scope and each.private_to in {None, asker}

        return self._newest(wanted)[:limit]

    def list_all(
        self, *, store: str | None = None, unused: bool = False, limit: int = 10_000
    ) -> tuple[Example, ...]:
        """Those of every scope, for whoever runs this; newest first."""

        def wanted(each: Example) -> bool:
            return (unused or each.live) and store in {None, each.store}

        return self._newest(wanted)[:limit]

    def _newest(self, wanted: Callable[[Example], bool]) -> tuple[Example, ...]:
        kept = sorted(self._kept.copy().values(), key=lambda each: each.id, reverse=True)
        return tuple(each for each in kept if wanted(each))

    def _end(self, example_id: str, ended: Callable[[Example], Example]) -> bool:
        with self._lock:
            kept = self._kept.get(example_id)
            if kept is None or not kept.live:
                return False
            self._kept[example_id] = ended(kept)
            return True


def _digest(example: Example) -> str:
    return digest_of(example.scope, example.question, example.private_to)
