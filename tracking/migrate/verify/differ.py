"""Where two tables differ: hashes of chunks, halved until the rows are found, then the rows.

Chunks follow each other without gaps from before the first key to after the last, so that a row
which only the target has lies in one of them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

from pymysql.cursors import SSCursor

from tracking.migrate import server, source
from tracking.migrate.addresses import Target
from tracking.migrate.server import Connection, quoted
from tracking.migrate.source import Key, Row, Size, Table
from tracking.migrate.verify.canon import LINE, Canon, Values, alike
from tracking.migrate.verify.findings import Compared

CHUNK_ROWS = 5_000
CHUNK_BYTES = 2 << 20
FEW = 64
"""So many rows are fetched and compared as values; more are halved first."""
ASKERS = 2
"""Connections that have the server hash, while the next chunk is hashed here."""


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that is not the same. None stands for a row that is not there."""

    table: str
    key: Values
    expected: Values | None
    found: Values | None


@dataclass(frozen=True, slots=True)
class Range:
    """Keys of the source after one and up to another, and how many rows it has there."""

    after: Key | None
    upto: Key | None
    rows: int


class Askers:
    """Connections to the target that are asked in the background."""

    def __init__(self, target: Target, count: int = ASKERS) -> None:
        self._free: SimpleQueue[Connection] = SimpleQueue()
        self._all = [server.connect(target) for _ in range(count)]
        self._pool = ThreadPoolExecutor(count)
        for connection in self._all:
            self._free.put(connection)

    def close(self) -> None:
        """Hang up."""
        self._pool.shutdown(cancel_futures=True)
        for connection in self._all:
            server.close(connection)

    def later(self, query: str, values: Sequence[object]) -> Future[list[tuple[object, ...]]]:
        """The rows of a query, when they are there."""
        return self._pool.submit(self.ask, query, values)

    def ask(self, query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        """The rows of a query."""
        connection = self._free.get()
        try:
            return server.ask(connection, query, values)
        finally:
            self._free.put(connection)


class Differ:
    """Compares one table of the copy with the target's."""

    def __init__(self, store: sqlite3.Connection, askers: Askers, canon: Canon, size: Size) -> None:
        self._store, self._askers, self._canon, self._size = store, askers, canon, size
        self._table = canon.table
        self._hashed, self._chunks_seen, self._fingerprint = 0, 0, hashlib.sha256()

    def differences(self, compared: Callable[[int], None]) -> Iterator[RowDifference]:
        """The rows that differ, in key order; `compared` hears how many rows are done."""
        waiting: list[tuple[Range, str | None, Future[list[tuple[object, ...]]]]] = []
        for part, digest in self._chunks():
            waiting.append((part, digest, self._askers.later(*self._digest_of(part))))
            if len(waiting) > 2 * ASKERS:
                yield from self._settle(*waiting.pop(0), compared)
        for each in waiting:
            yield from self._settle(*each, compared)

    def _settle(
        self, part: Range, digest: str | None, answer: Future[list[tuple[object, ...]]],
        compared: Callable[[int], None],
    ) -> Iterator[RowDifference]:  # fmt: skip
        if _same(part.rows, digest, answer.result()):
            self._hashed += part.rows
        else:
            yield from self._halve(part)
        self._chunks_seen += 1
        self._fingerprint.update(f"{digest}\n".encode())
        compared(part.rows)

    @property
    def compared(self) -> Compared:
        """What was compared, once all differences were given."""
        return Compared(
            self._table.name, self._size.rows, self._hashed, self._chunks_seen,
            self._fingerprint.hexdigest(),
        )  # fmt: skip

    def _chunks(self) -> Iterator[tuple[Range, str | None]]:
        after, most = None, CHUNK_ROWS
        cursor = source.rows(self._store, self._table)
        previous: list[Row] | None = None
        for piece in source.pieces(cursor, self._size.largest, CHUNK_BYTES, most):
            if previous is not None:
                upto = self._table.key_of(previous[-1])
                yield Range(after, upto, len(previous)), self._canon.digest(previous)
                after = upto
            previous = piece
        last = previous or []
        yield Range(after, None, len(last)), self._canon.digest(last) if last else None

    def _halve(self, part: Range) -> Iterator[RowDifference]:
        """The rows that differ in a range: a half that is the same is not looked at again."""
        if part.rows <= FEW:
            yield from self._rows(part)
            return
        for half in self._halves(part):
            rows = list(source.rows(self._store, self._table, after=half.after, upto=half.upto))
            digest = self._canon.digest(rows)
            if not _same(half.rows, digest, self._askers.ask(*self._digest_of(half))):
                yield from self._halve(half)

    def _halves(self, part: Range) -> tuple[Range, Range]:
        middle = part.rows // 2
        cursor = source.rows(self._store, self._table, after=part.after, upto=part.upto)
        for _ in range(middle - 1):
            cursor.fetchone()
        key = self._table.key_of(cursor.fetchone())
        return Range(part.after, key, middle), Range(key, part.upto, part.rows - middle)

    def _digest_of(self, part: Range) -> tuple[str, list[object]]:
        where, values = between(self._table, part)
        name = quoted(self._table.name)
        query = (
            f"SELECT COUNT(*), SHA2(GROUP_CONCAT({self._canon.line} SEPARATOR '{LINE}'), 256)"
            f" FROM {name} FORCE INDEX (PRIMARY){where}"
        )
        return query, values

    def _rows(self, part: Range) -> Iterator[RowDifference]:
        expected = source.rows(self._store, self._table, after=part.after, upto=part.upto)
        yield from unequal(self._canon, expected, self._theirs(part))

    def _theirs(self, part: Range) -> Iterator[tuple[object, ...]]:
        """The target's rows in a range, in key order. It may have millions where we have few."""
        name = quoted(self._table.name)
        order = ", ".join(quoted(column.name) for column in self._table.key)
        most = max(1, min(source.PIECE_ROWS, CHUNK_BYTES // max(1, self._size.largest)))
        rest: Range | None = part
        while rest:
            where, values = between(self._table, rest)
            query = (
                f"SELECT {self._canon.selected} FROM {name} FORCE INDEX (PRIMARY){where}"
                f" ORDER BY {order} LIMIT {most}"
            )
            found = self._askers.ask(query, values)
            yield from found
            last = self._table.key_of(found[-1]) if len(found) == most else None  # type: ignore[arg-type]  # what the driver gives of a key, it takes
            rest = Range(last, part.upto, 0) if last else None


def unequal(
    canon: Canon, expected: Iterable[Row], found: Iterable[Sequence[object]]
) -> Iterator[RowDifference]:
    """The rows of two sides, both in key order, that are not the same."""
    here, there = (canon.values(row) for row in expected), (canon.values(row) for row in found)
    mine, other = next(here, None), next(there, None)
    while mine is not None or other is not None:
        side = _first(canon, mine, other)
        if side != 0 or not alike(mine, other):
            one = mine if side <= 0 else other
            assert one is not None  # noqa: S101  # for mypy: the side that comes first is there
            key = canon.key(one)
            yield RowDifference(
                canon.table.name, key, mine if side <= 0 else None, other if side >= 0 else None
            )
        mine = next(here, None) if side <= 0 else mine
        other = next(there, None) if side >= 0 else other


def _first(canon: Canon, mine: Values | None, other: Values | None) -> int:
    """Which of two rows comes first by its key: ours (-1), theirs (1), or they are one (0)."""
    if mine is None or other is None:
        return 1 if mine is None else -1
    left, right = canon.key(mine), canon.key(other)
    return 0 if left == right else -1 if left < right else 1


def between(table: Table, part: Range) -> tuple[str, list[object]]:
    """A range of keys as a condition. Written out: servers find no range in (a, b) > (1, 2)."""
    names = [quoted(column.name) for column in table.key]
    conditions, values = [], list[object]()
    for bound, sign in ((part.after, ">"), (part.upto, "<=")):
        if bound is not None:
            condition, needed = _beyond(names, bound, sign)
            conditions.append(condition)
            values += needed
    return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), values


def _beyond(names: Sequence[str], bound: Sequence[object], sign: str) -> tuple[str, list[object]]:
    if len(names) == 1:
        return f"{names[0]} {sign} %s", [bound[0]]
    inner, values = _beyond(names[1:], bound[1:], sign)
    strict = sign[0]
    condition = f"({names[0]} {strict} %s OR ({names[0]} = %s AND {inner}))"
    return condition, [bound[0], bound[0], *values]


def _same(rows: int, digest: str | None, answer: list[tuple[object, ...]]) -> bool:
    count, found = answer[0]
    return count == rows and (rows == 0 or (digest is not None and digest == found))


def in_one_pass(
    store: sqlite3.Connection, connection: Connection, canon: Canon, collation: str
) -> Iterator[RowDifference]:
    """The differing rows of a table whose own order is not SQLite's: the server sorts it once.

    Hashes of key ranges would not do: a collation that ignores case has its rows elsewhere.
    """
    order = ", ".join(_in_order(column, collation) for column in canon.table.key)
    query = f"SELECT {canon.selected} FROM {quoted(canon.table.name)} ORDER BY {order}"
    with connection.cursor(SSCursor) as cursor:
        cursor.execute(query)
        yield from unequal(canon, source.rows(store, canon.table), cursor)


def _in_order(column: source.Column, collation: str) -> str:
    name = quoted(column.name)
    if column.kind is source.Kind.TEXT:
        return f"CONVERT({name} USING utf8mb4) COLLATE {collation}"
    return name
