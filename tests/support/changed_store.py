"""Changes in every table of a store: rows that go, rows that come, rows that are different."""

from __future__ import annotations

import sqlite3

from tracking.migrate import source
from tracking.migrate.source import Kind


def change_every_table(store: sqlite3.Connection) -> None:
    """A row less, a row more and a row that is different, wherever that is possible."""
    for name, table in source.tables(store).items():
        quoted = source.quoted(name)
        store.execute(f"DELETE FROM {quoted} WHERE rowid = 3")
        columns = ", ".join(source.quoted(column.name) for column in table.stored)
        key = next(column for column in table.key if column.kind is not Kind.REAL)
        other = ", ".join(
            "99" if column is key else source.quoted(column.name) for column in table.stored
        )
        store.execute(
            f"INSERT OR IGNORE INTO {quoted} ({columns}) SELECT {other} FROM {quoted}"
            " WHERE rowid = 5"
        )
        for column in _free(table):
            value = {Kind.TEXT: "'it''s %s new'", Kind.REAL: "0.5", Kind.BLOB: "X'00FF'"}
            store.execute(
                f"UPDATE {quoted} SET {source.quoted(column.name)} = {value[column.kind]}"
                " WHERE rowid = 7"
            )


def _free(table: source.Table) -> list[source.Column]:
    """Columns that may hold anything."""
    bound = ("id", "name", "stage", "status", "type", "key", "hash", "workspace")
    return [
        column
        for column in table.stored
        if column.kind in {Kind.TEXT, Kind.REAL, Kind.BLOB}
        and not column.key
        and not column.name.endswith(bound)
    ]
