"""`tracktalk migrate artifacts`: plan, run, verify, rewrite. Data to stdout, talk to stderr.

Exit status: 0 done; 1 something is in the way or did not arrive; 2 usage; 3 no connection; 4 both
sides are not the same.
"""
# ruff: noqa: PLC0415 - what a command does not use must not cost it an import

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracking.migrate.door import errors, settings

if TYPE_CHECKING:
    from tracking.migrate.artifacts.progress import Tell
    from tracking.migrate.artifacts.work import Result, Work

MISMATCH = 4
FAILED = 1

app = typer.Typer(no_args_is_help=True, add_completion=False)

Target = Annotated[str, typer.Option(help="The database, like mysql+pymysql://u:p@host/mlflow.")]
From = Annotated[
    list[str] | None,
    typer.Option("--from", help="A folder of artifacts, as it lies here. May be said often."),
]
To = Annotated[
    list[str] | None,
    typer.Option(
        "--to", help="Where its files go: a folder, s3://bucket/…, gs://…; one per --from."
    ),
]
Written = Annotated[
    list[str] | None,
    typer.Option("--written", help="How the rows call the folder, if not as it lies here."),
]
Becomes = Annotated[
    list[str] | None,
    typer.Option("--becomes", help="What the rows will say, if not where the files go."),
]
RelativeTo = Annotated[
    Path | None, typer.Option(help="The folder the old server ran in: for rows like ./mlruns/0.")
]
Everything = Annotated[bool, typer.Option("--everything", help="Also files that belong to no row.")]
MaxRate = Annotated[
    float | None, typer.Option(min=0.001, help="No more megabytes a second than these, on average.")
]
LedgerFile = Annotated[
    Path | None,
    typer.Option("--ledger", help="The file that says what is done; else in our state folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def artifacts() -> None:
    """Move the files that a store's rows point at, prove it, and rewrite the rows."""


@app.command("plan")
def plan_command(
    context: typer.Context, target: Target, folder: From = None, to: To = None,
    written: Written = None, becomes: Becomes = None, relative_to: RelativeTo = None,
    everything: Everything = False, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say where the rows point, what lies there, and what will happen. Writes nothing."""
    from tracking.migrate.artifacts import planning, work

    with errors(as_json):
        wanted = _work(context, target, folder, to, written, becomes, relative_to, everything)
        made = work.plan(wanted)
    typer.echo(planning.to_json(made) if as_json else planning.to_text(made), nl=as_json)
    raise typer.Exit(FAILED if made.blocked else 0)


@app.command("run")
def run_command(
    context: typer.Context, target: Target, folder: From = None, to: To = None,
    written: Written = None, becomes: Becomes = None, relative_to: RelativeTo = None,
    everything: Everything = False, max_rate: MaxRate = None, ledger: LedgerFile = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Copy the files, each read back; run again, it goes on where it stopped."""
    from tracking.migrate.artifacts import telling, work

    _files(
        work.run, telling.copied, FAILED, context, target, folder, to, written, becomes,
        relative_to, everything, max_rate, ledger, as_json,
    )  # fmt: skip


@app.command("verify")
def verify_command(
    context: typer.Context, target: Target, folder: From = None, to: To = None,
    written: Written = None, becomes: Becomes = None, relative_to: RelativeTo = None,
    everything: Everything = False, max_rate: MaxRate = None, ledger: LedgerFile = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Compare every file of both sides by size and SHA-256."""
    from tracking.migrate.artifacts import telling, work

    _files(
        work.verify, telling.compared, MISMATCH, context, target, folder, to, written, becomes,
        relative_to, everything, max_rate, ledger, as_json,
    )  # fmt: skip


@app.command("rewrite")
def rewrite_command(
    context: typer.Context, target: Target, folder: From = None, to: To = None,
    written: Written = None, becomes: Becomes = None, relative_to: RelativeTo = None,
    ledger: LedgerFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write. Else it is only shown.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Put the addresses of the last rewriting back.")
    ] = False,
    unverified: Annotated[
        bool, typer.Option("--unverified", help="The files came there by other means.")
    ] = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show the rows' new addresses; with --yes write them; with --undo put the old ones back."""
    from tracking.migrate.addresses import target_of
    from tracking.migrate.artifacts import rewriting, telling, work

    with errors(as_json):
        if undo:
            changes = rewriting.undo(target_of(target), really=yes)
        else:
            wanted = _work(
                context, target, _needed(folder), to, written, becomes, relative_to, ledger=ledger
            )
            changes = work.rewrite(wanted, unverified=unverified) if yes else work.preview(wanted)
    if as_json:
        typer.echo(telling.changes_to_json(changes, written=yes))
    else:
        typer.echo(telling.changes(changes, written=yes, undo=undo), nl=False)


def _files(
    act: Callable[[Work], list[Result]], told: Callable[[Sequence[Result]], str], failed: int,
    context: typer.Context, target: str, folders: list[str] | None, to: list[str] | None,
    written: list[str] | None, becomes: list[str] | None, relative_to: Path | None,
    everything: bool, max_rate: float | None, ledger: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Do something with the files of every move, and tell its end; `failed`: the exit status."""
    from tracking.migrate.artifacts import telling
    from tracking.migrate.artifacts.progress import shown

    with errors(as_json), shown() as tell:
        wanted = _work(
            context, target, _needed(folders), to, written, becomes, relative_to, everything,
            max_rate=max_rate, ledger=ledger, tell=tell,
        )  # fmt: skip
        results = act(wanted)
    typer.echo(telling.results_to_json(results) if as_json else told(results), nl=as_json)
    raise typer.Exit(failed if any(each.outcome.failed for each in results) else 0)


def _needed(folders: list[str] | None) -> list[str]:
    if not folders:
        msg = "say which folder moves with --from, and where to with --to"
        raise typer.BadParameter(msg)
    return folders


def _work(
    context: typer.Context, target: str, folders: list[str] | None, to: list[str] | None,
    written: list[str] | None, becomes: list[str] | None, relative_to: Path | None,
    everything: bool = False, *, max_rate: float | None = None, ledger: Path | None = None,
    tell: Tell | None = None,
) -> Work:  # fmt: skip
    from tracking.migrate.addresses import target_of
    from tracking.migrate.artifacts.moves import moves
    from tracking.migrate.artifacts.progress import silent
    from tracking.migrate.artifacts.work import Work

    return Work(
        target=target_of(target),
        moves=moves(folders or [], to or [], written or [], becomes or [], relative_to),
        ledger=ledger or settings(context).state / "artifacts.db",
        everything=everything,
        max_rate=max_rate * 1e6 if max_rate else None,
        tell=tell or silent,
    )
