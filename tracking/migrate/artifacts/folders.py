"""The folders that rows name: each once, none that lies in another; on the disk if many."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

_MAKE = (
    "CREATE TABLE folders (move INTEGER, path TEXT, named_by TEXT, PRIMARY KEY (move, path))"
    " WITHOUT ROWID"
)


class Folders:
    """Paths below the moving folders, with the column that named them first."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store
        store.execute(_MAKE)

    def add(self, move: int, path: str, named_by: str) -> None:
        """A row names it."""
        self._store.execute(
            "INSERT OR IGNORE INTO folders VALUES (?, ?, ?)", (move, path, named_by)
        )

    def outermost(self, move: int) -> Iterator[tuple[str, str]]:
        """Each path that lies in no other one, and the column that named it, in order."""
        # With the slash before every other character, what lies in a folder follows it at once.
        found = self._store.execute(
            "SELECT path, named_by FROM folders WHERE move = ?"
            " ORDER BY replace(path, '/', char(1))",
            (move,),
        )
        last: str | None = None
        for path, named_by in found:
            if last is None or not (last == "" or path.startswith(f"{last}/")):
                last = path
                yield path, named_by


@contextmanager
def folders() -> Iterator[Folders]:
    """An empty collection. SQLite keeps it in memory, and in a passing file when it gets large."""
    store = sqlite3.connect("", isolation_level=None)
    try:
        store.execute("BEGIN")
        yield Folders(store)
    finally:
        store.close()
