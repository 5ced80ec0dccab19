"""A whole move, as the commands ask for it: copy of the source, plan, run, verification, status."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tracking.errors import Forgotten, TrackingError
from tracking.migrate import changes, events, prepared, record, rewritten, run, snapshot, workspace
from tracking.migrate import plan as planning
from tracking.migrate.addresses import Target
from tracking.migrate.handover import Handover
from tracking.migrate.plan import Plan, mlflow_shape
from tracking.migrate.prepared import Prepared
from tracking.migrate.progress import Progress, Tell
from tracking.migrate.target import Found, look
from tracking.migrate.verify import afterwards
from tracking.migrate.verify import verify as verification
from tracking.migrate.verify.findings import Proof
from tracking.migrate.verify.through_mlflow import Reader, sample
from tracking.migrate.verify.verify import Known
from tracking.status import MigrationStatus, Phase, StatusError, here, masked, read, write


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where, the folder for the copy, the file for the status, and who is told."""

    source: Path
    target: Target
    workspace: Path
    status: Path
    tell: Sequence[Tell] = ()

    @property
    def folder(self) -> Path:
        """The copy's own folder: two moves never share one."""
        name = hashlib.sha256(f"{self.source}\n{self.target.shown}".encode()).hexdigest()[:12]
        return self.workspace / name


def plan(move: Move) -> Plan:
    """What a run would do. Its copy of the source is thrown away."""
    with _passing(move) as folder:
        copy = prepared.prepare(move.source, folder, ids_given=_look(move).ids)
        return planning.plan(copy, move.target)


def run_all(
    move: Move, *, max_rate: float | None = None, terms: verification.Terms | None = None
) -> tuple[Plan, Proof | None]:
    """Copy what is not there yet, then verify, on terms; None leaves that out."""
    with sole(move), progress_of(move) as progress, closing(Reader()) as reader:

        def indexing(made: Plan) -> None:
            """While the server makes indexes, nothing else is to be done here."""
            if terms and terms.sample:
                file = made.prepared.file
                some = sample(file, terms.sample)
                reader.start(file, move.target, some, write=terms.write)

        act = partial(
            run.run, folder=move.folder, progress=progress, max_rate=max_rate, indexing=indexing
        )
        made = _copied(move, act, run.PASSES)
        if terms is None:
            copied = partial(progress.change, phase=Phase.COPIED, table=None, eta_seconds=None)
            run.tell_target(move.target, copied, progress)
            return made, None
        with _passing(move) as folder:
            copy = rewritten.beside(move.target, made.prepared, folder)
            return made, _verify(move, copy, progress, terms, Known(made.sizes, reader))


def _copied(move: Move, act: Callable[[Plan], None], tries: int) -> Plan:
    made = planning.plan(_same_copy(move), move.target)
    try:
        act(made)
    except Forgotten:  # not a row of ours is there any more: from the start
        if tries == 1:
            raise
        return _copied(move, act, tries - 1)
    return made


def verify(move: Move, terms: verification.Terms) -> Proof:
    """Compare the source as it is now with the target, however that was filled.

    A target that was handed over is looked at as what it is, and the status stays as it is.
    """
    found = _look(move)
    if found.handover:
        return _afterwards(move, found, found.handover, terms)
    with progress_of(move) as progress, _passing(move) as folder:
        copy = prepared.prepare(move.source, folder, ids_given=found.ids)
        rewritten.follow(move.target, copy.file)
        return _verify(move, copy, progress, terms)


def _afterwards(move: Move, found: Found, over: Handover, terms: verification.Terms) -> Proof:
    with _passing(move) as folder:
        copy = prepared.prepare(move.source, folder, ids_given=found.ids)
        late = _written_late(copy, prepared.of_target(move.folder, over.snapshot))
        rewritten.follow(move.target, copy.file)
        progress = Progress(_planned(move), move.tell)
        proof = afterwards.verify(copy, move.target, over, late, progress)
    record.keep(move.target, events.verified(proof, move.source, terms))
    return proof


def _written_late(copy: Prepared, base: Prepared | None) -> int | None:
    if base is None:
        return None
    names = frozenset(mlflow_shape() or ())
    return changes.how_many(copy.file.with_name("changes.db"), copy.file, base.file, names)


def _verify(
    move: Move, copy: Prepared, progress: Progress, terms: verification.Terms,
    known: Known | None = None,
) -> Proof:  # fmt: skip
    proof = verification.verify(copy, move.target, progress, terms, known)
    run.tell_target(move.target, partial(verification.told, proof, progress), progress)
    record.keep(move.target, events.verified(proof, copy.source, terms))
    return proof


def _look(move: Move) -> Found:
    return look(move.target, frozenset(mlflow_shape() or ()))


def _same_copy(move: Move) -> Prepared:
    """The copy that an interrupted run has begun with, or else a new one."""
    found = _look(move)
    kept = prepared.of_target(move.folder, found.entry.snapshot) if found.entry else None
    return kept or prepared.prepare(move.source, move.folder, ids_given=found.ids)


@contextmanager
def sole(move: Move) -> Iterator[None]:
    """Two at once would write into each other's copy of the source. Raises TargetRefused.

    The target's own lock comes too late for that: the copy is taken before.
    """
    with workspace.alone(move.folder) as free:
        if not free:
            raise run.busy(move.target)
        yield


def _passing(move: Move) -> AbstractContextManager[Path]:
    return workspace.passing(move.workspace)


@contextmanager
def progress_of(move: Move) -> Iterator[Progress]:
    """The status of a move, told to its file; what ends it badly is told there, too."""
    progress = Progress(_planned(move), [*move.tell, _StatusFile(move)])
    progress.change(phase=Phase.PLANNED)
    try:
        yield progress
    except TrackingError as error:
        progress.fail(masked(str(error)))
        raise
    except KeyboardInterrupt:
        progress.fail("Stopped by hand. Run it again: it goes on where it stopped.")
        raise
    except (OSError, sqlite3.OperationalError) as error:
        if not snapshot.no_room(error):
            raise
        full = snapshot.full(move.folder, error)
        progress.fail(str(full))
        raise full from error


def _planned(move: Move) -> MigrationStatus:
    now = datetime.now(UTC)
    return MigrationStatus(
        Phase.PLANNED, f"sqlite:///{move.source}", move.target.shown, now, now,
        pid=os.getpid(), place=here(),
    )  # fmt: skip


class _StatusFile:
    """Tells the status file of a move.

    What stands there is kept from whoever is refused before anything has begun, if it is true
    still: that the target was handed over, or that another process is at work.
    """

    def __init__(self, move: Move) -> None:
        self._file = move.status
        before = None
        with suppress(StatusError):
            before = read(move.status)
        now = _planned(move)
        same = before and (before.source, before.target) == (now.source, now.target)
        self._stands = bool(before and same and _holds(before, now.updated_at))

    def __call__(self, now: MigrationStatus) -> None:
        """Write it."""
        self._stands = self._stands and now.phase in {Phase.PLANNED, Phase.FAILED}
        if not self._stands:
            write(self._file, now)


def _holds(status: MigrationStatus, now: datetime) -> bool:
    return status.phase is Phase.CUT_OVER or (status.running and not status.stalled(now))
