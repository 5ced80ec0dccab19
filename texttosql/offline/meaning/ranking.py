"""Who comes first: by what, from which end, and how many."""

from __future__ import annotations

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame, Order
from texttosql.offline.meaning.slots import DURATION, DURATIONS, MANY, STARTED, NeedsMetric
from texttosql.plan import Ref, Sort

_UPWARD: dict[Order, bool] = {
    "high": True, "low": False, "fast": False, "slow": True, "many": True, "few": False,
}  # fmt: skip
_LARGEST_FIRST = frozenset({"started", "ended", "duration", "runs"})


def ranking(frame: Frame, context: Context) -> tuple[Sort | None, int | None]:
    """By what and how many; a superlative in the singular is the one at the top."""
    if frame.sort_ref is not None:
        return _sorted(frame, frame.sort_ref), frame.limit
    if frame.order is None:
        return _unranked(frame), frame.limit
    if frame.order in {"new", "old"}:
        sort = Sort(_time_ref(frame), descending=frame.order == "new")
        return sort, frame.limit or singular(frame)
    by = ranked_by(frame, context)
    return Sort(by, _downward(frame, by)), frame.limit or singular(frame)


def _unranked(frame: Frame) -> Sort | None:
    """A number of rows alone means the best of a metric that is named, else the latest.

    "Lowest first" without a key is by the metric that is shown or tested.
    """
    said = frame.metrics[0] if frame.metrics else _tested_metric(frame)
    if frame.descending is not None and said is not None:
        return Sort(said, frame.descending)
    if frame.limit is not None and frame.metrics:
        return Sort(frame.metrics[0], best_is_high(frame.metrics[0]))
    return Sort(STARTED, descending=True) if frame.limit else None


def _downward(frame: Frame, by: Ref) -> bool:
    high = best_is_high(by) if frame.higher is None else frame.higher
    if frame.order_ref == DURATION and frame.order == "best":
        return True  # "the most time": longest is not best, but it is what was asked
    if by.kind == "metric" and frame.order in {"fast", "slow"}:
        return high if frame.order == "fast" else not high
    return upward(frame.order, high=high)


def upward(order: Order | None, *, high: bool) -> bool:
    """Whether the high end of a thing is wanted, whose best end is the high one or not."""
    if order == "worst":
        return not high
    return _UPWARD.get(order, high) if order is not None else high


def _time_ref(frame: Frame) -> Ref:
    return Ref("field", "ended") if any(ref.key == "ended" for ref in frame.shown) else STARTED


def singular(frame: Frame) -> int:
    """One for "the best", ten for "the best runs"."""
    if frame.top is not None:
        return MANY if frame.top == "many" else 1
    return MANY if frame.plural else 1


def _sorted(frame: Frame, ref: Ref) -> Sort:
    """The order that was asked for in so many words."""
    if frame.descending is not None:
        return Sort(ref, frame.descending)
    if frame.order in {"worst", "low"}:
        return Sort(ref, not best_is_high(ref))
    if ref.kind == "field":
        return Sort(ref, descending=ref.key in _LARGEST_FIRST)
    return Sort(ref, best_is_high(ref) if ref.kind == "metric" else True)


def ranked_by(frame: Frame, context: Context) -> Ref:
    """What decides who is first. Raises NeedsMetric."""
    if frame.order_ref is not None:
        return frame.order_ref
    if frame.metrics:
        return frame.metrics[0]
    if frame.order in {"fast", "slow"}:
        return DURATION
    found = _shown_number(frame, context) or _tested_metric(frame) or only_metric(frame, context)
    if found is None:
        raise NeedsMetric
    return found


def _shown_number(frame: Frame, context: Context) -> Ref | None:
    """A duration that is to be shown, or a numeric param of which an end is wanted."""
    lasted = next((ref for ref in frame.shown if ref.key in DURATIONS), None)
    if lasted is not None or frame.order not in {"high", "low"}:
        return lasted
    params = context.catalog.params
    numeric = (
        ref
        for ref in frame.shown
        if ref.kind == "param" and ref.key in params and params[ref.key].numeric
    )
    return next(numeric, None)


def _tested_metric(frame: Frame) -> Ref | None:
    tested = (t.ref for t in frame.tests if t.ref.kind == "metric" and t.op != "missing")
    return next(tested, None)


def only_metric(frame: Frame, context: Context) -> Ref | None:
    """The metric of a store, or of the experiments in question, that logs just one."""
    keys = candidate_metrics(frame, context)
    return Ref("metric", keys[0]) if len(keys) == 1 else None


def candidate_metrics(frame: Frame, context: Context) -> list[str]:
    """The metrics logged where the question looks, the most used first."""
    scope = frame.scope()
    catalog = context.catalog
    if not scope:
        return list(catalog.metrics)
    logged = set().union(*(catalog.metrics_in.get(one, frozenset()) for one in scope))
    return [key for key in catalog.metrics if key in logged]
