"""A MySQL or MariaDB server as a warehouse: read-only twice over, and always within the deadline.

Each query runs in a read-only transaction of a read-only session, under the server's own time
limit and a KILL QUERY behind it. Rows are fetched as they come, one more than the limit; nothing
else is kept in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import Any

import pymysql
from pymysql.cursors import SSCursor
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import PoolProxiedConnection

from texttosql.errors import QueryFailed, SettingsError
from texttosql.flow import Dialect, ResultTable, SafeQuery
from texttosql.mysql import faults
from texttosql.mysql.placeholders import translated
from texttosql.mysql.server import Server, recognised, session, time_limit
from texttosql.mysql.stopping import Connection, shut, stopped_after, wait_at_most
from texttosql.schema import ASKABLE, NEEDED, Schema
from texttosql.warehouses import cell, checked_schema, query_failed, result_columns

GRACE = 0.25
"""Seconds the server's own limit has before KILL QUERY comes."""
SOCKET_GRACE = 5.0
"""Seconds after which an answer is no longer waited for at all."""
CUT_SHORT = 1931
"""MariaDB's warning that a recursive query's result is incomplete."""


class MySQLWarehouse:
    """The store at `url`. No connection is made before the first query.

    `pool_size` connections at most, waited for `pool_timeout` seconds, pinged before use, renewed
    after `pool_recycle` seconds; `longest` is the most any deadline may be.
    """

    dialect: Dialect = "mysql"

    def __init__(
        self,
        url: str,
        *,
        connect_timeout: float = 5.0,
        pool_size: int = 5,
        pool_timeout: float = 10.0,
        pool_recycle: float = 1800.0,
        longest: float = 120.0,
    ) -> None:
        self._url = _address(url)
        self._longest = longest
        self._engine = create_engine(
            self._url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout,
            pool_recycle=int(pool_recycle),
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": max(1, round(connect_timeout)),
                "read_timeout": connect_timeout,  # for the greeting; each query sets its own
                "autocommit": True,
            },
        )
        event.listen(self._engine, "connect", _begin_session)

    def schema(self) -> Schema:
        """The askable tables this account may see, and the revision MLflow wrote, if it may."""
        with self._asking(self._longest) as (connection, _):
            columns = _rows(
                connection,
                "SELECT table_name, column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position",
            )
            revision = _revision(connection)
            hidden = NEEDED - {str(row[0]).lower() for row in columns}
            for table in sorted(hidden):
                self._refuse_hidden(connection, table)
        return checked_schema(columns, self.dialect, revision)

    def sizes(self) -> Mapping[str, int]:
        """The server's own estimates, which may be off by half, of the tables it shows us."""
        with self._asking(self._longest) as (connection, _):
            found = _rows(
                connection,
                "SELECT table_name, table_rows FROM information_schema.tables"
                " WHERE table_schema = DATABASE()",
            )
        sizes = {str(table).lower(): int(count) for table, count in found if count is not None}
        return {table: count for table, count in sizes.items() if table in ASKABLE}

    def run(self, query: SafeQuery, deadline: float) -> ResultTable:
        """The rows, within `deadline` seconds."""
        started, sql = perf_counter(), translated(query.sql)
        deadline = min(deadline, self._longest)
        with self._asking(deadline) as (connection, server):
            cursor = connection.cursor(SSCursor)
            cursor.execute(sql, dict(query.params))
            names = [column[0] for column in cursor.description]
            fetched = cursor.fetchmany(query.max_rows + 1)
            whole = cursor.fetchone() is None  # also reads the end mark, so the session is free
            if whole:
                cursor.close()
                _refuse_cut_short(connection, sql, server)
            else:
                shut(connection)
        elapsed = perf_counter() - started
        if elapsed > deadline + GRACE:
            raise faults.too_slow(deadline)  # rows after the deadline may be cut short
        rows = tuple(tuple(map(cell, row)) for row in fetched[: query.max_rows])
        truncated = len(fetched) > query.max_rows
        return ResultTable(result_columns(names, rows), rows, truncated, elapsed * 1000)

    def rehearse(self, query: SafeQuery, deadline: float) -> None:
        """The server plans the query (EXPLAIN), under the same deadline."""
        sql = translated(f"EXPLAIN {query.sql}")
        with self._asking(min(deadline, self._longest)) as (connection, _):
            _rows(connection, sql, dict(query.params))

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    @contextmanager
    def _asking(self, deadline: float) -> Iterator[tuple[Connection, Server]]:
        """A session in a read-only transaction, stopped at the deadline; errors come out sorted.

        A connection that met an error is thrown away: a late KILL may still be on its way.
        """
        proxied = self._checked_out()
        connection: Connection = proxied.driver_connection  # type: ignore[assignment] # PyMySQL's, by the URL
        server: Server = proxied.info["server"]
        try:
            with self._sorted(deadline, connection):
                wait_at_most(connection, deadline + SOCKET_GRACE)
                _tell(connection, time_limit(server, deadline), "START TRANSACTION READ ONLY")
                yield connection, server
                if connection.open:
                    _tell(connection, "ROLLBACK")
        except BaseException:
            shut(connection)
            proxied.invalidate()
            raise
        if connection.open:
            proxied.close()
        else:
            proxied.invalidate()

    @contextmanager
    def _sorted(self, deadline: float, connection: Connection) -> Iterator[None]:
        rang = False
        try:
            with stopped_after(deadline + GRACE, connection, self._second) as watch:
                try:
                    yield
                finally:
                    watch.end()
                    rang = watch.fired
        except pymysql.err.Error as error:
            if rang:
                raise faults.too_slow(deadline) from None
            raise faults.while_asking(error, self._url, deadline) from None
        except (UnicodeError, OverflowError, LookupError) as error:
            raise query_failed(error) from None
        if rang:
            raise faults.too_slow(deadline)

    def _checked_out(self) -> PoolProxiedConnection:
        try:
            return self._engine.raw_connection()
        except PoolTimeout as error:
            raise faults.no_free_connection(error) from None
        except DBAPIError as error:
            raise faults.cannot_connect(error.orig or error, self._url) from None
        except (pymysql.err.Error, OSError) as error:
            raise faults.cannot_connect(error, self._url) from None
        except (TypeError, ValueError, RuntimeError) as error:
            raise faults.unusable_options(error, self._url) from None

    def _second(self) -> Connection:
        """Another connection of the same user, outside the pool, which may be used up."""
        _, how = self._engine.dialect.create_connect_args(self._url)
        return pymysql.connect(**{**how, "connect_timeout": 2, "read_timeout": 5.0})

    def _refuse_hidden(self, connection: Connection, table: str) -> None:
        """Raises NotPermitted when the table is not missing but closed to this account."""
        try:
            _rows(connection, f"SELECT 1 FROM `{table}` LIMIT 0")
        except pymysql.err.Error as error:
            if faults.number_of(error) in faults.DENIED:
                raise faults.not_permitted(error, self._url) from None


def _address(url: str) -> URL:
    try:
        read = make_url(url)
    except (ArgumentError, ValueError):
        what = "The store's MySQL address cannot be read."
        fix = "Write mysql+pymysql://user:password@host:3306/database, with %40 for an @ in it."
        raise SettingsError(what, fix) from None
    if not read.database:
        what = f"The store's address {faults.shown(read)} names no database."
        raise SettingsError(what, "Add the database's name after the host: …@host:3306/mlflow.")
    return read.update_query_dict({"charset": "utf8mb4"})


def _begin_session(connection: Any, record: Any) -> None:  # Any: SQLAlchemy's event passes both
    version = str(_rows(connection, "SELECT VERSION()")[0][0])
    record.info["server"] = server = recognised(version)
    _tell(connection, *session(server))


def _tell(connection: Connection, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _rows(connection: Connection, sql: str, params: Any = None) -> tuple[tuple[Any, ...], ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return tuple(cursor.fetchall())


def _revision(connection: Connection) -> str | None:
    """None where this account may not look, or there is none."""
    with suppress(pymysql.err.OperationalError, pymysql.err.ProgrammingError):
        rows = _rows(connection, "SELECT version_num FROM alembic_version")
        return str(rows[0][0]) if rows else None
    return None


def _refuse_cut_short(connection: Connection, sql: str, server: Server) -> None:
    if server.maker != "mariadb" or "recursive" not in sql.lower():
        return
    if any(row[1] == CUT_SHORT for row in _rows(connection, "SHOW WARNINGS")):
        what = "The recursive query takes too many steps; its result would be cut short."
        raise QueryFailed(what, "Give the recursion an end, or ask without one.")
