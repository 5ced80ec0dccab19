"""Lists with one row each: runs, or the values, people and models that there are."""

from __future__ import annotations

from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.counts import by_count
from texttosql.offline.meaning.groups import best_of_groups
from texttosql.offline.meaning.ranking import ranking
from texttosql.offline.meaning.slots import DATASET, USER, names_a_run
from texttosql.offline.wishes import model_dimension
from texttosql.plan import Plan, Ref, Sort, Test


def runs(frame: Frame, context: Context) -> Plan:
    """Runs, unless the only noun is something that runs have."""
    return (
        _values(frame) or _models(frame, context) or _best_models(frame, context)
        or _runs(frame, context)
    )  # fmt: skip


def _values(frame: Frame) -> Plan | None:
    """Such as: list the optimizers, the users, the datasets; with their counts of runs."""
    if _asks_values(frame):
        return by_count(frame.shown[0], frame)
    if frame.metrics or frame.order is not None:
        return None
    if frame.nouns == {"user"}:
        return by_count(USER, frame)
    if "dataset" in frame.nouns and "run" not in frame.nouns:
        return by_count(DATASET, frame)
    return None


def _asks_values(frame: Frame) -> bool:
    """Whether one param or tag is asked for and no runs: which values there are."""
    only = len(frame.shown) == 1 and frame.shown[0].kind in {"param", "tag"}
    ranked = frame.order is not None or frame.metrics or frame.limit or frame.sort_ref
    return only and not ranked and "run" not in frame.nouns and not names_a_run(frame)


def _models(frame: Frame, context: Context) -> Plan | None:
    """Such as: which models do we have: those that runs train, else the registered ones."""
    if "model" not in frame.nouns or frame.order is not None or frame.metrics or frame.tests:
        return None
    model = model_dimension(context, frame)
    if model is not None and "run" not in frame.nouns:
        return by_count(model, frame)
    return Plan("list", "models") if context.catalog.models else None


def _best_models(frame: Frame, context: Context) -> Plan | None:
    """Such as: the 3 best models: of each kind its best run, not three runs of one kind."""
    several = "model" in frame.nouns and frame.limit not in {None, 1}
    if not several or frame.order not in {"best", "worst", "high", "low"}:
        return None
    model = model_dimension(context, frame)
    return best_of_groups(frame, context, [model]) if model is not None else None


def _runs(frame: Frame, context: Context) -> Plan:
    sort, limit = ranking(frame, context)
    return Plan(
        "list",
        tests=_required(frame, sort),
        show=tuple(dict.fromkeys(_shown(frame, context, sort))),
        sort=sort,
        limit=limit,
        offset=frame.offset,
    )


def _shown(frame: Frame, context: Context, sort: Sort | None) -> list[Ref]:
    shown = [*frame.metrics, *frame.shown]
    if "model" in frame.nouns and (model := model_dimension(context, frame)) is not None:
        shown.insert(0, model)
    if frame.also_latest:
        beside = [sort.by] if sort is not None and isinstance(sort.by, Ref) else frame.metrics
        shown += [Ref("metric", ref.key) for ref in beside]
    return shown


def _required(frame: Frame, sort: Sort | None) -> tuple[Test, ...]:
    """A list of a metric's values leaves out the runs that never logged it."""
    if sort is not None or frame.also_latest:
        return ()
    return tuple(Test(ref, "logged") for ref in frame.metrics if ref.take == "latest")
