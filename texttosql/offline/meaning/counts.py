"""Counts: of runs or of what runs have, overall, by group, or of the most frequent ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.ranking import singular
from texttosql.offline.meaning.slots import (
    DATASET,
    EXPERIMENT,
    MANY,
    USER,
    about_runs,
    compared,
    noun_dimension,
    split_by,
)
from texttosql.plan import Measure, Plan, Ref, Sort

_PEOPLE = "user users people person persons author authors teammates folks researchers members"
_COUNTED: dict[str, Ref | Literal["experiments"]] = {
    **dict.fromkeys(f"{_PEOPLE} contributors who".split(), USER),
    **dict.fromkeys("experiment experiments exp exps project projects".split(), "experiments"),
    **dict.fromkeys(("dataset", "datasets"), DATASET),
}
"""The noun right behind "how many" -> what is counted."""


def count(frame: Frame, _context: Context) -> Plan:
    """How many, of what, by what."""
    target = _counted(frame)
    groups = split_by(frame)
    if frame.compare:
        groups += [ref for ref in compared(frame) if ref not in groups]
    if isinstance(target, Ref):
        groups = [ref for ref in groups if ref != target]
        return Plan("summary", measures=(Measure("distinct", target),), by=tuple(groups))
    if target == "experiments" and groups:
        return by_groups(groups, (Measure("distinct", EXPERIMENT),), frame)
    if target == "experiments":
        return _experiments(frame)
    if not groups and "user" in frame.nouns and (frame.limit or frame.order):
        return replace(by_count(USER, frame), limit=frame.limit or singular(frame))
    return by_groups(groups, (Measure("count"),), frame)


def _experiments(frame: Frame) -> Plan:
    """All of them, or those that have the runs in question."""
    if about_runs(frame):
        return Plan("summary", measures=(Measure("distinct", EXPERIMENT),))
    return Plan("summary", "experiments", measures=(Measure("count"),))


def _counted(frame: Frame) -> Ref | Literal["experiments"] | None:
    """What is counted: runs (None) unless something else is the only noun."""
    if frame.distinct and frame.shown:
        return frame.shown[0]
    if frame.counted in _COUNTED:
        return _COUNTED[frame.counted]
    if frame.counted.startswith(("PARAM#", "TAG#")) and frame.shown and not frame.tests:
        return frame.shown[0]
    return None if "run" in frame.nouns else _counted_noun(frame)


def _counted_noun(frame: Frame) -> Ref | Literal["experiments"] | None:
    if frame.which is not None and frame.distinct:
        return frame.which
    if "experiment" in frame.nouns:
        return "experiments"
    if "user" in frame.nouns and frame.which is None:
        return USER
    return DATASET if "dataset" in frame.nouns else None


def by_groups(groups: list[Ref], measures: tuple[Measure, ...], frame: Frame) -> Plan:
    """Counts by group: times in order, the rest the largest first."""
    timed = any(ref.kind == "bucket" for ref in groups)
    limit = frame.limit
    if frame.which is not None and frame.order is not None and limit is None:
        limit = singular(frame)
    return Plan(
        "summary",
        measures=measures,
        by=tuple(groups),
        sort=None if timed or not groups else Sort(0, frame.order not in {"few", "low"}),
        limit=limit,
        having=tuple(frame.having),
    )


def by_count(ref: Ref, frame: Frame) -> Plan:
    """How many runs each value of a dimension has."""
    return by_groups([ref], (Measure("count"),), frame)


def popular(frame: Frame, context: Context) -> Plan:
    """Such as: the most used optimizer, who has the most failed runs."""
    dimension = frame.which or next(iter([*frame.groups, *frame.shown]), None)
    if dimension is None:
        dimension = noun_dimension(frame, context) or USER
    others = [ref for ref in frame.groups if ref != dimension]
    return Plan(
        "summary",
        measures=_frequency(frame, dimension),
        by=(dimension, *others),
        sort=Sort(0, frame.order == "many"),
        limit=frame.limit or (MANY if frame.top == "many" else 1),
        having=tuple(frame.having),
    )


def _frequency(frame: Frame, dimension: Ref) -> tuple[Measure, ...]:
    """Runs, runs with a metric, or the experiments of a person."""
    if frame.metrics:
        return (Measure("count", frame.metrics[0]),)
    if "experiment" in frame.nouns and dimension == USER:
        return (Measure("distinct", EXPERIMENT), Measure("count"))
    return (Measure("count"),)
