"""What a move has done, event by event, in the target itself: so it can be told any time later.

    tracktalk_migration_log   one row for each thing that came to its end, with what is known of it

Rows are only ever added. A target that no move of ours has begun to fill gets no such table: who
compares somebody else's work leaves nothing behind in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pymysql

from tracking.errors import TargetDown
from tracking.migrate import ledger, server
from tracking.migrate.addresses import Target
from tracking.migrate.ledger import LOG
from tracking.migrate.server import Connection

_MAKE = (
    f"CREATE TABLE IF NOT EXISTS {LOG} (id BIGINT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(32)"
    " NOT NULL, at VARCHAR(40) NOT NULL, told LONGTEXT NOT NULL)"
    " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
)


class Kind(StrEnum):
    """What happened."""

    PLANNED = "planned"
    BEGUN = "begun"
    COPIED = "copied"
    CAUGHT_UP = "caught up"
    VERIFIED = "verified"
    CUT_OVER = "cut over"
    ROLLED_BACK = "rolled back"
    FILES_COMPARED = "files compared"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that came to its end, and what is known of it, ready to be JSON."""

    kind: Kind
    told: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON
    at: datetime = field(default_factory=_now)


def note(connection: Connection, event: Event) -> None:
    """Write an event into a target that is ours. It is there when this returns."""
    if not server.ask(connection, "SHOW TABLES LIKE %s", [ledger.MIGRATION]):
        return
    server.run(connection, _MAKE)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {LOG} (kind, at, told) VALUES (%s, %s, %s)",
            (event.kind.value, event.at.isoformat(), json.dumps(event.told, default=str)),
        )
    connection.commit()


def keep(target: Target, event: Event) -> Event:
    """The same over a connection of its own; returns the event.

    Where it cannot be written (an account that may only read), the work itself is not undone.
    """
    with suppress(pymysql.MySQLError, TargetDown), closing(server.connect(target)) as connection:
        note(connection, event)
    return event


def read(connection: Connection) -> list[Event]:
    """What has happened, in order. Events of a newer Tracktalk are passed over."""
    if not server.ask(connection, "SHOW TABLES LIKE %s", [LOG]):
        return []
    found = server.ask(connection, f"SELECT kind, at, told FROM {LOG} ORDER BY id")
    return [
        Event(Kind(kind), json.loads(told), datetime.fromisoformat(at))
        for kind, at, told in found
        if kind in set(Kind)
    ]
