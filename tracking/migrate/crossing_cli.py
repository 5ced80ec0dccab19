"""`tracktalk migrate catch-up`, `cutover` and `rollback`: over to MySQL, and back.

Without `--yes`, cutover and rollback only say what they would do. Exit status as in cli.py.
"""
# ruff: noqa: PLC0415 - what a command does not use must not cost it an import

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracking.migrate.cli import (
    AsJson,
    NoWriteTest,
    Sample,
    Source,
    Target,
    Workspace,
    move_of,
    terms_of,
)
from tracking.migrate.door import errors

if TYPE_CHECKING:
    from tracking.migrate import cutover as cutting
    from tracking.migrate import rollback as rolling
    from tracking.migrate.catchup import Pass
    from tracking.migrate.changes import Count

    AnyStep = cutting.Step | rolling.Step

Freeze = Annotated[
    float, typer.Option(min=0, help="Seconds: a pass that took less may be the last one.")
]
Every = Annotated[
    float | None, typer.Option(min=0, help="Go on, with so many seconds between two passes.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it, not only say it.")]
Wait = Annotated[
    float, typer.Option(min=0, help="Seconds to hold the source until the old server has ended.")
]
Into = Annotated[
    Path | None, typer.Option(help="The new SQLite file; else FILE-rolled-back.db beside FILE.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to `tracktalk migrate`."""
    app.command("catch-up")(catch_up)
    app.command("cutover")(cutover)
    app.command("rollback")(rollback)


def catch_up(
    context: typer.Context, source: Source, target: Target, as_json: AsJson = False,
    workspace: Workspace = None, freeze: Freeze = 30.0, every: Every = None,
) -> None:  # fmt: skip
    """Bring over what changed since the copy, until a pass is short; the old server may stay up."""
    from tracking.migrate import catchup, moving
    from tracking.migrate.progress import shown

    passes: list[Pass] = []

    def told(done: Pass) -> None:
        passes.append(done)
        sys.stderr.write(f"migrate: {_pass(done)}\n")

    with errors(as_json), shown() as tell:
        move = replace(move_of(context, source, target, workspace), tell=(tell,))
        with moving.progress_of(move) as progress:
            if every is None:
                catchup.catch_up(move, progress, freeze=freeze, told=told)
            else:
                with until_told_to_stop() as over:
                    catchup.follow(move, progress, every, told, over)
    if as_json:
        typer.echo(json.dumps({"outcome": "caught up", "passes": [_object(p) for p in passes]}))
    elif passes:
        typer.echo(f"Caught up. The last pass took {passes[-1].seconds:.1f} s.")


def cutover(
    context: typer.Context, source: Source, target: Target, as_json: AsJson = False,
    workspace: Workspace = None, sample: Sample = "50", no_write_test: NoWriteTest = False,
    yes: Yes = False, wait: Wait = 600.0,
) -> None:  # fmt: skip
    """Go over to MySQL: freeze, last pass, verification, smoke test. Only says so without --yes."""
    from tracking.migrate import crossing, moving
    from tracking.migrate import cutover as going
    from tracking.migrate.progress import shown
    from tracking.migrate.report import writing

    with errors(as_json):
        move = move_of(context, source, target, workspace)
        terms = terms_of(sample, write=not no_write_test)
        made = going.plan(move)
        if not yes:
            typer.echo(crossing.to_json(made) if as_json else crossing.to_text(made), nl=as_json)
            return
        with shown() as tell, moving.progress_of(replace(move, tell=(tell,))) as progress:
            done = going.cut_over(made, progress, terms, _doing, wait=wait)
        file = writing.beside(move.target, move.status)
    told = crossing.done_to_json(made, done) if as_json else crossing.done_to_text(made, done)
    typer.echo(told, nl=as_json)
    sys.stderr.write(f"The report for the team: {file}\n")


def rollback(
    context: typer.Context, source: Source, target: Target, as_json: AsJson = False,
    workspace: Workspace = None, sample: Sample = "50", yes: Yes = False, into: Into = None,
) -> None:  # fmt: skip
    """Go back to SQLite, with what was written to MySQL since. Only says so without --yes."""
    from tracking.migrate import crossing, moving
    from tracking.migrate import rollback as going
    from tracking.migrate.progress import shown

    with errors(as_json):
        move = move_of(context, source, target, workspace)
        made = going.plan(move, into)
        if not yes:
            told = crossing.back_to_json(made) if as_json else crossing.back_to_text(made)
            typer.echo(told, nl=as_json)
            return
        with shown() as tell, moving.progress_of(replace(move, tell=(tell,))) as progress:
            done = going.roll_back(made, progress, terms_of(sample, write=False), _doing)
    told = crossing.went_to_json(made, done) if as_json else crossing.went_to_text(made, done)
    typer.echo(told, nl=as_json)


def _doing(step: AnyStep) -> None:
    sys.stderr.write(f"migrate: now: {step.what}\n")


@contextmanager
def until_told_to_stop() -> Iterator[Event]:
    """Ctrl-C and SIGTERM end it after the pass that is under way; a second one ends it at once."""
    over, before = Event(), dict[signal.Signals, Any]()  # Any: as the signal module has handlers

    def as_before() -> None:
        for word, handler in before.items():
            signal.signal(word, handler)

    def stop(*_: object) -> None:
        over.set()
        as_before()

    for word in (signal.SIGINT, signal.SIGTERM):
        before[word] = signal.signal(word, stop)
    try:
        yield over
    finally:
        as_before()


def _pass(done: Pass) -> str:
    from tracking.migrate.telling import many

    if not done.changes:
        return f"nothing had changed, {done.seconds:.1f} s"
    tables = ", ".join(f"{name} {_signs(count)}" for name, count in sorted(done.counts.items()))
    return f"{many(done.changes, 'change')} in {done.seconds:.1f} s: {tables}"


def _signs(count: Count) -> str:
    signs = (("+", count.added), ("~", count.updated), ("-", count.deleted))
    return " ".join(f"{sign}{rows:,}" for sign, rows in signs if rows)


def _object(done: Pass) -> dict[str, Any]:  # Any: JSON
    from tracking.migrate.catchup import to_object

    tables = to_object(done.counts)
    return {"seconds": round(done.seconds, 3), "changes": done.changes, "tables": tables}
