"""Metrics of what a run took rather than what it achieved: time, memory, cost, steps.

Most runs have them, so they come first where metrics are counted; nobody's first question is
about them, so they go last where one is chosen.
"""

from __future__ import annotations

import re

_EFFORT = re.compile(
    r"^system/|(?<![a-z])(?:[a-z]*time|seconds?|duration|latency|cost|memory|epochs?|steps?|folds?"
    r"|iterations?)(?![a-z])|[_/]m?s$",
    re.IGNORECASE,
)


def is_effort(key: str) -> bool:
    """Whether a metric's key tells what a run took: `fit_time`, `system/gpu`, `latency_ms`."""
    return _EFFORT.search(key) is not None
