"""What anyone may know of a migration, in one small file: written by the migrator, read by the bot.

The file is replaced whole, so that a reader never sees half of it. It holds no passwords: what is
an address with one is masked on its way in. Importing this loads neither MLflow nor SQLAlchemy.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from tracking.errors import TrackingError

VERSION = 1
"""Of the file's form. Fields may be added within a version; what changes their meaning adds one."""
QUIET = timedelta(seconds=60)
"""After this long without a word from a migration that runs, something holds it up."""

_PASSWORD = re.compile(r"(://[^:/@\s]*:)\S*@")

Count = Annotated[int, Field(ge=0)]


class StatusError(TrackingError):
    """The status file cannot be read or written."""


class Phase(StrEnum):
    """Where a migration is."""

    PLANNED = "planned"
    COPYING = "copying"
    INDEXING = "indexing"
    COPIED = "copied"
    CATCHING_UP = "catching up"
    CAUGHT_UP = "caught up"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    DIFFERENCES = "differences"
    CUT_OVER = "cut over"
    ROLLED_BACK = "rolled back"
    FAILED = "failed"


RUNNING = frozenset({Phase.COPYING, Phase.INDEXING, Phase.CATCHING_UP, Phase.VERIFYING})
"""The phases in which something moves by itself."""


@dataclass(frozen=True, slots=True)
class Verification:
    """A comparison of both stores that came to its end, and how much it compared."""

    at: AwareDatetime
    ok: bool
    tables: Count
    rows: Count


@dataclass(frozen=True, slots=True)
class Difference:
    """Something of a table that is not the same in the target, in words: "12 rows", "11 rows"."""

    table: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """A migration at one moment. `table` is the one being worked on; `error` why it failed.

    `source` and `target` are addresses as people may see them. None is what nobody knows yet.
    `pid` is the process that told it, `place` where that number means something: see `here`.
    """

    phase: Phase
    source: str
    target: str
    started_at: AwareDatetime
    updated_at: AwareDatetime
    table: str | None = None
    rows_copied: Count = 0
    rows_total: Count | None = None
    rows_per_second: float | None = None
    eta_seconds: float | None = None
    last_verification: Verification | None = None
    differences: tuple[Difference, ...] = ()
    error: str | None = None
    pid: int | None = None
    place: str | None = None

    @property
    def running(self) -> bool:
        """Whether it is under way right now."""
        return self.phase in RUNNING

    @property
    def share(self) -> float | None:
        """How much is copied, from 0 to 1; a source that grows meanwhile makes no more than 1."""
        if self.rows_total is None:
            return None
        return min(self.rows_copied / self.rows_total, 1.0) if self.rows_total else 1.0

    @property
    def killed(self) -> bool:
        """Whether it should be running, and its process is dead; only its own machine can tell."""
        if not self.running or self.pid is None or self.place is None:
            return False
        return self.place == here() and not _alive(self.pid)

    def stalled(self, now: datetime) -> bool:
        """Whether it should be running and was killed, or has not been heard of for a minute."""
        return self.killed or (self.running and now - self.updated_at > QUIET)


def here() -> str | None:
    """Where a process's number means something: this machine, and within it this container.

    Only Linux says; None elsewhere.
    """
    try:
        return f"{socket.gethostname()} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return None


def _alive(pid: int) -> bool:
    with contextlib.suppress(PermissionError):  # somebody else's, and so alive
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Version:
    version: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class _Kept:
    status: MigrationStatus
    version: int = VERSION


def status_file(environ: Mapping[str, str]) -> Path:
    """Where the status is kept unless somebody says otherwise: the user's state folder."""
    state = Path(environ.get("XDG_STATE_HOME") or "")
    if not state.is_absolute():  # "should be ignored", says the XDG standard
        state = Path(environ.get("HOME") or Path.home()) / ".local" / "state"
    return state / "tracktalk" / "migration.json"


def read(path: Path) -> MigrationStatus | None:
    """The status in a file; None when there is no file. Raises StatusError."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        version = TypeAdapter(_Version).validate_json(text).version
        if version > VERSION:
            raise _newer(path)
        return TypeAdapter(_Kept).validate_json(text).status
    except ValidationError as error:
        raise _damaged(path) from error


def write(path: Path, status: MigrationStatus) -> None:
    """Put the status into a file in place of what it held. Raises StatusError."""
    # Of this process alone: two writers at once must not mix their halves.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(TypeAdapter(_Kept).dump_json(_Kept(_shown(status)), indent=2))
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def to_json(status: MigrationStatus) -> str:
    """The status as one line that `from_json` reads, passwords hidden."""
    return TypeAdapter(_Kept).dump_json(_Kept(_shown(status))).decode()


def from_json(text: str) -> MigrationStatus:
    """The status in such a line. Raises StatusError."""
    try:
        return TypeAdapter(_Kept).validate_json(text).status
    except ValidationError as error:
        what = "What stands in the target's ledger is no migration's status."
        raise StatusError(what, "Update Tracktalk, if a newer one has written it.") from error


def masked(text: str) -> str:
    """The text, with the password of every address in it hidden."""
    return _PASSWORD.sub(r"\1********@", text)


def _shown(status: MigrationStatus) -> MigrationStatus:
    return replace(
        status,
        source=masked(status.source),
        target=masked(status.target),
        error=status.error and masked(status.error),
    )


def _unreadable(path: Path, error: OSError) -> StatusError:
    what = f"The migration's status cannot be read from {path}: {error.strerror}."
    return StatusError(what, "Let the account that runs this read the file, or name another one.")


def _unwritable(path: Path, error: OSError) -> StatusError:
    what = f"The migration's status cannot be written to {path}: {error.strerror}."
    return StatusError(what, "Name a file in a folder that this account may write to.")


def _damaged(path: Path) -> StatusError:
    what = f"{path} is not a migration's status, or it is damaged."
    return StatusError(what, "Remove it: a migration that runs writes it again within seconds.")


def _newer(path: Path) -> StatusError:
    what = f"{path} was written by a newer Tracktalk."
    return StatusError(what, "Update the Tracktalk that reads it.")
