"""An SQLite file as a warehouse: never written, never waited for longer than the deadline.

Threads may ask at once: each query has a connection to itself. Rows are fetched at once and the
statement is closed, because an open reader makes a live MLflow server's commit fail.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter

from texttosql.errors import WarehouseDown
from texttosql.flow import Dialect, ResultTable, SafeQuery
from texttosql.schema import ASKABLE, Schema
from texttosql.sqlite.opening import (
    connect,
    explained,
    lock_down,
    refuse_unusable,
    too_slow,
    wait_for_writers,
)
from texttosql.warehouses import cell, checked_schema, query_failed, result_columns

STEPS_BETWEEN_LOOKS = 1_000
"""Virtual machine steps between two looks at the clock: some ten microseconds."""


class SQLiteWarehouse:
    """The store in the file `path`.

    `busy_timeout`: seconds to wait for a writer; `idle`: connections kept open between queries.
    Raises WarehouseDown or NotAnMLflowStore when the file cannot be a store.
    """

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path, *, busy_timeout: float = 5.0, idle: int = 5) -> None:
        refuse_unusable(path)
        self._path = path
        self._busy_timeout = busy_timeout
        self._idle: deque[sqlite3.Connection] = deque()
        self._most_idle = idle
        self._closed = False

    def schema(self) -> Schema:
        """The askable tables in the file, and the revision MLflow wrote."""
        refuse_unusable(self._path)
        with self._errors_explained(), self._opened() as connection:
            columns = connection.execute(
                "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_xinfo(m.name) c"
                " WHERE m.type IN ('table', 'view') ORDER BY m.name, c.cid"
            ).fetchall()
            revision = None
            with suppress(sqlite3.OperationalError):  # no such table: it may still be MLflow's
                revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return checked_schema(columns, self.dialect, revision[0] if revision else None)

    def sizes(self) -> Mapping[str, int]:
        """The highest rowid of each table: the end of one b-tree, whatever its size.

        A little too high where rows were deleted. Tables without rowids are left out.
        """
        found: dict[str, int] = {}
        with self._errors_explained(), self._opened() as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for table in sorted(ASKABLE & {name.lower() for (name,) in names}):
                with suppress(sqlite3.OperationalError):
                    (last,) = connection.execute(f"SELECT MAX(rowid) FROM {table}").fetchone()
                    found[table] = int(last or 0)
        return found

    def run(self, query: SafeQuery, deadline: float) -> ResultTable:
        """The rows, within `deadline` seconds."""
        started = perf_counter()
        with self._query(query.sql, query, deadline) as cursor:
            names = [column[0] for column in cursor.description]
            fetched = cursor.fetchmany(query.max_rows + 1)
        rows = tuple(tuple(map(cell, row)) for row in fetched[: query.max_rows])
        elapsed_ms = (perf_counter() - started) * 1000
        truncated = len(fetched) > query.max_rows
        return ResultTable(result_columns(names, rows), rows, truncated, elapsed_ms)

    def rehearse(self, query: SafeQuery, deadline: float) -> None:
        """SQLite compiles the query and runs nothing of it."""
        with self._query(f"EXPLAIN {query.sql}", query, deadline):
            pass

    def close(self) -> None:
        """Close what is idle; a connection in use is closed when its query ends."""
        self._closed = True
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    @contextmanager
    def _query(self, sql: str, query: SafeQuery, deadline: float) -> Iterator[sqlite3.Cursor]:
        """A cursor on `sql`, stopped at the deadline. Errors come out as WarehouseErrors."""
        ends = perf_counter() + deadline
        with self._errors_explained(deadline), self._borrowed() as connection:
            wait_for_writers(connection, min(self._busy_timeout, deadline))
            connection.set_progress_handler(lambda: perf_counter() > ends, STEPS_BETWEEN_LOOKS)
            cursor = connection.cursor()
            try:
                yield cursor.execute(sql, dict(query.params))
            finally:
                cursor.close()
                connection.set_progress_handler(None, 0)

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        """A guarded connection for one query; given back whole, thrown away after an error."""
        connection = self._next()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if self._closed or len(self._idle) >= self._most_idle:
            connection.close()
        else:
            self._idle.append(connection)

    def _next(self) -> sqlite3.Connection:
        with suppress(IndexError):
            return self._idle.pop()
        if self._closed:
            what = "This store has been closed."
            raise WarehouseDown(what, "Open it again.")
        refuse_unusable(self._path)
        connection = connect(self._path)
        wait_for_writers(connection, self._busy_timeout)
        lock_down(connection)
        return connection

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection without the authorizer, for looking at the schema alone."""
        connection = connect(self._path)
        try:
            wait_for_writers(connection, self._busy_timeout)
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _errors_explained(self, deadline: float = 0.0) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise too_slow(deadline) from None
            raise explained(error, self._path) from None
        except (OverflowError, UnicodeError) as error:  # a parameter SQLite cannot hold
            raise query_failed(error) from None
