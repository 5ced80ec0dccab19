"""Every hazard of a move: of the values, of the store, of its keys, and of the place they go to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing

from tracking.migrate import server
from tracking.migrate.addresses import Target
from tracking.migrate.hazards import contents, letters, place, values
from tracking.migrate.hazards.hazard import Hazard
from tracking.migrate.prepared import Prepared
from tracking.migrate.server import right_collation
from tracking.migrate.shape import Shape
from tracking.migrate.source import Size, Table
from tracking.migrate.target import Found


def hazards(
    store: sqlite3.Connection, prepared: Prepared, target: Target, found: Found,
    tables: Mapping[str, Table], sizes: Mapping[str, Size], shape: Shape | None,
) -> list[Hazard]:  # fmt: skip
    """What was found, blocking ones first."""
    all_of_them = [
        *place.hazards(prepared, target, found, sizes),
        *values.hazards(store, tables, shape or {}),
        *_collisions(store, target, found, tables),
        *contents.hazards(store, prepared, tables, shape),
    ]
    return sorted(all_of_them, key=lambda hazard: not hazard.blocking)


def _collisions(
    store: sqlite3.Connection, target: Target, found: Found, tables: Mapping[str, Table]
) -> Iterator[Hazard]:
    """Under the collation that the target has now, whether or not a run would change it."""
    right = right_collation(found.server)
    has = next((of for of in found.collations.values() if of != right), found.collation)
    if found.entry or has in {None, right}:
        return
    remedy = f"Use {right}, under which every byte counts: " + (
        "see `collation`." if found.tables else "the run sets it before MLflow makes its tables."
    )
    with closing(server.connect(target, database=False)) as connection:
        yield from letters.collisions(
            store, connection, tables, str(has), remedy=remedy, blocking=bool(found.tables)
        )
