"""What a NULL and a text among numbers mean to MySQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

_NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def null_in_null_out(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, NULL whenever an argument is NULL."""

    @wraps(function)
    def careful(*arguments: Any) -> Any:  # cells of any type
        return None if None in arguments else function(*arguments)

    return careful


def number(value: Any) -> float:
    """A cell as a number: of a text, the number it starts with, or 0."""
    if isinstance(value, (int, float)):
        return float(value)
    found = _NUMBER.match(text(value))
    return float(found.group()) if found else 0.0


def text(value: Any) -> str:
    """A cell as text: whole floats without the '.0', as MySQL writes them."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
