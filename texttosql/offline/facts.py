"""A plan as the facts it holds, in the words of texttosql.offline.claims.

What no plain word can claim becomes a fact that nothing else equals.
"""

from __future__ import annotations

from collections.abc import Iterator

from texttosql.offline.claims import Fact
from texttosql.plan import Plan, Ref, Test

_SIGNS = frozenset({"<", "<=", ">", ">="})


def facts_of(plan: Plan) -> Iterator[Fact]:
    """Conditions, period, measures, groups, order, and whatever else is asked for."""
    for test in plan.tests:
        yield from _of_test(test)
    if plan.window is not None:
        asked_of = () if plan.window.field in {"started", "created"} else (plan.window.field,)
        yield ("period", plan.window.start_ms, plan.window.end_ms, *asked_of)
    yield from _of_measures(plan)
    for ref in (*plan.by, *filter(None, (plan.each,))):
        yield ("by", "field" if ref.kind in {"field", "bucket"} else "key", ref.key)
    yield from _of_order(plan)
    if plan.subject != "runs":
        yield ("subject", plan.subject)
    if plan.keys is not None:
        yield ("keys", plan.keys)
    yield from _rare(plan)


def _of_test(test: Test) -> Iterator[Fact]:
    ref = test.ref
    if test.anchor or test.any_of or ref.take != "latest":
        yield ("other", test)
    elif test.op in {"=", "in"}:
        yield from (_equal(ref, value) for value in test.values)
    elif test.op in _SIGNS:
        yield from ((test.op, ref.key, _as_number(value)) for value in test.values)
    elif test.op in {"logged", "exists"}:
        yield ("has", ref.key)
    else:
        yield (test.op, ref.key, *test.values)


def _equal(ref: Ref, value: str | float) -> Fact:
    number = _as_number(value)
    if str(value).lower() in {"true", "false"}:
        return ("flag", ref.key, str(value).lower())
    if ref.kind in {"metric", "param"} and not isinstance(number, str):
        return ("=", ref.key, number)
    return ("is", ref.key if ref.kind == "field" else "value", number)


def _as_number(value: str | float) -> str | float:
    try:
        return float(value)
    except ValueError:
        return value


def _of_measures(plan: Plan) -> Iterator[Fact]:
    """How many there are is told beside every other measure, and no claim of its own there."""
    for measure in plan.measures:
        if measure.fn == "share":
            states = [value for test in measure.of for value in test.values]
            yield ("measure", "share", *states)
        elif measure.fn == "pct":
            yield ("other", measure)
        elif measure.ref is not None:
            yield ("measure", measure.fn, measure.ref.key)
        elif len(plan.measures) == 1:
            yield ("measure", measure.fn)


def _of_order(plan: Plan) -> Iterator[Fact]:
    """Groups come in an order of their own, which says nothing unless it decides what is cut."""
    if plan.limit is not None:
        yield ("limit", float(plan.limit))
    if plan.sort is None or plan.subject == "versions" or (plan.by and plan.limit is None):
        return
    by = plan.sort.by
    yield ("sort", by.key if isinstance(by, Ref) else by, plan.sort.descending)


def _rare(plan: Plan) -> Iterator[Fact]:
    """What takes more than plain words to ask for."""
    asked = (plan.windows, plan.offset, plan.differ, plan.deleted != "no", plan.having, plan.peak,
             plan.step, plan.over, plan.again, plan.again_limit)  # fmt: skip
    yield from (("other", value) for value in asked if value)
    yield from (("other", ref) for ref in columns_of(plan) if ref.take != "latest")
    yield from (("other", m) for m in plan.measures if m.ref is not None and m.ref.take != "latest")


def columns_of(plan: Plan) -> Iterator[Ref]:
    """What a list shows of its rows, beside their names."""
    yield from plan.show
    if plan.sort is not None and isinstance(plan.sort.by, Ref):
        yield plan.sort.by
