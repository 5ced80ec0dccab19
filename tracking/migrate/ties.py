"""Points that MLflow's upgrade of a store from before 1.3 stumbles over, set aside while it runs.

There it works out which value of a metric is the newest, for a NaN and for a number each, and
fails where the last step and time of a metric have both. The greatest stays, as MLflow takes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_COLUMNS = "run_uuid, key, timestamp, step, value, is_nan"
_TIES = """
SELECT id FROM (
    SELECT rowid AS id,
        rank() OVER (PARTITION BY run_uuid, key ORDER BY step DESC, timestamp DESC) AS place,
        row_number() OVER (point ORDER BY value DESC, is_nan) AS below,
        min(is_nan) OVER point <> max(is_nan) OVER point AS both
    FROM metrics WINDOW point AS (PARTITION BY run_uuid, key, step, timestamp)
) WHERE place = 1 AND below > 1 AND both
"""


@contextmanager
def aside(copy: Path) -> Iterator[None]:
    """Take those points out of a copy, and put them back when MLflow has upgraded it."""
    with closing(sqlite3.connect(copy)) as store:
        points = _taken(store) if _needs_it(store) else []
        store.commit()
    yield
    if points:
        with closing(sqlite3.connect(copy)) as store:
            store.executemany(f"INSERT INTO metrics ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", points)
            store.commit()


def _needs_it(store: sqlite3.Connection) -> bool:
    """Whether metrics may be NaN already, and MLflow has still to find the newest of each."""
    nan = "SELECT 1 FROM pragma_table_info('metrics') WHERE name = 'is_nan'"
    found = "SELECT 1 FROM sqlite_master WHERE name = 'latest_metrics'"
    return bool(store.execute(nan).fetchone()) and not store.execute(found).fetchone()


def _taken(store: sqlite3.Connection) -> list[tuple[object, ...]]:
    points = store.execute(f"SELECT {_COLUMNS} FROM metrics WHERE rowid IN ({_TIES})").fetchall()
    store.execute(f"DELETE FROM metrics WHERE rowid IN ({_TIES})")
    return points
