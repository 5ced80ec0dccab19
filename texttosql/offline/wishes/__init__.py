"""What is wanted of the runs: how many, the best, the mean, by what, drawn how."""

from __future__ import annotations

from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.offline.wishes.counting import counts, popular
from texttosql.offline.wishes.dimensions import model_dimension
from texttosql.offline.wishes.drawing import chart, imperative
from texttosql.offline.wishes.grouping import grouping
from texttosql.offline.wishes.history import history
from texttosql.offline.wishes.limits import limits
from texttosql.offline.wishes.measuring import aggregates, lengths, trend
from texttosql.offline.wishes.ranking import superlatives
from texttosql.offline.wishes.shares import percent
from texttosql.offline.wishes.sorting import sorting
from texttosql.offline.wishes.subjects import comparison, differing, keys, leftover, nouns
from texttosql.offline.wishes.which import which

__all__ = ["model_dimension", "read"]

_RULES = (
    differing, imperative, chart, history, percent, sorting, popular, counts, which, limits,
    lengths, grouping, aggregates, superlatives, trend, keys, nouns, comparison, leftover,
)  # fmt: skip
"""In the order in which words can no longer be mistaken: what a rule took no later one sees."""


def read(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Fill the frame's slots with every wish the sentence says."""
    for rule in _RULES:
        rule(sentence, frame, context)
