"""What changed in the source since it was copied comes over, and nothing else is touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from tests.support.moving import Mover
from tests.support.own_stores import changing
from tracking.migrate import prepared, source
from tracking.migrate.changes import Count
from tracking.migrate.source import Kind

MakeMover = Callable[..., Mover]


def _change_every_table(store: sqlite3.Connection) -> None:
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
            f"INSERT OR IGNORE INTO {quoted} ({columns}) SELECT {other} FROM {quoted} WHERE rowid = 5"
        )
        free = [c for c in table.stored if not c.key and c.kind in {Kind.TEXT, Kind.REAL, Kind.BLOB}]
        for column in free:
            if not column.name.endswith(("id", "name", "stage", "status", "type", "key", "hash")):
                value = {Kind.TEXT: "'it''s %s new'", Kind.REAL: "0.5", Kind.BLOB: "X'00FF'"}
                store.execute(
                    f"UPDATE {quoted} SET {source.quoted(column.name)} = {value[column.kind]}"
                    " WHERE rowid = 7"
                )


def test_every_table_loses_gains_and_changes_rows_as_the_source_did(
    full: Path, mover: MakeMover
) -> None:
    move = mover(full)
    move.run()
    with changing(full) as store:
        _change_every_table(store)

    done = move.catch_up()

    assert {"metrics", "runs", "experiments", "spans", "secrets"} <= done.counts.keys()
    assert all(count.deleted for count in done.counts.values())
    assert move.verify().findings == ()
