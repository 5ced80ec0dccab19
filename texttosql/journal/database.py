"""The journal's database: one pool of connections for all that is kept in it.

Every write is one statement and its own transaction, so processes and threads share it without
waiting for one another longer than a row takes. Every failure is a JournalError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    Delete,
    Engine,
    Insert,
    Select,
    Table,
    Update,
    create_engine,
    event,
    insert,
)
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from texttosql import address as addresses
from texttosql.address import Address
from texttosql.errors import JournalError
from texttosql.journal.rows import Row
from texttosql.journal.trouble import told_plainly
from texttosql.journal.upgrade import bring_up_to_date

T = TypeVar("T")

BUSY_SECONDS = 10
"""How long a write waits for another process's before the journal counts as locked."""
_TRIES = 5
_DEADLOCKS = frozenset({1205, 1213})
"""MySQL's "lock wait timeout" and "deadlock found": nothing was done, and the same may be tried
again. Rows with several indexes are locked in different orders by inserts and updates."""


class Database:
    """An open journal's connections; used by many threads at once. Made by `Database.open`."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where
        # SQLite has one writer, and who finds it busy sleeps up to 100 ms before the next look:
        # this process's threads queue here instead, where the next one is woken at once.
        alone = engine.dialect.name == "sqlite"
        self._writing: AbstractContextManager[object] = Lock() if alone else nullcontext()

    @classmethod
    def open(cls, url: str) -> Database:
        """The database at `sqlite:///path` or `mysql+pymysql://…`, made or upgraded if need be.

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
        return cls(engine, where)

    # Any: rows, typed by their columns
    def rows(self, query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
        """What a query finds."""
        with told_plainly(self._where), self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def number(self, query: Select[Any]) -> int:  # Any: as above
        """The one number of a query."""
        with told_plainly(self._where), self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def change(self, statement: Update | Delete) -> int:
        """How many rows a statement matched."""
        return self._write(lambda connection: connection.execute(statement).rowcount)

    def add(self, table: Table, row: Row | Mapping[str, Any]) -> bool:  # Any: also SQL expressions
        """Whether a row was put in; False when one with such a key is there already."""
        return self.try_to(insert(table).values(row))

    def try_to(self, statement: Insert | Update) -> bool:
        """Whether a statement was carried out; False when a unique key is another row's."""

        def act(connection: Connection) -> bool:
            try:
                connection.execute(statement)
            except IntegrityError:
                return False
            return True

        return self._write(act)

    def close(self) -> None:
        """Give back every connection. May be called twice."""
        self._engine.dispose()

    def _write(self, act: Callable[[Connection], T]) -> T:
        with told_plainly(self._where):
            for _ in range(_TRIES - 1):
                try:
                    return self._once(act)
                except OperationalError as error:
                    if not _is_deadlock(error):
                        raise
            return self._once(act)

    def _once(self, act: Callable[[Connection], T]) -> T:
        with self._writing, self._engine.connect() as connection:
            return act(connection)


class DatabaseClock(FunctionElement[int]):
    """Now by the database's own clock, in epoch milliseconds: one clock for every process."""

    type = BigInteger()
    inherit_cache = True


@compiles(DatabaseClock, "sqlite")
def _sqlite_clock(_element: object, _compiler: object, **_: object) -> str:
    """2440587.5 is the Julian day of 1970; a double tells it to a twentieth of a millisecond."""
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(DatabaseClock, "mysql")
@compiles(DatabaseClock, "mariadb")
def _mysql_clock(_element: object, _compiler: object, **_: object) -> str:
    """Not UNIX_TIMESTAMP(NOW()), which an hour in autumn makes ambiguous."""
    return "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)"


def _is_deadlock(error: OperationalError) -> bool:
    said: tuple[object, ...] = getattr(error.orig, "args", ())
    return bool(_DEADLOCKS.intersection(said))


def _address(url: str) -> Address:
    try:
        return addresses.read(url)
    except ValueError as wrong:
        what = f"The journal's address cannot be used: {wrong}."
        raise JournalError(what, "Set TRACKTALK_JOURNAL to another one.") from None


def _engine(address: Address) -> Engine:
    """AUTOCOMMIT: every write is one statement; nothing is ever left open."""
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
        address.url,
        isolation_level="AUTOCOMMIT",
        pool_size=30,
        connect_args={"timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # Any: sqlite3's, seen via the pool
    """NORMAL loses no turn but in a power cut. SQLite's own lower() knows ASCII alone."""
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.create_function("lower", 1, str.lower, deterministic=True)
