"""A client of MLflow that writes to a store in a process of its own, chapter by chapter.

    python -m tests.support.live_client sqlite:////…/mlflow.db

It reads a chapter's name from each line of stdin, does what stands in it, and answers "done".
MLflow is loaded once, which takes seconds. `Client` is the other end.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Client:
    """Writes to a store when it is told to. Use it as a context."""

    def __init__(self, address: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-m", "tests.support.live_client", address],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            cwd=ROOT, env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"},
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def write(self, chapter: str) -> None:
        """Return when all of a chapter is written."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{chapter}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"


def _begin(client: Any) -> None:  # Any: an MlflowClient, and so on below
    experiment = client.create_experiment("first")
    client.create_experiment("second")
    for name in ("grows", "renamed", "deleted", "restored", "removed"):
        run = client.create_run(experiment, run_name=name).info.run_id
        client.log_param(run, "lr", "0.1")
        client.set_tag(run, "env", "before")
        for step in range(5):
            client.log_metric(run, "loss", 1 / (step + 1), step=step)
    client.delete_run(_run(client, "restored"))
    client.create_registered_model("model")
    for number in (1, 2):
        client.create_model_version("model", f"file:///m{number}", run_id=_run(client, "grows"))
    client.set_registered_model_alias("model", "champion", "1")


def _change(client: Any) -> None:
    grows = _run(client, "grows")
    for step in range(5, 9):
        client.log_metric(grows, "loss", 0.1 + 0.2, step=step)
    client.log_metric(grows, "nan", float("nan"))
    client.set_tag(grows, "env", "after")
    client.set_tag(grows, "mlflow.note.content", "a note, ünïcode 🚀")
    client.log_param(grows, "epochs", "3")
    client.update_run(_run(client, "renamed"), name="has another name")
    client.delete_tag(_run(client, "deleted"), "env")
    client.delete_run(_run(client, "deleted"))
    client.restore_run(_run(client, "restored"))
    client.set_terminated(grows, "FAILED")
    # The names change places: each stands in the other's way.
    first, second = (
        client.get_experiment_by_name(name).experiment_id for name in ("first", "second")
    )
    for experiment, name in ((first, "between"), (second, "first"), (first, "second")):
        client.rename_experiment(experiment, name)
    client.set_registered_model_alias("model", "champion", "2")
    client.delete_model_version("model", "1")
    client.create_registered_model("another model")
    client.create_run(client.create_experiment("third"), run_name="new")
    client.delete_run(_run(client, "removed"))
    _collect_garbage(client, _run(client, "removed"))


def _go_on(client: Any) -> None:
    run = client.create_run(client.create_experiment("after the cutover"), run_name="late")
    client.log_metric(run.info.run_id, "loss", 1 / 3)
    client.log_param(run.info.run_id, "lr", "ünïcode 🚀 it's")
    client.set_tag(_run(client, "grows"), "env", "much later")
    client.delete_run(_run(client, "restored"))
    _collect_garbage(client, _run(client, "restored"))


def _anew(client: Any) -> None:
    run = client.create_run(client.create_experiment("anew"), run_name="anew")
    client.log_metric(run.info.run_id, "loss", 0.5)


def _collect_garbage(client: Any, run: str) -> None:
    """What `mlflow gc` does to a deleted run's rows."""
    client._tracking_client.store._hard_delete_run(run)  # noqa: SLF001  # as gc itself calls it


def _run(client: Any, name: str) -> str:
    from mlflow.entities import ViewType  # noqa: PLC0415  # costs seconds

    every = [each.experiment_id for each in client.search_experiments(ViewType.ALL)]
    (run,) = client.search_runs(every, f"attributes.run_name = '{name}'", ViewType.ALL)
    return str(run.info.run_id)


CHAPTERS: Mapping[str, Callable[[Any], None]] = {
    "begin": _begin,
    "change": _change,
    "go on": _go_on,
    "anew": _anew,
}


def main(address: str) -> None:
    """Write chapter by chapter, until stdin closes."""
    from mlflow import MlflowClient  # noqa: PLC0415  # costs seconds

    client = MlflowClient(address, address)
    for line in sys.stdin:
        CHAPTERS[line.strip()](client)
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
