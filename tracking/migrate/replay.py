"""Changes of the source, brought into the target: what is gone goes, what is new comes.

Whoever is killed in the middle may begin again from the start: taking away what is not there and
putting in what is there already both change nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence

import pymysql

from tracking.errors import SourceError, TargetRefused
from tracking.migrate import rows, server
from tracking.migrate.changes import Changes
from tracking.migrate.server import Connection, quoted
from tracking.migrate.source import Key, Row, Table

BATCH_ROWS = 5_000
BATCH_BYTES = 4 << 20

_FIX = "See which with `tracktalk migrate plan`; it says what to do about it."

Moved = Callable[[str, int], None]
"""Called with a table and how many of its changes are in."""


def replay(connection: Connection, changes: Changes, packet: int, moved: Moved) -> None:
    """Bring all changes in, a transaction for each batch. Raises SourceError, TargetRefused.

    Foreign keys are not checked meanwhile: a row may come before the one it points at.
    """
    server.run(connection, server.UNCHECKED)
    for name in changes.counts:
        try:
            _take_away(connection, changes, name, moved)
            _put_in(connection, changes, name, packet, moved)
        except sqlite3.OperationalError as error:  # text that is no UTF-8
            what = f"A row of {name} cannot be read: {error}."
            raise SourceError(what, _FIX) from error
        except (pymysql.DataError, pymysql.IntegrityError, pymysql.OperationalError) as error:
            if server.lost(error) or server.code_of(error) in server.AGAIN:
                raise  # nobody has said no: another try may do
            what = f"The target does not take a changed row of {name}: {error.args[-1]}."
            raise TargetRefused(what, _FIX) from error


def _take_away(connection: Connection, changes: Changes, name: str, moved: Moved) -> None:
    for keys in changes.gone(name):
        condition, values = _any_of(changes.tables[name], keys)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {quoted(name)} WHERE {condition}", values)
        connection.commit()
        moved(name, len(keys))


def _any_of(table: Table, keys: Sequence[Key]) -> tuple[str, list[object]]:
    # Written out: MariaDB finds no range in (a, b) IN ((1, 2), …).
    one = " AND ".join(f"{quoted(column.name)} = %s" for column in table.key)
    return " OR ".join([f"({one})"] * len(keys)), [value for key in keys for value in key]


def _put_in(connection: Connection, changes: Changes, name: str, packet: int, moved: Moved) -> None:
    """REPLACE, not UPDATE: two names may have been swapped, and each of a pair stands in the way.

    A row it pushes aside has changed itself, or its name would not be free: it comes in its turn.
    """
    table = changes.tables[name]
    insert = rows.insert_statement(name, table.stored, quoted)
    begin = insert.replace("INSERT", "REPLACE", 1).encode()
    for text, count in _batches(changes.rows(name), table, min(BATCH_BYTES, packet // 4)):
        if len(begin) + len(text) >= packet:  # the server would hang up without a word
            what = f"A changed row of {name} is too large for the target's max_allowed_packet."
            raise TargetRefused(what, _FIX)
        # Not through a cursor: it would look for parameters in megabytes of data.
        connection.query(begin + text)
        connection.commit()
        moved(name, count)


def _batches(found: Iterator[Row], table: Table, limit: int) -> Iterator[tuple[bytes, int]]:
    writer, parts, length = rows.Writer(table.stored, rows.VALUES), list[str](), 0
    for row in found:
        parts.append(writer.write([row]))
        length += len(parts[-1])
        if len(parts) >= BATCH_ROWS or length >= limit:
            yield _joined(parts), len(parts)
            parts, length = [], 0
    if parts:
        yield _joined(parts), len(parts)


def _joined(parts: Sequence[str]) -> bytes:
    return "".join(parts)[:-1].encode()  # the last comma is one too many
