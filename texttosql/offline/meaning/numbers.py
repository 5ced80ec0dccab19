"""Measures over many runs: averages and the like, over time, and period against period."""

from __future__ import annotations

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.groups import group_sort
from texttosql.offline.meaning.ranking import only_metric, singular, upward
from texttosql.offline.meaning.slots import (
    USER,
    NeedsMetric,
    compared,
    measured,
    noun_dimension,
    split_by,
)
from texttosql.plan import Fn, Measure, Plan, Ref, Sort

_COUNT = Measure("count")


def measures(frame: Frame, context: Context) -> Plan:
    """Averages and the like, overall or by group. Raises NeedsMetric."""
    refs = measured(frame) or _otherwise(frame, context)
    groups = _groups(frame, context)
    if frame.take == "ever" and frame.also_latest and not groups:
        latest = (Ref("metric", ref.key) for ref in refs)
        return Plan("list", show=tuple(dict.fromkeys([*refs, *latest])))
    wanted = [Measure(fn, ref, percentile=frame.percentile) for fn, ref in _pairs(frame, refs)]
    wanted.append(_COUNT)
    ranked = frame.order is not None and bool(groups)
    one = singular(frame) if ranked and (frame.which or not frame.groups) else None
    return Plan(
        "summary",
        measures=tuple(wanted),
        by=tuple(groups),
        sort=_ranked(frame, wanted[0]) if ranked else group_sort(frame, groups, wanted[0]),
        limit=frame.limit or one,
        having=tuple(frame.having),
    )


def _otherwise(frame: Frame, context: Context) -> list[Ref]:
    """What is measured when no metric is named: the first thing shown, or the only metric."""
    if frame.shown:
        return [frame.shown[0]]
    only = only_metric(frame, context)
    if only is None:
        raise NeedsMetric
    return [only]


def _pairs(frame: Frame, refs: list[Ref]) -> list[tuple[Fn, Ref]]:
    """Each function with its own ref; a loose one with all of them."""
    bound = [(fn, ref) for fn, ref in frame.measures if ref is not None]
    loose = [fn for fn, ref in frame.measures if ref is None]
    return list(dict.fromkeys([*bound, *((fn, ref) for fn in loose for ref in refs)]))


def _groups(frame: Frame, context: Context) -> list[Ref]:
    groups = split_by(frame)
    if not groups and frame.compare:
        groups = compared(frame)
    ranks = frame.limit is not None and frame.order is not None and "run" not in frame.nouns
    if not groups and (frame.having or ranks):
        dimension = noun_dimension(frame, context) or (USER if "user" in frame.nouns else None)
        groups = [dimension] if dimension else []
    return groups


def _ranked(frame: Frame, measure: Measure) -> Sort:
    return Sort(0, upward(frame.order, high=best_is_high(measure.ref) if measure.ref else True))


def mean_count(frame: Frame, _context: Context) -> Plan:
    """Such as: the average number of runs per day. A count by group, and a measure over those."""
    fns = [fn for fn, _ in frame.measures]
    return Plan("summary", measures=(_COUNT,), by=tuple(split_by(frame)), over=fns[0])


def trend(frame: Frame, _context: Context) -> Plan:
    """Measures (or counts) by time, and by whatever else groups."""
    buckets = [ref for ref in frame.groups if ref.kind == "bucket"]
    others = [ref for ref in split_by(frame) if ref.kind != "bucket"]
    by = (*(buckets or [Ref("bucket", _unit(frame))]), *others)
    metrics = measured(frame)
    if not metrics:
        return _counts_over_time(frame, by)
    wanted = [Measure(fn, ref) for ref in metrics for fn in _functions(frame)]
    return Plan("summary", measures=(*wanted, _COUNT), by=by)


def _counts_over_time(frame: Frame, by: tuple[Ref, ...]) -> Plan:
    """In the order of time, or the fullest one: "in which week were the most runs"."""
    if frame.order is None or frame.which is None:
        return Plan("summary", measures=(_COUNT,), by=by, limit=frame.limit)
    sort = Sort(0, frame.order not in {"few", "low"})
    return Plan("summary", measures=(_COUNT,), by=by, sort=sort, limit=frame.limit or 1)


def _unit(frame: Frame) -> str:
    """Days within a period that has a start, else weeks."""
    return "day" if any(window.start_ms is not None for window in frame.windows) else "week"


def _functions(frame: Frame) -> list[Fn]:
    """The functions that are named; an end when one is asked for; else the mean."""
    if frame.measures:
        return list(dict.fromkeys(fn for fn, _ in frame.measures))
    refs = measured(frame)
    if frame.order in {"best", "high", "worst", "low"} and refs:
        return ["max" if upward(frame.order, high=best_is_high(refs[0])) else "min"]
    return ["mean"]


def periods(frame: Frame, _context: Context) -> Plan:
    """The same numbers of several periods, side by side."""
    if frame.share_of:
        wanted: tuple[Measure, ...] = (Measure("share", of=tuple(frame.share_of)),)
    else:
        fns = _functions(frame)
        wanted = (*(Measure(fn, ref) for ref in measured(frame) for fn in fns), _COUNT)
    return Plan("summary", measures=wanted, by=tuple(frame.groups))
