"""Things held against each other: their means side by side, or the runs themselves."""

from __future__ import annotations

from dataclasses import replace

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.groups import means
from texttosql.offline.meaning.lists import runs
from texttosql.offline.meaning.ranking import ranked_by, upward
from texttosql.offline.meaning.slots import RUN, NeedsMetric, compared, measured, noun_dimension
from texttosql.plan import Plan, Ref, Sort


def comparison(frame: Frame, context: Context) -> Plan:
    """The means of the contestants; runs are listed as they are. Raises NeedsMetric."""
    groups = _contestants(frame, context)
    metrics = measured(frame)
    if groups == [RUN] and not metrics:
        return Plan("detail", keys="metric")
    if groups in ([], [RUN]):
        return runs(frame, context)
    if not metrics and frame.order is not None:
        metrics = [ranked_by(frame, context)]
    if not metrics:
        raise NeedsMetric
    return _won(frame, _ended(frame, means(frame, groups, metrics), metrics[0]))


def _contestants(frame: Frame, context: Context) -> list[Ref]:
    groups = compared(frame) or frame.groups or ([frame.which] if frame.which else [])
    if groups:
        return list(groups)
    dimension = noun_dimension(frame, context)
    return [dimension] if dimension else []


def _ended(frame: Frame, plan: Plan, metric: Ref) -> Plan:
    """The plan with the end on top that is asked for, when it is not simply the best."""
    if frame.order not in {"worst", "low", "high", "fast", "slow"}:
        return plan
    return replace(plan, sort=Sort(0, upward(frame.order, high=best_is_high(metric))))


def _won(frame: Frame, plan: Plan) -> Plan:
    """Only the first row when "which is better" asks for one."""
    one = frame.order is not None and frame.which is not None and not frame.plural
    return replace(plan, limit=1) if one else plan
