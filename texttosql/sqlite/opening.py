"""Opens an SQLite file so that it cannot be changed, and says plainly why one cannot be opened.

Three locks one behind the other: the file is opened read-only, PRAGMA query_only is on, and an
authorizer lets SELECT read askable tables and nothing else.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
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
_CHECK_PATH = "Check the store's address; a relative one starts in the folder you are in."


def refuse_unusable(path: Path) -> None:
    """Raises WarehouseDown or NotAnMLflowStore for a path that can be no SQLite database."""
    try:
        if path.is_dir():
            raise _folder(path)
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except FileNotFoundError:
        raise WarehouseDown(f"There is no file {path}.", _CHECK_PATH) from None
    except PermissionError:
        what = f"The file {path} may not be read by this account."
        raise WarehouseDown(what, "Give this account the right to read it.") from None
    except OSError as error:
        log.warning("cannot read %s: %s", path, error)
        raise WarehouseDown(f"The file {path} cannot be read.", _CHECK_PATH) from None
    if start != MAGIC:
        state = "is no SQLite database" if start else "is empty"
        raise NotAnMLflowStore(f"The file {path} {state}.", _CHECK_PATH)


def _folder(path: Path) -> WarehouseDown:
    what = f"{path} is a folder, not an SQLite file."
    fix = "Give the database file; runs kept in a folder can be moved with `mlflow migrate-filestore`."
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
    register(connection)
    return connection


def make_ready(connection: sqlite3.Connection, wait: float) -> None:
    """From here on SELECT on askable tables only, waiting at most `wait` seconds for a writer.

    The authorizer lets no PRAGMA through, ours included.
    """
    connection.set_authorizer(None)
    connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
    connection.set_authorizer(_authorize)


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
    action: int, first: str | None, second: str | None, _database: str | None, _by: str | None
) -> int:
    allowed = False
    if action == sqlite3.SQLITE_READ:
        allowed = (first or "").lower() in ASKABLE
    elif action == sqlite3.SQLITE_FUNCTION:
        allowed = (second or "").lower() not in _DENIED_FUNCTIONS
    elif action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE}:
        allowed = True
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _locked(path: Path) -> WarehouseError:
    what = f"Another program is writing to {path} and holds it locked."
    return WarehouseDown(what, "Ask again in a moment; stop the other program if it hangs.")


def _damaged(path: Path) -> WarehouseError:
    what = f"The file {path} is damaged: SQLite cannot read all of it."
    return WarehouseDown(what, "Restore it from a backup, or try `sqlite3 FILE .recover` on a copy.")


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
    if reason is None:
        return query_failed(error)
    log.warning("%s: %s", path, error)
    return reason(path)
