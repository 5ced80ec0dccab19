"""The journal in SQLite or MySQL: every turn is one row, written twice (begun, ended).

Each write is one statement and its own transaction, so processes and threads share a journal
without waiting for one another longer than a row takes. Every failure is a JournalError.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Engine, bindparam, create_engine, event, func, insert, select
from sqlalchemy import update as update_rows

from texttosql import address as addresses
from texttosql.address import Address
from texttosql.errors import JournalError
from texttosql.flow import Question, Reply, Turn
from texttosql.journal import rows
from texttosql.journal.ids import TurnIds
from texttosql.journal.tables import TURNS
from texttosql.journal.trouble import told_plainly
from texttosql.journal.upgrade import bring_up_to_date

BUSY_SECONDS = 10
"""How long a write waits for another process's before the journal counts as locked."""


def _now() -> datetime:
    return datetime.now(UTC)


class SqlJournal:
    """`ports.Journal` in a database. Made by `SqlJournal.open`; used by many threads at once."""

    def __init__(self, engine: Engine, where: str, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._where = where
        self._clock = clock
        self._ids = TurnIds()

    @classmethod
    def open(cls, url: str, clock: Callable[[], datetime] = _now) -> SqlJournal:
        """The journal at `sqlite:///path` or `mysql+pymysql://…`, made when there is none.

        Raises JournalError: unreachable, not writable, damaged, or of a newer program.
        """
        address = _address(url)
        where = address.masked.removeprefix("sqlite:///")
        with told_plainly(where):
            engine = _engine(address)
            try:
                bring_up_to_date(engine)
            except BaseException:
                engine.dispose()
                raise
        return cls(engine, where, clock)

    def begin(self, question: Question) -> str:
        """Note that a question was accepted; returns the new turn's id."""
        now = self._clock()
        turn_id = self._ids.new(rows.epoch_ms(now))
        with told_plainly(self._where), self._engine.connect() as connection:
            connection.execute(insert(TURNS), rows.opening(turn_id, question, now))
        return turn_id

    def finish(self, reply: Reply) -> None:
        """Note how the turn `reply.turn_id` ended. Raises JournalError when it never began."""
        change = update_rows(TURNS).where(TURNS.c.id == bindparam("this_turn"))
        ending = {"this_turn": reply.turn_id, **rows.ending(reply, self._clock())}
        with told_plainly(self._where), self._engine.connect() as connection:
            noted = connection.execute(change, ending).rowcount
        if not noted:
            raise rows.never_began(reply.turn_id)

    def thread(self, thread: str, store: str, limit: int = 10) -> tuple[Turn, ...]:
        """The finished turns of a thread on one store, oldest first, the last `limit`."""
        newest_first = self._turns(
            TURNS.c.thread == rows.name(thread),
            TURNS.c.store == rows.name(store),
            TURNS.c.outcome.is_not(None),
            limit=limit,
        )
        return newest_first[::-1]

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
        exact = {TURNS.c.thread: thread, TURNS.c.asked_by: asked_by, TURNS.c.store: store}
        wanted: list[ColumnElement[bool]] = [
            column == rows.name(value) for column, value in exact.items() if value is not None
        ]
        if since is not None:
            wanted.append(TURNS.c.asked_at >= rows.epoch_ms(since))
        question = func.lower(TURNS.c.question)
        wanted += [question.contains(word, autoescape=True) for word in rows.words(words)]
        return self._turns(*wanted, limit=limit)

    def close(self) -> None:
        """Give back every connection. May be called twice."""
        self._engine.dispose()

    def _turns(self, *wanted: ColumnElement[bool], limit: int) -> tuple[Turn, ...]:
        query = select(TURNS).where(*wanted).order_by(TURNS.c.id.desc()).limit(limit)
        with told_plainly(self._where), self._engine.connect() as connection:
            found = connection.execute(query).mappings().all()
        return tuple(rows.turn(dict(row)) for row in found)


def _address(url: str) -> Address:
    try:
        return addresses.read(url)
    except ValueError as wrong:
        what = f"The journal's address cannot be used: {wrong}."
        raise JournalError(what, "Set TRACKTALK_JOURNAL to another one.") from None


def _engine(address: Address) -> Engine:
    """AUTOCOMMIT: a turn's every write is one statement; nothing is ever left open."""
    if address.dialect == "mysql":
        return create_engine(
            address.url,
            isolation_level="AUTOCOMMIT",
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={"connect_timeout": BUSY_SECONDS, "charset": "utf8mb4"},
        )
    Path(f"{address.database}").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address.url, isolation_level="AUTOCOMMIT", connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # Any: sqlite3's, seen via the pool
    """NORMAL loses no turn but in a power cut. SQLite's own lower() knows ASCII alone."""
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.create_function("lower", 1, str.lower, deterministic=True)
