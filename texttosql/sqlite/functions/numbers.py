"""Arithmetic that SQLite lacks or means otherwise: LOG, MOD, ROUND, TRUNCATE, IF."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from texttosql.sqlite.functions.nulls import null_in_null_out, number


def _natural_log(x: Any) -> float | None:
    """MySQL's LOG(x) is the natural one, SQLite's the decimal."""
    value = number(x)
    return math.log(value) if value > 0 else None


def _mod(x: Any, y: Any) -> int | float | None:
    """Keeps fractions and the dividend's sign; whole numbers stay whole."""
    if isinstance(x, int) and isinstance(y, int):
        return None if y == 0 else int(math.copysign(abs(x) % abs(y), x))
    divisor = number(y)
    return None if divisor == 0 else math.fmod(number(x), divisor)


def _round(x: Any, digits: Any = 0) -> int | float:
    """Halves go to the even neighbour: doubles are scaled and then rounded as C's rint() does."""
    places = int(number(digits))
    if isinstance(x, int):
        return x if places >= 0 else _round_whole(x, 10**-places)
    return _scaled(number(x), places, round)


def _round_whole(x: int, step: int) -> int:
    """Whole numbers are exact to MySQL: halves go away from zero."""
    rounded = (abs(x) + step // 2) // step * step
    return rounded if x >= 0 else -rounded


def _truncate(x: Any, digits: Any) -> int | float:
    places = int(number(digits))
    if isinstance(x, int):
        return int(math.copysign(abs(x) // 10**-places * 10**-places, x)) if places < 0 else x
    return _scaled(number(x), places, math.trunc)


def _scaled(x: float, places: int, cut: Callable[[float], int]) -> float:
    scale = 10.0 ** min(abs(places), 300)
    scaled = x * scale if places >= 0 else x / scale
    if not math.isfinite(scaled):
        return x
    return cut(scaled) / scale if places >= 0 else cut(scaled) * scale


def _if(condition: Any, then: Any, otherwise: Any) -> Any:
    return then if condition is not None and number(condition) != 0 else otherwise


def _greatest(*values: Any) -> Any:
    return None if None in values else max(values)


def _least(*values: Any) -> Any:
    return None if None in values else min(values)


SCALARS: Mapping[tuple[str, int], Callable[..., Any]] = {
    ("log", 1): null_in_null_out(_natural_log),
    ("mod", 2): null_in_null_out(_mod),
    ("round", 1): null_in_null_out(_round),
    ("round", 2): null_in_null_out(_round),
    ("truncate", 2): null_in_null_out(_truncate),
    ("if", 3): _if,
    ("greatest", -1): _greatest,
    ("least", -1): _least,
    ("isnull", 1): lambda value: int(value is None),
}
