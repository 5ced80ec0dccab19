"""Run as a child: reads both stores through MlflowClient, and tries to write to the target.

It is asked for the addresses of `ours` and `theirs`, and the ids to read. It prints one JSON
object: what MLflow shows of experiments, runs, histories, models, versions, aliases, logged models,
and of what genai.py reads, each item under its id, of both stores.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracking.migrate import child
from tracking.migrate.verify import genai
from tracking.migrate.verify.entities import Item, pages, plain, shown

NAME = "tracktalk write test"
ROOT = "mlflow-artifacts:/"
"""Where artifacts would be. None are read or written."""


def client_of(address: str) -> Any:  # Any: an MlflowClient, whose import costs seconds
    """MLflow's client for a store. It does not make a Default experiment where there is none."""
    from mlflow import MlflowClient  # noqa: PLC0415  # costs seconds
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # noqa: PLC0415  # same
    from mlflow.tracking._tracking_service.utils import (  # noqa: PLC0415  # same
        _register,  # MLflow's way to name a store of one's own
    )

    class Untouched(SqlAlchemyStore):
        def _initialize_store_state(self) -> None:
            """Nothing: what MLflow would put in first is not in the source either."""

        def get_experiment(self, experiment_id: str) -> Any:  # Any: MLflow's Experiment
            """With a place for artifacts: a new run's is made from it, and it may have none."""
            found = super().get_experiment(experiment_id)  # type: ignore[no-untyped-call]  # MLflow's
            found._artifact_location = found.artifact_location or ROOT  # noqa: SLF001  # no setter
            return found

    def build(store_uri: str, artifact_uri: str | None) -> SqlAlchemyStore:  # noqa: ARG001  # MLflow's names
        return Untouched(store_uri, ROOT)  # type: ignore[no-untyped-call]  # MLflow's

    for scheme in ("sqlite", "mysql"):
        _register(scheme, build)  # type: ignore[no-untyped-call]  # same
    return MlflowClient(address, address)


def read(client: Any, asked: Mapping[str, Any]) -> dict[str, dict[str, Item]]:  # Any: JSON
    """Every section, each item under its id."""
    from mlflow.entities import ViewType  # noqa: PLC0415  # costs seconds

    experiments = pages(lambda page: client.search_experiments(ViewType.ALL, page_token=page))
    models = pages(lambda page: client.search_registered_models(page_token=page))
    versions = pages(lambda page: client.search_model_versions(page_token=page))
    return {
        "experiments": {each.experiment_id: plain(each) for each in experiments},
        "runs": {run: client.get_run(run).to_dictionary() for run in asked["runs"]},
        "histories": dict(_histories(client, asked["histories"])),
        "registered models": {each.name: _model(each) for each in models},
        "model versions": {f"{each.name}/{each.version}": plain(each) for each in versions},
        "logged models": {
            each: shown(lambda i: client.get_logged_model(i).to_dictionary(), each)
            for each in asked["logged_models"]
        },
    }


def write(client: Any) -> dict[str, Item]:  # Any: an MlflowClient
    """Log a run, read it, and remove it without a trace; what was written and what was read."""
    from mlflow.entities import Metric, Param, RunTag  # noqa: PLC0415  # costs seconds

    active = client.search_experiments(max_results=1)
    if not active:
        return {}
    run = client.create_run(active[0].experiment_id, run_name=NAME)
    try:
        metrics = [Metric("precise", 0.1 + 0.2, 1, 0), Metric("Precise", math.nan, 2, 7)]
        params = [Param("lr", "0.1"), Param("LR", "ünïcode 🚀"), Param("lr ", "with a space")]
        client.log_batch(run.info.run_id, metrics, params, [RunTag("env", "a"), RunTag("Env", "b")])
        client.set_terminated(run.info.run_id)
        data = client.get_run(run.info.run_id).data
        wrote = {
            "metrics": {each.key: repr(each.value) for each in metrics},
            "params": {each.key: each.value for each in params},
            "tags": {"env": "a", "Env": "b"},
        }
        tags = {key: value for key, value in data.tags.items() if key.lower() == "env"}
        found = {key: repr(value) for key, value in data.metrics.items()}
        return {"wrote": wrote, "read": {"metrics": found, "params": data.params, "tags": tags}}
    finally:
        # As `mlflow gc` does: a deleted run would stay in the tables.
        client._tracking_client.store._hard_delete_run(run.info.run_id)  # noqa: SLF001


def _histories(
    client: Any, metrics: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, Item]]:  # Any: an MlflowClient
    for run, key in metrics:
        history = client.get_metric_history(run, key)
        yield f"{run}/{key}", sorted([m.timestamp, m.step, repr(m.value)] for m in history)


def _model(model: Any) -> Item:  # Any: RegisteredModel
    found = plain(model)
    found["latest_versions"] = sorted(
        (plain(each) for each in model.latest_versions), key=lambda each: str(each["version"])
    )
    return found


def main() -> None:
    """Answer the request on stdin."""
    asked = child.asked()
    ours = client_of(asked["ours"])
    answer: dict[str, Item] = {"ours": read(ours, asked) | genai.read(ours, asked)}
    child.wait_for(child.READY)
    theirs = client_of(asked["theirs"])
    answer["theirs"] = read(theirs, asked) | genai.read(theirs, asked)
    if asked["write"]:
        child.wait_for(child.AWAITED)  # the run would be a difference to who compares rows
        answer["written"] = shown(write, theirs)
    json.dump(answer, sys.stdout, default=str, sort_keys=True)
    sys.stdout.flush()
    os._exit(0)  # all is said, and taking MLflow down again takes as long as reading with it
