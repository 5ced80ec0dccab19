"""The way back to SQLite, before the cutover and after it.

Before it, nothing has happened to the source: the target is emptied, and that is all. After it,
what MLflow has written to MySQL goes into a new SQLite file beside the source, which itself stays
as it was. The plan says which of the two it is, and what cannot go back.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import pymysql

from tracking.errors import AddressError, CopyMismatch, TargetRefused
from tracking.migrate import (
    back_file,
    bring_back,
    catchup,
    cutover,
    freeze,
    handover,
    ledger,
    prepared,
    record,
    server,
)
from tracking.migrate.artifacts import rewriting
from tracking.migrate.changes import Count
from tracking.migrate.handover import Handover
from tracking.migrate.moving import Move, sole
from tracking.migrate.plan import ROWS_PER_SECOND, mlflow_shape
from tracking.migrate.prepared import Prepared
from tracking.migrate.progress import Progress
from tracking.migrate.record import Event, Kind
from tracking.migrate.run import alone, tell_target
from tracking.migrate.server import Connection, quoted
from tracking.migrate.target import Found, look
from tracking.migrate.verify import verify as verification
from tracking.migrate.verify.findings import Proof
from tracking.status import Phase


class Do(StrEnum):
    """What a step does."""

    HOLD = "hold the target"
    WRITE_BACK = "write back"
    VERIFY = "verify"
    FINISH = "give the file its name"
    START = "start MLflow on the file"
    DROP = "drop the target's tables"
    THAW = "make the source writable again"
    FORGET = "forget the copy"


@dataclass(frozen=True, slots=True)
class Step:
    """A thing to be done, by which command, for how long (seconds)."""

    do: Do
    what: str
    how: str
    seconds: float | None = 0


@dataclass(frozen=True, slots=True)
class RollbackPlan:
    """What will be done. `file`: the new SQLite file, None before the cutover.

    `cannot`: what does not go back, or goes back as something else, in sentences.
    """

    move: Move
    steps: tuple[Step, ...]
    found: Found
    file: Path | None = None
    cannot: tuple[str, ...] = ()


@dataclass(slots=True)
class Back:
    """What was done. `counts`: rows of the file that are not as they were at the cutover."""

    counts: Mapping[str, Count] = field(default_factory=dict)
    proof: Proof | None = None
    late: int = 0


Doing = Callable[[Step], None]
"""Hears of each step as it begins."""


def plan(move: Move, file: Path | None = None) -> RollbackPlan:
    """Look at both ends, and say what will be done. Raises TrackingError."""
    found = look(move.target, frozenset(mlflow_shape() or ()))
    if found.entry is None:
        what = f"Nothing of ours is in {move.target.database}."
        raise TargetRefused(what, "There is nothing to go back from.")
    if Path(found.entry.source) != move.source:
        what = f"{move.target.database} is the target of a move from {found.entry.source}."
        raise TargetRefused(what, "Name that source.")
    if found.handover is None:
        return RollbackPlan(move, tuple(_before(move)), found)
    if found.handover.rolled_back:
        what = f"{move.target.database} was rolled back already."
        raise TargetRefused(what, "The file that was written then is beside the source.")
    into = (file or back_file.beside(move.source)).resolve()
    if into.exists() and not back_file.cut_short(move.folder, into):
        what = f"{into} is there already."
        raise AddressError(what, "Move it away, or name another file with --into.")
    return RollbackPlan(
        move, tuple(_after(move, into)), found, into, tuple(_cannot(move, found, found.handover))
    )


def _before(move: Move) -> Iterator[Step]:
    if freeze.sealed(cutover.note(move)):
        yield Step(Do.THAW, f"give {move.source.name} its rights back", f"chmod u+w {move.source}")
    what = f"drop MLflow's tables and ours in {move.target.database}: nothing but copies is in them"
    yield Step(Do.DROP, what, "DROP TABLE …")
    yield Step(Do.FORGET, "throw the copy of the source away", f"rm -r {move.folder}")


def _after(move: Move, into: Path) -> Iterator[Step]:
    database = move.target.database
    rows = cutover.rows_of(move)
    seconds = cutover.MLFLOW_SECONDS + rows / cutover.VERIFY_ROWS_PER_SECOND
    yield Step(
        Do.HOLD, f"hold {database}, so that nothing can be written to it; the MLflow server must"
        " have been stopped", "LOCK TABLES … READ", None,
    )  # fmt: skip
    yield Step(
        Do.WRITE_BACK, f"write what MLflow wrote to {database} into a copy of {move.source.name}",
        f"to {into}, first under another name", rows / ROWS_PER_SECOND,
    )  # fmt: skip
    yield Step(Do.VERIFY, f"compare every row of that file with {database}", "as verify", seconds)
    yield Step(
        Do.FINISH, "give experiments their old ids back and the file its name; the source stays"
        " as it is, read-only", f"mv … {into}",
    )  # fmt: skip
    yield Step(
        Do.START, "start the old server on that file", f"MLFLOW_BACKEND_STORE_URI=sqlite:///{into}",
        None,
    )  # fmt: skip


def _cannot(move: Move, found: Found, over: Handover) -> Iterator[str]:
    if base := prepared.of_target(move.folder, over.snapshot):
        if base.upgraded:
            yield (
                f"The file has MLflow's tables of revision {base.revision}: the old server must be"
                f" an MLflow that knows them (before it was {base.revision_before})."
            )
        if base.infinities:
            yield f"{base.infinities:,} infinities stay MLflow's own number for them."
    if found.ids:
        yield "Experiments made since the cutover keep the ids that MySQL gave them."
    with closing(server.connect(move.target)) as connection:
        if rewriting.latest(connection) is not None:
            yield (
                "Artifacts keep the addresses that they were given. For the old ones, first do"
                " `tracktalk migrate artifacts rewrite --undo --yes`."
            )
    yield "Artifacts logged since the cutover stay where the new server has put them."
    yield "The basic-auth database, where there is one, is not part of this."


def roll_back(
    made: RollbackPlan, progress: Progress, terms: verification.Terms, doing: Doing
) -> Back:
    """Do what the plan says. Raises CopyMismatch when the file does not hold what MySQL holds."""
    try:
        with sole(made.move):
            if made.file is None:
                return _undo(made, progress, doing)
            return _write_back(made, made.file, progress, terms, doing)
    except pymysql.MySQLError as error:
        raise server.refused(made.move.target, error) from error


def _undo(made: RollbackPlan, progress: Progress, doing: Doing) -> Back:
    move = made.move
    with closing(server.connect(move.target)) as connection:
        alone(connection, move.target)
        for step in made.steps:
            doing(step)
            if step.do is Do.THAW:
                freeze.thaw(cutover.note(move))
            elif step.do is Do.DROP:
                _drop(connection, made.found.tables)
            else:
                shutil.rmtree(move.folder, ignore_errors=True)
    progress.change(phase=Phase.ROLLED_BACK, table=None, eta_seconds=None)
    return Back()


def _drop(connection: Connection, tables: frozenset[str]) -> None:
    """Ours go last: who is killed before can begin again."""
    server.run(connection, server.UNCHECKED)
    for table in (*sorted(tables), *sorted(ledger.OURS)):
        server.run(connection, f"DROP TABLE IF EXISTS {quoted(table)}")


def _write_back(
    made: RollbackPlan, into: Path, progress: Progress, terms: verification.Terms, doing: Doing
) -> Back:
    move, over = made.move, made.found.handover
    assert over is not None  # noqa: S101  # for mypy: the plan has seen it
    steps = {step.do: step for step in made.steps}
    part = into.with_name(f"{into.name}.part")
    with closing(server.connect(move.target)) as connection:
        alone(connection, move.target)
        doing(steps[Do.HOLD])
        with held(move, made.found.tables):
            base, late = _base(move, over, made.found.ids)
            doing(steps[Do.WRITE_BACK])
            counts = _fill(move, base, part, progress)
            doing(steps[Do.VERIFY])
            proof = _verified(replace(base, file=part), move, progress, terms)
            doing(steps[Do.FINISH])
            back_file.finish(part, into, move.folder, made.found.ids)
            _tell(move, into, counts, progress)
            # Last of all: who is killed before it does all of this again.
            handover.take_back(connection)
    prepared.forget(move.folder)
    doing(steps[Do.START])
    return Back(counts, proof, late)


def _tell(move: Move, into: Path, counts: Mapping[str, Count], progress: Progress) -> None:
    told = {"told": f"into {into}", "counts": catchup.to_object(counts)}
    record.keep(move.target, Event(Kind.ROLLED_BACK, told))
    tell_target(
        move.target, lambda: progress.change(phase=Phase.ROLLED_BACK, eta_seconds=None), progress
    )


@contextmanager
def held(move: Move, tables: frozenset[str]) -> Iterator[None]:
    """Keep everybody from writing to the target. Raises TargetRefused while a server is on it."""
    with closing(server.connect(move.target)) as connection:
        _check_alone(connection, move)
        locks = ", ".join(f"{quoted(table)} READ" for table in sorted(tables))
        server.run(connection, "SET SESSION lock_wait_timeout = 60", f"LOCK TABLES {locks}")
        yield


def _check_alone(connection: Connection, move: Move) -> None:
    """Nobody else may be on the database; our own sessions are known by our lock's holder."""
    others = server.ask(
        connection,
        "SELECT DISTINCT user, host FROM information_schema.processlist"
        " WHERE db = DATABASE() AND id <> CONNECTION_ID() AND id <> IS_USED_LOCK(%s)",
        [f"tracktalk-migrate-{move.target.database}"[:64]],
    )
    if others:
        who = ", ".join(f"{user}@{host}" for user, host in others[:5])
        what = f"Somebody is connected to {move.target.database}: {who}."
        raise TargetRefused(what, "Stop the MLflow server, then ask again.")


def _base(move: Move, over: Handover, given: Mapping[int, int]) -> tuple[Prepared, int]:
    """The copy as it was at the cutover, and how many rows of the source changed after it."""
    if base := prepared.of_target(move.folder, over.snapshot):
        return base, catchup.written_since(move, base, given)
    return prepared.prepare(move.source, move.folder, ids_given=given), 0


def _fill(move: Move, base: Prepared, part: Path, progress: Progress) -> dict[str, Count]:
    for end in freeze.BESIDE:  # a journal that a killed one has left would be played into this one
        part.with_name(part.name + end).unlink(missing_ok=True)
    shutil.copyfile(base.file, part)
    progress.begin(Phase.CATCHING_UP, total=cutover.rows_of(move))
    return bring_back.bring_back(move.target, base.file, part, progress.advance)


def _verified(
    written: Prepared, move: Move, progress: Progress, terms: verification.Terms
) -> Proof:
    proof = verification.verify(written, move.target, progress, terms)
    verification.told(proof, progress)
    if not proof.ok:
        first = f"{cutover.said(proof.findings)} ({proof.differing:,} in all)"
        what = f"{written.file} does not hold what MySQL holds: {first}."
        raise CopyMismatch(
            what, "MLflow goes on in MySQL. See all with `tracktalk migrate status`."
        )
    return proof
