"""Conditions with a number or a bound: "recall above 0.9", "lr = 1e-3", "longer than 2 hours"."""

from __future__ import annotations

from texttosql.offline.comparisons import anchors, bounds, durations, groups, nonfinite
from texttosql.offline.frame import Context, Frame
from texttosql.offline.refs import metric_ref, number_of, ref_of
from texttosql.offline.sentence import Sentence

__all__ = ["metric_ref", "number_of", "read", "ref_of"]

_RULES = (
    groups.group_sizes, groups.group_bounds, bounds.by_sign, durations.still_running,
    bounds.between, nonfinite.not_a_number, durations.durations, bounds.key_then_bound,
    bounds.bound_key_number, bounds.bound_then_key, bounds.at_least, bounds.after_number,
    anchors.anchors, bounds.bound_alone,
)  # fmt: skip


def read(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Every comparison in the sentence, the tightest patterns first."""
    for rule in _RULES:
        rule(sentence, frame, context)
