"""Our connection to a target, with the lock by which only one move at a time writes into it.

A server that is started anew takes both away. They are got again, and what was under way is done
again from its start: a server that has crashed may have lost what it had said it took.
"""

from __future__ import annotations

from collections.abc import Callable

from tracking.migrate import server
from tracking.migrate.addresses import Target
from tracking.migrate.run import alone
from tracking.migrate.server import Connection, Done

LOCK_WITHIN = 10.0
"""Seconds: a server that has only lost a session frees its lock when it notices."""


class Link:
    """Use it with `closing`."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.connection = self._made(wait=0.0)

    def close(self) -> None:
        """Hang up; the lock goes with it."""
        server.close(self.connection)

    def patiently(self, do: Callable[[Connection], Done]) -> Done:
        """Do something, however often the server goes away meanwhile.

        It must bear to be begun again. Raises TargetDown when the server stays away, or goes again
        and again; whatever else `do` raises.
        """
        return server.patiently(lambda: do(self.connection), self._again)

    def _again(self) -> None:
        self.close()
        self.connection = server.awaited(lambda: self._made(wait=LOCK_WITHIN))

    def _made(self, *, wait: float) -> Connection:
        connection = server.connect(self._target)
        try:
            alone(connection, self._target, wait=wait)
        except BaseException:
            server.close(connection)
            raise
        return connection
