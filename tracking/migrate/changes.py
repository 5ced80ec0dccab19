"""What differs between a newer copy of the source and what was copied before, kept in a file.

It is found in one of two ways. Where the copy that the target was filled from is still here, both
copies are compared with each other: the target is not asked at all. Where it is gone, the newer
copy is compared with the target itself, by the hashes of the verification. Either way the same
comes out: rows of the newer copy to be written, and keys to be taken away, table by table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tracking.migrate import source
from tracking.migrate.source import Key, Row, Table, quoted
from tracking.migrate.verify.differ import RowDifference

KEYS = 500
"""Keys that are handed out at a time."""

Looked = Callable[[str], None]
"""Called with each table that is looked at."""


@dataclass(frozen=True, slots=True)
class Count:
    """Of a table: rows that are new, rows that are otherwise than before, rows that are gone."""

    added: int
    updated: int
    deleted: int

    @property
    def all(self) -> int:
        """Rows that have to be touched."""
        return self.added + self.updated + self.deleted


@dataclass(slots=True)
class Changes:
    """The changes of a store, in a file. `counts` has the tables that have some."""

    store: sqlite3.Connection
    tables: dict[str, Table]
    counts: dict[str, Count] = field(default_factory=dict)

    @property
    def all(self) -> int:
        """Rows that have to be touched, of all tables."""
        return sum(count.all for count in self.counts.values())

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of the newer copy that are new or different."""
        columns = ", ".join(f"n.{quoted(column.name)}" for column in self.tables[name].stored)
        yield from self.store.execute(
            f"SELECT {columns} FROM main.{_fresh(name)} f"
            f" JOIN new.{quoted(name)} n ON n.rowid = f.place ORDER BY f.place"
        )

    def gone(self, name: str) -> Iterator[list[Key]]:
        """The keys that the newer copy has no more, some at a time."""
        cursor = self.store.execute(f"SELECT * FROM main.{_gone(name)}")
        while keys := cursor.fetchmany(KEYS):
            yield keys

    def remaining(self, name: str) -> int:
        """How many rows of the newer copy were there before, changed or not."""
        added = self.counts[name].added if name in self.counts else 0
        return self._rows_of(f"new.{quoted(name)}") - added

    def note(self, name: str, found: Iterable[RowDifference]) -> None:
        """Write down what a comparison with the target has found of a table."""
        table = self.tables[name]
        _make(self.store, table)
        key = " AND ".join(f"{quoted(column.name)} = ?" for column in table.key)
        place = f"SELECT rowid FROM new.{quoted(name)} WHERE {key}"
        for each in found:
            if each.expected is None:
                marks = ", ".join("?" * len(each.key))
                self.store.execute(f"INSERT INTO main.{_gone(name)} VALUES ({marks})", each.key)
            else:
                self.store.execute(
                    f"INSERT INTO main.{_fresh(name)} VALUES (({place}), ?)",
                    (*each.key, each.found is None),
                )
        self._count(name)

    def compare(self, name: str) -> None:
        """Find what differs between both copies in a table.

        Rows that kept their place in the file (their rowid) are compared there, all in one go
        through both files; only those that did not are looked up by their keys. CASE keeps SQLite
        from doing that first, which takes five times as long.
        """
        table = self.tables[name]
        _make(self.store, table)
        self.store.execute(
            f"INSERT INTO main.{_fresh(name)} SELECT n.rowid, NOT EXISTS (SELECT 1"
            f" FROM old.{quoted(name)} k WHERE {_same_key(table, 'n')})"
            f" FROM new.{quoted(name)} n LEFT JOIN old.{quoted(name)} o ON o.rowid = n.rowid"
            f" WHERE CASE WHEN o.rowid IS NULL OR {_apart(table.stored)} THEN NOT EXISTS (SELECT 1"
            f" FROM old.{quoted(name)} k WHERE {_same_key(table, 'n')} AND {_alike(table.stored)})"
            " END"
        )
        if self._lost(name):
            keys = ", ".join(f"o.{quoted(column.name)}" for column in table.key)
            self.store.execute(
                f"INSERT INTO main.{_gone(name)} SELECT {keys} FROM old.{quoted(name)} o"
                f" LEFT JOIN new.{quoted(name)} n ON n.rowid = o.rowid"
                f" WHERE CASE WHEN n.rowid IS NULL OR {_apart(table.key)} THEN NOT EXISTS"
                f" (SELECT 1 FROM new.{quoted(name)} k WHERE {_same_key(table, 'o')}) END"
            )
        self._count(name)

    def _lost(self, name: str) -> bool:
        """Whether rows are gone at all, told by their numbers: most tables need no second look."""
        new, old = (self._rows_of(f"{side}.{quoted(name)}") for side in ("new", "old"))
        added = self._rows_of(f"main.{_fresh(name)} WHERE added")
        return old + added > new

    def _count(self, name: str) -> None:
        fresh = self._rows_of(f"main.{_fresh(name)}")
        added = self._rows_of(f"main.{_fresh(name)} WHERE added")
        count = Count(added, fresh - added, self._rows_of(f"main.{_gone(name)}"))
        if count.all:
            self.counts[name] = count

    def _rows_of(self, what: str) -> int:
        return int(self.store.execute(f"SELECT count(*) FROM {what}").fetchone()[0])


@contextmanager
def opened(file: Path, new: Path, old: Path | None, names: Iterable[str]) -> Iterator[Changes]:
    """An empty list of changes in a file, which goes when it is closed."""
    file.unlink(missing_ok=True)
    try:
        with closing(source.opened(new)) as store:
            tables = {name: table for name, table in source.tables(store).items() if name in names}
        with closing(_beside(file, new, old)) as store:
            yield Changes(store, tables)
    finally:
        file.unlink(missing_ok=True)


def between(changes: Changes, looked: Looked) -> None:
    """Find what differs between both copies, table by table."""
    for name in changes.tables:
        looked(name)
        changes.compare(name)


def how_many(file: Path, new: Path, old: Path, names: Iterable[str]) -> int:
    """How many rows of a newer copy are not as they were in an older one; `file` is for a while."""
    with opened(file, new, old, names) as found:
        between(found, lambda _table: None)
        return found.all


def _beside(file: Path, new: Path, old: Path | None) -> sqlite3.Connection:
    store = sqlite3.connect(
        f"{file.as_uri()}?mode=rwc", uri=True, isolation_level=None, check_same_thread=False
    )
    # Nothing here has to outlive a crash: whoever comes next looks anew.
    store.execute("PRAGMA journal_mode = OFF")
    store.execute("PRAGMA synchronous = OFF")
    for name, copy in (("new", new), ("old", old)):
        if copy:
            store.execute(f"ATTACH ? AS {name}", (f"{copy.as_uri()}?mode=ro",))
            store.execute(f"PRAGMA {name}.cache_size = -32000")
    return store


def _make(store: sqlite3.Connection, table: Table) -> None:
    store.execute(f"CREATE TABLE main.{_fresh(table.name)} (place INTEGER PRIMARY KEY, added)")
    keys = ", ".join(quoted(column.name) for column in table.key)
    store.execute(f"CREATE TABLE main.{_gone(table.name)} ({keys})")


def _fresh(name: str) -> str:
    return quoted(f"fresh {name}")


def _gone(name: str) -> str:
    return quoted(f"gone {name}")


def _same_key(table: Table, other: str) -> str:
    """The key of a row `k` is that of another row."""
    names = [quoted(column.name) for column in table.key]
    return " AND ".join(f"k.{name} = {other}.{name}" for name in names)


def _apart(columns: Sequence[source.Column]) -> str:
    return " OR ".join(f"n.{quoted(c.name)} IS NOT o.{quoted(c.name)}" for c in columns)


def _alike(columns: Sequence[source.Column]) -> str:
    return " AND ".join(f"k.{quoted(c.name)} IS n.{quoted(c.name)}" for c in columns)
