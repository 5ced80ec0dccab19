"""Groups of runs: the mean of each, the best of each, and which group comes first."""

from __future__ import annotations

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.counts import by_groups
from texttosql.offline.meaning.ranking import ranked_by, upward
from texttosql.offline.meaning.slots import STARTED, measured
from texttosql.plan import Measure, Plan, Ref, Sort


def grouped(frame: Frame, context: Context) -> Plan:
    """Counts, means with the best beside them, or the best or latest run of each group."""
    if frame.order in {"new", "old"}:
        sort = Sort(STARTED, descending=frame.order == "new")
        return _first_of_each(frame, frame.groups[0], sort)
    if frame.order is not None:
        return best_of_groups(frame, context, frame.groups)
    metrics = measured(frame)
    if not metrics:
        return by_groups(list(frame.groups), (Measure("count"),), frame)
    return means(frame, frame.groups, metrics)


def _first_of_each(frame: Frame, group: Ref, sort: Sort) -> Plan:
    shown = (*frame.metrics, *frame.shown)
    return Plan("list", each=group, sort=sort, limit=frame.limit or 1, show=shown)


def means(frame: Frame, groups: list[Ref], metrics: list[Ref]) -> Plan:
    """The mean of each group; of a single metric its ends too."""
    measures = [Measure("mean", ref) for ref in metrics]
    if len(metrics) == 1:
        measures += [Measure("max", metrics[0]), Measure("min", metrics[0])]
    measures.append(Measure("count"))
    return Plan(
        "summary",
        measures=tuple(measures),
        by=tuple(groups),
        sort=group_sort(frame, groups, measures[0]),
        limit=frame.limit,
        having=tuple(frame.having),
    )


def group_sort(frame: Frame, groups: list[Ref], measure: Measure) -> Sort | None:
    """The best group first, unless another order is asked for; times stay in order."""
    if not groups or any(ref.kind == "bucket" for ref in groups):
        return None
    if frame.sort_ref is not None:
        return Sort(0, frame.descending if frame.descending is not None else True)
    if measure.fn in {"max", "min"}:
        return Sort(0, measure.fn == "max")
    return Sort(0, best_is_high(measure.ref) if measure.ref else True)


def best_of_groups(frame: Frame, context: Context, groups: list[Ref]) -> Plan:
    """The best run of each group, or the best values by group when several things group."""
    by = ranked_by(frame, context)
    up = upward(frame.order, high=best_is_high(by))
    several_models = "model" in frame.nouns and frame.limit not in {None, 1}
    if len(groups) == 1 and not several_models:
        return _first_of_each(frame, groups[0], Sort(by, up))
    measures = (Measure("max" if up else "min", by), Measure("mean", by), Measure("count"))
    sort = Sort(0, up)
    return Plan("summary", measures=measures, by=tuple(groups), sort=sort, limit=frame.limit)
