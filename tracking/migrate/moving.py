"""A whole move, as the commands ask for it: copy of the source, plan, run, verification, status."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tracking.errors import TrackingError
from tracking.migrate import events, prepared, record, run
from tracking.migrate import plan as planning
from tracking.migrate.addresses import Target
from tracking.migrate.plan import Plan, mlflow_shape
from tracking.migrate.prepared import Prepared
from tracking.migrate.progress import Progress, Tell
from tracking.migrate.target import look
from tracking.migrate.verify import verify as verification
from tracking.migrate.verify.findings import Proof
from tracking.status import MigrationStatus, Phase, masked, write


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
        return planning.plan(_prepare(move, folder), move.target)


def run_all(
    move: Move, *, max_rate: float | None = None, terms: verification.Terms | None = None
) -> tuple[Plan, Proof | None]:
    """Copy what is not there yet, then verify, on terms; None leaves that out."""
    with progress_of(move) as progress:
        made = planning.plan(_same_copy(move), move.target)
        run.run(made, move.folder, progress, max_rate=max_rate)
        if terms is None:
            copied = partial(progress.change, phase=Phase.COPIED, table=None, eta_seconds=None)
            run.tell_target(move.target, copied, progress)
            return made, None
        return made, _verify(move, made.prepared, progress, terms)


def verify(move: Move, terms: verification.Terms) -> Proof:
    """Compare the source as it is now with the target, however that was filled."""
    with progress_of(move) as progress, _passing(move) as folder:
        return _verify(move, _prepare(move, folder), progress, terms)


def _verify(move: Move, copy: Prepared, progress: Progress, terms: verification.Terms) -> Proof:
    proof = verification.verify(copy, move.target, progress, terms)
    run.tell_target(move.target, partial(verification.told, proof, progress), progress)
    record.keep(move.target, events.verified(proof, copy.source, terms))
    return proof


def _prepare(move: Move, folder: Path) -> Prepared:
    found = look(move.target, frozenset(mlflow_shape() or ()))
    return prepared.prepare(move.source, folder, ids_given=found.ids)


def _same_copy(move: Move) -> Prepared:
    """The copy that an interrupted run has begun with, or else a new one."""
    found = look(move.target, frozenset(mlflow_shape() or ()))
    kept = prepared.kept(move.folder, found.entry.snapshot) if found.entry else None
    return kept or prepared.prepare(move.source, move.folder, ids_given=found.ids)


@contextmanager
def _passing(move: Move) -> Iterator[Path]:
    move.workspace.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=move.workspace, prefix="look-") as folder:
        yield Path(folder)


@contextmanager
def progress_of(move: Move) -> Iterator[Progress]:
    """The status of a move, told to its file; what ends it badly is told there, too."""
    now = datetime.now(UTC)
    status = MigrationStatus(Phase.PLANNED, f"sqlite:///{move.source}", move.target.shown, now, now)
    progress = Progress(status, [*move.tell, partial(write, move.status)])
    progress.change(phase=Phase.PLANNED)
    try:
        yield progress
    except TrackingError as error:
        progress.fail(masked(str(error)))
        raise
    except KeyboardInterrupt:
        progress.fail("Stopped by hand. Run it again: it goes on where it stopped.")
        raise
