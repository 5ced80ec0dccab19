"""What a destination of files is: it takes a file under its path, and says what it holds under one.

What it holds is told by the size and SHA-256 of the bytes read back from there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from tracking.errors import TrackingError

BLOCK = 1 << 20


class DestinationError(TrackingError):
    """The destination cannot be reached or written."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes, told in short."""

    size: int
    sha256: str


class Destination(Protocol):
    """A root that takes files. To be used by several threads."""

    @property
    def at_once(self) -> int:
        """How many files under way at a time suit it."""

    def look(self) -> None:
        """Read a little of it, write nothing. Raises DestinationError when it cannot be used."""

    def takes(self, path: str) -> bool:
        """Whether a file can have that path there."""

    def put(self, file: Path, path: str) -> Content:
        """Write a file under a path; what was written."""

    def size(self, path: str) -> int | None:
        """How large the file was that this run found under a path; None when there was none."""

    def content(self, path: str) -> Content | None:
        """What is really there, read back; None when there is none."""


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
