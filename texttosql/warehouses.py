"""From a store's address to a warehouse, and what both warehouses agree on.

Both give the same Python values for the same rows, the same kinds for the same columns, and the
same words for a database that MLflow did not make or made long ago.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from texttosql.errors import NotAnMLflowStore, QueryFailed, SchemaTooOld, SettingsError
from texttosql.flow import Cell, Column, ColumnKind, Dialect
from texttosql.ports import Warehouse
from texttosql.schema import ASKABLE, NEEDED, Schema

log = logging.getLogger(__name__)

SQLITE_SCHEMES = frozenset({"sqlite", "sqlite+pysqlite"})
MYSQL_SCHEMES = frozenset({"mysql", "mysql+pymysql", "mariadb", "mariadb+pymysql"})
EXAMPLES = "sqlite:///mlflow.db or mysql+pymysql://reader:password@host:3306/mlflow"

_METRIC = frozenset({"key", "value", "timestamp", "step", "is_nan", "run_uuid"})
_TEXT_PAIR = frozenset({"key", "value", "run_uuid"})
NEEDED_COLUMNS: Mapping[str, frozenset[str]] = {
    "experiments": frozenset({"experiment_id", "name", "lifecycle_stage"}),
    "runs": frozenset({
        "run_uuid", "name", "experiment_id", "user_id", "status", "start_time", "end_time",
        "lifecycle_stage",
    }),
    "metrics": _METRIC,
    "latest_metrics": _METRIC,
    "params": _TEXT_PAIR,
    "tags": _TEXT_PAIR,
}  # fmt: skip
"""What the simplest questions need. Revision 89d4b8295536 (MLflow 1.4, 2019: latest_metrics) is the
first to have all of it."""

_FIRST_TABLES = NEEDED - {"latest_metrics"}
"""What MLflow's very first database schema had."""

_TIMES = frozenset({
    "start_time", "end_time", "deleted_time", "creation_time", "last_update_time",
    "last_updated_time", "timestamp", "timestamp_ms", "trace_timestamp_ms", "metric_timestamp_ms",
    "creation_timestamp_ms", "last_updated_timestamp_ms", "created_timestamp",
    "last_updated_timestamp",
})  # fmt: skip


def open_warehouse(
    url: str,
    *,
    busy_timeout: float = 5.0,
    connect_timeout: float = 5.0,
    pool_size: int = 5,
    pool_timeout: float = 10.0,
    pool_recycle: float = 1800.0,
    longest: float = 120.0,
) -> Warehouse:
    """The warehouse at `url`; a server is first called by the first query.

    Raises SettingsError for an address that is none, WarehouseDown or NotAnMLflowStore for a file
    that cannot be one.
    All times are seconds. SQLite: `busy_timeout` is how long to wait for a writer. MySQL: at most
    `pool_size` connections, waited for at most `pool_timeout`, renewed after `pool_recycle`;
    `longest` is the most any deadline may be.
    """
    scheme, _, rest = url.strip().partition("://")
    if scheme.lower() in SQLITE_SCHEMES:
        from texttosql.sqlite.warehouse import SQLiteWarehouse  # noqa: PLC0415 - adapters on demand

        return SQLiteWarehouse(_sqlite_path(rest), busy_timeout=busy_timeout, idle=pool_size)
    if scheme.lower() in MYSQL_SCHEMES:
        # SQLAlchemy costs 300 ms to import: only where there is a server to talk to.
        from texttosql.mysql.warehouse import MySQLWarehouse  # noqa: PLC0415

        return MySQLWarehouse(
            f"mysql+pymysql://{rest}",
            connect_timeout=connect_timeout,
            pool_size=pool_size,
            pool_timeout=pool_timeout,
            pool_recycle=pool_recycle,
            longest=longest,
        )
    raise _no_address(scheme.lower() if rest else "")


def _sqlite_path(rest: str) -> Path:
    path = rest.partition("?")[0]
    if not path.startswith("/") or path in {"/", "/:memory:"}:
        what = "The store's sqlite:// address names no file."
        raise SettingsError(what, "Give the file after three slashes: sqlite:///mlflow.db.")
    return Path(path[1:])


def _no_address(scheme: str) -> SettingsError:
    if scheme in {"http", "https", "databricks"}:
        what = "The store's address is a tracking server's, and questions go to its database."
        return SettingsError(what, f"Give the server's --backend-store-uri: {EXAMPLES}.")
    if scheme:
        what = f"A store of the kind '{scheme[:30]}' cannot be asked: only SQLite, MySQL, MariaDB."
        return SettingsError(what, f"Give an address such as {EXAMPLES}.")
    return SettingsError("The store's address is none.", f"Write it as {EXAMPLES}.")


def checked_schema(
    columns: Iterable[tuple[str, str, str]], dialect: Dialect, revision: str | None
) -> Schema:
    """The askable part of (table, column, declared type) rows.

    Raises NotAnMLflowStore or SchemaTooOld, naming what was found.
    """
    tables: dict[str, dict[str, ColumnKind]] = {}
    for table, column, declared in columns:
        tables.setdefault(table.lower(), {})[column.lower()] = _kind(column.lower(), declared)
    _refuse_foreign(tables, revision)
    _refuse_old(tables, dialect, revision)
    asked = {name: columns for name, columns in tables.items() if name in ASKABLE}
    return Schema(asked, dialect, revision)


def _refuse_foreign(tables: Mapping[str, object], revision: str | None) -> None:
    missing = sorted(_FIRST_TABLES - tables.keys())
    if not missing:
        return
    found = ", ".join(sorted(tables)[:5]) + (" …" if len(tables) > 5 else "")
    what = "This database was not made by MLflow: " + (
        f"it lacks the tables {', '.join(missing)} and has {found}." if tables else "it is empty."
    )
    if revision is not None:
        what += f" Its alembic revision is {revision}."
    fix = "Check the address; a new store gets its tables from `mlflow db upgrade` or its server."
    raise NotAnMLflowStore(what, fix)


def _refuse_old(
    tables: Mapping[str, Mapping[str, object]], dialect: Dialect, revision: str | None
) -> None:
    missing = [
        f"{table}.{column}" if table in tables else table
        for table, columns in sorted(NEEDED_COLUMNS.items())
        for column in sorted(columns - tables.get(table, {}).keys())
    ]
    if not missing:
        return
    lacks = ", ".join(dict.fromkeys(missing))
    what = (
        f"This MLflow store is too old to be asked (revision {revision or 'unknown'}):"
        f" it lacks {lacks}."
    )
    raise SchemaTooOld(revision, what, f"Upgrade a copy and ask that: {_UPGRADES[dialect]}.")


_UPGRADES: Mapping[Dialect, str] = {
    "sqlite": "`cp store.db copy.db && mlflow db upgrade sqlite:///copy.db`",
    "mysql": "dump the database into a new one, then `mlflow db upgrade mysql+pymysql://…/copy`",
}


def _kind(column: str, declared: str) -> ColumnKind:
    """By MLflow's knowledge first: its times are epoch milliseconds in BIGINT columns."""
    if column in _TIMES:
        return "time"
    kind = declared.upper()
    if any(word in kind for word in ("INT", "BOOL", "BIT")):
        return "integer"
    if any(word in kind for word in ("FLOAT", "DOUBLE", "REAL", "DECIMAL", "NUMERIC")):
        return "real"
    return "text"


def cell(value: object) -> Cell:
    """Any driver's value as one of ours: the same for both warehouses.

    Times become ISO text with a space, fractions of a second only where there are any.
    """
    if value is None or type(value) in {str, int, float}:
        return value  # type: ignore[return-value] # the set above is the rest of Cell
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return int(value) if exponent == 0 else float(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return _as_text(value)


def _as_text(value: object) -> str:
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return str(value)


def result_columns(names: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> tuple[Column, ...]:
    """The columns with kinds seen in the rows: all whole numbers, all numbers, or text."""
    return tuple(Column(name, _seen(rows, place)) for place, name in enumerate(names))


def _seen(rows: Sequence[tuple[Cell, ...]], place: int) -> ColumnKind:
    types = {type(row[place]) for row in rows} - {type(None)}
    if not types or str in types:
        return "text"
    return "real" if float in types else "integer"


_DETAIL = 300
"""Characters of a driver's words that an interpreter may read to mend its SQL."""


def query_failed(driver: Exception) -> QueryFailed:
    """The driver's own words go to the log under a reference; the asker gets the reference."""
    reference = secrets.token_hex(4)
    log.warning("query failed [%s]: %s: %s", reference, type(driver).__name__, driver)
    what = "The database turned the query down."
    fix = f"Say it another way; the operator finds the reason in the log under {reference}."
    return QueryFailed(what, fix, reference=reference, detail=f"{driver}"[:_DETAIL])
