"""What is done, in a small SQLite file: which files were read back from where they went.

A line is written when a file's bytes at the destination have been read and found the same, never
before. So it does not matter who is killed when: a file without a line is looked at again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tracking.errors import TrackingError
from tracking.migrate.artifacts.files import File
from tracking.migrate.artifacts.moves import Move

_MAKE = """
CREATE TABLE IF NOT EXISTS files (root TEXT, destination TEXT, path TEXT, size INTEGER NOT NULL,
 changed INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (root, destination, path))
 WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS verifications (root TEXT, destination TEXT, at TEXT NOT NULL,
 files INTEGER NOT NULL, bytes INTEGER NOT NULL, differing INTEGER NOT NULL,
 PRIMARY KEY (root, destination)) WITHOUT ROWID;
"""


class LedgerError(TrackingError):
    """The ledger's file cannot be used."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The last comparison of both sides that came to its end."""

    at: datetime
    files: int
    bytes: int
    differing: int


class Ledger:
    """The lines of all moves of this machine. To be used by one thread."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store

    def has(self, move: Move, file: File) -> bool:
        """Whether this very file (same size, same time of change) has arrived."""
        found = self._store.execute(
            "SELECT size, changed FROM files WHERE root = ? AND destination = ? AND path = ?",
            (*_of(move), file.path),
        ).fetchone()
        return bool(found == (file.size, file.changed))

    def arrived(self, move: Move, file: File, sha256: str) -> None:
        """A file was read back and is the same."""
        self._store.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
            (*_of(move), file.path, file.size, file.changed, sha256),
        )

    def forget(self, move: Move, path: str) -> None:
        """A file is not there any more as it was: it is copied again the next time."""
        self._store.execute(
            "DELETE FROM files WHERE root = ? AND destination = ? AND path = ?", (*_of(move), path)
        )

    def verified(self, move: Move) -> Verified | None:
        """How the last comparison went."""
        found = self._store.execute(
            "SELECT at, files, bytes, differing FROM verifications"
            " WHERE root = ? AND destination = ?",
            _of(move),
        ).fetchone()
        return Verified(datetime.fromisoformat(found[0]), *found[1:]) if found else None

    def compared(self, move: Move, files: int, size: int, differing: int) -> None:
        """A comparison came to its end."""
        self._store.execute(
            "INSERT OR REPLACE INTO verifications VALUES (?, ?, ?, ?, ?, ?)",
            (*_of(move), datetime.now(UTC).isoformat(), files, size, differing),
        )


@contextmanager
def opened(file: Path) -> Iterator[Ledger]:
    """The ledger in a file, made if it is not there. Raises LedgerError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Every line commits by itself; without waiting for the disk: a line that a power cut takes
        # away costs a second look at a file, no more.
        store = sqlite3.connect(file, isolation_level=None, timeout=60)
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA synchronous = NORMAL")
        store.executescript(_MAKE)
    except (OSError, sqlite3.Error) as error:
        what = f"The ledger of the artifacts cannot be kept in {file}: {error}."
        raise LedgerError(what, "Name another file with --ledger.") from error
    try:
        yield Ledger(store)
    finally:
        store.close()


def _of(move: Move) -> tuple[str, str]:
    return str(move.files), move.to
