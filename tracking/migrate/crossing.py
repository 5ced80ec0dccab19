"""A cutover and a rollback in words and as JSON: what will be done, and what was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from tracking.migrate.catchup import to_object
from tracking.migrate.cutover import CutoverPlan, Outcome, Step
from tracking.migrate.progress import duration
from tracking.migrate.rollback import Back, RollbackPlan
from tracking.migrate.telling import many
from tracking.migrate.verify import telling


def to_text(made: CutoverPlan) -> str:
    """A plan for people."""
    return "\n".join(_plan(made)) + "\n"


def _plan(made: CutoverPlan) -> Iterator[str]:
    yield f"From  sqlite:///{made.move.source}"
    yield f"To    {made.move.target.shown}"
    yield ""
    if made.over:
        yield f"This was done on {made.over.at}. --yes only sees to the last two steps again."
        yield ""
    yield from steps(made.steps)
    yield ""
    yield from _environment(made)
    yield ""
    yield "Nothing of it was done. Do it with --yes; the last pass is short after `catch-up`."


def steps(some: Sequence[Step]) -> Iterator[str]:
    """Numbered steps, each with its command, its time and the way back."""
    for number, step in enumerate(some, start=1):
        yield from _step(number, step.what, step.how, step.seconds)
        yield f"     back  {step.back}"


def _step(number: int, what: str, how: str, seconds: float | None) -> Iterator[str]:
    yield f"{number}. {what}"
    yield f"     how   {how}"
    if seconds is not None:
        yield f"     time  {f'about {duration(seconds)}' if seconds else 'at once'}"


def _environment(made: CutoverPlan) -> Iterator[str]:
    yield "The MLflow server's environment from then on:"
    yield from (f"     {line}" for line in made.environment)
    if made.hint:
        yield made.hint
    yield "Give it no --backend-store-uri beside it; its other options stay as they are."


def to_json(made: CutoverPlan) -> str:
    """A plan for programs."""
    return json.dumps({"outcome": "planned", **_facts(made)})


def _facts(made: CutoverPlan) -> dict[str, Any]:  # Any: JSON
    return {
        "source": str(made.move.source),
        "target": made.move.target.shown,
        "done_at": made.over.at if made.over else None,
        "steps": [asdict(step) for step in made.steps],
        "environment": list(made.environment),
        "hint": made.hint,
    }


def done_to_text(made: CutoverPlan, done: Outcome) -> str:
    """What was done, for people."""
    return "\n".join(_done(made, done)) + "\n"


def _done(made: CutoverPlan, done: Outcome) -> Iterator[str]:
    if done.proof:
        yield telling.to_text(done.proof)
    yield f"{made.move.target.database} is MLflow's store now; {made.move.source} is read-only."
    yield ""
    yield from _environment(made)
    for holder in done.holders:
        yield f"WARNING: {holder} still has the source open. What it writes there is lost: stop it."
    if done.late:
        late = many(done.late, "row")
        yield f"WARNING: {late} of the source changed after the handover, and only there."
        yield "What it was has to be logged again, into MySQL."


def done_to_json(made: CutoverPlan, done: Outcome) -> str:
    """What was done, for programs."""
    return json.dumps({
        "outcome": "cut over",
        **_facts(made),
        "changes": done.last.changes if done.last else None,
        "verification": telling.to_object(done.proof) if done.proof else None,
        "still_open_in": done.holders,
        "rows_written_late": done.late,
    })  # fmt: skip


def back_to_text(made: RollbackPlan) -> str:
    """A rollback's plan for people."""
    return "\n".join(_back(made)) + "\n"


def _back(made: RollbackPlan) -> Iterator[str]:
    yield f"From  {made.move.target.shown}"
    yield f"To    sqlite:///{made.file or made.move.source}"
    yield ""
    for number, step in enumerate(made.steps, start=1):
        yield from _step(number, step.what, step.how, step.seconds)
    yield ""
    yield from _cannot(made)
    yield "Nothing of it was done. Do it with --yes."


def _cannot(made: RollbackPlan) -> Iterator[str]:
    if made.cannot:
        yield "What does not go back as it was:"
        yield from (f"  - {each}" for each in made.cannot)
        yield ""


def back_to_json(made: RollbackPlan) -> str:
    """A rollback's plan for programs."""
    return json.dumps({"outcome": "planned", **_back_facts(made)})


def _back_facts(made: RollbackPlan) -> dict[str, Any]:  # Any: JSON
    return {
        "source": str(made.move.source),
        "target": made.move.target.shown,
        "file": str(made.file) if made.file else None,
        "steps": [asdict(step) for step in made.steps],
        "cannot": list(made.cannot),
    }


def went_to_text(made: RollbackPlan, done: Back) -> str:
    """What a rollback did, for people."""
    return "\n".join(_went(made, done)) + "\n"


def _went(made: RollbackPlan, done: Back) -> Iterator[str]:
    if made.file is None:
        yield f"{made.move.target.database} is empty again; the store is {made.move.source}."
        return
    if done.proof:
        yield telling.to_text(done.proof)
    rows = sum(count.all for count in done.counts.values())
    yield f"{many(rows, 'row')} changed in MySQL since the cutover; all of it is in {made.file}."
    yield ""
    yield from _cannot(made)
    if done.late:
        late = many(done.late, "row")
        yield f"WARNING: {late} changed in {made.move.source} itself after the cutover, only there."
    yield f"Start the old server with MLFLOW_BACKEND_STORE_URI=sqlite:///{made.file}"


def went_to_json(made: RollbackPlan, done: Back) -> str:
    """What a rollback did, for programs."""
    return json.dumps({
        "outcome": "rolled back",
        **_back_facts(made),
        "tables": to_object(done.counts),
        "verification": telling.to_object(done.proof) if done.proof else None,
        "rows_written_late": done.late,
    })  # fmt: skip
