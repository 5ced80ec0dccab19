"""Where files go: a folder of this machine, or any root that MLflow has an artifact repository for.

Both take a file under its path and say what they hold under a path, by size and SHA-256 of the
bytes read back from there.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlparse

from tracking.errors import TrackingError
from tracking.migrate.artifacts.files import UNFINISHED
from tracking.migrate.artifacts.moves import local_path
from tracking.migrate.artifacts.places import WEB, lost_in, scheme_of

BLOCK = 1 << 20
OURS = f"{UNFINISHED}tracktalk-"
"""The beginning of a file's name while it is not whole. MLflow passes over such names."""
NEEDS = {
    "s3": "boto3", "r2": "boto3", "b2": "boto3", "gs": "google.cloud.storage",
    "wasbs": "azure.storage.blob", "abfss": "azure.storage.filedatalake",
    "hdfs": "pyarrow", "viewfs": "pyarrow", "sftp": "pysftp",
}  # fmt: skip
"""What MLflow's repositories import; none of it comes with Tracktalk."""


class DestinationError(TrackingError):
    """The destination cannot be reached or written."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes, told in short."""

    size: int
    sha256: str


class Destination(Protocol):
    """A root that takes files. To be used by several threads."""

    def takes(self, path: str) -> bool:
        """Whether a file can have that path there."""

    def put(self, file: Path, path: str) -> Content:
        """Write a file under a path; what was written."""

    def size(self, path: str) -> int | None:
        """How large the file under a path is; None when there is none."""

    def content(self, path: str) -> Content | None:
        """What is really there, read back; None when there is none."""


def missing_package(root: str) -> str | None:
    """The package that MLflow needs for a root and that is not installed here."""
    needed = NEEDS.get(scheme_of(root))
    try:
        return needed if needed and find_spec(needed) is None else None
    except ModuleNotFoundError:  # of "google.cloud.storage" not even "google" is there
        return needed


def destination_of(root: str) -> Destination:
    """The destination at a root. Raises DestinationError."""
    if folder := local_path(root):
        return Folder(folder)
    if package := missing_package(root):
        what = f"MLflow needs the package {package} for {scheme_of(root)}://, and it is not here."
        raise DestinationError(what, f"Install it beside Tracktalk: pip install {_pip(package)}.")
    with _told(root):
        from mlflow.store.artifact.artifact_repository_registry import (  # noqa: PLC0415  # seconds
            get_artifact_repository,
        )

        return Repository(root, get_artifact_repository(root, tracking_uri=_server_of(root)))


def _server_of(root: str) -> str | None:
    """The server behind mlflow-artifacts://host:port, unless MLflow was told of one."""
    from mlflow import get_tracking_uri  # noqa: PLC0415  # seconds

    host = urlparse(root).netloc
    asks = scheme_of(root) == "mlflow-artifacts" and host
    return f"http://{host}" if asks and scheme_of(get_tracking_uri()) not in WEB else None


def _pip(package: str) -> str:
    return package.replace(".", "-")


def read(stream: BinaryIO) -> Content:
    """The rest of a stream, told in short."""
    digest, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK):
        digest.update(block)
        size += len(block)
    return Content(size, digest.hexdigest())


def content_of(file: Path) -> Content:
    """A file's content."""
    with file.open("rb") as stream:
        return read(stream)


class Folder:
    """A folder of this machine. A file gets its name when it is whole and on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._swept: Path | None = None

    def takes(self, path: str) -> bool:  # noqa: ARG002  # of the Protocol
        """Any."""
        return True

    def put(self, file: Path, path: str) -> Content:
        """Copy it with its times and rights; what was written."""
        goal = self._folder / path
        with file.open("rb") as source, _told(str(self._folder)):
            self._make(goal.parent)
            draft = goal.with_name(f"{OURS}{os.getpid()}-{threading.get_ident()}")
            try:
                written = _copy(source, draft)
                draft.replace(goal)
            finally:
                draft.unlink(missing_ok=True)
        return written

    def _make(self, folder: Path) -> None:
        if folder != self._swept:  # files come folder by folder: once for each is enough
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
            self._swept = folder

    def size(self, path: str) -> int | None:
        """How large it is."""
        goal = self._folder / path
        return goal.stat().st_size if goal.is_file() else None

    def content(self, path: str) -> Content | None:
        """What the file holds."""
        goal = self._folder / path
        with _told(str(self._folder)):
            return content_of(goal) if goal.is_file() else None


def _copy(source: BinaryIO, draft: Path) -> Content:
    digest, size = hashlib.sha256(), 0
    with draft.open("wb") as goal:
        while block := source.read(BLOCK):
            digest.update(block)
            size += goal.write(block)
        goal.flush()
        os.fsync(goal.fileno())
    found = os.fstat(source.fileno())
    draft.chmod(found.st_mode & 0o777)
    os.utime(draft, ns=(found.st_atime_ns, found.st_mtime_ns))
    return Content(size, digest.hexdigest())


def _sweep(folder: Path) -> None:
    """Throw away what killed runs have left; what belongs to a living process stays."""
    for left in folder.glob(f"{OURS}*"):
        process = left.name.removeprefix(OURS).split("-")[0]
        if not (process.isdecimal() and _alive(int(process))):
            left.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


class Repository:
    """A root behind one of MLflow's artifact repositories."""

    def __init__(self, root: str, repository: Any) -> None:  # Any: MLflow has no types here
        self._root, self._repository = root, repository
        self._listed = threading.local()

    def takes(self, path: str) -> bool:
        """Not those that MLflow would cut off or decode on their way."""
        return not lost_in(self._root, path)

    def put(self, file: Path, path: str) -> Content:
        """Upload it. What was read of it is told; whether that arrived, `content` says."""
        folder = str(PurePosixPath(path).parent)
        sent = content_of(file)
        with _told(self._root):
            self._repository.log_artifact(str(file), None if folder == "." else folder)
        self._listed.folder = None
        return sent

    def size(self, path: str) -> int | None:
        """How large it is, as the listing of its folder has it."""
        folder = str(PurePosixPath(path).parent)
        if getattr(self._listed, "folder", None) != folder:
            with _told(self._root):
                found = self._repository.list_artifacts(None if folder == "." else folder)
            # Over HTTP an empty file has no size: what is zero is left out of the answer.
            self._listed.sizes = {
                each.path: each.file_size or 0 for each in found if not each.is_dir
            }
            self._listed.folder = folder
        size: int | None = self._listed.sizes.get(path)
        return size

    def content(self, path: str) -> Content | None:
        """Download it, to be read and thrown away."""
        self._listed.folder = None
        if self.size(path) is None:
            return None
        with tempfile.TemporaryDirectory(prefix="tracktalk-") as folder, _told(self._root):
            return content_of(Path(self._repository.download_artifacts(path, folder)))


@contextmanager
def _told(root: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Every store's library has errors of its own; what they mean here is the same for all.
        what = f"{root} cannot be used: {_short(error)}."
        raise DestinationError(what, "Check its address, its rights and its room.") from error


def _short(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:300].rstrip(".")
