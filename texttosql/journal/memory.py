"""A journal that lasts as long as its process: for tests, `eval` and a first try."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

from texttosql.cost import FREE, Cost
from texttosql.flow import Question, Reply, Turn, Verdict
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
        self._threads: defaultdict[tuple[object, object], set[str]] = defaultdict(set)
        self._charges: list[rows.Row] = []

    def new_id(self) -> str:
        """An id for a turn that is promised now and begun later."""
        return self._ids.new(rows.epoch_ms(self._clock()))

    def begin(self, question: Question, turn_id: str | None = None) -> str:
        """Note that a question was accepted; a turn begun before stays as it is."""
        now = self._clock()
        with self._lock:
            turn_id = turn_id or self._ids.new(rows.epoch_ms(now))
            if turn_id not in self._rows:
                self._rows[turn_id] = row = rows.opening(turn_id, question, now)
                self._threads[_line(row)].add(turn_id)
        return turn_id

    def finish(self, reply: Reply) -> None:
        """Note how the turn `reply.turn_id` ended. Raises JournalError when it never began."""
        self._note(reply.turn_id, rows.ending(reply, self._clock()), reply.cost)

    def turn(self, turn_id: str) -> Turn | None:
        """The turn of that id, finished or not."""
        with self._lock:
            row = self._rows.get(turn_id)
            return rows.turn(row) if row is not None else None

    def thread(
        self, thread: str, store: str, limit: int = 10, before: str | None = None
    ) -> tuple[Turn, ...]:
        """The finished turns of a thread on one store, oldest first, the last `limit`."""
        with self._lock:
            ids = sorted(self._threads.get((rows.name(thread), rows.name(store)), ()))
            earlier = [self._rows[each] for each in ids if before is None or each < before]
            ended = [row for row in earlier if "outcome" in row]
            return tuple(rows.turn(row) for row in ended[-limit:])

    def history(
        self,
        *,
        thread: str | None = None,
        asked_by: str | None = None,
        place: str | None = None,
        visible_to: tuple[str, str] | None = None,
        since: datetime | None = None,
        words: str | None = None,
        store: str | None = None,
        limit: int = 50,
    ) -> tuple[Turn, ...]:
        """Turns matching every given filter, newest first, the unfinished among them."""
        exact = {"thread": thread, "asked_by": asked_by, "place": place, "store": store}
        with self._lock:
            newest_first = [dict(self._rows[each]) for each in sorted(self._rows, reverse=True)]
        matching = [
            row
            for row in newest_first
            if _matches(row, exact) and _asked(row, since, words) and _visible(row, visible_to)
        ]
        return tuple(rows.turn(row) for row in matching[:limit])

    def note_thread(self, turn_id: str, thread: str) -> None:
        """Note the thread of a turn that was asked outside one: that of its answer."""
        self._note(turn_id, rows.in_thread(thread))

    def note_feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None = None
    ) -> None:
        """Note what somebody thinks of an answer. Raises JournalError when it never began."""
        self._note(turn_id, rows.feedback(verdict, by, correction, self._clock()))

    def note_cost(self, turn_id: str, cost: Cost) -> None:
        """Add what was spent on a turn besides. Raises JournalError when it never began."""
        self._note(turn_id, {}, cost)

    def kept(self) -> list[rows.Row]:
        """Every turn's row as it is now."""
        with self._lock:
            return [dict(row) for row in self._rows.values()]

    def charges(self) -> list[rows.Row]:
        """What was paid, with when, by whom and where; oldest first."""
        with self._lock:
            return list(self._charges)

    def close(self) -> None:
        """Nothing to give back; what was noted can still be read."""

    def _note(self, turn_id: str | None, values: rows.Row, cost: Cost = FREE) -> None:
        with self._lock:
            row = self._rows.get(turn_id or "")
            if row is None:
                raise rows.never_began(turn_id)
            if cost.usd:
                whose = {"asked_by": row["asked_by"], "place": row["place"]}
                self._charges.append({"id": self.new_id(), "usd": cost.usd, **whose})
            self._threads[_line(row)].discard(str(turn_id))
            row.update(values | rows.by_model(cost) | rows.spending(rows.cost(row) + cost))
            self._threads[_line(row)].add(str(turn_id))


def _line(row: rows.Row) -> tuple[object, object]:
    return row["thread"], row["store"]


def _matches(row: rows.Row, exact: dict[str, str | None]) -> bool:
    return all(row[key] == rows.name(value) for key, value in exact.items() if value is not None)


def _asked(row: rows.Row, since: datetime | None, words: str | None) -> bool:
    recent = since is None or int(row["asked_at"] or 0) >= rows.epoch_ms(since)
    question = str(row["question"]).lower()
    return recent and all(word in question for word in rows.words(words))


def _visible(row: rows.Row, to: tuple[str, str] | None) -> bool:
    return to is None or row["asked_by"] == rows.name(to[0]) or row["place"] == rows.name(to[1])
