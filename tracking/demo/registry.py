"""The demo store's model registry: the best finished runs, registered the way teams do it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import mlflow.sklearn
from mlflow import MlflowClient
from mlflow.entities import LoggedModel, LoggedModelOutput, LoggedModelStatus, Metric

from tracking.demo.logbook import Logbook
from tracking.demo.plans import Outcome, RunPlan


@dataclass(frozen=True, slots=True)
class Shelf:
    """A registered model: which runs it takes, by which metric, and what is said about it.

    `aliases` and `stages` name versions counted from the newest: 0 is the newest.
    """

    model: str
    experiment: str
    metric: str
    note: str
    versions: int
    lowest: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, int] = field(default_factory=dict)
    stages: Mapping[int, str] = field(default_factory=dict)
    withdrawn: int | None = None


SHELVES = (
    Shelf(
        "fraud-detector", "fraud-detection", "pr_auc", "Scores card payments in real time.", 6,
        tags={"owner": "risk", "tier": "1"},
        aliases={"champion": 1, "challenger": 0, "last-good": 2},
        stages={0: "Staging", 1: "Production", 3: "Archived", 4: "Archived"}, withdrawn=5,
    ),
    Shelf(
        "digit-reader", "digits_MLP", "val_accuracy", "Reads 8x8 digits from the scanner.", 4,
        tags={"owner": "vision"}, aliases={"champion": 0, "baseline": 3},
    ),
    Shelf(
        "breast-cancer-risk", "breast-cancer-screening", "roc_auc", "For the clinic's pilot.", 4,
        tags={"owner": "health", "tier": "2", "regulated": "yes"},
        aliases={"champion": 0, "shadow": 1}, stages={0: "Production", 1: "Staging"},
    ),
    Shelf(
        "diabetes-regressor", "diabetes-progression", "val_rmse", "Progression after a year.", 3,
        lowest=True, tags={"owner": "health"}, aliases={"challenger": 0},
    ),
    Shelf("wine_classifier", "wine-cultivar", "cv_accuracy_mean", "", 2),
)  # fmt: skip
_SAVED = {("fraud-detector", 1), ("digit-reader", 0), ("diabetes-regressor", 0)}
_KINDS = {0: "candidate", 1: "validated", 2: "validated"}


@dataclass(frozen=True, slots=True)
class Registered:
    """When a version would have been registered, and its logged model: for the calendar."""

    model: str
    version: str
    model_id: str
    at_ms: int


def fill(
    client: MlflowClient, book: Logbook, outcomes: Mapping[RunPlan, Outcome]
) -> list[Registered]:
    """Register every shelf whose experiment was run."""
    shelves = [shelf for shelf in SHELVES if shelf.experiment in book.experiments]
    return [entry for shelf in shelves for entry in _register(client, book, shelf, outcomes)]


def _register(
    client: MlflowClient, book: Logbook, shelf: Shelf, outcomes: Mapping[RunPlan, Outcome]
) -> list[Registered]:
    client.create_registered_model(shelf.model, dict(shelf.tags), shelf.note or None)
    chosen = _choose(shelf, outcomes)
    entries = [
        _version(client, book, shelf, plan, outcomes[plan], len(chosen) - 1 - number)
        for number, plan in enumerate(chosen)
    ]
    newest_first = [entry.version for entry in reversed(entries)]
    for alias, age in shelf.aliases.items():
        client.set_registered_model_alias(shelf.model, alias, newest_first[age])
    for age, stage in shelf.stages.items():
        client.transition_model_version_stage(shelf.model, newest_first[age], stage)
    if shelf.withdrawn is not None:
        client.delete_model_version(shelf.model, newest_first[shelf.withdrawn])
    return entries


def _choose(shelf: Shelf, outcomes: Mapping[RunPlan, Outcome]) -> list[RunPlan]:
    """The best live finished runs, in the order they were run: version numbers follow time."""
    ranked = sorted(
        (
            (_worth(shelf, outcome), plan.key, plan)
            for plan, outcome in outcomes.items()
            if plan.study.experiment == shelf.experiment
            and plan.status == "FINISHED"
            and not plan.deleted
            and _score(shelf.metric, outcome) is not None
        ),
    )
    best = [plan for _, _, plan in ranked[: shelf.versions]]
    return sorted(best, key=lambda plan: plan.start_ms)


def _worth(shelf: Shelf, outcome: Outcome) -> float:
    score = _score(shelf.metric, outcome) or 0.0
    return score if shelf.lowest else -score


def _score(metric: str, outcome: Outcome) -> float | None:
    curve = outcome.curves.get(metric)
    return curve[-1] if curve else outcome.scores.get(metric)


def _version(
    client: MlflowClient, book: Logbook, shelf: Shelf, plan: RunPlan, outcome: Outcome, age: int
) -> Registered:
    logged = _logged_model(client, book, shelf, plan)
    if (shelf.model, age) in _SAVED:
        _save(client, logged.model_id, outcome)
    version = client.create_model_version(
        shelf.model,
        # Not models:/ID: MLflow looks that up in the process-wide tracking address, not here.
        logged.artifact_location,
        book.runs[plan.key],
        tags={
            "validation": _KINDS.get(age, "superseded"),
            "approved_by": plan.study.users[age % 2],
        },
        description=f"{plan.attempt.name}, {shelf.metric} {_score(shelf.metric, outcome):.4f}",
        await_creation_for=0,
        model_id=logged.model_id,
    ).version
    return Registered(shelf.model, str(version), logged.model_id, book.ends[plan.key] + 3_600_000)


def _logged_model(client: MlflowClient, book: Logbook, shelf: Shelf, plan: RunPlan) -> LoggedModel:
    run_id = book.runs[plan.key]
    params = {key: str(value) for key, value in plan.attempt.params.items()}
    experiment = book.experiments[plan.study.experiment]
    logged = client.create_logged_model(
        experiment, shelf.model, run_id, {"team": plan.study.team}, params,
        plan.study.model_type,
    )  # fmt: skip
    client.log_outputs(run_id, [LoggedModelOutput(logged.model_id, 0)])
    client.finalize_logged_model(logged.model_id, LoggedModelStatus.READY)
    _link_metric(client, run_id, logged.model_id, shelf.metric)
    return logged


def _link_metric(client: MlflowClient, run_id: str, model_id: str, key: str) -> None:
    """Say the run's latest value again as the model's; MLflow keeps the run's row single."""
    last = client.get_metric_history(run_id, key)[-1]
    linked = Metric(key, last.value, last.timestamp, last.step, model_id=model_id, run_id=run_id)
    client.log_batch(run_id, metrics=[linked], synchronous=True)


def _save(client: MlflowClient, model_id: str, outcome: Outcome) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "model"
        # Requirements are named, so that MLflow does not start a process to find them out.
        mlflow.sklearn.save_model(
            outcome.model, str(target), pip_requirements=["scikit-learn"],
            serialization_format="cloudpickle",
        )  # fmt: skip
        client.log_model_artifacts(model_id, str(target))
