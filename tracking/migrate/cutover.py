"""The cutover: the steps by which a store's last changes move over and MLflow goes on in MySQL.

`plan` says what they are, how long they may take and how to go back; `cut_over` does that same
list. It can be killed and done again at any step: until the target is handed over nothing has
changed but its rows, which a last pass brings up to date anyway.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tracking.errors import CopyMismatch, SourceBusy
from tracking.migrate import (
    catchup,
    environment,
    events,
    freeze,
    handover,
    ledger,
    prepared,
    record,
    server,
    smoke,
)
from tracking.migrate.catchup import Pass, Work
from tracking.migrate.handover import Handover
from tracking.migrate.moving import Move
from tracking.migrate.plan import ROWS_PER_SECOND, mlflow_shape
from tracking.migrate.progress import Progress
from tracking.migrate.record import Event, Kind
from tracking.migrate.target import look
from tracking.migrate.verify import verify as verification
from tracking.migrate.verify.findings import Finding, Proof
from tracking.status import Phase

PASS_ROWS_PER_SECOND = 4 * ROWS_PER_SECOND
"""Of a pass that finds little to do: both copies are compared on this machine alone."""
VERIFY_ROWS_PER_SECOND = 2 * ROWS_PER_SECOND
MLFLOW_SECONDS = 20
"""For MLflow to be loaded, and to answer."""
LOOK_EVERY = 0.5
"""Seconds between two looks for who still has the source open."""


class Do(StrEnum):
    """What a step does."""

    HOLD = "hold the source"
    LAST_PASS = "last pass"  # noqa: S105  # of catching up
    VERIFY = "verify"
    SMOKE_TEST = "smoke test"
    HAND_OVER = "hand over"
    SEAL = "make the source read-only"
    START = "start MLflow on the target"


@dataclass(frozen=True, slots=True)
class Step:
    """A thing to be done: what, by which command, for how long (seconds), and the way back."""

    do: Do
    what: str
    how: str
    seconds: float | None
    back: str


@dataclass(frozen=True, slots=True)
class CutoverPlan:
    """What will be done. `over`: that it was done already; `ids`: see ids.py."""

    move: Move
    steps: tuple[Step, ...]
    environment: tuple[str, ...]
    hint: str
    over: Handover | None = None
    ids: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What was done.

    `holders` still have the source open: what they write now is lost. `late`: rows that were
    written to the source after the target had been handed over, and are only there.
    """

    last: Pass | None = None
    proof: Proof | None = None
    holders: list[str] = field(default_factory=list)
    late: int = 0


Doing = Callable[[Step], None]
"""Hears of each step as it begins."""


def plan(move: Move) -> CutoverPlan:
    """Look at both ends, and say what will be done. Raises TrackingError."""
    found = look(move.target, frozenset(mlflow_shape() or ()))
    over = found.handover if found.handover and not found.handover.rolled_back else None
    if not over:
        catchup.check(move, found)
    holders = tuple(map(str, freeze.holders(move.source)))
    lines = tuple(environment.lines(move.target, int(found.settings["wait_timeout"])))
    steps = tuple(_steps(move, rows_of(move), holders))
    return CutoverPlan(move, steps, lines, environment.hint(move.target), over, found.ids)


def rows_of(move: Move) -> int:
    """How many rows the target's ledger says it has."""
    with closing(server.connect(move.target)) as connection:
        lines = ledger.done(connection).values()
    return sum(done.rows for chunks in lines for done in chunks)


def _steps(move: Move, rows: int, holders: tuple[str, ...]) -> Iterator[Step]:
    name, until = move.source.name, "End it (Ctrl-C): the lock goes, the old server writes on."
    who = f"open in {', '.join(holders)}" if holders else "nobody has it open"
    yield Step(
        Do.HOLD, f"hold {name}, so that nothing can be written to it ({who})",
        "SQLite: BEGIN IMMEDIATE. The old server may stay up: it reads on and answers writes with"
        " 503, which MLflow's clients try again for minutes", None, until,
    )  # fmt: skip
    yield Step(
        Do.LAST_PASS, "bring over what has changed since the last pass",
        "tracktalk migrate catch-up", 5 + rows / PASS_ROWS_PER_SECOND, until,
    )  # fmt: skip
    yield Step(
        Do.VERIFY, "compare every row of both stores, and read both through MLflow",
        "tracktalk migrate verify", MLFLOW_SECONDS + rows / VERIFY_ROWS_PER_SECOND, until,
    )  # fmt: skip
    yield Step(
        Do.SMOKE_TEST, "start MLflow's server on the target, read, log a run, remove it",
        "mlflow server, on a free port of 127.0.0.1", MLFLOW_SECONDS, until,
    )  # fmt: skip
    back = "tracktalk migrate rollback: what MLflow wrote to MySQL goes back into a SQLite file."
    yield Step(
        Do.HAND_OVER, f"note in {move.target.database} that its rows are MLflow's own from now on",
        "a row in tracktalk_cutover", 0, back,
    )  # fmt: skip
    yield Step(
        Do.SEAL, f"make {name} read-only, so that no server writes to it by mistake",
        f"chmod a-w {move.source}", 0, back,
    )  # fmt: skip
    yield Step(
        Do.START, "stop the old server, and start it with the environment below; the source is"
        " held until nobody has it open", "for systemd: systemctl restart mlflow", None, back,
    )  # fmt: skip


def cut_over(
    made: CutoverPlan, progress: Progress, terms: verification.Terms, doing: Doing, *, wait: float
) -> Outcome:
    """Do what the plan says. `wait`: seconds for which the old server's end is awaited.

    Raises CopyMismatch when the stores are not the same, and whatever its steps raise.
    """
    move, outcome = made.move, Outcome()
    doing(made.steps[0])  # before it is held: somebody may be writing, and is waited for
    with freeze.held(move.source) as surely:
        if made.over:
            _end_again(made, made.over, progress, outcome)
            return _await_end(made, outcome, doing, wait)
        before = freeze.traces(move.source)
        job = _Job(made, progress, terms, outcome)
        with catchup.at_work(move, progress) as work:
            for step in made.steps:
                if step.do in _ACTIONS:
                    doing(step)
                    _ACTIONS[step.do](job, work)
                    if not surely:
                        _check_quiet(move, before)
            progress.change(phase=Phase.CUT_OVER, table=None, eta_seconds=None)
        return _await_end(made, outcome, doing, wait)


def _end_again(made: CutoverPlan, over: Handover, progress: Progress, outcome: Outcome) -> None:
    """Whoever was killed after the handover may have let the old server write once more.

    Nor may the handover have got into what the target remembers for the report.
    """
    if base := prepared.of_target(made.move.folder, over.snapshot):
        outcome.late = catchup.written_since(made.move, base, made.ids)
    with closing(server.connect(made.move.target)) as connection:
        told = [each.kind for each in record.read(connection)]
        # An earlier move into this target may have been handed over, too: a plan begins another.
        if [each for each in told if each in {Kind.PLANNED, Kind.CUT_OVER}][-1:] != [Kind.CUT_OVER]:
            record.note(connection, _over())
    freeze.seal(made.move.source, note(made.move))
    progress.change(phase=Phase.CUT_OVER, table=None, eta_seconds=None)


@dataclass(frozen=True, slots=True)
class _Job:
    plan: CutoverPlan
    progress: Progress
    terms: verification.Terms
    outcome: Outcome

    @property
    def last(self) -> Pass:
        assert self.outcome.last is not None  # noqa: S101  # for mypy: the pass comes first
        return self.outcome.last


def _last_pass(job: _Job, work: Work) -> None:
    job.outcome.last = catchup.one_pass(work)
    smoke.sweep(work.connection, job.last.copy.file)


def _verify(job: _Job, work: Work) -> None:
    target = job.plan.move.target
    proof = verification.verify(job.last.copy, target, job.progress, job.terms)
    verification.told(proof, job.progress)
    source = job.plan.move.source
    record.keep(target, events.verified(proof, source, job.terms))
    job.outcome.proof = proof
    if not proof.ok:
        what = f"The stores are not the same: {said(proof.findings)} ({proof.differing:,} in all)."
        raise CopyMismatch(
            what, "Nothing was handed over. See all with `tracktalk migrate status`."
        )
    work.connection.ping(reconnect=False)  # with it our lock would be gone: better to end here


def _smoke_test(job: _Job, work: Work) -> None:
    found = smoke.test(job.plan.move.target, work.connection, job.last.copy.file)
    if found:
        job.progress.change(
            phase=Phase.DIFFERENCES, differences=tuple(each.difference for each in found[:20])
        )
        what = f"MLflow's server on the target does not show what the source holds: {said(found)}."
        raise CopyMismatch(what, "Nothing was handed over; the old server may go on.")


def said(found: Sequence[Finding]) -> str:
    """The first of some differences."""
    first = next(iter(found), None)
    if first is None:
        return "see the checks"
    return f"{first.subject} {first.what}: expected {first.expected}; found {first.found}"


def _hand_over(job: _Job, work: Work) -> None:
    handover.write(work.connection, job.last.copy.id)
    record.note(work.connection, _over())


def _over() -> Event:
    """No target is handed over before its smoke test was right."""
    smoke_test = {"ok": True, "told": "MLflow's own server showed the same, a run logged, removed"}
    return Event(Kind.CUT_OVER, {"smoke": smoke_test})


def _seal(job: _Job, _work: Work) -> None:
    freeze.seal(job.plan.move.source, note(job.plan.move))


_ACTIONS: Mapping[Do, Callable[[_Job, Work], None]] = {
    Do.LAST_PASS: _last_pass,
    Do.VERIFY: _verify,
    Do.SMOKE_TEST: _smoke_test,
    Do.HAND_OVER: _hand_over,
    Do.SEAL: _seal,
}


def _check_quiet(move: Move, before: str) -> None:
    """For a source that this account may not lock: at least nobody may have written to it."""
    if freeze.traces(move.source) != before:
        what = f"{move.source} was written to meanwhile, and this account may not hold it."
        raise SourceBusy(what, "Stop the MLflow server, or run this as the file's owner.")


def _await_end(made: CutoverPlan, outcome: Outcome, doing: Doing, wait: float) -> Outcome:
    """Hold the source until nobody has it open: whoever has may write to it, read-only or not."""
    doing(made.steps[-1])
    give_up = time.monotonic() + wait
    with suppress(KeyboardInterrupt):  # the handover is done: who does not want to wait may go
        while freeze.holders(made.move.source) and time.monotonic() < give_up:
            time.sleep(LOOK_EVERY)
    outcome.holders = [str(holder) for holder in freeze.holders(made.move.source)]
    return outcome


def note(move: Move) -> Path:
    """The file that keeps the rights which the source's files had."""
    return move.folder / "sealed.json"
