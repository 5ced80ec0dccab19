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
    " traces TEXT NOT NULL, at DATETIME NOT NULL, rolled_back TINYINT NOT NULL)"
    " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
)


@dataclass(frozen=True, slots=True)
class Handover:
    """`snapshot`: the copy that the target was when it was handed over; `at`: UTC.

    `traces`: what the source's files looked like at that moment; `rolled_back`: it is over.
    """

    snapshot: str
    traces: str
    at: str
    rolled_back: bool


def read(connection: Connection) -> Handover | None:
    """The handover of a target; None where there was none."""
    if not server.ask(connection, "SHOW TABLES LIKE %s", [CUTOVER]):
        return None
    query = f"SELECT snapshot, traces, at, rolled_back FROM {CUTOVER}"
    found = server.ask(connection, query)
    if not found:
        return None
    snapshot, traces, at, rolled_back = found[0]
    return Handover(snapshot, traces, f"{at:%Y-%m-%d %H:%M} UTC", bool(rolled_back))


def write(connection: Connection, snapshot: str, traces: str) -> None:
    """The target is MLflow's from now on."""
    server.run(connection, _MAKE)
    with connection.cursor() as cursor:
        cursor.execute(
            f"REPLACE INTO {CUTOVER} VALUES (1, %s, %s, UTC_TIMESTAMP(), 0)", (snapshot, traces)
        )
    connection.commit()


def take_back(connection: Connection) -> None:
    """What was written since is in a SQLite file again."""
    server.run(connection, f"UPDATE {CUTOVER} SET rolled_back = 1")
    connection.commit()
