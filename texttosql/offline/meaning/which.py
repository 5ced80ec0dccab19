"""The dimension a "which …" asks for: the value behind the best run, or the values there are."""

from __future__ import annotations

from dataclasses import replace

from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.counts import by_count
from texttosql.offline.meaning.groups import best_of_groups, means
from texttosql.offline.meaning.lists import runs
from texttosql.offline.meaning.ranking import ranked_by, ranking, singular
from texttosql.offline.meaning.slots import EXPERIMENT, USER, NeedsMetric, about_runs, names_a_run
from texttosql.plan import Plan, Ref, Sort, Test


def which(frame: Frame, context: Context) -> Plan:
    """Such as: which optimizer got the best f1, what learning rates were tried.

    Raises NeedsMetric.
    """
    asked = frame.which or USER
    if frame.history:
        raise NeedsMetric  # "which model has the best curve": the curve of what?
    if frame.order is not None:
        return _ranked(frame, asked, context)
    if names_a_run(frame):
        return Plan("list", show=(asked, *frame.metrics, *frame.shown))
    if frame.metrics:
        return means(frame, [asked], frame.metrics)
    return _there_are(frame, asked, context)


def _ranked(frame: Frame, asked: Ref, context: Context) -> Plan:
    """The value of the run that comes first."""
    if frame.order in {"new", "old"}:
        sort, limit = ranking(frame, context)
        return Plan("list", show=(asked, *frame.metrics, *frame.shown), sort=sort, limit=limit)
    by = ranked_by(frame, context)
    if frame.limit not in {None, 1} and "run" not in frame.nouns:
        return best_of_groups(frame, context, [asked])
    sort, limit = ranking(frame, context)
    shown = tuple(dict.fromkeys([asked, by, *frame.metrics, *frame.shown]))
    return Plan("list", show=shown, sort=sort, limit=limit, offset=frame.offset)


def _there_are(frame: Frame, asked: Ref, context: Context) -> Plan:
    """The values with how many runs each has; experiments as they are when no run matters."""
    if frame.having:
        return by_count(asked, frame)
    kept = [ref for ref in frame.shown if ref.kind in {"param", "tag"}]
    if kept and asked in {EXPERIMENT, USER}:
        tests = tuple(Test(ref, "exists") for ref in kept)
        return replace(by_count(asked, frame), tests=tests)
    if asked == EXPERIMENT and not about_runs(frame):
        return experiments(frame, context)
    return by_count(asked, frame)


def experiments(frame: Frame, context: Context) -> Plan:
    """Experiments: ranked by a metric, by their runs, by age, or all."""
    if frame.order in {"best", "worst", "high", "low"} and frame.metrics:
        return _ranked(frame, EXPERIMENT, context)
    if frame.order in {"best", "worst", "high", "low"}:
        raise NeedsMetric
    if about_runs(frame) or frame.having:
        return by_count(EXPERIMENT, frame)
    if frame.order in {"new", "old"}:
        sort = Sort(Ref("field", "created"), descending=frame.order == "new")
        return Plan("list", "experiments", sort=sort, limit=frame.limit or singular(frame))
    if frame.shown or frame.metrics:
        return runs(frame, context)
    return Plan("list", "experiments", tests=_own_ids(frame), limit=frame.limit)


def _own_ids(frame: Frame) -> tuple[Test, ...]:
    """The experiments that are named, as conditions on experiments instead of on runs."""
    ids = tuple(replace(test, ref=Ref("field", "experiment_id")) for test in frame.tests)
    frame.tests.clear()
    frame.positions.clear()
    return ids
