"""More columns: "and the learning rates?", "which optimizer did they use?", "who ran them?"."""

from __future__ import annotations

import re
from dataclasses import replace

from texttosql.offline.followup.said import Change, Said, bare, summary_descends
from texttosql.offline.frame import Frame
from texttosql.plan import Measure, Plan, Ref, Sort

_BY_OTHERS = r"\b(?:by|per|instead|what about|how about)\b"


def more_shown(plan: Plan, said: Said) -> Change:
    """The plan with what was asked for as a column, or as its groups."""
    frame = said.frame
    asked = [*frame.shown, *([frame.which] if frame.which else [])]
    if not asked:
        return plan, False
    if frame.which is not None and _counts_each(plan, frame, frame.which):
        by, sort = (frame.which,), Sort(0, descending=True)
        counted = replace(bare(plan), act="summary", measures=(Measure("count"),), by=by, sort=sort)
        return counted, True
    if plan.act == "summary" and plan.by and re.search(_BY_OTHERS, said.lower):
        return replace(plan, by=tuple(asked)), True
    if plan.act == "summary":
        if frame.which is not None and (frame.order is not None or not plan.by):
            return _which_group(plan, frame, frame.which), True
        plan = replace(bare(plan), act="list", measures=(), by=())
    if plan.act in {"history", "detail"}:
        plan = replace(plan, act="list", keys=None)
    return replace(plan, show=tuple(dict.fromkeys([*plan.show, *asked]))), False


def _counts_each(plan: Plan, frame: Frame, which: Ref) -> bool:
    """Whether "which optimizer" of a whole list is best told by how many runs used each."""
    whole = plan.act == "list" and plan.limit is None and frame.order is None
    one_run = any(test.ref.key in {"run", "run_id"} for test in plan.tests)
    return whole and which.kind != "bucket" and not one_run


def _which_group(plan: Plan, frame: Frame, which: Ref) -> Plan:
    sort = Sort(0, summary_descends(plan, frame)) if frame.order else plan.sort
    limit = frame.limit or (1 if frame.order else None)
    return replace(plan, by=(which,), sort=sort, limit=limit)
