"""Stops a query on the server at its deadline: KILL QUERY from a second connection.

The server's own time limit comes first; this is for what it does not see (MySQL limits SELECT
only, a busy server looks late). Where even KILL fails, the socket is shut, so nobody waits.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, TypeAlias

import pymysql

from texttosql.warehouses import log

Connection: TypeAlias = "pymysql.Connection[Any]"  # Any: the cursor class is chosen per query


class Watch:
    """Whether the deadline rang. `fired` is set before anything is killed."""

    def __init__(self) -> None:
        self.fired = False
        self._over = False
        self._lock = threading.Lock()

    def ring(self, kill: Callable[[], None]) -> None:
        """Kill, unless the query ended in this very moment: the next query must not be hit."""
        with self._lock:
            if not self._over:
                self.fired = True
                kill()

    def end(self) -> None:
        """From now on nothing is killed; waits for a kill under way."""
        with self._lock:
            self._over = True


@contextmanager
def stopped_after(
    seconds: float, connection: Connection, again: Callable[[], Connection]
) -> Iterator[Watch]:
    """Inside, what `connection` runs is killed after `seconds`; `again` opens a second one."""
    watch = Watch()
    timer = threading.Timer(seconds, watch.ring, [lambda: _kill(connection, again)])
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        watch.end()


def _kill(connection: Connection, again: Callable[[], Connection]) -> None:
    try:
        with closing(again()) as second, second.cursor() as cursor:
            cursor.execute(f"KILL QUERY {number_of(connection)}")
    except pymysql.err.Error as error:
        log.warning("KILL QUERY failed, so the socket is shut: %s", error)
        _hang_up(connection)


def _hang_up(connection: Any) -> None:  # Any: what is needed here PyMySQL keeps to itself
    """Wake the thread that reads from the socket: merely closing it would leave it waiting."""
    with suppress(OSError, AttributeError):
        connection._sock.shutdown(socket.SHUT_RDWR)  # noqa: SLF001


def shut(connection: Any) -> None:  # Any: as above
    """Close the socket at once: a polite close() would first read every row that is left."""
    result = connection._result  # noqa: SLF001 - PyMySQL has no public way to give up a result
    if result is not None:
        result.unbuffered_active = False
    connection._result = None  # noqa: SLF001
    with suppress(OSError, pymysql.err.Error):
        connection._force_close()  # noqa: SLF001


def wait_at_most(connection: Any, seconds: float) -> None:  # Any: as above
    """How long any one answer is waited for, should server, KILL and timer all fail."""
    connection._read_timeout = seconds  # noqa: SLF001 - PyMySQL reads it anew for every packet


def number_of(connection: Connection) -> int:
    """The number under which the server knows the connection."""
    return int(connection.thread_id())  # type: ignore[no-untyped-call] # the stubs leave it out
