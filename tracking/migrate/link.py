"""Our connection to a target, with the lock by which only one move at a time writes into it.

A server that is started anew takes both away. They are got again, and what was under way is done
again from its start: a server that has crashed may have lost what it had said it took.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pymysql

from tracking.errors import TargetDown
from tracking.migrate import server
from tracking.migrate.addresses import Target
from tracking.migrate.run import alone
from tracking.migrate.server import Connection

LOCK_WITHIN = 10.0
"""Seconds: a server that has only lost a session frees its lock when it notices."""

Done = TypeVar("Done")


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
        for _ in range(server.TRIES - 1):
            try:
                return do(self.connection)
            except (pymysql.MySQLError, TargetDown) as error:
                if not server.may_pass(error):
                    raise
                self._again()
        return do(self.connection)

    def _again(self) -> None:
        self.close()
        give_up = time.monotonic() + server.PATIENCE
        while (connection := self._tried(give_up)) is None:
            time.sleep(server.PAUSE)
        self.connection = connection

    def _tried(self, give_up: float) -> Connection | None:
        try:
            return self._made(wait=LOCK_WITHIN)
        except (pymysql.MySQLError, TargetDown):
            if time.monotonic() > give_up:
                raise
            return None

    def _made(self, *, wait: float) -> Connection:
        connection = server.connect(self._target)
        try:
            alone(connection, self._target, wait=wait)
        except BaseException:
            server.close(connection)
            raise
        return connection
