"""A journal that lasts as long as its process: for tests, `eval` and a first try."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

from texttosql.flow import Question, Reply, Turn
from texttosql.journal import rows
from texttosql.journal.ids import TurnIds


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryJournal:
    """`ports.Journal` in dictionaries; it keeps the rows a disk would, so the same turns return."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._ids = TurnIds()
        self._lock = threading.Lock()
        self._rows: dict[str, rows.Row] = {}
        self._threads: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)

    def begin(self, question: Question) -> str:
        """Note that a question was accepted; returns the new turn's id."""
        now = self._clock()
        with self._lock:
            turn_id = self._ids.new(rows.epoch_ms(now))
            self._rows[turn_id] = rows.opening(turn_id, question, now)
            self._threads[rows.name(question.thread), rows.name(question.store)].append(turn_id)
        return turn_id

    def finish(self, reply: Reply) -> None:
        """Note how the turn `reply.turn_id` ended. Raises JournalError when it never began."""
        ending = rows.ending(reply, self._clock())
        with self._lock:
            row = self._rows.get(reply.turn_id or "")
            if row is None:
                raise rows.never_began(reply.turn_id)
            row.update(ending)

    def thread(self, thread: str, store: str, limit: int = 10) -> tuple[Turn, ...]:
        """The finished turns of a thread on one store, oldest first, the last `limit`."""
        with self._lock:
            ids = self._threads.get((rows.name(thread), rows.name(store)), [])
            ended = [self._rows[each] for each in ids if "outcome" in self._rows[each]]
            return tuple(rows.turn(row) for row in ended[-limit:])

    def history(
        self,
        *,
        thread: str | None = None,
        asked_by: str | None = None,
        since: datetime | None = None,
        words: str | None = None,
        store: str | None = None,
        limit: int = 50,
    ) -> tuple[Turn, ...]:
        """Turns matching every given filter, newest first, the unfinished among them."""
        exact = {"thread": thread, "asked_by": asked_by, "store": store}
        with self._lock:
            newest_first = [dict(row) for row in reversed(self._rows.values())]
        matching = [row for row in newest_first if _matches(row, exact, since, words)]
        return tuple(rows.turn(row) for row in matching[:limit])

    def close(self) -> None:
        """Nothing to give back; what was noted can still be read."""


def _matches(
    row: rows.Row, exact: dict[str, str | None], since: datetime | None, words: str | None
) -> bool:
    named = all(row[key] == rows.name(value) for key, value in exact.items() if value is not None)
    recent = since is None or int(row["asked_at"] or 0) >= rows.epoch_ms(since)
    question = str(row["question"]).lower()
    return named and recent and all(word in question for word in rows.words(words))
