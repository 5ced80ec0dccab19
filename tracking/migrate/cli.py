"""`tracktalk migrate`: plan, run, verify, status, report. Data goes to stdout, talk to stderr.

Exit status: 0 done and the same; 1 something is in the way; 2 usage; 3 no connection; 4 the
stores are not the same.
"""
# ruff: noqa: PLC0415 - what a command does not use must not cost it an import

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracking.errors import AddressError
from tracking.migrate.artifacts.cli import app as artifacts
from tracking.migrate.door import errors, settings

if TYPE_CHECKING:
    from tracking.migrate.moving import Move
    from tracking.migrate.plan import Plan
    from tracking.migrate.verify.findings import Proof
    from tracking.migrate.verify.verify import Terms
    from tracking.status import MigrationStatus

MISMATCH = 4
BLOCKED = 1

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(artifacts, name="artifacts")

Source = Annotated[str, typer.Option(help="The SQLite store, like sqlite:////srv/mlflow.db.")]
Target = Annotated[str, typer.Option(help="The database, like mysql+pymysql://u:p@host/mlflow.")]
NoSource = Annotated[
    str | None, typer.Option("--source", help="Not needed; taken so that all are alike.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Workspace = Annotated[
    Path | None, typer.Option(help="The folder for the source's copy; else the state folder.")
]
Sample = Annotated[
    str, typer.Option(help="Runs to read through MLflow: a number (0: leave MLflow out), or all.")
]
MaxRate = Annotated[
    float | None, typer.Option(min=1, help="Copy no more rows a second than these.")
]
NoWriteTest = Annotated[
    bool, typer.Option("--no-write-test", help="Do not log and remove a run in the target.")
]


@app.callback()
def migrate() -> None:
    """Move an MLflow store from SQLite to MySQL or MariaDB, and prove that nothing was lost."""


@app.command("plan")
def plan_command(
    context: typer.Context, source: Source, target: Target, as_json: AsJson = False,
    workspace: Workspace = None,
) -> None:  # fmt: skip
    """Show what a run would do, and what is in the way. Writes nothing."""
    from tracking.migrate import moving

    with errors(as_json):
        made = moving.plan(move_of(context, source, target, workspace))
        _show_plan(made, as_json=as_json)
        raise typer.Exit(BLOCKED if made.blocked else 0)


@app.command("run")
def run_command(
    context: typer.Context, source: Source, target: Target, as_json: AsJson = False,
    workspace: Workspace = None, sample: Sample = "50", no_write_test: NoWriteTest = False,
    max_rate: MaxRate = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="The same as plan.")] = False,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="Only copy; verify later.")
    ] = False,
) -> None:  # fmt: skip
    """Copy the store, or go on where a run was interrupted, then verify it."""
    from tracking.migrate import moving
    from tracking.migrate.progress import shown

    if dry_run:
        plan_command(context, source, target, as_json, workspace)
    with errors(as_json), shown() as tell:
        terms = None if no_verify else terms_of(sample, write=not no_write_test)
        move = replace(move_of(context, source, target, workspace), tell=(tell,))
        made, proof = moving.run_all(move, max_rate=max_rate, terms=terms)
        file = report_beside(move, proof, terms)
    show_run(made, proof, as_json=as_json)
    sys.stderr.write(f"The report for the team: {file}\n")
    raise typer.Exit(MISMATCH if proof and not proof.ok else 0)


@app.command("verify")
def verify_command(
    context: typer.Context, source: Source, target: Target, as_json: AsJson = False,
    workspace: Workspace = None, sample: Sample = "50", no_write_test: NoWriteTest = False,
) -> None:  # fmt: skip
    """Compare both stores, row by row and through MLflow, whoever has filled the target."""
    from tracking.migrate import moving
    from tracking.migrate.progress import shown

    with errors(as_json), shown() as tell:
        move = replace(move_of(context, source, target, workspace), tell=(tell,))
        terms = terms_of(sample, write=not no_write_test)
        proof = moving.verify(move, terms)
        file = report_beside(move, proof, terms)
    _show_proof(proof, as_json=as_json)
    sys.stderr.write(f"The report for the team: {file}\n")
    raise typer.Exit(0 if proof.ok else MISMATCH)


@app.command("status")
def status_command(
    context: typer.Context,
    source: NoSource = None,
    target: Annotated[
        str | None, typer.Option(help="Ask the target's ledger, not the file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how far the move is, from this machine's file or from the target itself."""
    from tracking import status as kept
    from tracking.migrate import telling

    del source
    with errors(as_json):
        found = _status_in(target) if target else kept.read(settings(context).migration_status)
        if as_json:
            typer.echo(kept.to_json(found) if found else "null")
        else:
            typer.echo(telling.status(found), nl=False)


@app.command("report")
def report_command(
    target: Target,
    source: NoSource = None,
    out: Annotated[
        Path | None, typer.Option(help="A file to write, .md or .html; else Markdown is printed.")
    ] = None,
) -> None:
    """Tell the team what moved, how it was proven, and what was checked. At any time."""
    from tracking.migrate.addresses import target_of
    from tracking.migrate.report import writing

    del source
    with errors(as_json=False):
        if out:
            writing.write(target_of(target), out)
        else:
            typer.echo(writing.markdown(target_of(target)), nl=False)


def report_beside(move: Move, proof: Proof | None, terms: Terms | None) -> Path:
    """The report beside the status. A proof is given, too: not every target can keep one."""
    from tracking.migrate import events
    from tracking.migrate.report import writing

    more = [events.verified(proof, move.source, terms)] if proof and terms else []
    return writing.beside(move.target, move.status, more)


def _status_in(target: str) -> MigrationStatus | None:
    from tracking.migrate import ledger
    from tracking.migrate.addresses import target_of

    return ledger.status_in(target_of(target))


def move_of(context: typer.Context, source: str, target: str, workspace: Path | None) -> Move:
    """The move that a command's options ask for. Raises AddressError."""
    from tracking.migrate.addresses import source_file, target_of
    from tracking.migrate.moving import Move

    given = settings(context)
    folder = (workspace or given.state / "migrate").resolve()
    return Move(source_file(source), target_of(target), folder, given.migration_status)


def terms_of(sample: str, *, write: bool) -> Terms:
    """How thorough a verification a command's options ask for. Raises AddressError."""
    from tracking.migrate.verify import through_mlflow
    from tracking.migrate.verify.verify import Terms

    if sample != "all" and not sample.isdecimal():
        what = f"--sample {sample} is no number."
        raise AddressError(what, "Give a number, or all.")
    return Terms(through_mlflow.ALL if sample == "all" else int(sample), write)


def _show_plan(made: Plan, *, as_json: bool) -> None:
    from tracking.migrate import plan as planning

    typer.echo(planning.to_json(made) if as_json else planning.to_text(made), nl=as_json)


def show_run(made: Plan, proof: Proof | None, *, as_json: bool) -> None:
    """Tell what a run has done."""
    from tracking.migrate.verify import telling

    if as_json:
        told: dict[str, Any] = {"outcome": "copied", "rows": made.rows, "verification": None}
        if proof:
            told["outcome"] = "verified" if proof.ok else "differences"
            told["verification"] = telling.to_object(proof)
        typer.echo(json.dumps(told))
    elif proof:
        typer.echo(telling.to_text(proof), nl=False)
    else:
        typer.echo(f"{made.rows:,} rows are in {made.target.shown}.")


def _show_proof(proof: Proof, *, as_json: bool) -> None:
    from tracking.migrate.verify import telling

    told = json.dumps(telling.to_object(proof)) if as_json else telling.to_text(proof)
    typer.echo(told, nl=as_json)
