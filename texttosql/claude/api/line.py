"""What is said to a provider can be cut off at its deadline, wherever it hangs.

A thread that waits in a system call cannot be stopped from outside, and a socket's time-out
starts anew with every byte that drips in. So all of a process's talk runs on one background
event loop, where a deadline cancels a look-up, a connection, a handshake, a half-read body or
a pause alike, and closes the socket. Whoever asks stays an ordinary thread that waits.
"""

from __future__ import annotations

import asyncio
import functools
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

Resolve = Callable[..., list[Any]]
"""`socket.getaddrinfo`, or what a test puts in its place."""

_GRACE = 0.25
"""Seconds until a deadline is kept even if what was cancelled does not let go."""


class Line:
    """The loop and its thread. Used by many threads at once."""

    def __init__(self, resolve: Resolve = socket.getaddrinfo) -> None:
        self._loop = _Loop(resolve)
        # A daemon: a program that has its answer ends, and waits for no connection.
        self._thread = threading.Thread(target=self._loop.run_forever, name="claude", daemon=True)
        self._thread.start()

    def within(self, seconds: float, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives. Raises TimeoutError after so many seconds, or what `work` raises."""
        if seconds <= 0:
            raise TimeoutError
        future = asyncio.run_coroutine_threadsafe(_cut_off(seconds, work), self._loop)
        try:
            return future.result(seconds + _GRACE)
        finally:
            future.cancel()  # a no-op, unless this thread was interrupted or the grace is over

    def close(self) -> None:
        """Stop the loop; for lines that are not the process's own."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _cut_off(seconds: float, work: Callable[[], Awaitable[T]]) -> T:
    async with asyncio.timeout(seconds):
        return await work()


class _Loop(asyncio.SelectorEventLoop):
    """Looks names up on daemon threads, one at a time for each name.

    A look-up cannot be cancelled. asyncio's own threads would pile up behind a dead name server,
    and be waited for when the program ends.
    """

    def __init__(self, resolve: Resolve) -> None:
        super().__init__()
        self._resolve = resolve
        self._lookups: dict[object, asyncio.Future[list[Any]]] = {}  # Any: socket addresses

    def getaddrinfo(
        self, host: Any, port: Any, **hints: Any  # Any: as asyncio has them
    ) -> Coroutine[Any, Any, list[Any]]:  # fmt: skip
        """As the loop's own."""
        return self._look_up((host, port, *sorted(hints.items())), host, port, hints)

    async def _look_up(self, key: object, host: Any, port: Any, hints: dict[str, Any]) -> list[Any]:
        if key not in self._lookups:
            found: asyncio.Future[list[Any]] = self.create_future()
            found.add_done_callback(lambda done: self._looked_up(key, done))
            self._lookups[key] = found
            act = functools.partial(self._resolve, host, port, **hints)
            name = "claude-name"
            threading.Thread(target=self._fill, args=(found, act), name=name, daemon=True).start()
        return await asyncio.shield(self._lookups[key])

    def _looked_up(self, key: object, done: asyncio.Future[list[Any]]) -> None:
        """Another look-up may begin; nobody may be waiting any more for how this one ended."""
        del self._lookups[key]
        if not done.cancelled():
            done.exception()  # or asyncio says that it was never retrieved

    def _fill(self, found: asyncio.Future[list[Any]], act: Callable[[], list[Any]]) -> None:
        try:
            result = act()
        except (OSError, UnicodeError) as error:  # the latter for "a..b", which is no host's name
            self.call_soon_threadsafe(found.set_exception, error)
        else:
            self.call_soon_threadsafe(found.set_result, result)


@functools.cache
def line() -> Line:
    """The process's own, from the first time it is asked for."""
    return Line()
