"""Which kind of answer a frame asks for: the first act of the list that its slots call for."""

from __future__ import annotations

from collections.abc import Callable

from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.comparisons import comparison
from texttosql.offline.meaning.counts import by_count, count, popular
from texttosql.offline.meaning.groups import grouped
from texttosql.offline.meaning.inside import details, history
from texttosql.offline.meaning.lists import runs
from texttosql.offline.meaning.numbers import mean_count, measures, periods, trend
from texttosql.offline.meaning.ranking import only_metric
from texttosql.offline.meaning.registry import registry_plan
from texttosql.offline.meaning.shares import none_of, share
from texttosql.offline.meaning.slots import (
    USER,
    NeedsMetric,
    measured,
    names_a_run,
    noun_dimension,
    split_by,
)
from texttosql.offline.meaning.which import experiments, which
from texttosql.plan import Plan


def act(frame: Frame, context: Context) -> Plan:
    """The plan of the first act that fits. Raises NeedsMetric."""
    for fits, plan in _ACTS:
        if fits(frame, context):
            return plan(frame, context)
    return runs(frame, context)


def _names_metric(frame: Frame) -> bool:
    return bool(frame.metrics or frame.order_ref or frame.curve)


def _value_at_step(frame: Frame, _context: Context) -> bool:
    return frame.step is not None and not _names_metric(frame)


def _curve(frame: Frame, _context: Context) -> bool:
    aimed = frame.peak and any(ref is not None for _, ref in frame.measures)
    return frame.history and (_names_metric(frame) or aimed)


def _curve_of_nothing(frame: Frame, _context: Context) -> bool:
    return frame.history and frame.order is None


def _only_counts_tested(frame: Frame, _context: Context) -> bool:
    """Such as: people with more than 5 runs."""
    return bool(frame.having) and not (frame.measures or frame.groups or frame.which)


def _trend_within_a_run(frame: Frame, _context: Context) -> bool:
    return bool(frame.trend and names_a_run(frame) and frame.metrics and not frame.groups)


def _over_time(frame: Frame, _context: Context) -> bool:
    return frame.trend or any(ref.kind == "bucket" for ref in frame.groups)


def _verdict_on_nothing(frame: Frame, context: Context) -> bool:
    """Such as: are we improving, which only a metric can tell."""
    judged = frame.judged or (frame.trend and frame.order in {"best", "worst"})
    return _over_time(frame, context) and judged and not measured(frame)


def _counts_measured(frame: Frame, _context: Context) -> bool:
    loose = bool(frame.measures) and all(ref is None for _, ref in frame.measures)
    return frame.count and loose and bool(split_by(frame)) and not measured(frame)


def _measures(frame: Frame, _context: Context) -> bool:
    return bool(frame.measures) and frame.order not in {"new", "old"}


def _best_of_nothing(frame: Frame, context: Context) -> bool:
    """Such as: the best learning rate, in a store of several metrics."""
    named = frame.metrics or frame.order_ref or frame.limit is not None or frame.which
    return bool(
        frame.order in {"best", "worst"} and frame.shown and "run" not in frame.nouns and not named
        and only_metric(frame, context) is None
    )  # fmt: skip


def _only_experiments(frame: Frame, _context: Context) -> bool:
    return "experiment" in frame.nouns and "run" not in frame.nouns


def _ask(_frame: Frame, _context: Context) -> Plan:
    raise NeedsMetric


def _count_by_noun(frame: Frame, context: Context) -> Plan:
    kept = next((ref for ref in frame.shown if ref.kind in {"param", "tag"}), None)
    return by_count(noun_dimension(frame, context) or kept or USER, frame)


_ACTS: tuple[
    tuple[Callable[[Frame, Context], bool], Callable[[Frame, Context], Plan]], ...
] = (
    (lambda frame, _: frame.registry, registry_plan),
    (lambda frame, _: bool(frame.none_of), none_of),
    (lambda frame, _: frame.percent, share),
    (_value_at_step, _ask),
    (_curve, history),
    (_curve_of_nothing, _ask),
    (lambda frame, _: frame.keys is not None or frame.detail, details),
    (_only_counts_tested, _count_by_noun),
    (_counts_measured, mean_count),
    (lambda frame, _: frame.count and not frame.measures, count),
    (lambda frame, _: frame.order in {"many", "few"}, popular),
    (_trend_within_a_run, history),
    (_verdict_on_nothing, _ask),
    (_over_time, trend),
    (lambda frame, _: frame.side_by_side, periods),
    (_measures, measures),
    (lambda frame, _: bool(frame.groups), grouped),
    (lambda frame, _: frame.compare, comparison),
    (_best_of_nothing, _ask),
    (lambda frame, _: frame.which is not None, which),
    (_only_experiments, experiments),
)  # fmt: skip
"""When it fits, and its plan; the order says which of two slots tells more."""
