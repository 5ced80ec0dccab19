"""One whole demo store, from nothing, in a folder of its own. Importing this costs MLflow."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

# Set before MLflow is loaded: it reads this once, and a demo must not phone home.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # MLflow's own imports warn about its own code
    from mlflow import MlflowClient

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # untyped upstream

from tracking.demo import registry, studies_health, studies_tabular, studies_vision
from tracking.demo.finishing import finish
from tracking.demo.logbook import Logbook
from tracking.demo.plans import Outcome, RunPlan, Study
from tracking.demo.progress import Report
from tracking.demo.schedule import schedule
from tracking.demo.training import train


def studies(only: Sequence[str] = ()) -> tuple[Study, ...]:
    """The recipe: every study, or the named experiments alone."""
    everything = (
        studies_tabular.default(),
        studies_health.screening(),
        studies_vision.digits_net(),
        studies_vision.digits_linear(),
        studies_tabular.wine(),
        studies_health.progression(),
        studies_tabular.iris(),
        studies_tabular.fraud(),
        studies_tabular.scratch(),
    )
    return tuple(study for study in everything if not only or study.experiment in only)


def build(
    folder: Path, final_artifacts: Path, anchor_ms: int, marks: str, report: Report,
    only: Sequence[str] = (),
) -> Path:  # fmt: skip
    """Train and log everything into `folder`/mlflow.db and `folder`/artifacts; the database.

    Paths in the store say `final_artifacts`, where the caller will put the artifacts.
    """
    for noisy in ("mlflow", "alembic"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    database, artifacts = folder / "mlflow.db", folder / "artifacts"
    artifacts.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(), threadpool_limits(1):
        # Fits that do not converge, undefined scores, MLflow's stages: all meant here.
        warnings.simplefilter("ignore")
        registered = _log(f"sqlite:///{database}", str(artifacts), anchor_ms, report, only)
    finish(database, (artifacts, final_artifacts), registered, marks)
    return database


def _log(
    uri: str, artifacts: str, anchor_ms: int, report: Report, only: Sequence[str]
) -> list[registry.Registered]:
    report("opening a new MLflow store", 0, 1)
    client = MlflowClient(uri, uri)
    book = Logbook(client, artifacts)
    chosen = studies(only)
    for study in chosen:
        book.open(study)
    outcomes = _run_all(book, schedule(chosen, anchor_ms), report)
    report("registering models", 0, 1)
    registered = registry.fill(client, book, outcomes)
    for study in chosen:
        book.close(study)
    return registered


def _run_all(book: Logbook, plans: Sequence[RunPlan], report: Report) -> Mapping[RunPlan, Outcome]:
    outcomes: dict[RunPlan, Outcome] = {}
    for number, plan in enumerate(plans):
        report("training and logging runs", number, len(plans))
        book.begin(plan)
        if plan.attempt.children:
            continue
        outcome = train(plan.attempt.task, plan.pace) if plan.attempt.task and plan.cut else None
        if outcome:
            outcomes[plan] = outcome
        book.end(plan, outcome)
    for plan in (plan for plan in plans if plan.attempt.children):
        book.end_parent(plan, _children(plan, plans, outcomes))
    report("training and logging runs", len(plans), len(plans))
    return outcomes


def _children(
    parent: RunPlan, plans: Sequence[RunPlan], outcomes: Mapping[RunPlan, Outcome]
) -> dict[RunPlan, Outcome]:
    return {
        plan: outcomes.get(plan, Outcome({}, {}, 0.0))
        for plan in plans
        if plan.parent == parent.key
    }
