"""What the words right before and behind a number make of it: a count, a share, a distance, a mean.

`bare` is always the sentence with its names and dates blanked, in which figures have their places.
"""

from __future__ import annotations

import re
from typing import Literal

from texttosql.claude.explain.numerals import Figure

_THINGS = (
    r"(?:runs?|rows?|models?|experiments?|versions?|users?|people|values?|results?|entries|entry"
    r"|trials?|groups?|days?|weeks?|months?|them|these|those)\b"
)
_COUNT = re.compile(rf"\s*(?:of\b|(?:[a-z-]+ )?(?P<noun>{_THINGS}))")
_PART = re.compile(rf"\s*of (?:the |all |all the |these |those )?(?:[\w,-]+ )?{_THINGS}")
_COMPARED = (
    r"(?:more|less|faster|slower|higher|lower|longer|shorter|larger|smaller|bigger|greater|better"
    r"|worse|later|earlier)\b"
)
_MORE = re.compile(rf"\s*{_COMPARED}")
_APART = re.compile(
    rf"\s*(?:percentage points? |points? )?(?:apart|ahead|behind|above|below|{_COMPARED})"
)
_BY = re.compile(
    r"\b(?:by|(?:gap|difference|lead|spread|margin|drop|rise)(?: of| is)?)"
    r"(?: only| just| about| around| nearly| almost)? $"
)
_MEAN = re.compile(r"\b(?:mean|averag(?:e|es|ed|ing))\b[^\d]{0,40}$")
_MEDIAN = re.compile(r"\bmedian\b[^\d]{0,40}$")
_ON_AVERAGE = re.compile(r"\s*(?:\w+ )?on average\b")


def _behind(bare: str, figure: Figure) -> str:
    return bare[figure.end :].lower()


def counted(bare: str, figure: Figure) -> str | None:
    """What is counted ("runs"), "" where that is unsaid ("3 of"); None where nothing is."""
    found = _COUNT.match(_behind(bare, figure))
    return (found["noun"] or "") if found else None


def part_of_rows(bare: str, figure: Figure) -> bool:
    """Whether a percentage or a fraction is one of rows: "40 % of the runs"."""
    return bool(_PART.match(_behind(bare, figure)))


def exceeds(bare: str, figure: Figure) -> bool:
    """Whether a multiple tells how much more: "2 times faster"."""
    return bool(_MORE.match(_behind(bare, figure)))


def is_distance(bare: str, figure: Figure) -> bool:
    """Whether it lies between two values: "by 0.1", "11 minutes apart", "16 % better"."""
    return bool(_BY.search(figure.before) or _APART.match(_behind(bare, figure)))


def statistic(bare: str, figure: Figure) -> Literal["mean", "median"] | None:
    """Which statistic it is said to be."""
    if _MEDIAN.search(figure.before):
        return "median"
    on_average = _ON_AVERAGE.match(_behind(bare, figure))
    return "mean" if on_average or _MEAN.search(figure.before) else None
