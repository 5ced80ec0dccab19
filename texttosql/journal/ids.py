"""Turn ids: 14 characters that sort by when the turn began, safe in a URL, a file name and a cell.

Nine base-32 digits hold the epoch milliseconds (until the year 3084), five are random: two
processes that begin a turn in the same millisecond clash once in 33 million times.
"""

from __future__ import annotations

import secrets
import threading

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in lower case: its order is ASCII order, and no letter looks like a digit."""
_RANDOM_BITS = 25


class TurnIds:
    """Ids that grow within one process, also within a millisecond or when the clock steps back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def new(self, epoch_ms: int) -> str:
        """The id of a turn that begins now."""
        fresh = (epoch_ms << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            self._last = max(fresh, self._last + 1)
            return _base32(self._last)


def first_id(epoch_ms: int) -> str:
    """No turn that began then or later has a smaller id: the key is an index by time."""
    return _base32(max(epoch_ms, 0) << _RANDOM_BITS)


def first_ms_after(turn_id: str) -> int:
    """The epoch milliseconds from which on every new id is greater than this one."""
    number = 0
    for digit in turn_id:
        number = number * 32 + _DIGITS.index(digit)
    return (number >> _RANDOM_BITS) + 1


def _base32(number: int) -> str:
    digits = []
    for _ in range(14):
        number, digit = divmod(number, 32)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
