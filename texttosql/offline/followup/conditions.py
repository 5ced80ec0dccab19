"""The conditions of a follow-up beside those before it: "only alice's", "the week before"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dateutil.relativedelta import relativedelta

from texttosql.offline.followup.said import Said
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning import USER
from texttosql.offline.meaning.slots import drop
from texttosql.plan import Plan, Ref, Test, Window

_EVERYONE = r"\b(?:everyone|everybody|all users|anyone)\b"
_EVERYWHERE = (
    r"\b(?:all experiments|every experiment|everywhere|any experiment|across experiments)\b"
)
_ALWAYS = r"\b(?:all time|all-time|any time|overall|ever)\b"
_VERSUS = r"\b(?:compare|compared|vs|versus|against)\b"
_WIDENS = r"\b(?:also|add|include|including|plus|as well|too|alongside)\b"
_NARROWS = r"\b(?:of (?:those|these|them|which)|among (?:those|these|them)|out of (?:those|them))\b"


def with_conditions(plan: Plan, said: Said) -> Plan:
    """The plan under the follow-up's conditions and period as well."""
    plan = _share_of(plan, said.frame)
    tests = _merged(plan.tests, said.frame.tests, said.lower)
    if re.search(_EVERYONE, said.lower):
        tests = tuple(test for test in tests if test.ref != USER)
    if re.search(_EVERYWHERE, said.lower):
        tests = tuple(test for test in tests if test.ref.key != "experiment_id")
    return _with_period(replace(plan, tests=tests), said)


def _with_period(plan: Plan, said: Said) -> Plan:
    frame = said.frame
    if frame.before and plan.window is not None and plan.window.start_ms is not None:
        window = _before(plan.window, frame.before, said.context)
        return replace(plan, window=window, windows=())
    if frame.windows:
        window = frame.windows[0]
        if plan.window and plan.act == "summary" and re.search(_VERSUS, said.lower):
            return replace(plan, window=None, windows=(plan.window, window))
        if plan.subject == "versions":
            window = replace(window, field="created")
        return replace(plan, window=window, windows=())
    return replace(plan, window=None) if re.search(_ALWAYS, said.lower) else plan


def _before(window: Window, unit: str, context: Context) -> Window:
    """The period of that unit that ends where the window starts: "and the month before?"."""
    end = datetime.fromtimestamp((window.start_ms or 0) / 1000, context.now.tzinfo)
    start = end - relativedelta(**{f"{unit}s": 1})  # type: ignore[arg-type]  # a name of its own
    edges = (int(start.timestamp() * 1000), int(end.timestamp() * 1000))
    return Window(*edges, f"the {unit} before", window.field)


def _share_of(plan: Plan, frame: Frame) -> Plan:
    """Another share: "killed?" after "what share failed"; a share asked in full is read anew."""
    if not plan.measures or plan.measures[0].fn != "share" or not plan.measures[0].of:
        return plan
    if frame.percent:
        return plan
    of = plan.measures[0].of[0]
    new = [test for test in frame.tests if test.ref == of.ref]
    if not new:
        return plan
    for test in new:
        drop(frame, test)
    return replace(plan, measures=(replace(plan.measures[0], of=tuple(new)), *plan.measures[1:]))


def _merged(old: Sequence[Test], new: Sequence[Test], lower: str) -> tuple[Test, ...]:
    """New conditions beside the old; one on the same thing takes the old one's place.

    An exclusion narrows instead of replacing: "not bob's" after "failed runs" keeps both, and two
    bounds that face different ways make a range.
    """
    if re.search(_WIDENS, lower):
        new = [_widened(test, old) for test in new]
    elif re.match(r"^\W*(?:and|or)\b(?! (?:for|in|by|on|only|just))", lower):
        new = [_widened(test, [one for one in old if len(one.values) > 1]) for test in new]
    if re.search(_NARROWS, lower):
        return (*old, *(test for test in new if test not in old))
    new = [_as_parent(test, old) for test in new]
    kept = [test for test in old if not any(_replaces(other, test) for other in new)]
    return (*kept, *(test for test in new if test not in kept))


def _as_parent(test: Test, old: Sequence[Test]) -> Test:
    """After "children of A", a bare "B" names the other sweep."""
    if test.ref.key == "run" and any(other.ref.key == "parent" for other in old):
        return replace(test, ref=Ref("field", "parent"))
    return test


def _widened(test: Test, old: Sequence[Test]) -> Test:
    """A value beside the ones before: "also sgd"."""
    for other in old:
        if other.ref == test.ref and {other.op, test.op} <= {"=", "in"}:
            values = tuple(dict.fromkeys([*other.values, *test.values]))
            return replace(test, op="in", values=values)
    return test


def _replaces(new: Test, old: Test) -> bool:
    if new.ref != old.ref:
        return False
    if new.op in {"!=", "not in", "missing", "exists", "lacks"}:
        return old.op == new.op and old.values == new.values
    up, down = {">", ">="}, {"<", "<="}
    return not ((new.op in up and old.op in down) or (new.op in down and old.op in up))
