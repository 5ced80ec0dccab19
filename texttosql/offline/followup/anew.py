"""Questions of another kind about the same runs: how many, what share, their curve or params."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from texttosql.offline.followup.said import Change, Said, bare
from texttosql.offline.frame import Frame
from texttosql.offline.meaning import EXPERIMENT, STARTED, USER, NeedsMetric, plan_of
from texttosql.offline.words import metrics_of
from texttosql.plan import Measure, Plan, Ref, Sort, Test


def asks_anew(plan: Plan, said: Said) -> Change:
    """The plan of the new question, about the runs of the one before."""
    frame = said.frame
    if frame.percent:
        fresh = plan_of(with_tests(frame, plan.tests), said.context)
        return replace(fresh, window=plan.window or fresh.window), True
    if frame.count:
        return _counted(plan, said), True
    if frame.history:
        return _curve(plan, said), True
    if frame.keys is not None or frame.detail:
        keys = None if frame.detail else frame.keys
        return replace(_picking(plan, said.lower), act="detail", keys=keys, show=()), True
    return plan, False


def with_tests(frame: Frame, tests: Sequence[Test]) -> Frame:
    """The frame with the earlier plan's conditions under its own."""
    old = [test for test in tests if test not in frame.tests]
    frame.tests[:0] = old
    frame.positions[:0] = [-2] * len(old)
    return frame


def _counted(plan: Plan, said: Said) -> Plan:
    frame = said.frame
    measure = Measure("count")
    if frame.nouns == {"experiment"}:
        measure = Measure("distinct", EXPERIMENT)
    if frame.nouns == {"user"} and not frame.groups:
        measure = Measure("distinct", USER)
    by = _counted_by(plan, said)
    sort = Sort(0, descending=True) if by else None
    return replace(bare(plan), act="summary", measures=(measure,), by=by, sort=sort)


def _counted_by(plan: Plan, said: Said) -> tuple[Ref, ...]:
    """The groups that are counted: those said, or else those of the question before."""
    frame = said.frame
    by = tuple(frame.groups) or ((frame.which,) if frame.which else ())
    if frame.nouns == {"user"} and not frame.groups:
        by = ()
    if plan.act == "summary" and plan.by and not by and not frame.tests:
        by = plan.by
    if not by and plan.act == "list" and plan.each and re.search(r"\beach\b", said.lower):
        by = (plan.each,)
    return by


def _curve(plan: Plan, said: Said) -> Plan:
    metrics = tuple(said.frame.curve or said.frame.metrics or metrics_of(plan)[:1])
    if not metrics:
        raise NeedsMetric
    shown = tuple(Ref("metric", ref.key) for ref in metrics)
    return replace(_picking(plan, said.lower), act="history", show=shown)


def _picking(plan: Plan, lower: str) -> Plan:
    """The runs an earlier list showed; "it" is the first of them."""
    one = re.search(
        r"\b(?:it|its|that one|that run|the best|the first|the top|the winner|winning)\b", lower
    )
    sort = plan.sort if plan.sort and isinstance(plan.sort.by, Ref) else None
    limit = plan.limit
    if one and limit != 1:
        sort, limit = sort or Sort(STARTED, descending=True), 1
    return replace(bare(plan), measures=(), by=(), sort=sort, limit=limit)
