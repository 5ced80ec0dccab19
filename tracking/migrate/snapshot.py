"""The source as one consistent copy. The original is opened for reading only and never written.

SQLite's backup API makes the copy, in pieces, so that a server that writes meanwhile waits for
moments only. What cannot be opened for reading only (a WAL file or a journal left by a crash, on
a medium where nothing can be written) is copied file by file, and mended in the copy.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tracking.errors import SourceBusy, SourceError, WorkspaceFull

PAGES = 8_192
"""Copied at a time, 32 MB as a rule: some 20 ms in which a writer has to wait."""
PATIENCE = 10
"""How often writers may make the copy start anew; then it is taken in one go."""
WAIT_MS = 60_000
"""How long to wait for whoever holds the source."""
_BESIDE = ("-wal", "-journal")
"""Files that belong to a database whose writer has not ended well."""

Told = Callable[[int, int], None]
"""Called with how many pages are copied and how many there are."""


def take(source: Path, copy: Path, told: Told = lambda _done, _all: None) -> None:
    """Make `copy` the whole of `source` at one moment. Raises SourceError, WorkspaceFull."""
    _room_for(source, copy)
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    try:
        _take_from(source, part, told)
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def readable(source: Path) -> Iterator[None]:
    """What is found damaged while the copy of a source is read. Raises SourceError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _unreadable(source, error) from error


def _take_from(source: Path, part: Path, told: Told) -> None:
    try:
        _backup(f"{source.as_uri()}?mode=ro", part, told)
    except _Held as error:
        raise _held(source) from error
    except sqlite3.OperationalError as error:
        if no_room(error):
            raise full(part.parent, error) from error
        if _busy(error):
            raise _held(source) from error
        if not _cannot_open(error):
            raise _unreadable(source, error) from error
        _take_apart(source, part, told)
    except sqlite3.DatabaseError as error:
        raise _unreadable(source, error) from error


def _take_apart(source: Path, part: Path, told: Told) -> None:
    """The files as they lie there, then SQLite's own recovery in the copy of them."""
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=".taking-") as folder:
        loose = Path(folder) / "source.db"
        try:
            for end in ("", *_BESIDE):
                if (beside := source.with_name(source.name + end)).exists():
                    shutil.copyfile(beside, loose.with_name(loose.name + end))
            _backup(loose.as_uri(), part, told)
        except (OSError, sqlite3.DatabaseError) as error:
            raise _unreadable(source, error) from error


def _backup(uri: str, part: Path, told: Told) -> None:
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=0.1)) as original,
        closing(sqlite3.connect(part)) as copy,
    ):
        try:
            original.backup(copy, pages=PAGES, progress=_Pieces(told), sleep=0.005)
        except _Restless:
            original.backup(copy, pages=-1, progress=_Pieces(told, restless=True))


class _Restless(Exception):
    """The source changes faster than it can be copied in pieces."""


class _Held(Exception):
    """Somebody else has held the source for as long as one is willing to wait."""


class _Pieces:
    """Follows a backup: one that has more left than a moment ago was started anew.

    Python's backup tries a locked source for ever and says nothing: here it is that it ends.
    """

    def __init__(self, told: Told, *, restless: bool = False) -> None:
        self._told, self._may_restart = told, restless
        self._left: int | None = None
        self._restarts = 0
        self._give_up: float | None = None

    def __call__(self, status: int, remaining: int, total: int) -> None:
        self._wait(status)
        if self._left is not None and remaining > self._left:
            self._restarts += 1
        self._left = remaining
        self._told(total - remaining, total)
        if self._restarts > PATIENCE and remaining and not self._may_restart:
            raise _Restless

    def _wait(self, status: int) -> None:
        if status not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            self._give_up = None
            return
        self._give_up = self._give_up or time.monotonic() + WAIT_MS / 1000
        if time.monotonic() >= self._give_up:
            raise _Held


def _room_for(source: Path, copy: Path) -> None:
    try:
        needed = int(source.stat().st_size * 1.1)
    except OSError as error:
        what = f"{source} is not there any more: {error.strerror}."
        raise SourceError(what, "Put it back; nothing was done with its absence.") from error
    copy.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(copy.parent).free
    if free < needed:
        what = f"A copy of the source needs {needed:,} bytes in {copy.parent}; {free:,} are free."
        raise WorkspaceFull(what, "Make room there, or name another folder with --workspace.")


def no_room(error: OSError | sqlite3.OperationalError) -> bool:
    """Whether something could not be written, because a disk is full, or a share of it."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return error.sqlite_errorcode in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}


def full(folder: Path, error: Exception) -> WorkspaceFull:
    """What it means for who moves a store."""
    what = f"{folder} takes no more: {error}."
    fix = "Make room there, or name another folder with --workspace; then say the same again."
    return WorkspaceFull(what, fix)


def _busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _cannot_open(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
    }


def _held(source: Path) -> SourceBusy:
    what = f"{source} was locked by another program for {WAIT_MS // 1000} seconds."
    return SourceBusy(what, "End what holds it (a backup, an open transaction), then ask again.")


def _unreadable(source: Path, error: Exception) -> SourceError:
    what = f"{source} cannot be read as a database: {error}."
    fix = "Check its rights; mend a damaged file with `sqlite3 FILE .recover`, and move that."
    return SourceError(what, fix)
