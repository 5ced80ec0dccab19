"""Opens an SQLite file so that it cannot be changed, and says plainly why one cannot be opened.

Three locks one behind the other: the file is opened read-only, PRAGMA query_only is on, and an
authorizer lets SELECT read askable tables and nothing else.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

from texttosql.errors import (
    NotAnMLflowStore,
    NotPermitted,
    QueryTooSlow,
    WarehouseDown,
    WarehouseError,
)
from texttosql.schema import ASKABLE
from texttosql.sqlite.functions import register
from texttosql.warehouses import log, query_failed

MAGIC = b"SQLite format 3\0"
LONGEST_VALUE = 50_000_000
"""Bytes of one text or blob: replace() and group_concat() must not eat the memory."""

_DENIED_FUNCTIONS = frozenset({
    "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "sqlite_log", "zeroblob",
    "randomblob",
})  # fmt: skip
_ALWAYS_THERE = frozenset({"json_each", "json_tree", "dbstat", "bytecode", "tables_used"})
"""Tables that SQLite offers without being in the schema."""

_CHECK_PATH = "Check the store's address; a relative one starts in the folder you are in."


def refuse_unusable(path: Path) -> None:
    """Raises WarehouseDown or NotAnMLflowStore for a path that can be no SQLite database."""
    try:
        if path.is_dir():
            raise _is_folder(path)
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except FileNotFoundError:
        what = f"There is no file {path}."
        raise WarehouseDown(what, _CHECK_PATH) from None
    except PermissionError:
        what = f"The file {path} may not be read by this account."
        raise WarehouseDown(what, "Give this account the right to read it.") from None
    except OSError as error:
        log.warning("cannot read %s: %s", path, error)
        what = f"The file {path} cannot be read."
        raise WarehouseDown(what, _CHECK_PATH) from None
    if start != MAGIC:
        state = "is no SQLite database" if start else "is empty"
        what = f"The file {path} {state}."
        raise NotAnMLflowStore(what, _CHECK_PATH)


def _is_folder(path: Path) -> WarehouseDown:
    what = f"{path} is a folder, not an SQLite file."
    fix = "Give the database file; `mlflow migrate-filestore` makes one of a folder of runs."
    return WarehouseDown(what, fix)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that can only read; used by one thread at a time, any thread."""
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=ro{_unshared(path)}",
        uri=True,
        timeout=0,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.text_factory = _lenient
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute("PRAGMA query_only = ON")
    return connection


def lock_down(connection: sqlite3.Connection) -> None:
    """From here on: our functions, and SELECT on askable tables only."""
    register(connection)
    names = connection.execute("SELECT lower(name) FROM sqlite_master").fetchall()
    closed = frozenset(name for (name,) in names) - ASKABLE
    connection.set_authorizer(partial(_authorize, closed))


def wait_for_writers(connection: sqlite3.Connection, seconds: float) -> None:
    """How long what comes next waits for a writer's lock."""
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def _unshared(path: Path) -> str:
    """A WAL database in a folder we may not write can be read only as one nobody changes.

    That holds as long as no -wal file lies beside it: a writer would have made one.
    """
    alone = not Path(f"{path}-wal").exists() and not os.access(path.absolute().parent, os.W_OK)
    return "&immutable=1" if alone else ""


def _lenient(value: bytes) -> str:
    """SQLite keeps any bytes as text; a broken letter must not lose the answer."""
    return value.decode("utf-8", "replace")


def _authorize(
    closed: frozenset[str], action: int, first: str | None, second: str | None, *_: str | None
) -> int:
    allowed = False
    if action == sqlite3.SQLITE_READ:
        allowed = _readable(closed, (first or "").lower(), second or "")
    elif action == sqlite3.SQLITE_FUNCTION:
        allowed = (second or "").lower() not in _DENIED_FUNCTIONS
    elif action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE}:
        allowed = True
    elif action == sqlite3.SQLITE_PRAGMA:
        allowed = first == "busy_timeout"
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _readable(closed: frozenset[str], table: str, column: str) -> bool:
    """A CTE of which no column is used (COUNT(*)) is told like a table, with no column."""
    if table in ASKABLE:
        return True
    cte = not column and table not in closed and table not in _ALWAYS_THERE
    return cte and not table.startswith(("sqlite_", "pragma_"))


def _locked(path: Path) -> WarehouseError:
    what = f"Another program is writing to {path} and holds it locked."
    return WarehouseDown(what, "Ask again in a moment; stop the other program if it hangs.")


def _damaged(path: Path) -> WarehouseError:
    what = f"The file {path} is damaged: SQLite cannot read all of it."
    return WarehouseDown(
        what, "Restore it from a backup, or try `sqlite3 FILE .recover` on a copy."
    )


def _not_openable(path: Path) -> WarehouseError:
    what = f"The file {path} cannot be opened for reading."
    return WarehouseDown(what, "Check that this account may read the file and enter its folder.")


def _not_permitted(_path: Path) -> WarehouseError:
    what = "The query would do or read what no question may."
    return NotPermitted(what, "Ask about runs, metrics, params, tags, experiments or models.")


def too_slow(deadline: float) -> QueryTooSlow:
    """The deadline passed; the query is stopped."""
    what = f"The query took longer than {deadline:g} s and was stopped."
    return QueryTooSlow(what, "Narrow it down: fewer experiments or a shorter time.")


_REASONS: dict[int, Callable[[Path], WarehouseError]] = {
    sqlite3.SQLITE_BUSY: _locked,
    sqlite3.SQLITE_LOCKED: _locked,
    sqlite3.SQLITE_CORRUPT: _damaged,
    sqlite3.SQLITE_NOTADB: _damaged,
    sqlite3.SQLITE_IOERR: _damaged,
    sqlite3.SQLITE_CANTOPEN: _not_openable,
    sqlite3.SQLITE_PERM: _not_openable,
    sqlite3.SQLITE_AUTH: _not_permitted,
}


def explained(error: sqlite3.Error, path: Path) -> WarehouseError:
    """A driver's error in the asker's words; what is none of ours keeps a reference to the log."""
    code = getattr(error, "sqlite_errorcode", None)
    reason = _REASONS.get((code or 0) & 0xFF)
    if "not authorized" in str(error):  # of functions and DDL SQLite says it without the code
        reason = _not_permitted
    if reason is None:
        return query_failed(error)
    log.warning("%s: %s", path, error)
    return reason(path)
