"""The cellar's commands. Importing this is cheap: each command loads what it needs itself."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tracking.demo.progress import shown
from tracking.demo.store import ensure_demo_store
from tracking.errors import TrackingError
from tracking.migrate import beside, crossing_cli
from tracking.migrate.cli import app as migrate

DEFAULT_FOLDER = Path(".tracktalk/demo")

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.add_typer(migrate, name="migrate")
crossing_cli.register(migrate)
beside.register(migrate)


@app.callback()
def tracking() -> None:
    """The MLflow store: its making, its moving and its keeping."""


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"{text!r} is no ISO time; write it like 2026-11-20T12:00:00Z"
        raise typer.BadParameter(msg) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def demo_address(path: Path = DEFAULT_FOLDER, now: datetime | None = None) -> str:
    """The demo store's address; how its making goes is told on stderr. Raises TrackingError."""
    with shown() as report:
        return ensure_demo_store(path, now=now, report=report)


@app.command("demo-store")
def demo_store(
    path: Annotated[Path, typer.Option(help="The folder to keep it in.")] = DEFAULT_FOLDER,
    now: Annotated[
        datetime | None,
        typer.Option(parser=_moment, metavar="ISO", help="When its story ends; else any week-old."),
    ] = None,
) -> None:
    """Make the demo store if there is none, and print its address."""
    try:
        address = demo_address(path, now)
    except TrackingError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(error.exit_code) from error
    typer.echo(address)


if __name__ == "__main__":
    app()
