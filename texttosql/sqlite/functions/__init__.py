"""MySQL's functions on SQLite, so that the same question gives the same numbers on both.

Only what SQLite lacks or means differently is here: its own SUM, AVG, SQRT, POW, COALESCE … agree
with MySQL's and stay. The meaning is MySQL's: NULL in gives NULL out, STDDEV is of the population.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from texttosql.sqlite.functions import json_text, numbers, patterns, statistics, times, words

Scalar = Callable[..., Any]  # SQLite hands over and takes back any cell

SCALARS: Mapping[tuple[str, int], Scalar] = {
    **numbers.SCALARS,
    **words.SCALARS,
    **patterns.SCALARS,
    **times.SCALARS,
    **json_text.SCALARS,
}
"""(name, number of arguments) -> function; -1 takes any number."""


def register(connection: sqlite3.Connection) -> None:
    """Teach `connection` every function of this package."""
    for (name, count), function in SCALARS.items():
        steady = name not in times.CLOCK
        connection.create_function(name, count, function, deterministic=steady)
    for name, window in statistics.WINDOWS.items():
        connection.create_window_function(name, 1, window)  # type: ignore[arg-type] # typeshed wants exact value types
    for (name, count), aggregate in {**statistics.AGGREGATES, **json_text.AGGREGATES}.items():
        connection.create_aggregate(name, count, aggregate)  # type: ignore[arg-type] # as above
