"""What is done, written into the target itself: a chunk's line stands in the chunk's transaction.

    tracktalk_migration          one row: which copy of which source, and how far it is
    tracktalk_migration_chunks   one row for each chunk of rows that is in its table
    tracktalk_migration_indexes  indexes of large tables that are made when their rows are there
    tracktalk_experiment_ids     experiment ids that did not fit, and what became of them

So whoever dies at whatever moment: rows and their line are both there, or neither is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from tracking import status
from tracking.errors import Forgotten
from tracking.migrate import server
from tracking.migrate.addresses import Target
from tracking.migrate.server import Connection
from tracking.migrate.source import Key
from tracking.status import MigrationStatus

MIGRATION = "tracktalk_migration"
CHUNKS = "tracktalk_migration_chunks"
INDEXES = "tracktalk_migration_indexes"
EXPERIMENT_IDS = "tracktalk_experiment_ids"
ARTIFACT_URIS = "tracktalk_artifact_uris"
ARTIFACT_REWRITES = "tracktalk_artifact_rewrites"
CUTOVER = "tracktalk_cutover"
LOG = "tracktalk_migration_log"
OURS = frozenset({
    MIGRATION, CHUNKS, INDEXES, EXPERIMENT_IDS, ARTIFACT_URIS, ARTIFACT_REWRITES, CUTOVER, LOG,
})  # fmt: skip
"""The tables that a migration leaves in its target, beside MLflow's."""

_LIKE = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
_MAKE = (
    f"""CREATE TABLE IF NOT EXISTS {MIGRATION} (
        id TINYINT PRIMARY KEY, snapshot VARCHAR(64) NOT NULL, source TEXT NOT NULL,
        status LONGTEXT NOT NULL, shape LONGTEXT NOT NULL){_LIKE}""",
    f"""CREATE TABLE IF NOT EXISTS {CHUNKS} (
        table_name VARCHAR(64) NOT NULL, chunk INT NOT NULL, row_count BIGINT NOT NULL,
        after_key LONGTEXT, last_key LONGTEXT NOT NULL, PRIMARY KEY (table_name, chunk)){_LIKE}""",
    f"""CREATE TABLE IF NOT EXISTS {EXPERIMENT_IDS} (
        source_id BIGINT PRIMARY KEY, target_id INT NOT NULL UNIQUE){_LIKE}""",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the target says of its migration.

    `shape`: its tables as MLflow had just made them; empty until they are ready to be filled.
    """

    snapshot: str
    source: str
    status: MigrationStatus
    shape: str = ""

    def ready_for(self, snapshot: str) -> bool:
        """Whether it is this copy of the source that the target's tables are filled from."""
        return bool(self.shape) and self.snapshot == snapshot


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk that is in the target: the rows after a key (None: from the first) to another."""

    chunk: int
    rows: int
    after: Key | None
    last: Key


@dataclass(frozen=True, slots=True)
class Gap:
    """A range of keys that is not in the target yet."""

    after: Key | None
    upto: Key | None


def read(connection: Connection) -> Entry | None:
    """The target's entry; None where no migration has begun."""
    if not server.ask(connection, "SHOW TABLES LIKE %s", [MIGRATION]):
        return None
    found = server.ask(connection, f"SELECT snapshot, source, status, shape FROM {MIGRATION}")
    if not found:
        return None
    snapshot, source, told, shape = found[0]
    return Entry(snapshot, source, status.from_json(told), shape)


def status_in(target: Target) -> MigrationStatus | None:
    """The status as the target itself has it. Raises TargetDown, TargetRefused."""
    with closing(server.connect(target)) as connection:
        entry = read(connection)
    return entry.status if entry else None


def begin(connection: Connection, entry: Entry, ids: Mapping[int, int]) -> None:
    """Open the books for a copy; what stood in them is forgotten."""
    server.run(connection, *_MAKE)
    server.run(connection, f"DROP TABLE IF EXISTS {CUTOVER}")
    server.run(connection, f"DELETE FROM {CHUNKS}", f"DELETE FROM {MIGRATION}")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {MIGRATION} VALUES (1, %s, %s, %s, %s)",
            (entry.snapshot, entry.source, status.to_json(entry.status), entry.shape),
        )
        cursor.execute(f"DELETE FROM {EXPERIMENT_IDS}")
        if ids:
            cursor.executemany(f"INSERT INTO {EXPERIMENT_IDS} VALUES (%s, %s)", sorted(ids.items()))
    connection.commit()


def ready(connection: Connection, shape: str) -> None:
    """The tables can be filled from now on; this is how MLflow made them."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {MIGRATION} SET shape = %s", (shape,))
    connection.commit()


def check_ready(connection: Connection, snapshot: str) -> None:
    """Raises Forgotten when the target does not know any more that it was made ready for a copy."""
    entry = read(connection)
    if entry is None or not entry.ready_for(snapshot):
        what = "The server has lost what it had said it took: the beginning of the move."
        raise Forgotten(what, "See its log and innodb_flush_log_at_trx_commit, then run again.")


def experiment_ids(connection: Connection) -> dict[int, int]:
    """Which experiment ids were given new ones; nothing where no migration has begun."""
    if not server.ask(connection, "SHOW TABLES LIKE %s", [EXPERIMENT_IDS]):
        return {}
    return dict(server.ask(connection, f"SELECT source_id, target_id FROM {EXPERIMENT_IDS}"))


def know_ids(connection: Connection, ids: Mapping[int, int]) -> None:
    """Keep further experiment ids that were given new ones."""
    with connection.cursor() as cursor:
        for pair in sorted(ids.items()):
            cursor.execute(f"INSERT IGNORE INTO {EXPERIMENT_IDS} VALUES (%s, %s)", pair)
    connection.commit()


def move_on(connection: Connection, snapshot: str, whole: Mapping[str, Done]) -> None:
    """The target is what a newer copy is, from now on: each table as if it were one chunk of it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {CHUNKS}")
        cursor.execute(f"UPDATE {MIGRATION} SET snapshot = %s", (snapshot,))
    for table, done in whole.items():
        record(connection, table, done)
    connection.commit()


def say(connection: Connection, now: MigrationStatus) -> None:
    """Put the status into the target, for whoever asks there."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {MIGRATION} SET status = %s", (status.to_json(now),))
    connection.commit()


def record(connection: Connection, table: str, done: Done) -> None:
    """Write a chunk's line, in the transaction that holds its rows."""
    after = None if done.after is None else json.dumps(done.after)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {CHUNKS} VALUES (%s, %s, %s, %s, %s)",
            (table, done.chunk, done.rows, after, json.dumps(done.last)),
        )


def has(connection: Connection, table: str, chunk: int) -> bool:
    """Whether a chunk's line is there: whoever sent it may not have heard that it arrived."""
    query = f"SELECT 1 FROM {CHUNKS} WHERE table_name = %s AND chunk = %s"
    return bool(server.ask(connection, query, [table, chunk]))


def done(connection: Connection) -> dict[str, list[Done]]:
    """The chunks that are in the target, by table."""
    found: dict[str, list[Done]] = {}
    query = f"SELECT table_name, chunk, row_count, after_key, last_key FROM {CHUNKS}"
    for table, chunk, rows, after, last in server.ask(connection, query):
        key = None if after is None else tuple(json.loads(after))
        each = Done(chunk, rows, key, tuple(json.loads(last)))
        found.setdefault(table, []).append(each)
    return found


def gaps(chunks: Iterable[Done]) -> Iterator[Gap]:
    """What lies before, between and after the chunks, in key order."""
    reached: Key | None = None
    # Python orders text by code point, SQLite by the bytes of UTF-8: the same order.
    for each in sorted(chunks, key=lambda each: (each.after is not None, each.after or ())):
        if each.after != reached:
            yield Gap(reached, each.after)
        reached = each.last
    yield Gap(reached, None)
