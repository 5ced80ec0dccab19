"""Another metric, or another measure of the same one: "what about f1", "and the average?"."""

from __future__ import annotations

from dataclasses import replace

from texttosql.offline.directions import best_is_high
from texttosql.offline.followup.cues import ADDS, REPLACES
from texttosql.offline.followup.said import Change, Said, bare, descending
from texttosql.offline.frame import Frame
from texttosql.offline.meaning import DURATION, DURATIONS, NeedsMetric
from texttosql.offline.words import metrics_of
from texttosql.plan import Fn, Measure, Plan, Ref, Sort


def in_other_unit(plan: Plan, frame: Frame) -> Plan:
    """The same durations in another unit: "in seconds"."""
    lasting = [ref for ref in frame.shown if ref.key in DURATIONS]
    if len(lasting) != 1 or len(frame.shown) != 1 or plan.act != "summary":
        return plan
    if not any(m.ref is not None and m.ref.key in DURATIONS for m in plan.measures):
        return plan
    frame.shown.clear()
    measures = tuple(
        replace(m, ref=lasting[0]) if m.ref is not None and m.ref.key in DURATIONS else m
        for m in plan.measures
    )
    return replace(plan, measures=measures)


def other_metrics(plan: Plan, said: Said) -> Change:
    """The plan with the metrics or the measures that were said."""
    frame = said.frame
    asked = _asked(frame)
    fns = list(dict.fromkeys(fn for fn, _ in frame.measures))
    if fns:
        return _measured(plan, fns, asked, frame), not frame.groups
    metrics = [ref for ref in asked if ref.kind == "metric"]
    if not metrics:
        return plan, False
    if plan.act == "history":
        return replace(plan, show=tuple(Ref("metric", ref.key) for ref in metrics)), True
    if plan.act == "summary":
        return _other_measures(plan, metrics, said), False
    return _listed(plan, metrics, said), False


def _asked(frame: Frame) -> list[Ref]:
    """What was named to be shown or measured; a metric named to sort by is not."""
    if frame.sort_ref is not None and frame.sort_ref.kind == "metric":
        return []
    ordering = [frame.order_ref] if frame.order_ref is not None else []
    measured = [ref for _, ref in frame.measures if ref]
    return list(dict.fromkeys([*measured, *frame.metrics, *ordering]))


def _measured(plan: Plan, fns: list[Fn], asked: list[Ref], frame: Frame) -> Plan:
    refs = asked or metrics_of(plan)[:1] or [m.ref for m in plan.measures if m.ref]
    if not refs and DURATION in (*plan.show, *frame.shown):
        refs = [DURATION]
    if not refs:
        raise NeedsMetric
    measures = tuple(Measure(fn, ref, percentile=frame.percentile) for ref in refs for fn in fns)
    by = tuple(frame.groups) or (plan.by if plan.act == "summary" else ())
    if plan.act == "list" and plan.each is not None and not by:
        by = (plan.each,)
    ranks = by and not any(ref.kind == "bucket" for ref in by)
    return replace(
        bare(plan),
        act="summary",
        measures=(*measures, Measure("count")),
        by=by,
        sort=Sort(0, best_is_high(refs[0])) if ranks else None,
    )


def _other_measures(plan: Plan, metrics: list[Ref], said: Said) -> Plan:
    old = [measure for measure in plan.measures if measure.ref is not None]
    if not old:
        means = [Measure("mean", ref) for ref in metrics]
        return replace(plan, measures=(*means, Measure("count")))
    fns = list(dict.fromkeys(measure.fn for measure in old))
    if said.frame.order in {"best", "worst", "high", "low"}:
        fns = ["max" if descending(said.frame, metrics[0]) else "min"]
    adds = ADDS.search(said.lower) and not REPLACES.search(said.lower)
    refs = [*dict.fromkeys(m.ref for m in old if m.ref), *metrics] if adds else metrics
    measures = [Measure(fn, ref) for ref in refs for fn in fns]
    counts = [measure for measure in plan.measures if measure.fn == "count"]
    sort = plan.sort
    if sort is not None and sort.by == 0 and measures[0].ref is not None:
        sort = Sort(0, best_is_high(measures[0].ref))
    return replace(plan, measures=(*measures, *counts), sort=sort)


def _listed(plan: Plan, metrics: list[Ref], said: Said) -> Plan:
    """A list ranked by the metric instead of the one before, or with one more column."""
    by = plan.sort.by if plan.sort is not None else None
    ranked = isinstance(by, Ref) and by.kind == "metric"
    adds = ADDS.search(said.lower) and not REPLACES.search(said.lower)
    if ranked and (said.frame.order is not None or not adds):
        return _resorted(plan, metrics[0], said.frame)
    if said.frame.order is not None:
        return plan
    return replace(plan, show=tuple(dict.fromkeys([*plan.show, *metrics])))


def _resorted(plan: Plan, metric: Ref, frame: Frame) -> Plan:
    high = best_is_high(metric)
    by = plan.sort.by if plan.sort is not None else None
    was_best = (
        plan.sort is not None and isinstance(by, Ref) and plan.sort.descending == best_is_high(by)
    )
    down = high if was_best else not high
    if frame.order is not None:
        down = descending(frame, metric)
    return replace(plan, sort=Sort(metric, down), limit=frame.limit or plan.limit)
