"""Artifact addresses that were rewritten in the target, rewritten in a copy of the source, too.

What compares both then finds as a difference only what no recorded rewriting has done.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pymysql
from pymysql.cursors import SSCursor

from tracking.migrate import server
from tracking.migrate.addresses import Target
from tracking.migrate.artifacts import rewriting
from tracking.migrate.artifacts.columns import URI_COLUMNS, UriColumn
from tracking.migrate.ledger import ARTIFACT_URIS
from tracking.migrate.prepared import Prepared
from tracking.migrate.server import Connection
from tracking.migrate.source import quoted

BATCH = 2_000

Line = tuple[str, ...]
"""A new address, the one before it, and the row's key."""


def follow(target: Target, copy: Path) -> None:
    """Do to a copy what the rewritings in force have done. Raises TargetDown, TargetRefused."""
    with _asking(target) as connection, closing(sqlite3.connect(copy)) as store:
        for number in range(1, 1 + (rewriting.latest(connection) or 0)):
            _one(connection, number, store)
        store.commit()


def beside(target: Target, copy: Prepared, folder: Path) -> Prepared:
    """A copy in which that is done, where there is something; the given one stays as it is.

    Raises TargetDown, TargetRefused.
    """
    with _asking(target) as connection:
        if rewriting.latest(connection) is None:
            return copy
    file = Path(shutil.copyfile(copy.file, folder / copy.file.name))
    follow(target, file)
    return replace(copy, file=file)


@contextmanager
def _asking(target: Target) -> Iterator[Connection]:
    try:
        with closing(server.connect(target)) as connection:
            yield connection
    except pymysql.MySQLError as error:
        raise server.refused(target, error) from error


def _one(connection: Connection, number: int, store: sqlite3.Connection) -> None:
    for column in URI_COLUMNS:
        keys = " AND ".join(f"{quoted(name)} = ?" for name in column.key)
        name = quoted(column.column)
        # A row that has another address than the one that was rewritten stays as it is.
        update = f"UPDATE {quoted(column.table)} SET {name} = ? WHERE {name} = ? AND {keys}"
        for lines in _lines(connection, number, column):
            store.executemany(update, lines)


def _lines(connection: Connection, number: int, column: UriColumn) -> Iterator[Sequence[Line]]:
    keys = ", ".join(f"key_{place}" for place in range(1, len(column.key) + 1))
    query = (
        f"SELECT after_uri, before_uri, {keys} FROM {ARTIFACT_URIS}"
        " WHERE rewrite = %s AND table_name = %s AND column_name = %s ORDER BY id"
    )
    with connection.cursor(SSCursor) as cursor:
        cursor.execute(query, (number, column.table, column.column))
        while lines := cursor.fetchmany(BATCH):
            yield lines
