"""Whether the target has all rows of a copy of the source, by what its ledger says."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from tracking.errors import TargetRefused
from tracking.migrate import indexes, ledger, source
from tracking.migrate.ledger import Done
from tracking.migrate.prepared import Prepared
from tracking.migrate.server import Connection
from tracking.migrate.source import Table


def check(connection: Connection, base: Prepared | None, names: Collection[str]) -> None:
    """The first copy must have come to its end: what it has not brought yet is no change.

    `base` is that copy, where it is still here. Raises TargetRefused.
    """
    if indexes.pending(connection) or (base and not has_all_of(connection, base, names)):
        what = "The first copy has not come to its end."
        raise TargetRefused(what, "Run `tracktalk migrate run`: it goes on where it stopped.")


def has_all_of(connection: Connection, copy: Prepared, names: Collection[str]) -> bool:
    """Whether the tables of these names are there as a whole; others were never to come over."""
    there = {name: sum(d.rows for d in chunks) for name, chunks in ledger.done(connection).items()}
    with closing(source.opened(copy.file)) as store:
        wanted = [name for name in source.tables(store) if name in names]
        return all(there.get(name, 0) >= _count(store, name) for name in wanted)


def chunks(file: Path, tables: Mapping[str, Table]) -> Iterator[tuple[str, Done]]:
    """Each table that has rows, as one chunk."""
    with closing(source.opened(file)) as store:
        for name, table in tables.items():
            if rows := _count(store, name):
                keys = ", ".join(source.quoted(column.name) for column in table.key)
                order = ", ".join(f"{source.quoted(column.name)} DESC" for column in table.key)
                last = store.execute(
                    f"SELECT {keys} FROM {source.quoted(name)} ORDER BY {order} LIMIT 1"
                ).fetchone()
                yield name, Done(1, rows, None, last)


def _count(store: sqlite3.Connection, name: str) -> int:
    return int(store.execute(f"SELECT count(*) FROM {source.quoted(name)}").fetchone()[0])
