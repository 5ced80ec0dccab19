"""The plans of the model registry: models, their versions, aliases and the runs behind them."""

from __future__ import annotations

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.slots import MANY, drop
from texttosql.plan import Measure, Plan, Ref, Sort, Test

MODEL, VERSION, CREATED = Ref("field", "model"), Ref("field", "version"), Ref("field", "created")
_COUNT = Measure("count")


def registry_plan(frame: Frame, _context: Context) -> Plan:
    """What a question about the registry asks for."""
    if frame.keys is not None or frame.detail or frame.history:
        return _behind(frame)
    return _counts(frame) or _models(frame) or _by_model(frame) or _versions(frame)


def _behind(frame: Frame) -> Plan:
    """Params, metrics or curves of the run that a version came from."""
    newest = frame.order == "new"
    sort = Sort(VERSION, descending=True) if newest else None
    limit = 1 if newest else None
    if frame.history:
        shown = tuple(frame.curve or frame.metrics)
        return Plan("history", show=shown, sort=sort, limit=limit)
    return Plan("detail", keys=None if frame.detail else frame.keys, sort=sort, limit=limit)


def _about_models(frame: Frame) -> bool:
    return "model" in frame.nouns and "version" not in frame.nouns


def _counts(frame: Frame) -> Plan | None:
    """How many models, or versions by model, alias or stage."""
    aliased = any(ref.key == "alias" for ref in frame.shown)
    if not frame.count:
        if aliased and frame.groups == [MODEL]:
            return None  # "aliases of every model" lists them
        plain = frame.groups == [MODEL] and not frame.metrics and frame.order is None
        return _versions_by(frame) if plain else None
    if "version" in frame.nouns or frame.groups:
        return _versions_by(frame)
    if not frame.tests and not frame.metrics:
        return Plan("summary", "models", measures=(_COUNT,))
    if "model" in frame.nouns or not frame.nouns:
        return Plan("summary", "versions", measures=(Measure("distinct", MODEL),))
    return Plan("summary", "versions", measures=(_COUNT,))


def _versions_by(frame: Frame) -> Plan:
    asked = (
        [ref for ref in frame.shown if ref.key in {"stage", "alias"}] if not frame.groups else []
    )
    both = "model" in frame.nouns and frame.nouns & {"registered"} and not frame.groups
    if asked or (both and frame.count):
        by_what = tuple(asked) or (MODEL,)
        return Plan("summary", "versions", measures=(_COUNT,), by=by_what)
    by = tuple(MODEL if ref.key in {"model", "experiment"} else ref for ref in frame.groups)
    return Plan("summary", "versions", measures=(_COUNT,), by=by)


def _models(frame: Frame) -> Plan | None:
    """Registered models as such: those without versions, without aliases, or all."""
    empty = [test for test in frame.tests if test.ref.key == "versions"]
    if empty:
        frame.tests.clear()
        frame.positions.clear()
        return Plan("list", "models", tests=tuple(empty))
    lone = [test for test in frame.tests if test.ref.key == "alias" and test.op == "missing"]
    if lone and _about_models(frame):
        drop(frame, lone[0])
        none = Test(Ref("field", "aliases"), "=", (0,), lone[0].words)
        return Plan("list", "models", tests=(none,))
    return None


def _by_model(frame: Frame) -> Plan | None:
    """Models by what their versions are: how many, which tags; else as they are."""
    if frame.order in {"many", "few"}:
        sort = Sort(0, frame.order == "many")
        limit = frame.limit or 1
        return Plan("summary", "versions", measures=(_COUNT,), by=(MODEL,), sort=sort, limit=limit)
    tagged = bool(frame.tests) and all(test.ref.kind == "rtag" for test in frame.tests)
    if tagged and frame.order is None and _about_models(frame) and not frame.metrics:
        return Plan("summary", "versions", measures=(_COUNT,), by=(MODEL,))
    return Plan("list", "models") if _plain_models(frame) or _described(frame) else None


def _plain_models(frame: Frame) -> bool:
    versions = "version" in frame.nouns or frame.tests or frame.metrics
    return frame.order is None and not versions


def _described(frame: Frame) -> bool:
    """Such as: the description of churn-model, which is the model's own."""
    only_note = {ref.key for ref in frame.shown} == {"note"}
    one_model = len(frame.tests) == 1 and frame.tests[0].ref == MODEL
    return only_note and one_model and "version" not in frame.nouns


def _versions(frame: Frame) -> Plan:
    """Versions: the newest or oldest, the best by a metric, or all, the newest first."""
    pinned = any(test.ref.key in {"version", "alias"} for test in frame.tests)
    if frame.order in {"new", "old"} and not pinned:
        return _by_age(frame)
    if frame.order is not None and (frame.metrics or frame.order_ref) and not pinned:
        return _by_metric(frame)
    newest = Sort(VERSION, descending=True)
    return Plan("list", "versions", show=_shown(frame), sort=newest, limit=frame.limit)


def _shown(frame: Frame) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys([*frame.metrics, *frame.shown]))


def _by_age(frame: Frame) -> Plan:
    """The newest of a model, of each model, or of all of them."""
    named = [test for test in frame.tests if test.ref == MODEL and test.op == "in"]
    one_model = len(named) == 1 and len(named[0].values) == 1
    each = None if one_model else _each(frame)
    several = frame.plural and each is None and not one_model
    return Plan(
        "list",
        "versions",
        show=_shown(frame),
        sort=Sort(VERSION if one_model or each else CREATED, frame.order == "new"),
        limit=frame.limit or (MANY if several else 1),
        each=each,
    )


def _each(frame: Frame) -> Ref | None:
    """Whether "the latest" means the latest of each model."""
    of_models = "model" in frame.nouns or bool(frame.groups)
    of_versions = "version" in frame.nouns and not frame.limit
    return MODEL if of_models or of_versions else None


def _by_metric(frame: Frame) -> Plan:
    by = frame.order_ref or frame.metrics[0]
    high = best_is_high(by)
    up = {"best": high, "worst": not high, "low": False}.get(frame.order or "best", True)
    return Plan(
        "list",
        "versions",
        show=_shown(frame),
        sort=Sort(by, up),
        limit=frame.limit or 1,
        each=MODEL if frame.groups else None,
    )
