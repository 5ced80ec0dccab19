"""Which destination is at a root, and what MLflow needs to get there."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import NamedTuple
from urllib.parse import urlparse

from tracking.migrate.artifacts.destination import Destination, DestinationError
from tracking.migrate.artifacts.disk import Folder
from tracking.migrate.artifacts.moves import local_path
from tracking.migrate.artifacts.places import WEB, scheme_of
from tracking.migrate.artifacts.repository import Repository, told


class Needed(NamedTuple):
    """A package that one of MLflow's repositories imports, and what pip is told to install it."""

    package: str
    install: str


_BOTO = Needed("boto3", "'tracktalk[s3]'")
_ARROW = Needed("pyarrow", "pyarrow")
NEEDS = {
    "s3": _BOTO, "r2": _BOTO, "b2": _BOTO,
    "gs": Needed("google.cloud.storage", "google-cloud-storage"),
    "wasbs": Needed("azure.storage.blob", "azure-storage-blob azure-identity"),
    "abfss": Needed("azure.storage.filedatalake", "azure-storage-file-datalake azure-identity"),
    "hdfs": _ARROW, "viewfs": _ARROW,
    "sftp": Needed("pysftp", "pysftp"),
}  # fmt: skip
"""By scheme."""


def destination_of(root: str) -> Destination:
    """The destination at a root. Raises DestinationError."""
    if folder := local_path(root):
        return Folder(folder)
    if lacks := _lacks(root):
        scheme = scheme_of(root)
        what = f"MLflow needs the package {lacks.package} for {scheme}://, and it is not here."
        raise DestinationError(what, f"Install it beside Tracktalk: pip install {lacks.install}.")
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


def _lacks(root: str) -> Needed | None:
    needed = NEEDS.get(scheme_of(root))
    try:
        return needed if needed and find_spec(needed.package) is None else None
    except ModuleNotFoundError:  # of "google.cloud.storage" not even "google" is there
        return needed


def _server_of(root: str) -> str | None:
    """The server behind mlflow-artifacts://host:port, unless MLflow was told of one."""
    from mlflow import get_tracking_uri  # noqa: PLC0415  # seconds

    host = urlparse(root).netloc
    asks = scheme_of(root) == "mlflow-artifacts" and host
    return f"http://{host}" if asks and scheme_of(get_tracking_uri()) not in WEB else None
