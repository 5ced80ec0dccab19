"""A demo store is whole or it is not there; it is made once and found again.

The file's own header carries the mark: `application_id` says demo store and recipe version,
`user_version` the anchor in minutes since 1970. Builders take turns through a lock that the
system drops when a process dies; a database gets its name only when it is finished.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tracking.demo.progress import Report, silent
from tracking.errors import DemoStoreError

RECIPE = 1
"""Raise it when the recipe changes: stores of another recipe are then made again."""
_MAGIC = 0x54544400  # "TTD" and one byte for the recipe's version
_FRESH_FOR = timedelta(days=7)
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Mark:
    """What a database says about itself; `ours` is False for any that no demo recipe made."""

    ours: bool
    recipe: int
    anchor: datetime
    used: bool
    """Somebody has logged runs of their own into it since."""


def ensure_demo_store(folder: Path, *, now: datetime | None = None, report: Report = silent) -> str:
    """The demo store's `sqlite:///` address; it is built in `folder` unless it is there.

    `now`: the moment the story ends at, to the minute. Without it any store up to a week old
    will do, so that "last week" has runs, and a new one ends at the current time.
    Raises DemoStoreError when something else stands in the way or the folder cannot be written.
    """
    database = folder.resolve() / "mlflow.db"
    try:
        return make_demo_store(database, now=now, report=report)
    except OSError as error:
        what = f"The demo store cannot be made in {folder}: {error.strerror}."
        fix = "Choose another folder, or make room there."
        raise DemoStoreError(what, fix) from error


def make_demo_store(
    database: Path, *, now: datetime | None = None, report: Report = silent,
    only: Sequence[str] = (),
) -> str:  # fmt: skip
    """Like `ensure_demo_store` for one file; `only` restricts it to some experiments."""
    address = f"sqlite:///{database}"
    if _will_do(database, now):
        return address
    database.parent.mkdir(parents=True, exist_ok=True)
    with _turn(database.parent, report):
        if not _will_do(database, now):  # another process may have made it meanwhile
            anchor = _to_the_minute(now or datetime.now(UTC))
            _build_beside(database, anchor, report, only)
    return address


def _will_do(database: Path, now: datetime | None) -> bool:
    if not database.exists():
        return False
    mark = read_mark(database)
    if not mark.ours:
        what = f"{database} is there already and is no demo store."
        fix = "It is left as it is; choose another folder for the demo store."
        raise DemoStoreError(what, fix)
    if mark.used:
        return True
    wanted = _to_the_minute(now) if now else None
    age = datetime.now(UTC) - mark.anchor
    return mark.recipe == RECIPE and (mark.anchor == wanted if wanted else age < _FRESH_FOR)


def read_mark(database: Path) -> Mark:
    """The mark in a database's header. Raises DemoStoreError when it cannot be read."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (minutes,) = connection.execute("PRAGMA user_version").fetchone()
            ours = application & ~0xFF == _MAGIC
            anchor_ms = minutes * _MINUTE_MS
            newest = ours and connection.execute("SELECT max(start_time) FROM runs").fetchone()[0]
    except sqlite3.Error as error:
        what = f"{database} cannot be read as a database."
        fix = "Move it away, then ask again."
        raise DemoStoreError(what, fix) from error
    anchor = datetime.fromtimestamp(anchor_ms / 1000, UTC)
    return Mark(ours, application & 0xFF, anchor, bool(newest and newest > anchor_ms))


def _marks(anchor: datetime) -> str:
    minutes = int(anchor.timestamp()) // 60
    return f"PRAGMA application_id = {_MAGIC | RECIPE}; PRAGMA user_version = {minutes};"


def _to_the_minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


@contextmanager
def _turn(folder: Path, report: Report) -> Iterator[None]:
    with (folder / ".demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("waiting for another process that is making it", 0, 1)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build_beside(database: Path, anchor: datetime, report: Report, only: Sequence[str]) -> None:
    from tracking.demo.build import build  # noqa: PLC0415  # costs seconds: MLflow, scikit-learn

    folder = database.parent
    _sweep(folder)
    artifacts = folder / f"artifacts-{RECIPE}-{anchor:%Y%m%dT%H%M}"
    workshop = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    try:
        anchor_ms = int(anchor.timestamp() * 1000)
        built = build(workshop, artifacts, anchor_ms, _marks(anchor), report, only)
        shutil.rmtree(artifacts, ignore_errors=True)
        (workshop / "artifacts").rename(artifacts)
        os.replace(built, database)  # noqa: PTH105  # the one step that makes it exist
        _forget_others(folder, artifacts)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Throw away what killed builders left. The lock is held: none of it is in use."""
    for left in folder.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)


def _forget_others(folder: Path, kept: Path) -> None:
    for old in folder.glob("artifacts-*-*T*"):
        if old != kept:
            shutil.rmtree(old, ignore_errors=True)
