"""Spread and rank statistics: standard deviation, variance, median, percentile.

Means and squares are carried along (Welford, Technometrics 4 (1962) 419-420), so a million large
values lose no digits; taking a value out again lets them serve as window functions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from texttosql.sqlite.functions.nulls import number


class _Spread:
    """Count, mean and sum of squared deviations of the values in the frame."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self.squares = 0.0

    def step(self, value: Any) -> None:
        if value is None:
            return
        x = number(value)
        self.count += 1
        away = x - self.mean
        self.mean += away / self.count
        self.squares += away * (x - self.mean)

    def inverse(self, value: Any) -> None:
        if value is None:
            return
        self.count -= 1
        if self.count == 0:
            self.mean = self.squares = 0.0
            return
        x = number(value)
        away = x - self.mean
        self.mean -= away / self.count
        self.squares = max(0.0, self.squares - away * (x - self.mean))

    def variance(self, lost: int) -> float | None:
        """Divided by the count less `lost`: 0 for the population, 1 for a sample."""
        return self.squares / (self.count - lost) if self.count > lost else None

    def deviation(self, lost: int) -> float | None:
        found = self.variance(lost)
        return None if found is None else math.sqrt(found)


class _PopulationVariance(_Spread):
    def value(self) -> float | None:
        return self.variance(0)

    finalize = value


class _SampleVariance(_Spread):
    def value(self) -> float | None:
        return self.variance(1)

    finalize = value


class _PopulationDeviation(_Spread):
    def value(self) -> float | None:
        return self.deviation(0)

    finalize = value


class _SampleDeviation(_Spread):
    def value(self) -> float | None:
        return self.deviation(1)

    finalize = value


class _Percentile:
    """Between the two nearest ranks in proportion, as SQL's PERCENTILE_CONT and numpy do."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self.share = 0.5

    def step(self, value: Any, share: Any = 0.5) -> None:
        self.share = min(1.0, max(0.0, number(share)))
        if value is not None:
            self.values.append(number(value))

    def finalize(self) -> float | None:
        if not self.values:
            return None
        ranked = sorted(self.values)
        position = (len(ranked) - 1) * self.share
        low = math.floor(position)
        above = ranked[min(low + 1, len(ranked) - 1)]
        return ranked[low] * (1 - (position - low)) + above * (position - low)


WINDOWS: Mapping[str, type[_Spread]] = {
    "stddev": _PopulationDeviation,
    "std": _PopulationDeviation,
    "stddev_pop": _PopulationDeviation,
    "stddev_samp": _SampleDeviation,
    "var_pop": _PopulationVariance,
    "variance_pop": _PopulationVariance,
    "var_samp": _SampleVariance,
    # sqlglot writes VAR_SAMP as VARIANCE for SQLite, and MySQL's VARIANCE as VARIANCE_POP.
    "variance": _SampleVariance,
}
AGGREGATES: Mapping[tuple[str, int], type[_Percentile]] = {
    ("median", 1): _Percentile,
    ("percentile", 2): _Percentile,
}
