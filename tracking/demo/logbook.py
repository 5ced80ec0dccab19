"""Plans and outcomes go into MLflow here, through its own client, with the times they claim."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence

from mlflow import MlflowClient
from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    Metric,
    Param,
)

from tracking.demo.data import split
from tracking.demo.plans import Outcome, RunPlan, Study

_NO_OUTCOME = Outcome({}, {}, 30.0)
_SOURCES = {"fraud": "sklearn.datasets.make_classification"}


class Logbook:
    """Writes one store. Remembers which MLflow id each experiment and run got."""

    def __init__(self, client: MlflowClient, artifacts: str) -> None:
        self._client = client
        self._artifacts = artifacts
        self.experiments: dict[str, str] = {"Default": "0"}
        self.runs: dict[str, str] = {}
        self.ends: dict[str, int] = {}

    def open(self, study: Study) -> None:
        """The study's experiment, with its note and team; Default is there already."""
        if study.experiment in self.experiments:
            return
        name = study.experiment
        location = f"{self._artifacts}/{len(self.experiments)}"
        tags = {"mlflow.note.content": study.note, "team": study.team}
        self.experiments[name] = self._client.create_experiment(name, location, tags)

    def close(self, study: Study) -> None:
        """Delete the experiment if the study was thrown away."""
        if study.deleted:
            self._client.delete_experiment(self.experiments[study.experiment])

    def begin(self, plan: RunPlan) -> None:
        """The run, its params, tags and data sets, as they stand when training starts."""
        run_id = self._client.create_run(
            self.experiments[plan.study.experiment],
            start_time=plan.start_ms,
            run_name=plan.attempt.name,
            tags={**plan.tags, "mlflow.user": plan.user, **self._family(plan)},
        ).info.run_id
        self.runs[plan.key] = run_id
        params = [Param(key, str(value)) for key, value in plan.attempt.params.items()]
        if params:
            self._client.log_batch(run_id, params=params, synchronous=True)
        if plan.attempt.task and plan.status != "SCHEDULED":
            self._client.log_inputs(run_id, _inputs(plan))

    def _family(self, plan: RunPlan) -> dict[str, str]:
        return {"mlflow.parentRunId": self.runs[plan.parent]} if plan.parent else {}

    def end(self, plan: RunPlan, outcome: Outcome | None) -> None:
        """What the run gave, cut where it broke off, and how it ended."""
        outcome = outcome or _NO_OUTCOME
        run_id = self.runs[plan.key]
        end_ms = plan.start_ms + int(outcome.seconds * 1000 * max(plan.cut, 0.05))
        metrics = list(_metrics(plan, outcome, end_ms))
        if metrics:
            self._client.log_batch(run_id, metrics=metrics, synchronous=True)
        self.finish(plan, end_ms + 4_000)

    def end_parent(self, plan: RunPlan, children: Mapping[RunPlan, Outcome]) -> None:
        """A sweep's parent: how many trials there were, and the best of each of their scores."""
        run_id = self.runs[plan.key]
        end_ms = max(self.ends[child.key] for child in children) + 5_000
        best = _best([outcome for child, outcome in children.items() if child.cut == 1.0])
        scores = {"trials": float(len(children)), **best}
        metrics = [Metric(key, value, end_ms, 0) for key, value in scores.items()]
        self._client.log_batch(run_id, metrics=metrics, synchronous=True)
        self.finish(plan, end_ms)

    def finish(self, plan: RunPlan, end_ms: int) -> None:
        """Status, end time and deletion. A run still going or waiting has no end."""
        run_id = self.runs[plan.key]
        self.ends[plan.key] = end_ms
        if plan.status == "SCHEDULED":
            self._client.update_run(run_id, status="SCHEDULED")
        elif plan.status != "RUNNING":
            self._client.set_terminated(run_id, plan.status, end_time=end_ms)
        if plan.deleted:
            self._client.delete_run(run_id)


def _metrics(plan: RunPlan, outcome: Outcome, end_ms: int) -> Iterator[Metric]:
    for key, values in outcome.curves.items():
        yield from _curve(key, values[: round(len(values) * plan.cut)], plan.start_ms, end_ms)
    if plan.cut == 1.0:
        for key, value in outcome.scores.items():
            yield Metric(key, value, end_ms, 0)


def _curve(key: str, values: Sequence[float], start_ms: int, end_ms: int) -> Iterator[Metric]:
    for step, value in enumerate(values):
        yield Metric(key, value, start_ms + (end_ms - start_ms) * (step + 1) // len(values), step)


_HIGHER = ("val_accuracy", "accuracy", "cv_accuracy_mean", "roc_auc", "recall", "silhouette", "r2")
_LOWER = ("val_loss", "val_rmse")


def _best(outcomes: Sequence[Outcome]) -> dict[str, float]:
    found: dict[str, float] = {}
    for keys, pick in ((_HIGHER, max), (_LOWER, min)):
        for key in keys:
            values = [value for value in (_last(outcome, key) for outcome in outcomes) if value]
            if finite := [value for value in values if math.isfinite(value)]:
                found[f"best_{key}"] = pick(finite)
    return found


def _last(outcome: Outcome, key: str) -> float | None:
    curve = outcome.curves.get(key)
    return curve[-1] if curve else outcome.scores.get(key)


def _inputs(plan: RunPlan) -> list[DatasetInput]:
    task = plan.attempt.task
    if task is None:
        return []
    rows = split(task.data, "none")
    version = plan.tags["dataset_version"]
    parts = {"train": len(rows.x_train), "test": len(rows.x_val)}
    return [
        DatasetInput(
            _dataset(task.data, part, version, size), [InputTag("mlflow.data.context", part)]
        )
        for part, size in parts.items()
    ]


def _dataset(data: str, part: str, version: str, size: int) -> Dataset:
    digest = hashlib.sha256(f"{data} {part} {version}".encode()).hexdigest()[:8]
    source = _SOURCES.get(data, f"sklearn.datasets.load_{data}")
    profile = f'{{"num_rows": {size}}}'
    return Dataset(f"{data}_{part}", digest, "code", f'{{"tags": {{"loader": "{source}"}}}}',
                   profile=profile)  # fmt: skip
