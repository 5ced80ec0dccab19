"""A follow-up patches the plan before it: "only alice's", "top 3 instead", "what about f1"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from texttosql.offline.followup.anew import asks_anew, with_tests
from texttosql.offline.followup.bare import settle_unknown
from texttosql.offline.followup.conditions import with_conditions
from texttosql.offline.followup.cues import is_followup
from texttosql.offline.followup.grouping import other_groups
from texttosql.offline.followup.measuring import in_other_unit, other_metrics
from texttosql.offline.followup.ranking import other_order
from texttosql.offline.followup.said import Said, bare
from texttosql.offline.followup.showing import more_shown
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning import plan_of
from texttosql.plan import Measure, Plan, Sort, Test

__all__ = ["is_followup", "patch", "settle_unknown"]

_NEXT = r"\b(?:next|following) (?:\w+|few|page|ones)\b|^\W*(?:show )?more\W*$"
_WHICH_ONES = r"^\W*(?:and )?which(?: (?:ones|runs|are they|of them|are those))?\W*$"
_LIST_THEM = r"\b(?:list|show|display|name|see) (?:them|those|these|me those|the runs)\b"
_HOW_OFTEN = r"\bhow often\b|^\W*(?:and )?how many (?:runs )?(?:for |of )?each"
_CHANGES = (asks_anew, other_metrics, other_groups, more_shown, other_order)


def patch(plan: Plan, frame: Frame, text: str, context: Context) -> Plan:
    """The earlier plan with what the follow-up says put in. Raises NeedsMetric."""
    said = Said(frame, text.lower(), context)
    if plan.subject in {"experiments", "models"} and (
        frame.metrics or frame.keys or frame.history or frame.measures
    ):
        return plan_of(with_tests(frame, _about_experiments(plan, frame)), context)
    if plan.limit and plan.act in {"list", "summary"} and re.search(_NEXT, said.lower):
        return replace(plan, offset=plan.offset + plan.limit, limit=frame.limit or plan.limit)
    asks_list = re.search(_LIST_THEM, said.lower) or re.search(_WHICH_ONES, said.lower)
    if plan.act == "summary" and asks_list:
        plan = replace(bare(plan), act="list", measures=(), by=(), windows=())
    if plan.act == "summary" and re.search(_HOW_OFTEN, said.lower):
        return replace(plan, measures=(Measure("count"),), sort=Sort(0, descending=True))
    return _changed(_prepared(plan, said), said)


def _about_experiments(plan: Plan, frame: Frame) -> Sequence[Test]:
    """The experiments an overview was about, unless the follow-up names its own."""
    own = any(test.ref.key == "experiment_id" for test in frame.tests)
    return () if own else [test for test in plan.tests if test.ref.key == "experiment_id"]


def _prepared(plan: Plan, said: Said) -> Plan:
    """The plan over the runs now in question, before what is shown of them changes."""
    frame = said.frame
    plan = with_conditions(plan, said)
    if frame.metrics or frame.limit is not None or frame.groups:
        plan = replace(plan, again=None, again_limit=None)
    if frame.chart:
        plan = replace(plan, chart=frame.chart)
    if frame.deleted != "no":
        plan = replace(plan, deleted=frame.deleted)
    return in_other_unit(plan, frame)


def _changed(plan: Plan, said: Said) -> Plan:
    for change in _CHANGES:
        plan, done = change(plan, said)
        if done:
            break
    return plan
