"""One table of the copy beside the target's, in whichever way fits how the target keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

from tracking.migrate import server, source
from tracking.migrate.addresses import Target
from tracking.migrate.server import Connection, right_collation
from tracking.migrate.shape import Shape
from tracking.migrate.source import Size, Table
from tracking.migrate.verify.canon import Canon
from tracking.migrate.verify.differ import Askers, Differ, RowDifference, in_one_pass
from tracking.migrate.verify.findings import Compared


class Tables:
    """Compares tables. `found`: the target's as they are; `expected`: as MLflow makes them.

    `compared` has what the hashes said of each table that was gone through to its end.
    """

    def __init__(
        self, target: Target, connection: Connection, store: sqlite3.Connection, found: Shape,
        expected: Shape | None,
    ) -> None:  # fmt: skip
        self._target, self._connection, self._store = target, connection, store
        self._found, self._expected = found, expected or found
        self._collation = right_collation(server.server_of(connection))
        self.compared: list[Compared] = []

    def comparable(self, table: Table) -> bool:
        """Whether the target has all the table's columns; that it has not, the structure tells."""
        there = self._found.get(table.name)
        return there is not None and set(source.names(table.stored)) <= there.fields.keys()

    def differing(
        self, askers: Askers, table: Table, size: Size, compared: Callable[[int], None]
    ) -> Iterator[RowDifference]:
        """The rows that differ, in key order; `compared` hears how many rows are done."""
        canon = Canon(table, self._expected[table.name].fields)
        if self._in_order(table):
            differ = Differ(self._store, askers, canon, size)
            yield from differ.differences(compared)
            self.compared.append(differ.compared)
            return
        with closing(server.connect(self._target)) as stream:
            yield from in_one_pass(self._store, stream, canon, self._collation)
        compared(size.rows)

    def _in_order(self, table: Table) -> bool:
        """Whether the target keeps the table's keys in SQLite's order."""
        mine = {c.name for c in table.key if c.kind is source.Kind.TEXT}
        found = server.ask(
            self._connection,
            "SELECT column_name, collation_name FROM information_schema.columns"
            " WHERE table_schema = DATABASE() AND table_name = %s",
            [table.name],
        )
        key = self._found[table.name].key == tuple(source.names(table.key))
        return key and all(of == self._collation for name, of in found if name in mine)
