"""A root behind one of MLflow's artifact repositories: s3://, gs://, an MLflow server.

Each file costs one upload and one download; a folder is listed once, however many files it gets.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from tracking.migrate.artifacts.destination import Content, DestinationError, content_of
from tracking.migrate.artifacts.places import lost_in

FOLDERS = 64
"""Listings kept: files come folder by folder, and a folder's own ones around those in it."""
_KEYS = (
    "Give this account a key that may list, read and write there:"
    " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
)
_FIXES = {
    "NoSuchBucket": "Make the bucket first, or correct its name in --to.",
    "NoCredentialsError": _KEYS, "InvalidAccessKeyId": _KEYS, "SignatureDoesNotMatch": _KEYS,
    "AccessDenied": _KEYS, "ExpiredToken": _KEYS,
    "EndpointConnectionError": "Start it, or correct MLFLOW_S3_ENDPOINT_URL.",
    "ConnectionError": "Start the server, or correct its address in --to.",
}  # fmt: skip
"""What to do, by a word that occurs in an error's type or text."""


class Repository:
    """A root with its repository."""

    def __init__(self, root: str, repository: Any) -> None:  # Any: MLflow has no types here
        self._root, self._repository = root, repository
        self._listings: dict[str, _Listing] = {}
        self._lock = threading.Lock()

    @property
    def at_once(self) -> int:
        """Most of the time is waiting for the other side."""
        return 16

    def look(self) -> None:
        """List its top."""
        with told(self._root):
            self._repository.list_artifacts(None)

    def takes(self, path: str) -> bool:
        """Not those that MLflow would cut off or decode on their way."""
        return not lost_in(self._root, path)

    def put(self, file: Path, path: str) -> Content:
        """Upload it. What was read of it is told; whether that arrived, `content` says."""
        sent = content_of(file)
        with told(self._root):
            self._repository.log_artifact(str(file), _parent(path))
        return sent

    def size(self, path: str) -> int | None:
        """How large it was when its folder was listed."""
        folder = str(_parent(path))
        with self._lock:
            listing = self._listings.setdefault(folder, _Listing(self._repository, _parent(path)))
            if len(self._listings) > FOLDERS:
                self._listings.pop(next(iter(self._listings)))
        with told(self._root):
            return listing.sizes().get(path)

    def content(self, path: str) -> Content | None:
        """Download it, to be read and thrown away."""
        with tempfile.TemporaryDirectory(prefix="tracktalk-") as folder:
            copy = Path(folder) / "content"
            try:
                # What every repository has to have; download_artifacts would first list the path
                # as if it were a folder, and draw a bar for each file.
                self._repository._download_file(path, str(copy))  # noqa: SLF001  # see above
            except Exception as error:
                # Each store says in its own way that there is no such file; a listing is plain.
                if self._lacks(path):
                    return None
                raise _trouble(self._root, error) from error
            return content_of(copy)

    def _lacks(self, path: str) -> bool:
        with told(self._root):
            return path not in _Listing(self._repository, _parent(path)).sizes()


class _Listing:
    """A folder's files with their sizes, asked for once, when the first wants to know."""

    def __init__(self, repository: Any, folder: str | None) -> None:  # Any: as above
        self._repository, self._folder = repository, folder
        self._lock = threading.Lock()
        self._sizes: dict[str, int] | None = None

    def sizes(self) -> dict[str, int]:
        """By path."""
        with self._lock:
            if self._sizes is None:
                found = self._repository.list_artifacts(self._folder)
                # Over HTTP an empty file has no size: what is zero is left out of the answer.
                self._sizes = {e.path: e.file_size or 0 for e in found if not e.is_dir}
            return self._sizes


def _parent(path: str) -> str | None:
    folder = str(PurePosixPath(path).parent)
    return None if folder == "." else folder


@contextmanager
def told(root: str) -> Iterator[None]:
    """What goes wrong at a root becomes a DestinationError that says what to do."""
    try:
        yield
    except Exception as error:
        # Every store's library has errors of its own; what they mean here is the same for all.
        raise _trouble(root, error) from error


def _trouble(root: str, error: BaseException) -> DestinationError:
    story = " ".join(_story(error))
    fix = next((fix for word, fix in _FIXES.items() if word in story), "")
    what = f"{root} cannot be used: {_short(error)}."
    return DestinationError(what, fix or "Check its address, its rights and its room.")


def _story(error: BaseException | None) -> Iterator[str]:
    """An error and what it came from, in the words of each."""
    while error:
        yield f"{type(error).__name__}: {error}"
        error = error.__cause__ or error.__context__


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:300].rstrip(".")
