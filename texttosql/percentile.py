"""Percentiles of a few numbers, as the journal's database finds them of many: by nearest rank."""

from __future__ import annotations

from collections.abc import Sequence


def nearest_rank(ordered: Sequence[float], percent: int) -> float | None:
    """The smallest of the values (which ascend) that so many of a hundred do not exceed.

    It is one of the values, never one between two; None where there are none.
    """
    # In whole numbers: 0.07 * 100 is a little more than 7 as floats go, and would be the eighth.
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1] if ordered else None
