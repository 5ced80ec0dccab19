"""The journal in SQLite or MySQL: every turn is one row, written when begun and when ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Insert, func, insert, literal, or_, select, update

from texttosql.cost import FREE, Cost
from texttosql.flow import Question, Reply, Turn, Verdict
from texttosql.journal import rows
from texttosql.journal.database import Database
from texttosql.journal.ids import TurnIds
from texttosql.journal.tables import CHARGES, TURNS


def _now() -> datetime:
    return datetime.now(UTC)


class SqlJournal:
    """`ports.Journal` in a database, which it closes. Many threads may share it."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._clock = clock
        self._ids = TurnIds()

    @classmethod
    def open(cls, url: str, clock: Callable[[], datetime] = _now) -> SqlJournal:
        """The journal at an address, as `Database.open` makes it. Raises JournalError."""
        return cls(Database.open(url), clock)

    def new_id(self) -> str:
        """An id for a turn that is promised now and begun later."""
        return self._ids.new(rows.epoch_ms(self._clock()))

    def begin(self, question: Question, turn_id: str | None = None) -> str:
        """Note that a question was accepted; a turn begun before stays as it is."""
        now = self._clock()
        turn_id = turn_id or self._ids.new(rows.epoch_ms(now))
        self._database.add(TURNS, rows.opening(turn_id, question, now))
        return turn_id

    def finish(self, reply: Reply) -> None:
        """Note how the turn `reply.turn_id` ended. Raises JournalError when it never began."""
        self._note(reply.turn_id, rows.ending(reply, self._clock()), reply.cost)

    def turn(self, turn_id: str) -> Turn | None:
        """The turn of that id, finished or not."""
        return next(iter(self._turns(TURNS.c.id == turn_id, limit=1)), None)

    def thread(
        self, thread: str, store: str, limit: int = 10, before: str | None = None
    ) -> tuple[Turn, ...]:
        """The finished turns of a thread on one store, oldest first, the last `limit`."""
        wanted = [
            TURNS.c.thread == rows.name(thread),
            TURNS.c.store == rows.name(store),
            TURNS.c.outcome.is_not(None),
        ]
        if before is not None:
            wanted.append(TURNS.c.id < before)
        return self._turns(*wanted, limit=limit)[::-1]

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
        wanted: list[ColumnElement[bool]] = [
            TURNS.c[column] == rows.name(value)
            for column, value in exact.items()
            if value is not None
        ]
        if visible_to is not None:
            asker, here = map(rows.name, visible_to)
            wanted.append(or_(TURNS.c.asked_by == asker, TURNS.c.place == here))
        if since is not None:
            wanted.append(TURNS.c.asked_at >= rows.epoch_ms(since))
        question = func.lower(TURNS.c.question)
        wanted += [question.contains(word, autoescape=True) for word in rows.words(words)]
        return self._turns(*wanted, limit=limit)

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
        if cost != FREE:
            self._note(turn_id, {}, cost)

    def close(self) -> None:
        """Give back every connection. May be called twice."""
        self._database.close()

    def _note(self, turn_id: str | None, values: rows.Row, cost: Cost = FREE) -> None:
        """One statement for all of it: nothing is charged twice, and nothing in between is lost.

        The charge comes first: what was paid is paid, also where the turn cannot be noted.
        """
        if turn_id is not None and cost.usd:
            self._database.try_to(_charge(self.new_id(), turn_id, cost.usd))
        spent = rows.spending(cost) if cost != FREE else {}
        added = {column: func.coalesce(TURNS.c[column], 0) + more for column, more in spent.items()}
        change = update(TURNS).where(TURNS.c.id == turn_id)
        change = change.values({**values, **rows.by_model(cost), **added})
        if not self._database.change(change):
            raise rows.never_began(turn_id)

    def _turns(self, *wanted: ColumnElement[bool], limit: int) -> tuple[Turn, ...]:
        query = select(TURNS).where(*wanted).order_by(TURNS.c.id.desc()).limit(limit)
        return tuple(rows.turn(row) for row in self._database.rows(query))


def _charge(charge_id: str, turn_id: str, usd: float) -> Insert:
    """What is paid now, to the account of who asked the turn and where; nothing without a turn."""
    of_turn = select(
        literal(charge_id), TURNS.c.id, TURNS.c.asked_by, TURNS.c.place, literal(usd)
    ).where(TURNS.c.id == turn_id)
    return insert(CHARGES).from_select(["id", "turn_id", "asked_by", "place", "usd"], of_turn)
