"""Servers below HTTP: what a client meets when the other side is no real server."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

HOST = "127.0.0.1"


@contextlib.contextmanager
def answering(act: Callable[[socket.socket, threading.Event], None]) -> Iterator[tuple[str, int]]:
    """Hands every connection to `act`, with the event that the test is over; yields the address."""
    over = threading.Event()
    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, act, over))
        thread.start()
        try:
            yield listener.getsockname()[:2]
        finally:
            over.set()
            # shutdown, not close: it wakes the thread that waits in accept().
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(
    listener: socket.socket,
    act: Callable[[socket.socket, threading.Event], None],
    over: threading.Event,
) -> None:
    while not over.is_set():
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                act(connection, over)


def says_nothing(_connection: socket.socket, over: threading.Event) -> None:
    """Takes everything in and never answers."""
    over.wait()


def drips_its_head(connection: socket.socket, over: threading.Event) -> None:
    """The lines before a body, one byte after the other, without end."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"x-more: and more\r\n" * 1000:
        connection.sendall(bytes([byte]))
        if over.wait(0.01):
            return


@contextlib.contextmanager
def full() -> Iterator[tuple[str, int]]:
    """An address that takes no connection and refuses none: its queue is full."""
    with socket.create_server((HOST, 0), backlog=0) as listener, contextlib.ExitStack() as stack:
        address = listener.getsockname()[:2]
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield address


def closed() -> tuple[str, int]:
    """An address where nobody listens."""
    with socket.create_server((HOST, 0)) as listener:
        host, port = listener.getsockname()[:2]
    return host, port
