"""The files in a folder, one by one, in the order of their names; what stays behind is noted."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

UNFINISHED = ".artifact.uploading."
"""MLflow's own beginning of names for files that are not whole yet; it never shows them."""
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class File:
    """A file, by its path from the moving folder, with slashes. `changed` is in nanoseconds."""

    path: str
    size: int
    changed: int


@dataclass(slots=True)
class Oddities:
    """What is left out, by reason: how often, and some examples."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def note(self, reason: str, path: str) -> None:
        """One more."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        some = self.examples.setdefault(reason, [])
        if len(some) < EXAMPLES:
            some.append(path.encode(errors="backslashreplace").decode())


OUTSIDE = "symbolic links that lead out of the folder"
LOOPS = "symbolic links to a folder around them"
BROKEN = "symbolic links to nothing"
UNREADABLE = "not readable by this account"
SPECIAL = "neither file nor folder"
NAMELESS = "names that are not UTF-8"
HALF = "unfinished uploads of MLflow's"
LOSSES = (OUTSIDE, BROKEN, UNREADABLE, NAMELESS)
"""Reasons for which something that somebody may miss stays behind."""


def files(root: Path, below: str, odd: Oddities) -> Iterator[File]:
    """Every file in (or the one file at) a path below a resolved root."""
    start = root / below if below else root
    try:
        start.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:  # a folder around it cannot be looked into
        odd.note(UNREADABLE, below)
        return
    if not _inside(root, start, below, odd):
        return
    if start.is_dir():
        yield from _Walk(root, odd).folder(start, below, ())
    else:
        yield from _file(below, start, odd)


class _Walk:
    """Goes through folders, and into links that stay inside; `around` are the folders it is in."""

    def __init__(self, root: Path, odd: Oddities) -> None:
        self._root, self._odd = root, odd

    def folder(self, folder: Path, below: str, around: tuple[Path, ...]) -> Iterator[File]:
        real = folder.resolve() if folder.is_symlink() or not around else folder
        if real in around:
            self._odd.note(LOOPS, below)
            return
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            self._odd.note(UNREADABLE, below)
            return
        for entry in entries:
            path = f"{below}/{entry.name}" if below else entry.name
            yield from self._entry(entry, path, (*around, real))

    def _entry(
        self, entry: os.DirEntry[str], path: str, around: tuple[Path, ...]
    ) -> Iterator[File]:
        here = Path(entry.path)
        if entry.name.startswith(UNFINISHED):
            self._odd.note(HALF, path)
        elif not _utf8(entry.name):
            self._odd.note(NAMELESS, path)
        elif entry.is_symlink() and not _inside(self._root, here, path, self._odd):
            return
        elif entry.is_dir():
            yield from self.folder(here, path, around)
        else:
            yield from _file(path, here, self._odd)


def _file(path: str, file: Path, odd: Oddities) -> Iterator[File]:
    try:
        found = file.stat()
    except FileNotFoundError:  # removed since the folder was read
        return
    if not stat.S_ISREG(found.st_mode):
        odd.note(SPECIAL, path)
    elif not os.access(file, os.R_OK, effective_ids=True):
        odd.note(UNREADABLE, path)
    else:
        yield File(path, found.st_size, found.st_mtime_ns)


def _inside(root: Path, path: Path, below: str, odd: Oddities) -> bool:
    """Whether what is really meant lies in the root: MLflow, too, refuses what leads out of it."""
    try:
        real = path.resolve(strict=True)
    except RuntimeError:  # links that go round in circles
        odd.note(LOOPS, below)
        return False
    except OSError:
        odd.note(BROKEN if path.is_symlink() else UNREADABLE, below)
        return False
    if not real.is_relative_to(root):
        odd.note(OUTSIDE, below)
        return False
    return True


def _utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
