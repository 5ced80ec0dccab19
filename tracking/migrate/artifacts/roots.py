"""Which destination is at a root, and what MLflow needs to get there."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import urlparse

from tracking.migrate.artifacts.destination import Destination, DestinationError
from tracking.migrate.artifacts.disk import Folder
from tracking.migrate.artifacts.moves import local_path
from tracking.migrate.artifacts.places import WEB, scheme_of
from tracking.migrate.artifacts.repository import Repository, told

NEEDS = {
    "s3": ("boto3", "'tracktalk[s3]'"),
    "r2": ("boto3", "'tracktalk[s3]'"),
    "b2": ("boto3", "'tracktalk[s3]'"),
    "gs": ("google.cloud.storage", "google-cloud-storage"),
    "wasbs": ("azure.storage.blob", "azure-storage-blob azure-identity"),
    "abfss": ("azure.storage.filedatalake", "azure-storage-file-datalake azure-identity"),
    "hdfs": ("pyarrow", "pyarrow"),
    "viewfs": ("pyarrow", "pyarrow"),
    "sftp": ("pysftp", "pysftp"),
}
"""What MLflow's repositories import, and what installs it."""


def destination_of(root: str) -> Destination:
    """The destination at a root. Raises DestinationError."""
    if folder := local_path(root):
        return Folder(folder)
    if lacks := _lacks(root):
        what = f"MLflow needs the package {lacks[0]} for {scheme_of(root)}://, and it is not here."
        raise DestinationError(what, f"Install it beside Tracktalk: pip install {lacks[1]}.")
    with told(root):
        from mlflow.store.artifact.artifact_repository_registry import (  # noqa: PLC0415  # seconds
            get_artifact_repository,
        )

        return Repository(root, get_artifact_repository(root, tracking_uri=_server_of(root)))


def in_the_way(root: str) -> Iterator[str]:
    """What keeps files from going to a root, as far as reading can tell."""
    try:
        destination_of(root).look()
    except DestinationError as error:
        yield f"{error.what} {error.fix}"


def _lacks(root: str) -> tuple[str, str] | None:
    needed = NEEDS.get(scheme_of(root))
    try:
        return needed if needed and find_spec(needed[0]) is None else None
    except ModuleNotFoundError:  # of "google.cloud.storage" not even "google" is there
        return needed


def _server_of(root: str) -> str | None:
    """The server behind mlflow-artifacts://host:port, unless MLflow was told of one."""
    from mlflow import get_tracking_uri  # noqa: PLC0415  # seconds

    host = urlparse(root).netloc
    asks = scheme_of(root) == "mlflow-artifacts" and host
    return f"http://{host}" if asks and scheme_of(get_tracking_uri()) not in WEB else None
