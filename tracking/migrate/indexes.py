"""Secondary indexes of large tables, put off until their rows are there.

Rows come in the order of the primary key, so every other index is written all over: each row costs
a page of it, and once the index is larger than the server's buffer pool, a page read from disk.
Made at the end, from sorted entries, it costs the same for every row, however many there are.

    tracktalk_migration_indexes   one row for each index or foreign key that is still to be made

What is put off is noted before it is dropped, and the note is forgotten after it was made: so
whoever dies at whatever moment, the next run knows what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing

from tracking.migrate import server
from tracking.migrate.addresses import Target
from tracking.migrate.ledger import INDEXES
from tracking.migrate.progress import HEARTBEAT
from tracking.migrate.server import Connection, quoted
from tracking.migrate.source import Size

MANY = 50_000
"""Rows from which on it pays; below, making indexes at the end costs more than it saves."""
LONGEST = 7 * 86_400
"""Seconds an index may take: the server says nothing meanwhile."""

_MAKE = (
    f"CREATE TABLE IF NOT EXISTS {INDEXES} (id INT AUTO_INCREMENT PRIMARY KEY,"
    " table_name VARCHAR(64) NOT NULL, definition TEXT NOT NULL)"
    " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
)
_KEY = re.compile(r"KEY `((?:[^`]|``)+)` ")
_FOREIGN_KEY = re.compile(r"CONSTRAINT `((?:[^`]|``)+)` FOREIGN KEY ")


def large(sizes: Mapping[str, Size]) -> list[str]:
    """The tables for which it pays."""
    return [name for name, size in sizes.items() if size.rows >= MANY]


def put_off(connection: Connection, tables: Collection[str]) -> None:
    """Drop the secondary indexes and foreign keys of tables that are empty still."""
    server.run(connection, _MAKE, server.UNCHECKED)
    for table in tables:
        definitions = list(_definitions(connection, table))
        if definitions:
            with connection.cursor() as cursor:
                query = f"INSERT INTO {INDEXES} (table_name, definition) VALUES (%s, %s)"
                cursor.executemany(query, [(table, each) for each in definitions])
            connection.commit()
            drops = ", ".join(sorted(map(_drop, definitions)))  # foreign keys before their indexes
            server.run(connection, f"ALTER TABLE {quoted(table)} {drops}")


def pending(connection: Connection) -> dict[str, list[str]]:
    """What is still to be made, by table."""
    found: dict[str, list[str]] = {}
    if server.ask(connection, "SHOW TABLES LIKE %s", [INDEXES]):
        query = f"SELECT table_name, definition FROM {INDEXES} ORDER BY id"
        for table, definition in server.ask(connection, query):
            found.setdefault(table, []).append(definition)
    return found


def make(target: Target, begun: Callable[[str], None], waiting: Callable[[], None]) -> None:
    """Make what was put off. `begun` hears of each table, `waiting` is called now and then.

    Can be called anew wherever it was cut short. Raises TargetDown and pymysql's errors.
    """
    with closing(server.connect(target, read_within=LONGEST)) as connection:
        server.run(connection, server.UNCHECKED)
        for table, definitions in pending(connection).items():
            connection.commit()  # or the old state of the table would be kept for this session
            begun(table)
            there = set(_definitions(connection, table))
            if missing := [each for each in definitions if each not in there]:
                adds = ", ".join(f"ADD {each}" for each in missing)
                _patiently(connection, f"ALTER TABLE {quoted(table)} {adds}", waiting)
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {INDEXES} WHERE table_name = %s", [table])
            connection.commit()
        server.run(connection, f"DROP TABLE IF EXISTS {INDEXES}")


def _patiently(connection: Connection, statement: str, waiting: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as alone:
        future = alone.submit(server.run, connection, statement)
        while wait([future], HEARTBEAT).not_done:
            waiting()
        future.result()


def _definitions(connection: Connection, table: str) -> Iterator[str]:
    """Secondary indexes that allow doubles, and foreign keys, as the server itself writes them."""
    _, text = server.one(connection, f"SHOW CREATE TABLE {quoted(table)}")
    for line in str(text).splitlines():
        definition = line.strip().removesuffix(",")
        if _KEY.match(definition) or _FOREIGN_KEY.match(definition):
            yield definition


def _drop(definition: str) -> str:
    if found := _FOREIGN_KEY.match(definition):
        return f"DROP FOREIGN KEY `{found[1]}`"
    found = _KEY.match(definition)
    assert found  # noqa: S101  # for mypy: nothing else is a definition
    return f"DROP KEY `{found[1]}`"
