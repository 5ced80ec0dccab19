"""The commands' work: plan, copy, comparison and rewriting, with ledger and progress at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tracking.errors import TargetRefused
from tracking.migrate import record
from tracking.migrate.addresses import Target
from tracking.migrate.artifacts import copying, ledger, planning, rewriting, survey
from tracking.migrate.artifacts.copying import Outcome, Pace
from tracking.migrate.artifacts.destination import Destination
from tracking.migrate.artifacts.files import Oddities
from tracking.migrate.artifacts.folders import Folders, folders
from tracking.migrate.artifacts.ledger import Verified
from tracking.migrate.artifacts.moves import Move, Moves
from tracking.migrate.artifacts.planning import Plan, measured, to_copy
from tracking.migrate.artifacts.progress import Counter, Tell, silent
from tracking.migrate.artifacts.rewriting import Change
from tracking.migrate.artifacts.roots import destination_of
from tracking.migrate.record import Event, Kind
from tracking.migrate.telling import many


@dataclass(frozen=True, slots=True)
class Work:
    """What to move, and how.

    `everything`: files that belong to no row, too; `max_rate` is in bytes a second.
    """

    target: Target
    moves: Moves
    ledger: Path
    everything: bool = False
    max_rate: float | None = None
    tell: Tell = silent


@dataclass(slots=True)
class Result:
    """What came of one move."""

    move: Move
    outcome: Outcome
    odd: Oddities = field(default_factory=Oddities)


def plan(work: Work) -> Plan:
    """What a run and a rewriting would do. Writes nothing."""
    with folders() as named:
        return planning.plan(work.target, work.moves, named, everything=work.everything)


def run(work: Work) -> list[Result]:
    """Copy what is not there yet."""
    return _each(work, "copying", copying.copy)


def verify(work: Work) -> list[Result]:
    """Compare every file of both sides, and note in the ledger how that went."""
    results = _each(work, "verifying", copying.compare)
    told = [
        {"from": str(each.move.files), "to": each.move.to, "files": each.outcome.files,
         "bytes": each.outcome.bytes, "failed": each.outcome.failed}
        for each in results
    ]  # fmt: skip
    record.keep(work.target, Event(Kind.FILES_COMPARED, {"moves": told}))
    return results


def _each(work: Work, what: str, act: copying.Act) -> list[Result]:
    results = []
    with folders() as named, ledger.opened(work.ledger) as lines:
        goals = [_goal(move) for move in work.moves.all]  # a wrong root is told before any work
        survey.survey(work.target, work.moves, named)
        pace = Pace(work.max_rate)
        for number, (move, goal) in enumerate(zip(work.moves.all, goals, strict=True)):
            counter = Counter(what, *_size(work, named, number, move), work.tell)
            odd = Oddities()
            some = to_copy(named, number, move, odd, everything=work.everything)
            outcome = act(move, some, goal, lines, counter, pace)
            outcome.unreadable(odd)
            outcome.failures.sort(key=lambda failure: failure.path)
            if act is copying.compare:
                lines.compared(move, outcome.files, outcome.bytes, outcome.failed)
            results.append(Result(move, outcome, odd))
    return results


def _goal(move: Move) -> Destination:
    goal = destination_of(move.to)
    goal.look()
    return goal


def _size(work: Work, named: Folders, number: int, move: Move) -> tuple[int, int]:
    return measured(to_copy(named, number, move, Oddities(), everything=work.everything))


def verified(work: Work) -> list[tuple[Move, Verified | None]]:
    """How the last comparison of each move went."""
    with ledger.opened(work.ledger) as lines:
        return [(move, lines.verified(move)) for move in work.moves.all]


def preview(work: Work) -> list[Change]:
    """What a rewriting would do. Raises TargetRefused when addresses would not fit."""
    with folders() as named:
        made = survey.survey(work.target, work.moves, named)
    if blocked := next(planning.in_rows(made), None):
        what = f"The addresses cannot be rewritten: {blocked}."
        raise TargetRefused(what, "Nothing was written.")
    return rewriting.preview(work.target, work.moves)


def rewrite(work: Work, *, unverified: bool) -> list[Change]:
    """Give rows their new addresses, if the files were seen there. Raises TargetRefused."""
    preview(work)
    for move, last in verified(work):
        if not unverified and (last is None or last.differing):
            told = f"had {many(last.differing, 'difference')}" if last else "has not been verified"
            what = f"The copy of {move.files} in {move.to} {told}: rows would point to nothing."
            fix = "Verify it first, or say --unverified if the files came there by other means."
            raise TargetRefused(what, fix)
    return rewriting.rewrite(work.target, work.moves)
