"""A FileStore's folder with everything in it that MLflow 3.17 can put there, and its oddities.

    python -m tests.support.file_store FOLDER

makes FOLDER/mlruns through MLflow's own API, in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PARAMS = {"lr": "0.1", "LR": "0.2", "crlf": "a\r\nb\r\n", "empty": "", "p/q": "v", "uni": "ü🚀"}
TIME = 1_700_000_000_000


def file_store(folder: Path) -> Path:
    """Make it; takes some seconds."""
    root = str(Path(__file__).parents[2])
    subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-W", "ignore", "-m", "tests.support.file_store", str(folder)],
        check=True, capture_output=True, cwd=folder,
        env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ALLOW_FILE_STORE": "true",
                          "PYTHONPATH": root},
    )  # fmt: skip
    return folder / "mlruns"


def _make(folder: Path) -> None:
    import mlflow  # noqa: PLC0415  # costs seconds; this process is for it
    from mlflow import MlflowClient  # noqa: PLC0415  # same

    address = (folder / "mlruns").as_uri()
    mlflow.set_tracking_uri(address)
    mlflow.set_registry_uri(address)
    client = MlflowClient(address, address)
    experiment = client.create_experiment("weights ü", tags={"team": "a\r\nb"})
    deleted = client.create_experiment("deleted")
    client.create_run(deleted)
    client.delete_experiment(deleted)
    run = client.create_run(experiment, run_name="first", tags={"note": "l1\nl2\r\nl3"}).info.run_id
    _log(client, run)
    client.delete_run(client.create_run(experiment).info.run_id)
    _models(client, experiment, run)
    _traces(client, experiment)
    mlflow.genai.register_prompt("greeting", "hello {{name}}")


def _log(client: object, run: str) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415  # as above
    from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param  # noqa: PLC0415  # same

    assert isinstance(client, MlflowClient)
    points = [(1 / 3, 0), (float("nan"), 1), (float("inf"), 2), (float("-inf"), 3)]
    metrics = [Metric("loss", value, TIME + step, step) for value, step in points]
    metrics += [Metric("a/b", 0.1 + 0.2, TIME, 5)] + 2 * [Metric("twice", 1.0, TIME, 0)]
    client.log_batch(run, metrics, [Param(key, value) for key, value in PARAMS.items()])
    dataset = Dataset("train", "d1", "local", '{"uri": "train.csv"}')
    client.log_inputs(run, [DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])])


def _models(client: object, experiment: str, run: str) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415  # as above
    from mlflow.entities import LoggedModelOutput  # noqa: PLC0415  # same

    assert isinstance(client, MlflowClient)
    model = client.create_logged_model(experiment, "net", source_run_id=run, params={"k": "v"})
    client.log_metric(run, "acc", 0.9, TIME, 1, dataset_name="train", dataset_digest="d1",
                      model_id=model.model_id)  # fmt: skip
    client.log_outputs(run, [LoggedModelOutput(model.model_id, 3)])
    client.create_registered_model("net", tags={"a": "b"}, description="d")
    client.create_model_version("net", model.model_uri, model_id=model.model_id, run_id=run)
    client.create_model_version("net", f"runs:/{run}/model", run, tags={"x": "y"})
    client.set_registered_model_alias("net", "champion", "1")


def _traces(client: object, experiment: str) -> None:
    import mlflow  # noqa: PLC0415  # as above
    from mlflow import MlflowClient  # noqa: PLC0415  # same
    from mlflow.entities import AssessmentSource  # noqa: PLC0415  # same

    assert isinstance(client, MlflowClient)
    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_span("root") as span:
        span.set_inputs({"question": 1})
        trace = span.trace_id
    mlflow.flush_trace_async_logging()
    client.set_trace_tag(trace, "k", "v\r\nw")
    person = AssessmentSource("HUMAN", "alice")
    mlflow.log_feedback(trace_id=trace, name="good", value=True, rationale="x", source=person)
    mlflow.log_feedback(trace_id=trace, name="why", error=ValueError("no answer"))
    mlflow.log_expectation(trace_id=trace, name="facts", value={"a": [1, None]}, source=person)


if __name__ == "__main__":
    _make(Path(sys.argv[1]))
