"""Three questions answered with MLflow's own client, for the comparison; a process of its own.

    python -m tests.bench.by_mlflow URI ROUNDS      one JSON object: question -> times and answer

Written as somebody who knows MLflow would: a filter and an order where the server has them, a
dataframe where it does not.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from collections.abc import Callable
from time import perf_counter

WHICH = "fraud-detection"
INFINITE = 1e308


def questions(uri: str) -> dict[str, Callable[[], object]]:
    """Question -> how MLflow's client answers it; the keys are ours.COMPARED's."""
    import mlflow  # noqa: PLC0415 - its import is part of what is measured

    mlflow.set_tracking_uri(uri)
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name(WHICH)
    if experiment is None:
        msg = f"the store has no experiment {WHICH}"
        raise RuntimeError(msg)
    ids = [experiment.experiment_id]

    def top_ten() -> object:
        found = client.search_runs(
            ids,
            filter_string="metrics.val_accuracy < 1e308",
            order_by=["metrics.val_accuracy DESC"],
            max_results=10,
        )
        return [run.data.metrics["val_accuracy"] for run in found]

    def failed() -> object:
        found = mlflow.search_runs(
            filter_string="attributes.status = 'FAILED'",
            search_all_experiments=True,
            max_results=100_000,
            output_format="list",
        )
        return [len(found)]

    def mean_by_model() -> object:
        frame = mlflow.search_runs(ids, max_results=100_000)
        finite = frame[frame["metrics.f1"] < INFINITE]
        return sorted(finite.groupby("params.model")["metrics.f1"].mean())

    return {"a top ten": top_ten, "a count": failed, "a mean by group": mean_by_model}


def main() -> None:
    """Answer each question and print times and answers."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    uri, rounds = sys.argv[1], int(sys.argv[2])
    started = perf_counter()
    asked = questions(uri)
    found: dict[str, object] = {"opening_ms": (perf_counter() - started) * 1000}
    for name, answer in asked.items():
        spent: list[float] = []
        for _ in range(rounds):
            started = perf_counter()
            said = answer()
            spent.append((perf_counter() - started) * 1000)
        found[name] = {"times": spent, "answer": said}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
