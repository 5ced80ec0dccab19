"""A small MLflow store with artifacts, made through MLflow's own API in a process of its own.

    python -m tests.support.artifact_store FOLDER

leaves FOLDER/mlflow.db and FOLDER/`ml runs ü`/… with runs, models, versions and a trace in it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.stores import new_sqlite_store

ARTIFACTS = "ml runs ü"
FILES = {
    "plain.txt": b"plain\n", "with space + ümlaut & so.txt": b"text", "empty.bin": b"",
    "nested/deeper/blob.bin": bytes(range(256)) * 9000, "100%25 #1?.txt": b"odd name",
}  # fmt: skip
"""What each run has logged."""


@dataclass(frozen=True, slots=True)
class ArtifactStore:
    """The database, and the folder in which its artifacts lie."""

    database: Path
    root: Path

    @property
    def files(self) -> list[Path]:
        """Every file in it, from the root."""
        found = (each for each in self.root.rglob("*") if each.is_file())
        return sorted(each.relative_to(self.root) for each in found)


def artifact_store(folder: Path) -> ArtifactStore:
    """Make it; takes some seconds."""
    folder.mkdir(parents=True)
    root = str(Path(__file__).parents[2])
    # MLflow leaves a ./mlruns where it runs. Logged asynchronously, a trace sometimes comes before
    # its spans, and they then go to a file instead of the tables.
    subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", "tests.support.artifact_store", str(folder)],
        check=True, capture_output=True, cwd=folder,
        env=os.environ
        | {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ENABLE_ASYNC_TRACE_LOGGING": "false",
           "PYTHONPATH": root},
    )  # fmt: skip
    return ArtifactStore(folder / "mlflow.db", folder / ARTIFACTS)


def _make(folder: Path) -> None:
    import mlflow  # noqa: PLC0415  # costs seconds; this process is for it
    from mlflow import MlflowClient  # noqa: PLC0415  # same

    root = folder / ARTIFACTS
    root.mkdir()
    address = f"sqlite:///{new_sqlite_store(folder / 'mlflow.db')}"
    mlflow.set_tracking_uri(address)
    client = MlflowClient(address, address)
    made = client.create_experiment("in a folder", artifact_location=str(root / "1"))
    encoded = client.create_experiment("as a URI", artifact_location=(root / "2").as_uri())
    for experiment in (made, encoded):
        _run(client, experiment, folder)
    client.create_run(made, run_name="without files")
    mlflow.set_experiment(experiment_id=made)
    with mlflow.start_span("asked") as span:
        span.set_inputs({"question": "which?"})


def _run(client: object, experiment: str, folder: Path) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415  # as above

    assert isinstance(client, MlflowClient)
    run = client.create_run(experiment)
    place = Path(folder / "to log")
    for name, content in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    client.log_artifacts(run.info.run_id, str(place))
    model = client.create_logged_model(experiment, "net", source_run_id=run.info.run_id)
    client.log_model_artifacts(model.model_id, str(place / "nested"))
    client.finalize_logged_model(model.model_id, "READY")
    name = f"net-{experiment}"
    client.create_registered_model(name)
    client.create_model_version(name, f"{run.info.artifact_uri}/nested", run.info.run_id)
    client.create_model_version(name, model.model_uri, model_id=model.model_id)


if __name__ == "__main__":
    _make(Path(sys.argv[1]))
