"""The addresses in the target, rewritten and, if wanted, put back: one transaction for each table.

tracktalk_artifact_uris      each address that was changed: as it was, and as it is
tracktalk_artifact_rewrites  one row for each table that is done, in that table's transaction

So whoever is killed when: a table is rewritten with its lines, or it is as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pymysql

from tracking.errors import TargetRefused
from tracking.migrate import server
from tracking.migrate.addresses import Target
from tracking.migrate.artifacts import columns
from tracking.migrate.artifacts.columns import Key, UriColumn
from tracking.migrate.artifacts.moves import Moves
from tracking.migrate.hazards.hazard import SHOWN
from tracking.migrate.ledger import ARTIFACT_REWRITES, ARTIFACT_URIS
from tracking.migrate.server import Connection, quoted

BATCH = 2_000
_LIKE = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
_MAKE_REWRITES = (
    f"CREATE TABLE IF NOT EXISTS {ARTIFACT_REWRITES} (rewrite INT NOT NULL,"
    " table_name VARCHAR(64) NOT NULL, mapping LONGTEXT NOT NULL, row_count BIGINT NOT NULL,"
    " made_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (rewrite, table_name))"
    f"{_LIKE}"
)
_MAKE_URIS = (
    f"CREATE TABLE IF NOT EXISTS {ARTIFACT_URIS} (id BIGINT AUTO_INCREMENT PRIMARY KEY,"
    " rewrite INT NOT NULL, table_name VARCHAR(64) NOT NULL, column_name VARCHAR(64) NOT NULL,"
    " key_1 VARCHAR(256) NOT NULL, key_2 VARCHAR(256), key_3 VARCHAR(256),"
    " before_uri TEXT NOT NULL, after_uri TEXT NOT NULL, KEY (rewrite, table_name, column_name))"
    f"{_LIKE}"
)


@dataclass(frozen=True, slots=True)
class Change:
    """What happens, or happened, to a column: how many rows, and some of them, old and new.

    `stay`: rows that cannot be put back, because they were changed or removed since.
    """

    column: str
    rows: int
    examples: tuple[tuple[str, str], ...] = ()
    stay: int = 0


def preview(target: Target, moves: Moves) -> list[Change]:
    """What a rewriting would do. Writes nothing."""
    with _sessions(target) as (asker, stream):
        found = [_counted(stream, column, moves) for column in columns.there(asker)]
    return [change for change in found if change.rows]


def rewrite(target: Target, moves: Moves) -> list[Change]:
    """Give the rows their new addresses. Raises TargetDown, TargetRefused."""
    done = []
    with _sessions(target) as (writer, stream):
        server.run(writer, _MAKE_REWRITES, _MAKE_URIS)
        number = _number(writer, moves)
        if number != latest(writer) and not _any(writer, stream, moves):
            return []  # a rewriting of nothing would be the one that --undo finds
        for table, some in columns.tables(columns.there(writer)).items():
            if not _is_done(writer, number, table):
                done += _table(writer, stream, number, some, moves)
    return [change for change in done if change.rows]


def undo(target: Target, *, really: bool) -> list[Change]:
    """Put the addresses of the last rewriting back; not `really`: say what that would do."""
    with _sessions(target) as (writer, _):
        number = latest(writer)
        if number is None:
            return []
        found = columns.tables(columns.there(writer))
        changes = []
        for table in reversed(list(found)):
            changes += [_put_back(writer, number, column) for column in found[table]]
            if really:
                _forget(writer, number, table)
                writer.commit()
        writer.rollback()
    return [change for change in changes if change.rows or change.stay]


def latest(connection: Connection) -> int | None:
    """The number of the rewriting that is in force; None when addresses are as they came."""
    if not server.ask(connection, "SHOW TABLES LIKE %s", [ARTIFACT_REWRITES]):
        return None
    number = server.one(connection, f"SELECT MAX(rewrite) FROM {ARTIFACT_REWRITES}")[0]
    return None if number is None else int(number)


@contextmanager
def _sessions(target: Target) -> Iterator[tuple[Connection, Connection]]:
    """One that writes and one that streams; only one rewriting is under way at a time."""
    try:
        with closing(server.connect(target)) as writer, closing(server.connect(target)) as stream:
            name = f"tracktalk-artifacts-{target.database}"[:64]
            if server.one(writer, "SELECT GET_LOCK(%s, 0)", [name])[0] != 1:
                what = f"Another rewriting is under way in {target.database}."
                raise TargetRefused(what, "Wait for its end.")
            yield writer, stream
    except pymysql.MySQLError as error:
        raise server.refused(target, error) from error


def _new(stream: Connection, column: UriColumn, moves: Moves) -> Iterator[tuple[Key, str, str]]:
    """Each row that changes: its key, its address, its new one."""
    for key, address in columns.addresses(stream, column):
        found = moves.find(address) if address else None
        if found and address and found.address and not found.moved:
            yield key, address, found.address


def _any(asker: Connection, stream: Connection, moves: Moves) -> bool:
    return any(
        next(_new(stream, column, moves), None) is not None for column in columns.there(asker)
    )


def _counted(stream: Connection, column: UriColumn, moves: Moves) -> Change:
    count, examples = 0, list[tuple[str, str]]()
    for _, before, after in _new(stream, column, moves):
        count += 1
        if len(examples) < SHOWN:
            examples.append((before, after))
    return Change(column.name, count, tuple(examples))


def _number(writer: Connection, moves: Moves) -> int:
    """The rewriting's number: that of one like it that was cut short, or a new one."""
    last = latest(writer)
    if last is None:
        return 1
    query = f"SELECT table_name, mapping FROM {ARTIFACT_REWRITES} WHERE rewrite = %s"
    done = server.ask(writer, query, [last])
    whole = {column.table for column in columns.there(writer)} <= {table for table, _ in done}
    same = all(mapping == moves.to_json() for _, mapping in done)
    if not whole and not same:
        what = "Another rewriting, with other folders, was cut short."
        raise TargetRefused(what, "Run that again to its end, or put it back with --undo.")
    return last + whole


def _is_done(writer: Connection, number: int, table: str) -> bool:
    query = f"SELECT 1 FROM {ARTIFACT_REWRITES} WHERE rewrite = %s AND table_name = %s"
    return bool(server.ask(writer, query, [number, table]))


def _table(
    writer: Connection, stream: Connection, number: int, some: Sequence[UriColumn], moves: Moves
) -> list[Change]:
    changes = []
    for column in some:
        stream.commit()  # a new view of the rows: the last one may be old
        kept = _keep(writer, number, column, _new(stream, column, moves))
        if (changed := _swap(writer, number, column, "before_uri", "after_uri")) != kept:
            writer.rollback()
            what = f"{kept - changed:,} rows of {column.name} changed while they were rewritten."
            raise TargetRefused(what, "Nothing of that table was written: run it again.")
        changes.append(Change(column.name, changed))
    with writer.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ARTIFACT_REWRITES} (rewrite, table_name, mapping, row_count)"
            " VALUES (%s, %s, %s, %s)",
            (number, some[0].table, moves.to_json(), sum(each.rows for each in changes)),
        )
    writer.commit()
    return changes


def _keep(
    writer: Connection, number: int, column: UriColumn, new: Iterable[tuple[Key, str, str]]
) -> int:
    """Write down what will change; how many rows that is."""
    statement = (
        f"INSERT INTO {ARTIFACT_URIS} (rewrite, table_name, column_name, key_1, key_2, key_3,"
        " before_uri, after_uri) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
    )
    kept, batch = 0, list[tuple[object, ...]]()
    with writer.cursor() as cursor:
        for key, before, after in new:
            keys = (*key, None, None)[:3]
            batch.append((number, column.table, column.column, *keys, before, after))
            if len(batch) >= BATCH:
                kept += cursor.executemany(statement, batch) or 0
                batch.clear()
        if batch:
            kept += cursor.executemany(statement, batch) or 0
    return kept


def _swap(writer: Connection, number: int, column: UriColumn, old: str, new: str) -> int:
    """Put one of the two kept addresses in place of the other; rows that have neither stay."""
    with writer.cursor() as cursor:
        return cursor.execute(
            f"UPDATE {ARTIFACT_URIS} kept STRAIGHT_JOIN {quoted(column.table)} row_of"
            f" ON {_joined(writer, column)}"
            f" SET row_of.{quoted(column.column)} = kept.{new}"
            " WHERE kept.rewrite = %s AND kept.table_name = %s AND kept.column_name = %s"
            f" AND CAST(row_of.{quoted(column.column)} AS BINARY) = CAST(kept.{old} AS BINARY)",
            (number, column.table, column.column),
        )


def _joined(writer: Connection, column: UriColumn) -> str:
    """The rows' keys beside the kept ones, in the rows' own collation: only so is an index used."""
    there = dict(
        server.ask(
            writer,
            "SELECT column_name, collation_name FROM information_schema.columns"
            " WHERE table_schema = DATABASE() AND table_name = %s",
            [column.table],
        )
    )
    parts = []
    for place, name in enumerate(column.key, start=1):
        kept = f"kept.key_{place}"
        if there[name]:
            charset = there[name].split("_")[0]
            kept = f"CONVERT({kept} USING {charset}) COLLATE {there[name]}"
        else:
            kept = f"CAST({kept} AS SIGNED)"
        parts.append(f"row_of.{quoted(name)} = {kept}")
    return " AND ".join(parts)


def _put_back(writer: Connection, number: int, column: UriColumn) -> Change:
    where = "WHERE rewrite = %s AND table_name = %s AND column_name = %s"
    values = [number, column.table, column.column]
    kept = server.one(writer, f"SELECT COUNT(*) FROM {ARTIFACT_URIS} {where}", values)[0]
    some = server.ask(
        writer,
        f"SELECT after_uri, before_uri FROM {ARTIFACT_URIS} {where} ORDER BY id LIMIT {SHOWN}",
        values,
    )
    back = _swap(writer, number, column, "after_uri", "before_uri")
    return Change(column.name, back, tuple(some), stay=int(kept) - back)


def _forget(writer: Connection, number: int, table: str) -> None:
    with writer.cursor() as cursor:
        for ours in (ARTIFACT_URIS, ARTIFACT_REWRITES):
            cursor.execute(
                f"DELETE FROM {ours} WHERE rewrite = %s AND table_name = %s", (number, table)
            )
