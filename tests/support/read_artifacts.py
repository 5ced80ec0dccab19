"""Read a store's artifacts through MLflow's own client, and log one: `… ADDRESS EXPECTED_ROOT`."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts, list_artifacts
from mlflow.entities import FileInfo
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

address, root = sys.argv[1:]
client = MlflowClient(address, address)


def _all(run: str, path: str | None = None) -> list[FileInfo]:
    found = client.list_artifacts(run, path)
    return [inner for each in found for inner in (_all(run, each.path) if each.is_dir else [each])]


def _file(run: str, root: str, path: str) -> str:
    if "#" not in path:
        return client.download_artifacts(run, path)
    # MLflow lists a name with # and refuses to read it: its own limit, not the move's.
    if not root.startswith("s3:"):
        return f"{root}/{path}"
    local = f"{tempfile.mkdtemp()}/odd"
    repository: Any = get_artifact_repository(root)  # has no types
    repository._download_file(path, local)  # noqa: SLF001  # does not refuse
    return local


read: dict[str, object] = {"versions": [], "runs": {}}
versions: list[list[str]] = []
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id]):
        for each in _all(run.info.run_id):
            local = Path(_file(run.info.run_id, run.info.artifact_uri, each.path))
            assert isinstance(read["runs"], dict)
            read["runs"][each.path] = len(local.read_bytes())
for version in client.search_model_versions():
    place = client.get_model_version_download_uri(version.name, version.version)
    folder = Path(
        download_artifacts(artifact_uri=place, tracking_uri=address, dst_path=tempfile.mkdtemp())
    )
    versions.append(sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()))
read["versions"] = versions
run = client.create_run("1")
note = Path(tempfile.mkdtemp()) / "new.txt"
note.write_text("new")
client.log_artifact(run.info.run_id, str(note))
(new,) = list_artifacts(run_id=run.info.run_id, tracking_uri=address)
read["logged"] = root if run.info.artifact_uri.startswith(root) and new.path == "new.txt" else ""
print(json.dumps(read))  # noqa: T201  # its answer
