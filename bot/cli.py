"""`tracktalk`: one command, its parts loaded only when they are called.

The parts live in a cli.py of each package. Adding one is a line in `_PARTS`.
"""
# ruff: noqa: PLC0415 - a part is imported when its command is called, not before

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from bot.door import leave
from texttosql.desk import Outside

if TYPE_CHECKING:
    from typer._click.core import Command, Context  # typer shows its own click nowhere else

FOLDER = Path(".tracktalk")


def _corridor() -> typer.Typer:
    from texttosql.cli import app

    return app


def _evaluation() -> typer.Typer:
    from texttosql.evaluation.cli import app

    return app


def _cellar() -> typer.Typer:
    from tracking.cli import app

    return app


_PARTS: Mapping[str, Callable[[], typer.Typer]] = {
    "ask": _corridor,
    "eval": _evaluation,
    "check-sql": _corridor,
    "history": _corridor,
    "usage": _corridor,
    "learn": _corridor,
    "relay": _corridor,
    "demo-store": _cellar,
    "migrate": _cellar,
}


class Parts(TyperGroup):
    """Finds a command here, or in the part that has it."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - typer's signature
        """The names, in the order help shows them."""
        return [*self.commands, *_PARTS]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of that name, its part loaded now."""
        if cmd_name not in _PARTS:
            return super().get_command(ctx, cmd_name)
        part: Any = get_command(_PARTS[cmd_name]())  # Any: typer gives a group or a lone command
        found: Command | None = part.get_command(ctx, cmd_name)
        return found


app = typer.Typer(
    cls=Parts, add_completion=False, rich_markup_mode=None,
    pretty_exceptions_enable=False,
)  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"tracktalk {version('tracktalk')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
]


@app.callback()
def tracktalk(version: Version = False) -> None:
    """Ask a team's MLflow experiments questions in plain words."""


@app.command()
def demo(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Stop after the first answers.")] = False,
) -> None:
    """Make a store of really trained models, and a Slack of its own to ask the bot in."""
    from bot import demo as show

    raise typer.Exit(show.run(context.ensure_object(Outside), FOLDER, _demo_store, once=once))


@app.command()
def bot(
    context: typer.Context,
    http: Annotated[
        int | None,
        typer.Option(metavar="PORT", min=1, max=65535, help="Be called by HTTP; else Socket Mode."),
    ] = None,
    host: Annotated[str, typer.Option(help="With --http: the address to listen on.")] = "127.0.0.1",
) -> None:
    """Answer in Slack until told to stop (Ctrl-C, SIGTERM)."""
    from bot import serve

    raise typer.Exit(serve.run(context.ensure_object(Outside), http=http, host=host))


def _demo_store(folder: Path) -> str:
    """The demo store's address; what its making has to tell goes to stderr."""
    from contextlib import redirect_stdout
    from io import StringIO

    from tracking.cli import demo_store

    with redirect_stdout(StringIO()) as said:  # it prints the address, as a command does
        demo_store(path=folder)
    return said.getvalue().strip()


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run one command line; returns the exit status."""
    outside = Outside(os.environ if environ is None else environ)
    given = sys.argv[1:] if arguments is None else list(arguments)
    return leave(lambda: _run(given, outside), outside)


def _run(arguments: Sequence[str], outside: Outside) -> int:
    try:
        get_command(app).main(args=arguments or ["--help"], prog_name="tracktalk", obj=outside)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
