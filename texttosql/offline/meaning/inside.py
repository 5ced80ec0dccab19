"""What is inside runs: a metric's points by step, and their params, metrics and tags."""

from __future__ import annotations

from typing import Literal

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.lists import runs
from texttosql.offline.meaning.ranking import ranking
from texttosql.offline.meaning.slots import NeedsMetric, names_a_run
from texttosql.plan import Measure, Plan, Ref, Sort


def history(frame: Frame, context: Context) -> Plan:
    """The points of the metrics that are named, of the runs in question. Raises NeedsMetric."""
    if frame.count or frame.peak:
        return _points(frame)
    metrics = frame.curve or _ranked_metrics(frame)
    if not metrics:
        raise NeedsMetric
    sort, limit = _picks(frame, context)
    step = None if frame.curve else frame.step
    return Plan("history", show=_latest(metrics), step=step, sort=sort, limit=limit)


def _ranked_metrics(frame: Frame) -> list[Ref]:
    """The metrics to be shown, else the one that ranks."""
    ranks = [frame.order_ref] if frame.order_ref is not None else []
    return frame.metrics or [ref for ref in ranks if ref.kind == "metric"]


def _picks(frame: Frame, context: Context) -> tuple[Sort | None, int | None]:
    """Which runs a history or detail is about: the named ones, or the first of a ranking."""
    if frame.order is None and frame.limit is None:
        return None, None
    return ranking(frame, context)


def _latest(refs: list[Ref]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(Ref("metric", ref.key) for ref in refs))


def _points(frame: Frame) -> Plan:
    """How many points a metric has, or the step of its best one."""
    ranks = [frame.order_ref] if frame.order_ref is not None else []
    aimed = [ref for _, ref in frame.measures if ref is not None]
    named = (*ranks, *frame.metrics, *aimed)
    metrics = frame.curve or [ref for ref in named if ref.kind == "metric"]
    if not metrics:
        raise NeedsMetric
    if frame.peak:
        return Plan("history", show=_latest(metrics[:1]), peak=_peak(frame, metrics[0]))
    return Plan("history", show=_latest(metrics), measures=(Measure("count"),))


def _peak(frame: Frame, metric: Ref) -> Literal["max", "min"]:
    high = best_is_high(metric)
    ends = {fn for fn, _ in frame.measures} & {"max", "min"}
    if len(ends) == 1:
        return "max" if "max" in ends else "min"
    top = {"worst": not high, "high": True, "low": False}.get(frame.order or "best", high)
    return "max" if top else "min"


def details(frame: Frame, context: Context) -> Plan:
    """The params, metrics or tags of the runs in question, or which of them there are."""
    if frame.trend or (frame.keys == "metric" and frame.groups):
        raise NeedsMetric
    picked = names_a_run(frame)
    if frame.keys == "tag" and frame.count and not picked:
        return Plan("names", keys="tag")
    if picked or _ranks(frame):
        return _detail(frame, context, everything=frame.detail)
    if frame.keys is not None and frame.order is None and not frame.metrics:
        return Plan("names", keys=frame.keys)
    if frame.order is not None:
        return _detail(frame, context, everything=False)
    return runs(frame, context)


def _ranks(frame: Frame) -> bool:
    """Whether an end is asked for of something that is known to rank."""
    named = frame.metrics or frame.order_ref or frame.order in {"new", "old", "fast", "slow"}
    return frame.order is not None and bool(named)


def _detail(frame: Frame, context: Context, *, everything: bool) -> Plan:
    sort, limit = _picks(frame, context)
    keys = None if everything else frame.keys
    return Plan("detail", keys=keys, sort=sort, limit=limit, differ=frame.differ)
