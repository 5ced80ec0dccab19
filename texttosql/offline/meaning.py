"""A frame becomes a plan: which act the filled slots add up to."""

from __future__ import annotations

import re
from dataclasses import replace

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.lexer import parts
from texttosql.offline.names import canonical
from texttosql.offline.wishes import model_dimension
from texttosql.plan import Fn, Measure, Plan, Ref, Sort, Test, Window

MANY = 10  # rows of "the best runs", when no number is said
DURATIONS = frozenset({"duration", "duration_min", "duration_h"})
STARTED, DURATION = Ref("field", "started"), Ref("field", "duration")
RUN, EXPERIMENT, USER = Ref("field", "run"), Ref("field", "experiment"), Ref("field", "user")


class NeedsMetric(Exception):
    """ "The best run" of a store with many metrics: which one decides must be asked."""


def plan_of(frame: Frame, context: Context) -> Plan:
    """The plan the slots add up to. Raises NeedsMetric when only a metric is missing."""
    plan = _act(frame, context)
    window = frame.windows[0] if frame.windows and not frame.side_by_side else None
    windows = tuple(frame.windows) if frame.side_by_side else ()
    return replace(
        plan,
        tests=(*plan.tests, *frame.tests),
        window=plan.window or _window(frame, plan, window),
        windows=windows,
        deleted=frame.deleted,
        chart=frame.chart,
    )


def _window(frame: Frame, plan: Plan, window: Window | None) -> Window | None:
    if window is None:
        return None
    if plan.subject == "versions" and window.field == "started":
        return replace(window, field="created")
    del frame
    return window


def _act(frame: Frame, context: Context) -> Plan:
    if frame.registry:
        from texttosql.offline.registry_meaning import registry_plan

        return registry_plan(frame, context)
    if frame.none_of:
        return _none_of(frame, context)
    if frame.percent:
        _only_shared(frame)
        return _share(frame)
    if frame.step is not None and not (frame.metrics or frame.order_ref or frame.curve):
        raise NeedsMetric
    if frame.history and (frame.metrics or frame.order_ref or frame.curve):
        return _history(frame, context)
    if frame.history and frame.order is None:
        raise NeedsMetric
    if frame.keys is not None or frame.detail:
        return _keys(frame, context)
    if frame.having and not (frame.measures or frame.groups or frame.which):
        return _by_count(_noun_dimension(frame, context) or USER, frame)
    if frame.count and not frame.measures:
        return _count(frame, context)
    if frame.order in {"many", "few"}:
        return _popular(frame, context)
    named = any(test.ref.key in {"run", "run_id"} for test in frame.tests)
    if frame.trend and named and frame.metrics and not frame.groups:
        return _history(frame, context)
    if frame.trend or any(ref.kind == "bucket" for ref in frame.groups):
        if frame.judged and not _measured(frame):
            raise NeedsMetric
        return _trend(frame, context)
    if frame.side_by_side:
        return _periods(frame)
    if frame.measures and frame.order not in {"new", "old"}:
        return _measures(frame, context)
    if frame.groups:
        return _grouped(frame, context)
    if frame.compare:
        return _comparison(frame, context)
    if frame.order is not None and frame.shown and not frame.metrics and not frame.nouns & {"run"} and (
        frame.order_ref is None and frame.limit is None and frame.which is None
        and frame.order in {"best", "worst"} and only_metric(frame, context) is None
    ):
        raise NeedsMetric
    if frame.which is not None:
        return _which(frame, context)
    if "experiment" in frame.nouns and "run" not in frame.nouns:
        return _experiments(frame, context)
    return _list(frame, context)


# --- lists of runs -------------------------------------------------------------------------


def _list(frame: Frame, context: Context) -> Plan:
    nouns = frame.nouns
    if _asks_values(frame):
        return _by_count(frame.shown[0], frame)
    if nouns == {"user"} and not frame.metrics and frame.order is None:
        return _by_count(USER, frame)
    if "dataset" in nouns and "run" not in nouns and not frame.metrics and frame.order is None:
        return _by_count(Ref("field", "dataset"), frame)
    if "model" in nouns and frame.order is None and not frame.metrics and not frame.tests:
        model = model_dimension(context, frame)
        if model is not None and "run" not in nouns:
            return _by_count(model, frame)
        if context.catalog.models:
            return Plan("list", "models")
    if (
        "model" in nouns
        and frame.limit not in {None, 1}
        and frame.order in {"best", "worst", "high", "low"}
    ):
        model = model_dimension(context, frame)
        if model is not None:
            return _best_of_groups(frame, context, [model])
    sort, limit = _ranking(frame, context)
    shown = [*frame.metrics, *frame.shown]
    if "model" in nouns and (model := model_dimension(context, frame)) is not None:
        shown.insert(0, model)
    if frame.also_latest and sort is not None and isinstance(sort.by, Ref):
        shown.append(Ref("metric", sort.by.key))
    elif frame.also_latest:
        shown += [Ref("metric", ref.key) for ref in frame.metrics]
    required = tuple(
        Test(ref, "logged") for ref in frame.metrics
        if sort is None and not frame.also_latest and ref.take == "latest"
    )  # fmt: skip
    return Plan(
        "list",
        tests=required,
        show=tuple(dict.fromkeys(shown)),
        sort=sort,
        limit=limit,
        offset=frame.offset,
    )


def _asks_values(frame: Frame) -> bool:
    """ "list the optimizers", "all the values of release": which values there are."""
    named = any(test.ref.key in {"run", "run_id"} for test in frame.tests)
    only = len(frame.shown) == 1 and frame.shown[0].kind in {"param", "tag"}
    return (
        only
        and not named
        and "run" not in frame.nouns
        and frame.order is None
        and not (frame.metrics or frame.limit or frame.sort_ref)
    )


def _ranking(frame: Frame, context: Context) -> tuple[Sort | None, int | None]:
    """By what and how many; a superlative in the singular is the one at the top."""
    if frame.sort_ref is not None:
        return _sorted(frame), frame.limit
    if frame.order is None:
        if frame.limit is not None and frame.metrics:
            return Sort(frame.metrics[0], best_is_high(frame.metrics[0])), frame.limit
        return (Sort(STARTED, descending=True) if frame.limit else None), frame.limit
    if frame.order in {"new", "old"}:
        sort = Sort(_time_ref(frame), descending=frame.order == "new")
        return sort, frame.limit or _singular(frame)
    by = ranked_by(frame, context)
    high = best_is_high(by) if frame.higher is None else frame.higher
    descending = {
        "best": high, "worst": not high, "high": True, "low": False,
        "fast": high if by.kind == "metric" else False,
        "slow": not high if by.kind == "metric" else True, "many": True, "few": False,
    }[frame.order]  # fmt: skip
    if frame.order_ref == DURATION and frame.order == "best":
        descending = True
    return Sort(by, descending), frame.limit or _singular(frame)


def _time_ref(frame: Frame) -> Ref:
    return Ref("field", "ended") if any(ref.key == "ended" for ref in frame.shown) else STARTED


def _singular(frame: Frame) -> int:
    """One for "the best", ten for "the best runs"."""
    if frame.top is not None:
        return MANY if frame.top == "many" else 1
    return MANY if frame.plural else 1


def _sorted(frame: Frame) -> Sort:
    ref = frame.sort_ref or STARTED
    if frame.descending is not None:
        return Sort(ref, frame.descending)
    if frame.order in {"worst", "low"}:
        return Sort(ref, not best_is_high(ref))
    if ref.kind == "field":
        return Sort(ref, descending=ref.key in {"started", "ended", "duration", "runs"})
    return Sort(ref, best_is_high(ref) if ref.kind == "metric" else True)


def ranked_by(frame: Frame, context: Context) -> Ref:
    """What decides who is first. Raises NeedsMetric."""
    if frame.order_ref is not None:
        return frame.order_ref
    if frame.metrics:
        return frame.metrics[0]
    if frame.order in {"fast", "slow"}:
        return DURATION
    if (lasted := next((ref for ref in frame.shown if ref.key in DURATIONS), None)) is not None:
        return lasted
    numeric = [
        ref for ref in frame.shown
        if ref.kind == "param" and ref.key in context.catalog.params
        and context.catalog.params[ref.key].numeric
    ]  # fmt: skip
    if numeric and frame.order in {"high", "low"}:
        return numeric[0]
    tested = [
        test.ref for test in frame.tests if test.ref.kind == "metric" and test.op != "missing"
    ]
    if tested:
        return tested[0]
    only = only_metric(frame, context)
    if only is not None:
        return only
    raise NeedsMetric


def only_metric(frame: Frame, context: Context) -> Ref | None:
    """The metric of a store, or of the experiments in question, that logs just one."""
    keys = candidate_metrics(frame, context)
    return Ref("metric", keys[0]) if len(keys) == 1 else None


def candidate_metrics(frame: Frame, context: Context) -> list[str]:
    """The metrics logged where the question looks, the most used first."""
    scope = frame.scope()
    catalog = context.catalog
    if not scope:
        return list(catalog.metrics)
    logged = set().union(*(catalog.metrics_in.get(one, frozenset()) for one in scope))
    return [key for key in catalog.metrics if key in logged]


# --- numbers over runs ---------------------------------------------------------------------


def _share(frame: Frame) -> Plan:
    of = list(frame.share_of)
    if not of:
        of = _share_tests(frame)
        if frame.groups or frame.which:
            of = [test for test in of if test.ref.key not in {"user", "experiment_id", "run"}]
        for test in of:
            index = frame.tests.index(test)
            del frame.tests[index], frame.positions[index]
    by = tuple(frame.groups or ([frame.which] if frame.which else []))
    measures = [Measure("share", of=tuple(of))]
    if not of:
        measures.insert(0, Measure("count"))
    bucketed = any(ref.kind == "bucket" for ref in by)
    falling = frame.order not in {"low", "few", "fast"}
    sort = Sort(0, falling) if by and of and (frame.order or not bucketed) else None
    limit = frame.limit or (_singular(frame) if sort and frame.which and frame.order else None)
    return Plan("summary", measures=tuple(measures), by=by, sort=sort, limit=limit)


def _none_of(frame: Frame, context: Context) -> Plan:
    """ "which experiments have no failed runs": groups in which nothing passes."""
    dimension = frame.which or next(iter(frame.groups), None) or _noun_dimension(frame, context)
    return Plan("summary", measures=(Measure("share", of=tuple(frame.none_of)),),
                by=(dimension or (USER if "user" in frame.nouns else EXPERIMENT),),
                having=(Test(Ref("field", "matching"), "=", (0,)),))  # fmt: skip


def _only_shared(frame: Frame) -> None:
    """ "success rate (finished of all)": the status is what is measured, not a condition."""
    for of in frame.share_of:
        for test in [t for t in frame.tests if t.ref == of.ref and t.values == of.values]:
            index = frame.tests.index(test)
            del frame.tests[index], frame.positions[index]


def _share_tests(frame: Frame) -> list[Test]:
    """What the percentage is of: the condition said after the noun, a status before a value."""
    placed = list(zip(frame.tests, frame.positions, strict=True))
    soft = {"experiment_id"}
    after = [test for test, at in placed if at >= frame.noun_at and test.ref.key not in soft]
    placed = [pair for pair in placed if pair[0].ref.key not in soft] or placed
    statuses = [test for test in after if test.ref.key == "status"]
    others = [test for test in after if test.ref.key not in {"status", "user"}]
    if statuses and (len(after) == 1 or placed[-1][0] in statuses or not others):
        return [max(statuses, key=lambda test: frame.positions[frame.tests.index(test)])]
    if others:
        return others
    return after[-1:] or [test for test, _ in placed][-1:]


def _count(frame: Frame, context: Context) -> Plan:
    target = _counted(frame)
    groups = list(frame.groups)
    if frame.which is not None and frame.which not in groups:
        groups.append(frame.which)
    if frame.compare and not groups:
        groups = _compared(frame)
    if frame.keys:
        return Plan("names", keys=frame.keys)
    if target == "experiments" and not groups:
        runs_said = [t for t in frame.tests if t.ref.key != "experiment_id"]
        if runs_said or frame.windows:
            return Plan("summary", measures=(Measure("distinct", EXPERIMENT),))
        return Plan("summary", "experiments", measures=(Measure("count"),))
    if isinstance(target, Ref) and not groups:
        return Plan("summary", measures=(Measure("distinct", target),))
    if isinstance(target, Ref):
        return Plan("summary", measures=(Measure("distinct", target),), by=tuple(groups))
    del context
    if not groups and "user" in frame.nouns and (frame.limit or frame.order):
        return replace(_by_count(USER, frame), limit=frame.limit or _singular(frame))
    return _by_groups(groups, (Measure("count"),), frame)


def _counted(frame: Frame) -> Ref | str | None:
    """What is counted: runs unless something else is the only noun."""
    if frame.distinct and frame.shown:
        return frame.shown[0]
    if re.fullmatch(
        r"users?|people|persons?|authors?|teammates|folks|researchers|members|contributors|who",
        frame.counted,
    ):
        return USER
    if re.fullmatch(r"experiments?|exps?|projects?", frame.counted):
        return "experiments"
    if re.fullmatch(r"datasets?", frame.counted):
        return Ref("field", "dataset")
    if frame.counted.startswith(("PARAM#", "TAG#")) and frame.shown and not frame.tests:
        return frame.shown[0]
    if "run" in frame.nouns:
        return None
    if frame.which is not None and frame.distinct:
        return frame.which
    if "experiment" in frame.nouns:
        return "experiments"
    if "user" in frame.nouns and frame.which is None:
        return USER
    if "dataset" in frame.nouns:
        return Ref("field", "dataset")
    values = [ref for ref in frame.shown if ref.kind in {"param", "tag"}]
    return values[0] if values and frame.distinct else None


def _by_groups(groups: list[Ref], measures: tuple[Measure, ...], frame: Frame) -> Plan:
    """Counts by group: times in order, the rest the largest first."""
    buckets = [ref for ref in groups if ref.kind == "bucket"]
    sort = None if buckets or not groups else Sort(0, frame.order not in {"few", "low"})
    limit = frame.limit
    if frame.which is not None and frame.order is not None and limit is None:
        limit = _singular(frame)
    return Plan("summary", measures=measures, by=tuple(groups), sort=sort, limit=limit,
                having=tuple(frame.having))  # fmt: skip


def _by_count(ref: Ref, frame: Frame) -> Plan:
    return _by_groups([ref], (Measure("count"),), frame)


def _popular(frame: Frame, context: Context) -> Plan:
    """ "the most used optimizer", "who has the most failed runs"."""
    dimension = frame.which or next(iter([*frame.groups, *frame.shown]), None)
    if dimension is None:
        dimension = _noun_dimension(frame, context) or USER
    limit = frame.limit or (MANY if frame.top == "many" else 1)
    sort = Sort(0, frame.order == "many")
    if frame.metrics:
        measures: tuple[Measure, ...] = (Measure("count", frame.metrics[0]),)
    elif "experiment" in frame.nouns and dimension == USER:
        measures = (Measure("distinct", EXPERIMENT), Measure("count"))
    else:
        measures = (Measure("count"),)
    each = [ref for ref in frame.groups if ref != dimension]
    return Plan("summary", measures=measures, by=(dimension, *each), sort=sort, limit=limit,
                having=tuple(frame.having))  # fmt: skip


def _noun_dimension(frame: Frame, context: Context) -> Ref | None:
    if "experiment" in frame.nouns:
        return EXPERIMENT
    if "model" in frame.nouns:
        return model_dimension(context, frame)
    if "dataset" in frame.nouns:
        return Ref("field", "dataset")
    return None


def _trend(frame: Frame, context: Context) -> Plan:
    buckets = [ref for ref in frame.groups if ref.kind == "bucket"]
    others = [ref for ref in frame.groups if ref.kind != "bucket"]
    if not buckets:
        buckets = [Ref("bucket", _unit(frame))]
    if frame.which is not None and frame.which not in buckets and frame.which.kind != "bucket":
        others.append(frame.which)
    metrics = _measured(frame)
    if not metrics:
        return Plan("summary", measures=(Measure("count"),), by=(*buckets, *others),
                    **_best_bucket(frame))  # type: ignore[arg-type]  # sort and limit  # fmt: skip
    fns = _functions(frame)
    measures = [Measure(fn, ref) for ref in metrics for fn in fns]
    measures.append(Measure("count"))
    return Plan("summary", measures=tuple(measures), by=(*buckets, *others))


def _best_bucket(frame: Frame) -> dict[str, object]:
    if frame.order is None or frame.which is None:
        return {"limit": frame.limit}
    return {"sort": Sort(0, frame.order not in {"few", "low"}), "limit": frame.limit or 1}


def _unit(frame: Frame) -> str:
    """Days within a month, weeks beyond."""
    for window in frame.windows:
        if window.start_ms is not None:
            return "day"
    return "week"


def _measured(frame: Frame) -> list[Ref]:
    """What is to be taken the mean (or another measure) of."""
    refs = [ref for _, ref in frame.measures if ref is not None]
    refs += [ref for ref in (frame.order_ref,) if ref is not None]
    refs += frame.metrics
    refs += [ref for ref in frame.shown if ref.key in DURATIONS]
    return list(dict.fromkeys(refs))


def _functions(frame: Frame) -> list[Fn]:
    fns: list[Fn] = [fn for fn, _ in frame.measures]
    if fns:
        return list(dict.fromkeys(fns))
    measured = _measured(frame)
    if frame.order in {"best", "high", "worst", "low"} and measured:
        high = best_is_high(measured[0])
        top = {"best": high, "high": True, "worst": not high, "low": False}[frame.order]
        return ["max" if top else "min"]
    return ["mean"]


def _periods(frame: Frame) -> Plan:
    metrics = _measured(frame)
    measures = [Measure(fn, ref) for ref in metrics for fn in _functions(frame)]
    if frame.share_of:
        measures = [Measure("share", of=tuple(frame.share_of))]
    if not any(measure.fn == "share" for measure in measures):
        measures.append(Measure("count"))
    return Plan("summary", measures=tuple(measures), by=tuple(frame.groups))


def _measures(frame: Frame, context: Context) -> Plan:
    """Averages and the like, overall or by group."""
    refs = _measured(frame)
    if not refs and frame.shown:
        refs = [frame.shown[0]]
    if not refs and (only := only_metric(frame, context)) is not None:
        refs = [only]
    if not refs:
        refs = [ref for ref in frame.metrics if ref.kind == "metric"]
    if not refs:
        raise NeedsMetric
    pairs: list[tuple[Fn, Ref]] = []
    loose = [fn for fn, ref in frame.measures if ref is None]
    for fn, ref in frame.measures:
        if ref is not None:
            pairs.append((fn, ref))
    pairs += [(fn, ref) for fn in loose for ref in refs if (fn, ref) not in pairs]
    groups = list(frame.groups)
    if frame.which is not None and frame.which not in groups:
        groups.append(frame.which)
    if not groups and frame.compare:
        groups = _compared(frame)
    if not groups and frame.having:
        dimension = _noun_dimension(frame, context) or (USER if "user" in frame.nouns else None)
        groups = [dimension] if dimension else []
    if frame.take == "ever" and frame.also_latest and not groups:
        return Plan(
            "list", show=tuple(dict.fromkeys([*refs, *(Ref("metric", ref.key) for ref in refs)]))
        )
    measures = [Measure(fn, ref, percentile=frame.percentile) for fn, ref in dict.fromkeys(pairs)]
    measures.append(Measure("count"))
    ranked = frame.order is not None and groups
    sort = Sort(0, _up(frame, measures[0])) if ranked else _group_sort(frame, groups, measures[0])
    limit = frame.limit or (
        _singular(frame) if ranked and (frame.which or not frame.groups) else None
    )
    return Plan("summary", measures=tuple(measures), by=tuple(groups), sort=sort, limit=limit,
                having=tuple(frame.having))  # fmt: skip


def _group_sort(frame: Frame, groups: list[Ref], measure: Measure) -> Sort | None:
    if not groups or any(ref.kind == "bucket" for ref in groups):
        return None
    if frame.sort_ref is not None:
        return Sort(0, frame.descending if frame.descending is not None else True)
    if measure.fn in {"max", "min"}:
        return Sort(0, measure.fn == "max")
    return Sort(0, best_is_high(measure.ref) if measure.ref else True)


def _up(frame: Frame, measure: Measure) -> bool:
    high = best_is_high(measure.ref) if measure.ref else True
    return {"best": high, "worst": not high, "high": True, "low": False, "fast": False,
            "slow": True, "many": True, "few": False}.get(frame.order or "best", high)  # fmt: skip


def _grouped(frame: Frame, context: Context) -> Plan:
    """ "accuracy by model": the mean of each, its best beside it; "runs per user": counts."""
    if frame.order in {"new", "old"}:
        sort = Sort(STARTED, descending=frame.order == "new")
        return Plan("list", each=frame.groups[0], sort=sort, limit=frame.limit or 1,
                    show=tuple([*frame.metrics, *frame.shown]))  # fmt: skip
    metrics = _measured(frame)
    if frame.order is not None and frame.order not in {"many", "few"}:
        return _best_of_groups(frame, context, frame.groups)
    if not metrics:
        return _by_groups(list(frame.groups), (Measure("count"),), frame)
    return _means(frame, frame.groups, metrics)


def _means(frame: Frame, groups: list[Ref], metrics: list[Ref]) -> Plan:
    measures = [Measure("mean", ref) for ref in metrics]
    if len(metrics) == 1:
        measures += [Measure("max", metrics[0]), Measure("min", metrics[0])]
    measures.append(Measure("count"))
    return Plan("summary", measures=tuple(measures), by=tuple(groups),
                sort=_group_sort(frame, groups, measures[0]), limit=frame.limit,
                having=tuple(frame.having))  # fmt: skip


def _best_of_groups(frame: Frame, context: Context, groups: list[Ref]) -> Plan:
    """The best run of each group, or the best values by group when several things group."""
    by = ranked_by(frame, context)
    high = best_is_high(by)
    up = {"best": high, "worst": not high, "high": True, "low": False, "fast": False,
          "slow": True}[frame.order or "best"]  # fmt: skip
    asked = frame.nouns & {"run"} or len(groups) == 1
    if len(groups) == 1 and asked and not ("model" in frame.nouns and frame.limit not in {None, 1}):
        return Plan("list", each=groups[0], sort=Sort(by, up), limit=frame.limit or 1,
                    show=tuple([*frame.metrics, *frame.shown]))  # fmt: skip
    measure = Measure("max" if up else "min", by)
    return Plan("summary", measures=(measure, Measure("mean", by), Measure("count")),
                by=tuple(groups), sort=Sort(0, up), limit=frame.limit)  # fmt: skip


def _compared(frame: Frame) -> list[Ref]:
    """The dimension whose several values are held against each other."""
    for test in frame.tests:
        if test.op == "in" and len(test.values) > 1:
            return [EXPERIMENT if test.ref.key == "experiment_id" else test.ref]
    return []


def _comparison(frame: Frame, context: Context) -> Plan:
    groups = _compared(frame) or list(frame.groups) or ([frame.which] if frame.which else [])
    if not groups:
        dimension = _noun_dimension(frame, context)
        groups = [dimension] if dimension else []
    metrics = _measured(frame)
    if groups == [RUN]:
        if metrics:
            return _list(frame, context)
        return Plan("detail", keys=frame.keys or "metric")
    if not groups:
        return _list(frame, context)
    if not metrics and frame.order is not None:
        metrics = [ranked_by(frame, context)]
    if not metrics:
        raise NeedsMetric
    plan = _means(frame, groups, metrics)
    asked_for_one = frame.order is not None and frame.which is not None
    if frame.order in {"worst", "low", "high", "fast", "slow"}:
        plan = replace(plan, sort=Sort(0, _up(frame, plan.measures[0])))
    return replace(plan, limit=1) if asked_for_one and not frame.plural else plan


def _which(frame: Frame, context: Context) -> Plan:
    """ "which optimizer …": ranked by a metric, or the values there are."""
    which = frame.which or USER
    if frame.history:
        return _history(frame, context)
    if frame.order in {"new", "old"}:
        sort, limit = _ranking(frame, context)
        return Plan("list", show=(which, *frame.metrics, *frame.shown), sort=sort, limit=limit)
    if frame.order is not None:
        by = ranked_by(frame, context)
        if frame.limit not in {None, 1} and "run" not in frame.nouns:
            return _best_of_groups(frame, context, [which])
        sort, limit = _ranking(frame, context)
        return Plan("list", show=tuple(dict.fromkeys([which, by, *frame.metrics, *frame.shown])),
                    sort=sort, limit=limit, offset=frame.offset)  # fmt: skip
    if any(test.ref == RUN for test in frame.tests) or "run_id" in {t.ref.key for t in frame.tests}:
        return Plan("list", show=(which, *frame.metrics, *frame.shown))
    if frame.metrics:
        return _means(frame, [which], frame.metrics)
    if frame.having:
        return _by_count(which, frame)
    kept = [ref for ref in frame.shown if ref.kind in {"param", "tag"}]
    if which in {EXPERIMENT, USER} and kept:
        tests = tuple(Test(ref, "exists") for ref in kept)
        return replace(_by_count(which, frame), tests=tests)
    if which == EXPERIMENT and not frame.having and not _about_runs(frame):
        return _experiments(frame, context)
    return _by_count(which, frame)


def _about_runs(frame: Frame) -> bool:
    return bool([t for t in frame.tests if t.ref.key != "experiment_id"] or frame.windows)


# --- other subjects ------------------------------------------------------------------------


def _experiments(frame: Frame, context: Context) -> Plan:
    if frame.order in {"best", "worst", "high", "low"} and frame.metrics:
        return _which(replace_which(frame, EXPERIMENT), context)
    if _about_runs(frame) or frame.having:
        return _by_count(EXPERIMENT, frame)
    if frame.order in {"new", "old"}:
        sort = Sort(Ref("field", "created"), descending=frame.order == "new")
        return Plan("list", "experiments", sort=sort, limit=frame.limit or _singular(frame))
    if frame.shown or frame.metrics:
        return _list(frame, context)
    tests = frame.tests[:]
    frame.tests.clear()
    frame.positions.clear()
    ids = tuple(replace(test, ref=Ref("field", "experiment_id")) for test in tests)
    return Plan("list", "experiments", tests=ids, limit=frame.limit)


def replace_which(frame: Frame, ref: Ref) -> Frame:
    """The frame asking for this dimension."""
    frame.which = ref
    return frame


def _picks(frame: Frame, context: Context) -> tuple[Sort | None, int | None]:
    """Which runs a history or detail is about: the named ones, or the first of a ranking."""
    if frame.order is None and frame.limit is None:
        return None, None
    return _ranking(frame, context)


def _history(frame: Frame, context: Context) -> Plan:
    if frame.count or frame.peak:
        return _points(frame)
    if frame.curve:
        sort, limit = _picks(frame, context)
        return Plan("history", show=_latest(frame.curve), sort=sort, limit=limit)
    metrics = [
        ref
        for ref in (*frame.metrics, *([frame.order_ref] if frame.order_ref else []))
        if ref.kind == "metric"
    ]
    metrics = list(dict.fromkeys(Ref("metric", ref.key) for ref in metrics))
    if not metrics:
        raise NeedsMetric
    sort, limit = _picks(frame, context)
    shown = frame.metrics or metrics
    if frame.step is not None:
        return Plan("history", show=_latest(list(shown)), step=frame.step, sort=sort, limit=limit)
    return Plan(
        "history", show=tuple(Ref("metric", ref.key) for ref in shown), sort=sort, limit=limit
    )


def _latest(refs: list[Ref]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(Ref("metric", ref.key) for ref in refs))


def _points(frame: Frame) -> Plan:
    """How many points a metric has, or the step of its best one."""
    metrics = frame.curve or [
        r for r in (frame.order_ref, *frame.metrics) if r is not None and r.kind == "metric"
    ]
    if not metrics:
        raise NeedsMetric
    if frame.peak:
        high = best_is_high(metrics[0])
        top = {"worst": not high, "high": True, "low": False}.get(frame.order or "best", high)
        return Plan("history", show=_latest(metrics[:1]), peak="max" if top else "min")
    return Plan("history", show=_latest(metrics), measures=(Measure("count"),))


def _keys(frame: Frame, context: Context) -> Plan:
    if frame.trend or (frame.keys == "metric" and frame.groups):
        raise NeedsMetric
    picked = any(test.ref.key in {"run", "run_id"} for test in frame.tests)
    if frame.keys == "tag" and frame.count and not picked:
        return Plan("names", keys="tag")
    if picked or (
        frame.order is not None
        and (frame.metrics or frame.order_ref or frame.order in {"new", "old", "fast", "slow"})
    ):
        sort, limit = _picks(frame, context)
        keys = None if frame.detail or frame.keys is None else frame.keys
        return Plan("detail", keys=keys, sort=sort, limit=limit)
    if frame.keys is not None and frame.order is None and not frame.metrics:
        return Plan("names", keys=frame.keys)
    if frame.order is not None:
        sort, limit = _picks(frame, context)
        return Plan("detail", keys=frame.keys, sort=sort, limit=limit)
    return _list(frame, context)


def about(ref: Ref) -> tuple[str, ...]:
    """A ref's canonical pieces."""
    return canonical(parts(ref.key))
