"""The plans of the model registry: models, their versions, aliases and the runs behind them."""

from __future__ import annotations

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.plan import Measure, Plan, Ref, Sort, Test

MODEL, VERSION, CREATED = Ref("field", "model"), Ref("field", "version"), Ref("field", "created")


def registry_plan(frame: Frame, context: Context) -> Plan:
    """What a question about the registry asks for."""
    if frame.keys is not None or frame.detail or frame.history:
        return _behind(frame)
    versions = "version" in frame.nouns or bool(frame.tests) or bool(frame.metrics)
    if frame.count:
        return _count(frame, versions=versions)
    if frame.groups == [MODEL] and not frame.metrics and frame.order is None:
        return _count(frame, versions=True)
    empty = [test for test in frame.tests if test.ref.key == "versions"]
    if empty:
        frame.tests.clear()
        frame.positions.clear()
        return Plan("list", "models", tests=tuple(empty))
    lone = [test for test in frame.tests if test.ref.key == "alias" and test.op == "missing"]
    if lone and "model" in frame.nouns and "version" not in frame.nouns:
        frame.tests.remove(lone[0])
        frame.positions.clear()
        none = Test(Ref("field", "aliases"), "=", (0,), lone[0].words)
        return Plan("list", "models", tests=(none,))
    if frame.order in {"many", "few"}:
        return Plan("summary", "versions", measures=(Measure("count"),), by=(MODEL,),
                    sort=Sort(0, frame.order == "many"), limit=frame.limit or 1)  # fmt: skip
    by_model = "model" in frame.nouns and "version" not in frame.nouns and not frame.metrics
    if by_model and frame.order is None and frame.tests and all(t.ref.kind == "rtag" for t in frame.tests):
        return Plan("summary", "versions", measures=(Measure("count"),), by=(MODEL,))
    about = {ref.key for ref in frame.shown}
    named = [test for test in frame.tests if test.ref == MODEL]
    if about == {"note"} and named and len(frame.tests) == 1 and "version" not in frame.nouns:
        return Plan("list", "models")
    if not versions and frame.order is None:
        return Plan("list", "models")
    del context
    return _versions(frame)


def _behind(frame: Frame) -> Plan:
    """Params, metrics or curves of the run that a version came from."""
    newest = frame.order == "new"
    sort = Sort(VERSION, descending=True) if newest else None
    if frame.history:
        shown = tuple(frame.curve or frame.metrics)
        return Plan("history", show=shown, sort=sort, limit=1 if newest else None)
    keys = None if frame.detail or frame.keys is None else frame.keys
    return Plan("detail", keys=keys, sort=sort, limit=1 if newest else None)


def _count(frame: Frame, *, versions: bool) -> Plan:
    tested = [test for test in frame.tests if test.ref.key != "model"]
    if "version" in frame.nouns or frame.groups:
        by = tuple(MODEL if ref.key in {"model", "experiment"} else ref for ref in frame.groups)
        return Plan("summary", "versions", measures=(Measure("count"),), by=by)
    if not tested and not versions:
        return Plan("summary", "models", measures=(Measure("count"),))
    if "model" in frame.nouns or not frame.nouns:
        return Plan("summary", "versions", measures=(Measure("distinct", MODEL),))
    return Plan("summary", "versions", measures=(Measure("count"),))


def _versions(frame: Frame) -> Plan:
    shown = tuple(dict.fromkeys([*frame.metrics, *frame.shown]))
    named = [test for test in frame.tests if test.ref == MODEL and test.op == "in"]
    one_model = len(named) == 1 and len(named[0].values) == 1
    pinned = any(test.ref.key in {"version", "alias"} for test in frame.tests)
    if frame.order in {"new", "old"} and not pinned:
        newest = frame.order == "new"
        each = None if one_model or "model" not in frame.nouns and not frame.groups else MODEL
        if not one_model and "version" in frame.nouns and not frame.limit:
            each = MODEL
        sort = Sort(VERSION if one_model or each else CREATED, newest)
        limit = frame.limit or (10 if frame.plural and each is None and not one_model else 1)
        return Plan("list", "versions", show=shown, sort=sort, limit=limit, each=each)
    if frame.order is not None and (frame.metrics or frame.order_ref) and not pinned:
        by = frame.order_ref or frame.metrics[0]
        high = best_is_high(by)
        up = {"best": high, "worst": not high, "low": False}.get(frame.order, True)
        each = MODEL if frame.groups else None
        return Plan("list", "versions", show=shown, sort=Sort(by, up),
                    limit=frame.limit or 1, each=each)  # fmt: skip
    return Plan(
        "list", "versions", show=shown, sort=Sort(VERSION, descending=True), limit=frame.limit
    )
