"""The prepared copy as tables, columns, keys and rows: raw values, in the order of the keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

Value = str | int | float | bytes | None
Row = tuple[Value, ...]
Key = tuple[Value, ...]

REVISION_TABLES = frozenset({"alembic_version"})
"""Say which schema a store has; the target's own says it of the target."""

PIECE_ROWS = 1_000


class Kind(StrEnum):
    """What a column holds, by its declaration."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BLOB = "blob"
    JSON = "json"
    DATE = "date"


_KINDS = {
    "VARCHAR": Kind.TEXT, "TEXT": Kind.TEXT, "CHAR": Kind.TEXT, "CLOB": Kind.TEXT,
    "BIGINT": Kind.INTEGER, "INTEGER": Kind.INTEGER, "BOOLEAN": Kind.INTEGER,
    "SMALLINT": Kind.INTEGER, "FLOAT": Kind.REAL, "DOUBLE": Kind.REAL, "REAL": Kind.REAL,
    "BLOB": Kind.BLOB, "JSON": Kind.JSON, "DATE": Kind.DATE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is its place in the primary key, from 1; 0 is outside of it."""

    name: str
    kind: Kind
    key: int
    nullable: bool
    generated: bool


@dataclass(frozen=True)
class Table:
    """A table of a store. Rows are read and written without its generated columns."""

    name: str
    columns: tuple[Column, ...]

    @cached_property
    def stored(self) -> tuple[Column, ...]:
        """The columns whose values are kept, not computed."""
        return tuple(column for column in self.columns if not column.generated)

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """The primary key's columns, in its order."""
        inside = (column for column in self.columns if column.key)
        return tuple(sorted(inside, key=lambda column: column.key))

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Where in a row the key's values stand."""
        names = [column.name for column in self.stored]
        return tuple(names.index(column.name) for column in self.key)

    def key_of(self, row: Row) -> Key:
        """A row's key."""
        return tuple(row[place] for place in self.places)


@dataclass(frozen=True, slots=True)
class Size:
    """Of a table: its rows, the bytes of their values, and those of its largest row."""

    rows: int
    bytes: int
    largest: int


def opened(file: Path) -> sqlite3.Connection:
    """A connection that can only read, usable by one thread at a time."""
    store = sqlite3.connect(
        f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )
    # Key order jumps about in the file; mapping it would count as memory of this process, and a
    # larger cache gains nothing: the system keeps the file's pages anyway.
    store.execute("PRAGMA cache_size = -8000")
    return store


def tables(store: sqlite3.Connection) -> dict[str, Table]:
    """Every table of a store by its name, without SQLite's own and the one with the revision."""
    names = store.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
        " ESCAPE '\\' ORDER BY name"
    )
    wanted = [str(name) for (name,) in names if name not in REVISION_TABLES]
    return {name: Table(name, tuple(_columns(store, name))) for name in wanted}


def revision(store: sqlite3.Connection) -> str | None:
    """The alembic revision of a store; None for one from before there were revisions."""
    if not store.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    found = store.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else None


def size(store: sqlite3.Connection, table: Table) -> Size:
    """How much there is to copy of a table. Bytes are those of text, blobs, and 8 for numbers."""
    width = " + ".join(_width(column) for column in table.stored)
    rows, total, largest = store.execute(
        f"SELECT count(*), total({width}), max({width}) FROM {quoted(table.name)}"
    ).fetchone()
    return Size(rows, int(total), largest or 0)


def rows(
    store: sqlite3.Connection, table: Table, *, after: Key | None = None, upto: Key | None = None
) -> sqlite3.Cursor:
    """The rows of a table in key order, after a key and up to and with another."""
    names = ", ".join(quoted(column.name) for column in table.stored)
    key = ", ".join(quoted(column.name) for column in table.key)
    order = f" ORDER BY {key}" if key else ""
    conditions, values = [], list[Value]()
    for bound, sign in ((after, ">"), (upto, "<=")):
        if bound is not None:
            conditions.append(f"({key}) {sign} ({', '.join('?' * len(bound))})")
            values += bound
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return store.execute(f"SELECT {names} FROM {quoted(table.name)}{where}{order}", values)


def pieces(
    cursor: sqlite3.Cursor, largest: int, most_bytes: int, most_rows: int = PIECE_ROWS
) -> Iterator[list[Row]]:
    """The rows of a cursor, some at a time: few where a row may be large, so memory stays small."""
    count = max(1, min(most_rows, most_bytes // max(1, largest)))
    while piece := cursor.fetchmany(count):
        yield piece


def quoted(name: str) -> str:
    """A name as SQLite writes it."""
    return '"' + name.replace('"', '""') + '"'


def _columns(store: sqlite3.Connection, table: str) -> Iterator[Column]:
    for _, name, declared, notnull, _, key, hidden in store.execute(
        f"PRAGMA table_xinfo({quoted(table)})"
    ).fetchall():
        yield Column(name, _kind(declared), key, not (notnull or key), hidden in {2, 3})


def _kind(declared: str) -> Kind:
    return _KINDS.get(declared.split("(", maxsplit=1)[0].strip().upper(), Kind.TEXT)


def _width(column: Column) -> str:
    name = quoted(column.name)
    if column.kind in {Kind.INTEGER, Kind.REAL}:
        return "8"
    return f"ifnull(length(CAST({name} AS BLOB)), 0)"


def names(columns: Sequence[Column]) -> list[str]:
    """The columns' names."""
    return [column.name for column in columns]
