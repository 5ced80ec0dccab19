"""`tracktalk migrate auth` and `filestore`: what moves beside a store, or becomes one first."""
# ruff: noqa: PLC0415 - what a command does not use must not cost it an import

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tracking.errors import CopyMismatch
from tracking.migrate.cli import (
    MISMATCH,
    AsJson,
    MaxRate,
    NoWriteTest,
    Sample,
    Target,
    Workspace,
    move_of,
    report_beside,
    show_run,
    terms_of,
)
from tracking.migrate.door import errors, settings


def auth(
    context: typer.Context,
    source: Annotated[str, typer.Option(help="The users' file, like sqlite:///basic_auth.db.")],
    target: Annotated[str, typer.Option(help="Their database, like mysql+pymysql://u:p@h/auth.")],
    store: Annotated[
        str | None, typer.Option(help="Where the store went: its experiments may have new ids.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Move basic auth's users, roles and permissions, and print the server's new lines."""
    from tracking.migrate import auth as moving
    from tracking.migrate.addresses import source_file, target_of

    with errors(as_json):
        file, into = source_file(source), target_of(target)
        with _passing(settings(context).state / "migrate", f"{file}\n{into.shown}") as folder:
            moved = moving.move(file, into, folder, target_of(store) if store else None)
    if as_json:
        told = {"outcome": "verified", "rows": dict(moved.rows), "orphans": len(moved.orphans)}
        typer.echo(json.dumps(told))
    else:
        typer.echo(moving.to_text(moved), nl=False)


@contextmanager
def _passing(state: Path, whose: str) -> Iterator[Path]:
    """A folder for a copy with people's password hashes: whoever is killed, the next removes it."""
    folder = state / f"auth-{hashlib.sha256(whose.encode()).hexdigest()[:12]}"
    shutil.rmtree(folder, ignore_errors=True)
    state.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def filestore(
    context: typer.Context,
    source: Annotated[str, typer.Option(help="The folder mlruns, or the one it lies in.")],
    target: Target, as_json: AsJson = False, workspace: Workspace = None, sample: Sample = "50",
    no_write_test: NoWriteTest = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Go on though MLflow's own migration changed things.")
    ] = False,
    max_rate: MaxRate = None,
) -> None:  # fmt: skip
    """Move a FileStore's folder: through MLflow's own migration to SQLite, compared, then on."""
    from tracking.migrate import filestore as files
    from tracking.migrate import moving
    from tracking.migrate.progress import shown
    from tracking.migrate.telling import many

    with errors(as_json), shown() as tell:
        mlruns = files.mlruns_in(source)
        folder = (workspace or settings(context).state / "migrate").resolve()
        made = files.convert(mlruns, files.folder_of(mlruns, folder), _say)
        sys.stderr.write(files.to_text(made))
        if made.differing and not accept:
            found = many(made.differing, "difference")
            what = f"The store that MLflow made is not what the folder holds: {found}."
            raise CopyMismatch(what, "Read them above; say --accept to move what is there.")
        terms = terms_of(sample, write=not no_write_test)
        move = replace(move_of(context, f"sqlite:///{made.file}", target, workspace), tell=(tell,))
        plan, proof = moving.run_all(move, max_rate=max_rate, terms=terms)
        file = report_beside(move, proof, terms)
    show_run(plan, proof, as_json=as_json)
    sys.stderr.write(f"The report for the team: {file}\n")
    sys.stderr.write(f"The store between folder and server is kept: {made.file}\n")
    raise typer.Exit(MISMATCH if proof and not proof.ok else 0)


def _say(what: str) -> None:
    sys.stderr.write(f"filestore: {what}\n")


def register(app: typer.Typer) -> None:
    """Add these commands to `tracktalk migrate`."""
    app.command("auth")(auth)
    app.command("filestore")(filestore)
