"""Every hazard of a move: of the values, of the store, and of the place they go to."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from tracking.migrate.addresses import Target
from tracking.migrate.hazards.hazard import Hazard
from tracking.migrate.prepared import Prepared
from tracking.migrate.source import Size, Table
from tracking.migrate.target import Found


def hazards(
    store: sqlite3.Connection, prepared: Prepared, target: Target, found: Found,
    tables: Mapping[str, Table], sizes: Mapping[str, Size],
) -> list[Hazard]:  # fmt: skip
    """What was found, blocking ones first."""
    return []
