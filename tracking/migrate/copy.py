"""Rows into the target: in key order, in chunks, over several connections.

A chunk is one transaction, and its line in the ledger is part of it. So it does not matter who
dies when: a chunk is there with its line, or it is not there, and is copied the next time.
"""

from __future__ import annotations

import queue
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import pymysql
from pymysql.constants import ER

from tracking.errors import TargetDown
from tracking.migrate import ledger, rows, server, source
from tracking.migrate.addresses import Target
from tracking.migrate.ledger import Done, Gap
from tracking.migrate.server import Connection
from tracking.migrate.source import Size, Table

How = Literal["load", "insert"]
"""LOAD DATA LOCAL, or INSERT with many rows."""

CONNECTIONS = 2
"""More than two gave 3 % more on two cores; one gave 20 % less."""
CHUNK_ROWS = 10_000
CHUNK_BYTES = 4 << 20
"""A chunk ends after so many rows or bytes, whichever comes first."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of a table, written out. `done` is its line in the ledger."""

    table: Table
    text: bytes
    done: Done


@dataclass(frozen=True, slots=True)
class Terms:
    """How a copy is made. `packet`: the server's max_allowed_packet; `max_rate`: rows a second.

    `snapshot`: the copy of the source that the target was made ready for.
    """

    how: How
    packet: int
    snapshot: str
    max_rate: float | None = None
    connections: int = CONNECTIONS


Moved = Callable[[str, int], None]
"""Called with a table and how many rows of it have arrived."""


class Pool:
    """Writers with a connection each. Use it as a context; an error in one ends all."""

    def __init__(self, target: Target, terms: Terms, folder: Path) -> None:
        self._terms = terms
        self._waiting: queue.Queue[Chunk | None] = queue.Queue(terms.connections)
        self._arrived: queue.SimpleQueue[tuple[str, int]] = queue.SimpleQueue()
        self._failed: Exception | None = None
        self._over = threading.Event()
        self._pace = _Pace(terms.max_rate, self._over)
        writers = [Writer(target, terms, folder, self._over) for _ in range(terms.connections)]
        self._writers = [
            threading.Thread(target=self._write_all, args=(each,), daemon=True) for each in writers
        ]

    def __enter__(self) -> Self:
        for thread in self._writers:
            thread.start()
        return self

    def __exit__(self, kind: object, *_error: object) -> None:
        if kind is not None:
            self._over.set()
        for _ in self._writers:
            self._put(None)
        for thread in self._writers:
            thread.join()

    def copy(self, store: sqlite3.Connection, table: Table, size: Size, done: list[Done],
             moved: Moved) -> None:  # fmt: skip
        """Bring in what is missing of a table; returns when it is there."""
        for chunk in chunks(store, table, size, done, self._terms):
            self._pace.wait(chunk.done.rows)
            self._put(chunk)
            self._tell(moved)
        self._waiting.join()
        self._tell(moved)

    def _put(self, chunk: Chunk | None) -> None:
        while not (self._failed and chunk):
            with suppress(queue.Full):
                self._waiting.put(chunk, timeout=0.2)
                return
        raise self._failed

    def _tell(self, moved: Moved) -> None:
        if self._failed:
            raise self._failed
        while not self._arrived.empty():
            moved(*self._arrived.get())

    def _write_all(self, writer: Writer) -> None:
        while (chunk := self._waiting.get()) is not None:
            try:
                if not self._over.is_set():
                    writer.write(chunk)
                    self._arrived.put((chunk.table.name, chunk.done.rows))
            except Exception as error:  # noqa: BLE001  # whatever it is: _put and _tell raise it
                self._failed = self._failed or error
                self._over.set()
            finally:
                self._waiting.task_done()
        writer.close()


class Writer:
    """Puts chunks into the target over one connection, and gets a new one where that breaks."""

    def __init__(self, target: Target, terms: Terms, folder: Path, over: threading.Event) -> None:
        self._target, self._terms, self._over = target, terms, over
        self._connection: Connection | None = None
        self._file = tempfile.NamedTemporaryFile(dir=folder, prefix="chunk-")  # noqa: SIM115  # closed by close()

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):  # of a full disk: what was still to be written is not wanted
            self._file.close()
        if self._connection:
            server.close(self._connection)

    def write(self, chunk: Chunk) -> None:
        """Put a chunk in, once, however often that has to be tried. Raises TrackingError."""
        give_up, there = time.monotonic() + server.PATIENCE, False
        while True:
            try:
                return self._transaction(chunk)
            except pymysql.MySQLError as error:
                self._drop()
                twice = there and server.code_of(error) == ER.DUP_ENTRY
                there = server.code_of(error) == ER.DUP_ENTRY
                if twice or not _may_pass(error) or time.monotonic() > give_up:
                    raise server.refused(self._target, error) from error
            except TargetDown:
                if time.monotonic() > give_up or self._over.is_set():
                    raise
            self._over.wait(server.PAUSE)

    def _transaction(self, chunk: Chunk) -> None:
        new = self._connection is None
        connection = self._connected()
        if new:
            ledger.check_ready(connection, self._terms.snapshot)
            if ledger.has(connection, chunk.table.name, chunk.done.chunk):
                return  # it had arrived; only the answer had not
        self._fill(connection, chunk)
        ledger.record(connection, chunk.table.name, chunk.done)
        connection.commit()

    def _fill(self, connection: Connection, chunk: Chunk) -> None:
        table = chunk.table
        if self._terms.how == "insert":
            begin = rows.insert_statement(table.name, table.stored, server.quoted)
            # Not through a cursor: it would look for parameters in megabytes of data.
            connection.query(begin.encode() + chunk.text)
            return
        self._file.seek(0)
        self._file.truncate()
        self._file.write(chunk.text)
        self._file.flush()
        with connection.cursor() as cursor:
            statement = rows.load_statement(table.name, table.stored, server.quoted)
            cursor.execute(statement, (self._file.name,))
            _check_load(connection, cursor.rowcount, chunk)

    def _connected(self) -> Connection:
        if self._connection is None:
            connection = server.connect(self._target)
            server.run(connection, server.UNCHECKED)
            self._connection = connection
        return self._connection

    def _drop(self) -> None:
        if self._connection:
            server.close(self._connection)
        self._connection = None


def _check_load(connection: Connection, arrived: int, chunk: Chunk) -> None:
    """LOCAL makes of every error a warning, and of strict mode nothing: what was said counts."""
    warnings = server.ask(connection, "SHOW WARNINGS")
    said = [each for each in warnings if each[0] != "Note"]
    if said:
        raise pymysql.DataError(int(said[0][1]), f"{chunk.table.name}: {said[0][2]}")
    if arrived != chunk.done.rows:
        msg = f"{chunk.table.name}: of {chunk.done.rows} rows {arrived} were taken"
        raise pymysql.IntegrityError(ER.DUP_ENTRY, msg)


def _may_pass(error: pymysql.MySQLError) -> bool:
    """Whether another try may do.

    A row that is there already comes from a dead process whose commit was under way: the ledger
    then has the chunk, too, and a new connection sees it.
    """
    return server.may_pass(error) or server.code_of(error) == ER.DUP_ENTRY


class _Pace:
    """Lets no more than so many rows a second pass."""

    def __init__(self, rate: float | None, over: threading.Event) -> None:
        self._rate, self._over = rate, over
        self._next = time.monotonic()

    def wait(self, count: int) -> None:
        """Wait until so many rows may pass."""
        if self._rate:
            self._over.wait(max(0.0, self._next - time.monotonic()))
            self._next = max(self._next, time.monotonic()) + count / self._rate


def chunks(store: sqlite3.Connection, table: Table, size: Size, done: list[Done],
           terms: Terms) -> Iterator[Chunk]:  # fmt: skip
    """What is missing of a table, chunk by chunk; nothing where the ledger has all its rows."""
    if sum(each.rows for each in done) == size.rows:
        return
    number = max((each.chunk for each in done), default=0)
    writer = rows.Writer(table.stored, rows.LINES if terms.how == "load" else rows.VALUES)
    for gap in ledger.gaps(done):
        for text, count, after, last in _cut(store, table, size, gap, writer, terms):
            number += 1
            yield Chunk(table, text, Done(number, count, after, last))


def _cut(
    store: sqlite3.Connection, table: Table, size: Size, gap: Gap, writer: rows.Writer, terms: Terms
) -> Iterator[tuple[bytes, int, source.Key | None, source.Key]]:
    limit = min(CHUNK_BYTES, terms.packet // 8)
    most = max(1, int(terms.max_rate / 4)) if terms.max_rate else CHUNK_ROWS  # in short steps
    after, parts, length, count = gap.after, list[str](), 0, 0
    cursor = source.rows(store, table, after=gap.after, upto=gap.upto)
    for piece in source.pieces(cursor, size.largest, limit, min(most, source.PIECE_ROWS)):
        parts.append(writer.write(piece))
        length, count = length + len(parts[-1]), count + len(piece)
        last = table.key_of(piece[-1])
        if count >= min(CHUNK_ROWS, most) or length >= limit:
            yield _joined(parts, terms), count, after, last
            after, parts, length, count = last, [], 0, 0
    if parts:
        yield _joined(parts, terms), count, after, last


def _joined(parts: list[str], terms: Terms) -> bytes:
    text = "".join(parts)
    return (text if terms.how == "load" else text[:-1]).encode()  # the last comma is one too many
