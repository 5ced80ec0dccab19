"""A server's errors, sorted by who acts next. No driver text and no password gets into them.

Error numbers: "Server Error Message Reference" of MySQL 8.4, "MariaDB Error Codes".
"""

from __future__ import annotations

import secrets

import pymysql
from sqlalchemy.engine import URL
from sqlalchemy.exc import TimeoutError as PoolTimeout

from texttosql.errors import NotPermitted, QueryTooSlow, WarehouseDown, WarehouseError
from texttosql.warehouses import log, query_failed

DENIED = frozenset({1044, 1045, 1142, 1143, 1227, 1345, 1370, 1290, 1792})
"""Once logged in: database, table, column, privilege or routine denied; read-only refusals."""
STOPPED = frozenset({1317, 1969, 3024, 1028})
"""Interrupted by KILL QUERY; MariaDB's and MySQL's own time limit; sort aborted."""
GONE = frozenset({2003, 2006, 2013, 2055, 1053, 1152, 1927, 4031})
"""Connection refused, gone away, lost; server shutting down; connection killed or idle too long."""


def shown(url: URL) -> str:
    """The address as it may be shown: mysql://bot:********@db/mlflow."""
    login = f"{url.username or ''}{':********' if url.password else ''}"
    port = f":{url.port}" if url.port else ""
    return f"mysql://{login}@{url.host or 'localhost'}{port}/{url.database or ''}"


def number_of(error: BaseException) -> int:
    """The server's or client's error number; 0 when there is none."""
    first = error.args[0] if error.args else 0
    return first if isinstance(first, int) else 0


def too_slow(deadline: float) -> QueryTooSlow:
    """The deadline passed; the query is stopped on the server."""
    what = f"The query took longer than {deadline:g} s and was stopped."
    return QueryTooSlow(what, "Narrow it down: fewer experiments or a shorter time.")


def cannot_connect(error: BaseException, url: URL) -> WarehouseDown:
    """Why no session came about: the server, the login, or the database."""
    reference = secrets.token_hex(4)
    log.warning("cannot connect [%s] to %s: %s", reference, shown(url), error)
    what, fix = _CONNECTING.get(number_of(error), _unreachable)(url)
    return WarehouseDown(what, fix, reference=reference)


def _unreachable(url: URL) -> tuple[str, str]:
    return (
        f"The database server at {_place(url)} cannot be reached.",
        "Check that it runs, and the host and port of the store's address.",
    )


def _wrong_login(url: URL) -> tuple[str, str]:
    return (
        f"The database server turned the login of '{url.username or ''}' away.",
        "Check the user and password in the store's address.",
    )


def _unknown_database(url: URL) -> tuple[str, str]:
    return (
        f"The server at {_place(url)} has no database '{url.database or ''}'.",
        "Check the name after the last slash of the store's address.",
    )


def _closed_database(url: URL) -> tuple[str, str]:
    return (
        f"The account '{url.username or ''}' may not use a database '{url.database or ''}'.",
        "Check the name, or give the account SELECT on MLflow's tables.",
    )


def _full_house(url: URL) -> tuple[str, str]:
    return (
        f"The database server at {_place(url)} takes no more connections.",
        "Ask again in a moment, or raise max_connections on the server.",
    )


def _unsafe_line(url: URL) -> tuple[str, str]:
    return (
        f"No safe connection to {_place(url)} came about (TLS).",
        "Check ssl_ca, ssl_cert and ssl_key in the store's address against the server's.",
    )


_CONNECTING = {
    1040: _full_house,
    1044: _closed_database,
    1045: _wrong_login,
    1049: _unknown_database,
    1130: _wrong_login,
    1203: _full_house,
    1226: _full_house,
    1698: _wrong_login,
    2026: _unsafe_line,
}


def _place(url: URL) -> str:
    return f"{url.host or 'localhost'}:{url.port or 3306}"


def no_free_connection(_error: PoolTimeout) -> WarehouseDown:
    """All of the pool is in use."""
    what = "All connections to the store are busy with other questions."
    return WarehouseDown(what, "Ask again in a moment, or give the store a larger pool.")


def unusable_options(error: BaseException, url: URL) -> WarehouseDown:
    """The driver does not take the address's options, or lacks what the login method needs."""
    reference = secrets.token_hex(4)
    log.warning("unusable address [%s] %s: %s", reference, shown(url), error)
    what = f"The address {shown(url)} cannot be used by the MySQL driver."
    fix = f"Check what follows the '?' in it; the log has the reason under {reference}."
    return WarehouseDown(what, fix, reference=reference)


def while_asking(error: pymysql.err.Error, url: URL, deadline: float) -> WarehouseError:
    """Why a query gave no rows."""
    number = number_of(error)
    if number in STOPPED:
        return too_slow(deadline)
    if number in DENIED:
        return not_permitted(error, url)
    if number in GONE:
        return cannot_connect(error, url)
    return query_failed(error)


def not_permitted(error: BaseException, url: URL) -> NotPermitted:
    """The account lacks a right; never to be shown as an empty answer."""
    reference = secrets.token_hex(4)
    log.warning("not permitted [%s] at %s: %s", reference, shown(url), error)
    what = f"The account '{url.username or ''}' may not read what this question needs."
    fix = "Give it SELECT on MLflow's tables; the log names the missing one."
    return NotPermitted(what, f"{fix} Reference {reference}.", reference=reference)
