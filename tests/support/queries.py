"""Queries minted by hand, to try a warehouse without the guard in front of it.

The guard's own seal is used here and nowhere else in the tests.
"""

from __future__ import annotations

from texttosql.flow import _SEAL, Cell, Dialect, SafeQuery


def minted(sql: str, dialect: Dialect, max_rows: int = 1_000, /, **params: Cell) -> SafeQuery:
    """A query as if the guard had approved it: what a warehouse must withstand by itself."""
    return SafeQuery(sql, params, frozenset(), max_rows, dialect, _SEAL)
