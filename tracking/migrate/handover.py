"""Whether a target has been handed over to MLflow: told in the target itself, for good.

From then on its rows are somebody's own, and no copy may overwrite them; the status, which every
verification changes, would not do to remember that.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracking.migrate import server
from tracking.migrate.ledger import CUTOVER
from tracking.migrate.server import Connection

_MAKE = (
    f"CREATE TABLE IF NOT EXISTS {CUTOVER} (id TINYINT PRIMARY KEY, snapshot VARCHAR(64) NOT NULL,"
    " at DATETIME NOT NULL, rolled_back TINYINT NOT NULL)"
    " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
)


@dataclass(frozen=True, slots=True)
class Handover:
    """`snapshot`: the copy that the target was at that moment; `rolled_back`: it is over."""

    snapshot: str
    at: str
    rolled_back: bool


def read(connection: Connection) -> Handover | None:
    """The handover of a target; None where there was none."""
    if not server.ask(connection, "SHOW TABLES LIKE %s", [CUTOVER]):
        return None
    found = server.ask(connection, f"SELECT snapshot, at, rolled_back FROM {CUTOVER}")
    if not found:
        return None
    snapshot, at, rolled_back = found[0]
    return Handover(snapshot, f"{at:%Y-%m-%d %H:%M} UTC", bool(rolled_back))


def write(connection: Connection, snapshot: str) -> None:
    """The target is MLflow's from now on."""
    server.run(connection, _MAKE)
    with connection.cursor() as cursor:
        cursor.execute(f"REPLACE INTO {CUTOVER} VALUES (1, %s, UTC_TIMESTAMP(), 0)", [snapshot])
    connection.commit()


def take_back(connection: Connection) -> None:
    """What was written since is in a SQLite file again."""
    server.run(connection, f"UPDATE {CUTOVER} SET rolled_back = 1")
    connection.commit()
