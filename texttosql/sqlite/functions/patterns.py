"""REGEXP on SQLite, kept from running away.

Python's matcher cannot be stopped from outside, so a pattern that could take exponential time is
turned down, and so is a text too long for the pattern's worst case. Case does not count, as in
MySQL under its usual collations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from texttosql.sqlite.functions.nulls import null_in_null_out, text

LONGEST_PATTERN = 500
MOST_STEPS = 200_000_000
"""Worst-case steps of one match: about two seconds."""

_UNBOUNDED = re.compile(r"[*+]|\{\d*,\d*\}")
_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]")
_POSIX = {"[:alpha:]": "a-zA-Z", "[:digit:]": "0-9", "[:alnum:]": "a-zA-Z0-9", "[:space:]": r"\s",
          "[:upper:]": "A-Z", "[:lower:]": "a-z", "[:punct:]": r"!-/:-@\[-`{-~"}  # fmt: skip


def _nests_repeats(bare: str) -> bool:
    """Whether a repeated group holds a repeat or a choice: `(a+)*` takes exponential time."""
    open_groups = [False]
    for letter, following in zip(bare, bare[1:] + " ", strict=True):
        if letter == "(":
            open_groups.append(False)
        elif letter == ")" and len(open_groups) > 1:
            loose = open_groups.pop()
            if loose and following in "*+{":
                return True
            open_groups[-1] |= loose
        elif letter in "*+{|":
            open_groups[-1] = True
    return False


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> tuple[re.Pattern[str], int]:
    """The pattern and how many times it can repeat without bound. Raises ValueError."""
    bare = _CLASS.sub("x", pattern[:LONGEST_PATTERN])
    if len(pattern) > LONGEST_PATTERN or _nests_repeats(bare) or re.search(r"\\[1-9]", pattern):
        msg = "a pattern with repeats inside repeats, or too long, could run for ever"
        raise ValueError(msg)
    for name, letters in _POSIX.items():
        pattern = pattern.replace(name, letters)
    return re.compile(pattern, re.IGNORECASE), len(_UNBOUNDED.findall(bare))


def _prepared(pattern: Any, value: Any) -> tuple[re.Pattern[str], str]:
    matcher, repeats = _compiled(text(pattern))
    subject = text(value)
    if repeats and len(subject) ** (repeats + 1) > MOST_STEPS:
        msg = "the text is too long for a pattern with this many repeats"
        raise ValueError(msg)
    return matcher, subject


def _regexp(pattern: Any, value: Any) -> int:
    """SQLite's `value REGEXP pattern` calls this with the pattern first."""
    matcher, subject = _prepared(pattern, value)
    return int(matcher.search(subject) is not None)


def _regexp_replace(value: Any, pattern: Any, replacement: Any) -> str:
    matcher, subject = _prepared(pattern, value)
    return matcher.sub(text(replacement), subject)


def _regexp_substr(value: Any, pattern: Any) -> str:
    """MariaDB gives '' where nothing matches (MySQL 8 gives NULL)."""
    matcher, subject = _prepared(pattern, value)
    found = matcher.search(subject)
    return found.group() if found else ""


SCALARS: Mapping[tuple[str, int], Callable[..., Any]] = {
    ("regexp", 2): null_in_null_out(_regexp),
    ("regexp_like", 2): null_in_null_out(lambda value, pattern: _regexp(pattern, value)),
    ("regexp_replace", 3): null_in_null_out(_regexp_replace),
    ("regexp_substr", 2): null_in_null_out(_regexp_substr),
}
