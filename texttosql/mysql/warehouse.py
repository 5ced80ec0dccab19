"""A MySQL or MariaDB server as a warehouse: read-only twice over, and always within the deadline.

Each query runs in a read-only transaction of a read-only session, under the server's own time
limit and a KILL QUERY behind it. Rows are fetched as they come, one more than the limit; nothing
else is kept in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import Any

import pymysql
from pymysql.cursors import SSCursor
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import PoolProxiedConnection

from texttosql.errors import NotPermitted, QueryTooSlow, SettingsError
from texttosql.flow import Dialect, ResultTable, SafeQuery
from texttosql.mysql import faults
from texttosql.mysql.placeholders import translated
from texttosql.mysql.server import Server, recognised, session, time_limit
from texttosql.mysql.stopping import Connection, stopped_after
from texttosql.schema import NEEDED, Schema
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
                "read_timeout": longest + SOCKET_GRACE,
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
                connection._force_close()  # noqa: SLF001 - reading on would fetch every row
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
