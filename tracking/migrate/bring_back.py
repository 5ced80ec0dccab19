"""What a target holds, brought into a copy of the SQLite file it came from: the diff, backwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from tracking.migrate import ledger, server, shape, source
from tracking.migrate.addresses import Target
from tracking.migrate.changes import Count
from tracking.migrate.server import Connection, quoted
from tracking.migrate.source import Column, Kind, Table, Value
from tracking.migrate.verify.differ import Askers, RowDifference
from tracking.migrate.verify.tables import Tables
from tracking.migrate.verify.verify import expected_shape

ROWS = 200
BYTES = 8 << 20
"""What is fetched at a time: few rows where one may have megabytes."""

Moved = Callable[[str, int], None]
"""Called with a table and how many rows of it have been compared."""


def bring_back(target: Target, base: Path, file: Path, moved: Moved) -> dict[str, Count]:
    """Make `file`, a copy of `base`, hold what the target holds; what had to be done, by table.

    `base` is compared with the target, so that `file` may be written to in the meantime.
    """
    with (
        closing(server.connect(target)) as connection,
        closing(source.opened(base)) as store,
        closing(sqlite3.connect(file)) as copy,
        closing(Askers(target)) as askers,
    ):
        expected = expected_shape(connection)
        both = Tables(target, connection, store, shape.take(connection, ledger.OURS), expected)
        counts = {}
        for name, table in source.tables(store).items():
            if both.comparable(table):
                size = source.size(store, table)
                found = both.differing(askers, table, size, partial(moved, name))
                most = max(1, min(ROWS, BYTES // max(1, size.largest)))
                counts[name] = _write(connection, copy, table, found, most)
        copy.commit()
    return {name: count for name, count in counts.items() if count.all}


def _write(
    connection: Connection, copy: sqlite3.Connection, table: Table,
    found: Iterator[RowDifference], most: int,
) -> Count:  # fmt: skip
    added = updated = deleted = 0
    while some := list(islice(found, most)):
        gone = [each.key for each in some if each.found is None]
        fresh = [each.key for each in some if each.found is not None]
        added += sum(each.expected is None for each in some)
        deleted += len(gone)
        if gone:
            copy.executemany(f"DELETE FROM {source.quoted(table.name)} WHERE {_key(table)}", gone)
        if fresh:
            # As in a pass the other way: who stands in the way has changed, and comes in its turn.
            copy.executemany(_replace(table), _rows(connection, table, fresh))
        updated += len(fresh)
    return Count(added, updated - added, deleted)


def _key(table: Table) -> str:
    return " AND ".join(f"{source.quoted(column.name)} = ?" for column in table.key)


def _replace(table: Table) -> str:
    names = ", ".join(source.quoted(column.name) for column in table.stored)
    marks = ", ".join("?" * len(table.stored))
    return f"INSERT OR REPLACE INTO {source.quoted(table.name)} ({names}) VALUES ({marks})"


def _rows(
    connection: Connection, table: Table, keys: Sequence[Sequence[object]]
) -> Iterator[tuple[Value, ...]]:
    """The rows of these keys, as SQLite would have them."""
    names = ", ".join(quoted(column.name) for column in table.stored)
    one = " AND ".join(f"{quoted(column.name)} = %s" for column in table.key)
    where = " OR ".join([f"({one})"] * len(keys))
    values = [value for key in keys for value in key]
    query = f"SELECT {names} FROM {quoted(table.name)} WHERE {where}"
    for row in server.ask(connection, query, values):
        yield tuple(_value(column, v) for column, v in zip(table.stored, row, strict=True))


def _value(column: Column, value: Any) -> Value:  # Any: what the driver makes of a column
    if value is None:
        return None
    if column.kind is Kind.INTEGER:
        return int(value)
    if column.kind is Kind.REAL:
        return float(value)
    if column.kind is Kind.BLOB:
        return bytes(value)
    return value.decode() if isinstance(value, bytes) else str(value)
