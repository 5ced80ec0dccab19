"""The values a demo store is planned in: what to train, how to report it, who ran it and when.

Plain data, made without scikit-learn or MLflow, so a plan can be read and tested at no cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED"]
Names = Mapping[str, str]
"""A score's own name -> the metric key a team logs it under; scores left out are not logged."""


Settings = Mapping[str, object]
"""What an estimator takes, or a run's params before they become text."""


@dataclass(frozen=True, slots=True)
class Task:
    """One training: data set, preprocessing, estimator and its settings, and what is reported.

    `steps`: epochs of partial_fit, 0 for one fit. `settings` hold whatever the estimator takes.
    """

    data: str
    estimator: str
    names: Names
    settings: Settings = field(default_factory=dict)
    scaler: str = "standard"
    steps: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a training gave. `curves` hold one value a step; `scores` one value at the end.

    `seconds` is worked out from the amount of work, not measured, so that every build agrees.
    """

    scores: Mapping[str, float]
    curves: Mapping[str, Sequence[float]]
    seconds: float
    model: Any = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A run somebody meant to make. What is left None, the schedule decides."""

    name: str
    task: Task | None
    params: Settings
    tags: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Attempt, ...] = ()
    status: Status | None = None
    deleted: bool | None = None
    user: str | None = None
    days_ago: float | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """An experiment: its people, its tags and its attempts, in the order they were thought of."""

    experiment: str
    note: str
    team: str
    users: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    deleted: bool = False
    model_type: str = "classifier"


@dataclass(frozen=True, slots=True, eq=False)
class RunPlan:
    """A run with everything decided but its results. Times are epoch milliseconds, UTC.

    Two plans are equal only when they are the same one, so a plan can key its outcome.

    `key` is unique in the recipe; `parent` is another plan's key. `pace` stretches the duration.
    `cut`: the share of its curve a run that never finished had logged, 0 for nothing at all.
    """

    key: str
    study: Study
    attempt: Attempt
    user: str
    start_ms: int
    status: Status
    deleted: bool
    tags: Mapping[str, str]
    parent: str | None
    pace: float
    cut: float
