"""A folder as a destination: a file gets its name there when it is whole and on the disk."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tracking.migrate.artifacts.destination import BLOCK, Content, DestinationError, content_of
from tracking.migrate.artifacts.files import UNFINISHED

OURS = f"{UNFINISHED}tracktalk-"
"""The beginning of a file's name while it is not whole. MLflow passes over such names."""


class Folder:
    """A folder, which may not be there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._swept: Path | None = None

    @property
    def at_once(self) -> int:
        """A disk gains little by more."""
        return 4

    def look(self) -> None:
        """What is there of it, or of the folders around it, is a folder that can be written."""
        there = next(each for each in (self._folder, *self._folder.parents) if each.exists())
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            what = f"{self._folder} cannot be used: {there} is no folder that can be written."
            raise DestinationError(what, "Choose another root, or give this account the rights.")

    def takes(self, path: str) -> bool:  # noqa: ARG002  # of the Protocol
        """Any."""
        return True

    def put(self, file: Path, path: str) -> Content:
        """Copy it with its times and rights; what was written."""
        goal = self._folder / path
        with file.open("rb") as source, _told(self._folder):
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
        with _told(self._folder):
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


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"{folder} cannot be written: {error.strerror or error}."
        raise DestinationError(what, "Check its rights and its room.") from error
