"""A source that nobody can write to: held while the last pass runs, and read-only afterwards.

What MLflow 3.17's server answers then, as tried:

    while the source is held     reading goes on; a write waits 20 seconds, then 503 ("database is
                                 locked"). MLflow's clients try again for some minutes.
    file read-only, server up    writes still arrive: the server has the file open already.
    file and folder read-only    503 at once ("attempt to write a readonly database").
    file read-only, server new   as above, whatever the folder's rights are.

So the lock is what can be relied on, and the server must be stopped before the lock goes.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tracking.errors import SourceBusy, SourceError
from tracking.migrate.hazards.hazard import short
from tracking.status import masked

WAIT = 60.0
"""Seconds to wait for whoever is writing right now."""
BESIDE = ("", "-wal", "-shm", "-journal")
_WRITING = 0o222
_ONLY_READING = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that has the source open."""

    pid: int
    command: str

    def __str__(self) -> str:
        return f"pid {self.pid} ({self.command})"


@contextmanager
def held(source: Path, *, wait: float = WAIT) -> Iterator[bool]:
    """Keep everybody from writing; False where this account cannot, because it may only read.

    The source's bytes stay as they are. Raises SourceBusy, SourceError.
    """
    # The reader goes last: closing the only connection would write a WAL file's pages into the
    # database, and a connection that can only read cannot do that.
    with (
        closing(_opened(source, "ro", wait)) as reader,
        closing(_opened(source, "rw", wait)) as store,
    ):
        try:
            reader.execute("SELECT 1 FROM sqlite_master").fetchone()
            store.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _ONLY_READING:
                what = f"{source} is held by another program: {error}."
                raise SourceBusy(what, "Stop the MLflow server, then ask again.") from error
            yield False
            return
        yield True


def _opened(source: Path, mode: str, wait: float) -> sqlite3.Connection:
    try:
        return sqlite3.connect(
            f"{source.as_uri()}?mode={mode}", uri=True, isolation_level=None,
            timeout=wait,
        )  # fmt: skip
    except sqlite3.OperationalError as error:
        what = f"{source} cannot be opened: {error}."
        raise SourceError(what, "Check its rights.") from error


def traces(source: Path) -> str:
    """What is seen from outside of a source that is written to: its files' sizes and times."""
    found = {}
    for end in ("", "-wal"):
        with suppress(FileNotFoundError):
            of = source.with_name(source.name + end).stat()
            if of.st_size:  # an empty WAL file comes and goes with every reader
                found[end] = [of.st_size, of.st_mtime_ns]
    return json.dumps(found)


def holders(source: Path) -> list[Holder]:
    """Other processes that have the source open, as far as the system tells; only Linux does."""
    wanted = {str(source.with_name(source.name + end)) for end in BESIDE}
    return [
        Holder(int(folder.name), _command(folder))
        for folder in Path("/proc").glob("[0-9]*")
        if int(folder.name) != os.getpid() and _has_open(folder, wanted)
    ]


def _has_open(folder: Path, wanted: set[str]) -> bool:
    with suppress(OSError):  # it has ended, or is somebody else's
        for opened in (folder / "fd").iterdir():
            with suppress(OSError):
                if str(opened.readlink()) in wanted:
                    return True
    return False


def _command(folder: Path) -> str:
    with suppress(OSError):
        words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return short(masked(words.strip()), 80)
    return "?"


def seal(source: Path, note: Path) -> None:
    """Take everybody's right to write from the source's files; what they had is noted."""
    files = [source.with_name(source.name + end) for end in BESIDE]
    modes = {str(file): file.stat().st_mode & 0o7777 for file in files if file.exists()}
    try:
        if not note.exists():  # else they are sealed already, and their rights are in the note
            note.write_text(json.dumps(modes), encoding="utf-8")
        for name, mode in modes.items():
            Path(name).chmod(mode & ~_WRITING)
    except OSError as error:
        what = f"{source} could not be made read-only: {error.strerror}."
        raise SourceError(what, f"Do it as its owner: chmod a-w {source}") from error


def sealed(note: Path) -> bool:
    """Whether we have made the source read-only."""
    return note.exists()


def thaw(note: Path) -> None:
    """Give back the rights that were taken. Raises SourceError."""
    if not note.exists():
        return
    for name, mode in json.loads(note.read_text(encoding="utf-8")).items():
        try:
            Path(name).chmod(mode)
        except FileNotFoundError:
            continue  # a WAL file, gone with its last reader
        except OSError as error:
            what = f"{name} could not be made writable again: {error.strerror}."
            raise SourceError(what, f"Do it as its owner: chmod u+w {name}") from error
    note.unlink()
