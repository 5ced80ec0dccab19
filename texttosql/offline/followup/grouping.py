"""Other groups of the same runs: "by user", "per week", "the best of each"."""

from __future__ import annotations

from dataclasses import replace

from texttosql.offline.directions import best_is_high
from texttosql.offline.followup.said import Change, Said, bare
from texttosql.offline.frame import Frame
from texttosql.offline.words import metrics_of
from texttosql.plan import Measure, Plan, Ref, Sort


def other_groups(plan: Plan, said: Said) -> Change:
    """The plan by the groups that were said: a summary's, or a list's best of each."""
    frame = said.frame
    groups = _groups(frame)
    if not groups:
        return plan, False
    if plan.act == "summary":
        return _regrouped(plan, groups, frame), True
    if frame.order is not None and plan.act == "list":
        return replace(plan, each=groups[0], limit=frame.limit or 1), True
    return _summed_up(plan, groups), True


def _groups(frame: Frame) -> tuple[Ref, ...]:
    if frame.trend and not _bucketed(frame.groups):
        return (Ref("bucket", "week"), *frame.groups)
    return tuple(frame.groups)


def _bucketed(groups: list[Ref] | tuple[Ref, ...]) -> bool:
    return any(ref.kind == "bucket" for ref in groups)


def _regrouped(plan: Plan, groups: tuple[Ref, ...], frame: Frame) -> Plan:
    measures = plan.measures
    if measures and measures[0].fn == "share" and not measures[0].of:
        measures = (Measure("count"),)
    sort = None if _bucketed(groups) else plan.sort or Sort(0, descending=True)
    return replace(plan, by=groups, sort=sort, limit=frame.limit, measures=measures)


def _summed_up(plan: Plan, groups: tuple[Ref, ...]) -> Plan:
    """A list's runs by group: the mean and the best of its metric, and how many."""
    metrics = metrics_of(plan)[:1]
    measures = (
        *(Measure("mean", ref) for ref in metrics),
        *(Measure("max", ref) for ref in metrics),
        Measure("count"),
    )
    down = best_is_high(metrics[0]) if metrics else True
    sort = None if _bucketed(groups) else Sort(0, down)
    return replace(bare(plan), act="summary", measures=measures, by=groups, sort=sort)
