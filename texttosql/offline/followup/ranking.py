"""Another order or another number of rows: "the worst instead", "top 3", "sort by loss"."""

from __future__ import annotations

import re
from dataclasses import replace

from texttosql.offline.directions import best_is_high
from texttosql.offline.followup.said import Change, Said, descending, summary_descends
from texttosql.offline.frame import Frame
from texttosql.offline.meaning import DURATION, MANY, STARTED, NeedsMetric
from texttosql.offline.words import metrics_of
from texttosql.plan import Plan, Ref, Sort

_ONE_GROUP = r"\b(?:which|who|one|only|just|the (?:best|worst))\b"
_ONE_RUN = r"\b(?:which|one|the (?:best|worst)(?! ones))\b"


def other_order(plan: Plan, said: Said) -> Change:
    """The plan in the order, or with the number of rows, that was said."""
    frame = said.frame
    if frame.sort_ref is not None:
        return _sorted(plan, frame), True
    if frame.order is None:
        return _cut(plan, frame), True
    if plan.act == "summary":
        one = re.search(_ONE_GROUP, said.lower)
        limit = frame.limit or (1 if one else plan.limit)
        return replace(plan, sort=Sort(0, summary_descends(plan, frame)), limit=limit), True
    return _ranked(plan, said), True


def _cut(plan: Plan, frame: Frame) -> Plan:
    """Another number of rows, or the same order from the other end."""
    if frame.limit is not None:
        plan = replace(plan, limit=frame.limit)
    if frame.descending is not None and plan.sort is not None:
        plan = replace(plan, sort=replace(plan.sort, descending=frame.descending))
    return plan


def _ranked(plan: Plan, said: Said) -> Plan:
    frame = said.frame
    ref = _order_ref(plan, frame)
    if ref is None:
        raise NeedsMetric
    limit = _limit(plan, ref, said)
    if frame.offset and plan.act == "list":
        return replace(plan, sort=Sort(ref, descending(frame, ref)), limit=1, offset=frame.offset)
    if plan.act in {"detail", "names"}:
        plan = replace(plan, act="list", keys=None)
    sort = Sort(ref, descending(frame, ref))
    among = plan.act == "list" and plan.limit not in {None, 1} and "run" not in frame.nouns
    if among and plan.sort is not None and plan.sort.by != ref:
        return replace(plan, again=sort, again_limit=limit)
    return replace(plan, sort=sort, limit=limit or MANY)


def _limit(plan: Plan, ref: Ref, said: Said) -> int | None:
    """How many rows: as said; the same many from the other end; else the plural's, or one."""
    frame = said.frame
    other_end = plan.sort is not None and plan.sort.by == ref
    if other_end and frame.limit is None and plan.limit not in {None, 1}:
        one = re.search(_ONE_RUN, said.lower) and not frame.plural
        return 1 if one else plan.limit
    return frame.limit or (plan.limit if frame.plural or frame.top == "many" else 1)


def _order_ref(plan: Plan, frame: Frame) -> Ref | None:
    if frame.order_ref is not None:
        return frame.order_ref
    if frame.order in {"fast", "slow"}:
        return DURATION
    if frame.order in {"new", "old"}:
        return Ref("field", "created") if plan.subject == "versions" else STARTED
    metrics = [ref for ref in frame.metrics if ref.kind == "metric"] or metrics_of(plan)
    return metrics[0] if metrics else None


def _sorted(plan: Plan, frame: Frame) -> Plan:
    ref = frame.sort_ref or STARTED
    if plan.act == "summary":
        return _sorted_groups(plan, ref, frame)
    if plan.act == "list" and plan.limit not in {None, 1} and plan.sort and frame.limit is None:
        return replace(plan, again=Sort(ref, _default_way(ref, frame)), again_limit=None)
    return replace(plan, sort=Sort(ref, _default_way(ref, frame)), limit=frame.limit or plan.limit)


def _sorted_groups(plan: Plan, ref: Ref, frame: Frame) -> Plan:
    if ref in plan.by:
        return replace(plan, sort=Sort(ref, bool(frame.descending)))
    found = 0
    for index, measure in enumerate(plan.measures):
        if measure.ref == ref or (ref.key == "runs" and measure.fn == "count"):
            found = index
    down = frame.descending if frame.descending is not None else True
    return replace(plan, sort=Sort(found, down))


def _default_way(ref: Ref, frame: Frame) -> bool:
    """Descending? As said; else the better end first, the newest first, names from A."""
    if frame.descending is not None:
        return frame.descending
    if ref.kind == "metric":
        return best_is_high(ref)
    return ref.key not in {"run", "user", "experiment"}
