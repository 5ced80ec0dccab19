"""A bare number or word that only the question before explains: "make it 8", "and low?"."""

from __future__ import annotations

import re
from dataclasses import replace

from texttosql.offline.frame import Context, Frame
from texttosql.plan import Plan, Ref, Test

_NARROWING = frozenset("add remove drop set change exclude sort hide not".split())


def settle_unknown(frame: Frame, plan: Plan, context: Context) -> None:
    """A bare number or word that only the question before explains: "make it 8", "and low?"."""
    for said in list(frame.unknown):
        value = said.strip().lower()
        if re.fullmatch(r"next|following|few|page|more", value):
            frame.unknown.remove(said)
            continue
        if value in _NARROWING:
            frame.unknown.remove(said)
            continue
        test = next((test for test in plan.tests if _has_value(test, value, context)), None)
        if test is not None:
            known = next(v for v in _values_of(test.ref, context) if v.lower() == value)
            frame.add(Test(test.ref, "=", (known,), said), 0)
            frame.unknown.remove(said)
        elif re.fullmatch(r"-?\d+(?:\.\d+)?", value) and _take_number(
            frame, plan, float(value), said
        ):
            frame.unknown.remove(said)


def _values_of(ref: Ref, context: Context) -> tuple[str, ...]:
    catalog = context.catalog
    table = catalog.params if ref.kind == "param" else catalog.tags
    refs = ref.of or (ref,)
    return tuple(v for one in refs if one.key in table for v in table[one.key].values)


def _has_value(test: Test, value: str, context: Context) -> bool:
    if test.ref.kind not in {"param", "tag", "either"}:
        return False
    return any(known.lower() == value for known in _values_of(test.ref, context))


def _take_number(frame: Frame, plan: Plan, number: float, said: str) -> bool:
    """A new bound for the last numeric condition, or a new number of rows."""
    whole = int(number) if number == int(number) else number
    bounded = [test for test in plan.tests if _is_bound(test)]
    if bounded and not (plan.limit not in {None, 1} and isinstance(whole, int) and whole >= 1):
        last = bounded[-1]
        frame.add(replace(last, values=(whole,), words=f"{last.words.rsplit(' ', 1)[0]} {said}"), 0)
        return True
    if isinstance(whole, int) and whole >= 1 and plan.act in {"list", "summary"}:
        frame.limit = whole
        return True
    return False


def _is_bound(test: Test) -> bool:
    """Whether a condition compares with numbers that are amounts, not ids."""
    amounts = test.values and not any(isinstance(value, str) for value in test.values)
    return bool(amounts) and test.ref.key not in {"experiment_id", "version"}
