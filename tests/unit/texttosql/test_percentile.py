"""Percentiles by nearest rank: one of the values, and the smallest that will do."""

from __future__ import annotations

import pytest

from texttosql.percentile import nearest_rank


@pytest.mark.parametrize(
    ("values", "median", "high"),
    [
        ([], None, None),
        ([7.0], 7, 7),
        ([1.0, 2.0], 1, 2),
        ([1.0, 2.0, 3.0], 2, 3),
        ([float(n) for n in range(1, 21)], 10, 19),
        ([float(n) for n in range(1, 101)], 50, 95),
    ],
)
def test_half_and_95_of_a_hundred_do_not_exceed_it(
    values: list[float], median: float | None, high: float | None
) -> None:
    assert (nearest_rank(values, 50), nearest_rank(values, 95)) == (median, high)
