"""The corridor's commands: ask, check-sql, history; eval is in evaluation/cli.py.

stdout is data, stderr is talk. Importing this is cheap: each command loads what it needs when
it is called, and raises TextToSQLError for whoever stands at the door.
"""
# ruff: noqa: PLC0415 - a command pays for its own imports alone

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from texttosql import textfiles
from texttosql.errors import ExitCode, SettingsError, TextToSQLError
from texttosql.learning import cli as learn_cli
from texttosql.relay.cli import relay
from texttosql.spending import cli as usage_cli

if TYPE_CHECKING:
    from texttosql.desk import Desk, Outside
    from texttosql.explaining.screen import Told
    from texttosql.flow import Reply
    from texttosql.schema import Schema
    from texttosql.terminal import Screen

Store = Annotated[
    str | None,
    typer.Option(metavar="URI|NAME", help="The store to ask; else the one TRACKTALK_STORE names."),
]
Mind = Annotated[
    str | None,
    typer.Option(
        metavar="offline|claude|auto",
        help="Who interprets; auto: Claude, with a key, where offline is not sure.",
    ),
]
Now = Annotated[
    str | None,
    typer.Option(metavar="ISO", help='The time that "last week" is counted from; else now.'),
]
Rows = Annotated[int | None, typer.Option(min=1, max=100_000, help="The most rows of an answer.")]
Thread = Annotated[str | None, typer.Option(metavar="ID", help="The conversation it belongs to.")]
User = Annotated[
    str | None, typer.Option(metavar="NAME", help='Who asks ("my runs"); else your login name.')
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.command()(usage_cli.usage)
app.add_typer(learn_cli.app, name="learn")
app.command()(relay)


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help='In words: "best 5 runs by val_accuracy".')],
    store: Store = None,
    engine: Mind = None,
    now: Now = None,
    thread: Thread = None,
    max_rows: Rows = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw the answer into this file.")
    ] = None,
    as_json: AsJson = False,
    user: User = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Let Claude say what the rows show.")
    ] = False,
) -> None:
    """Ask one question; with --thread a follow-up to the ones before it."""
    from texttosql import terminal, wire
    from texttosql.desk import login_name, open_desk
    from texttosql.explaining import screen as explain_screen

    outside, asked_by = _outside(context), user or login_name()
    try:
        with open_desk(
            outside, store=store, engine=engine, max_rows=max_rows, now=now, user=asked_by
        ) as desk:
            reply = desk.ask(question, thread)
            drawn = _draw(reply, chart, desk)
            screen = terminal.screen(desk.zone, outside.log_file)
            explained = lambda: explain_screen.explain(reply, outside, store, screen)  # noqa: E731 - a thunk
            _print(reply, drawn, screen, explained if explain else None, as_json=as_json)
    except TextToSQLError as error:
        if as_json:
            address = outside.redactor.redact(store) if store else None
            typer.echo(wire.line(wire.failed_object(error, address)))
        raise
    if isinstance(drawn, TextToSQLError):
        raise drawn
    raise typer.Exit(wire.exit_code(reply))


def _outside(context: typer.Context) -> Outside:
    from texttosql.desk import Outside

    found = context.find_object(Outside)
    return found if found is not None else Outside({})


def _draw(reply: Reply, file: Path | None, desk: Desk) -> str | TextToSQLError | None:
    """The picture's path, or why there is none: an answer is not lost for its picture."""
    if file is None or reply.answer is None:
        return None
    if reply.answer.chart is None:
        sys.stderr.write("No chart: this answer has nothing to draw.\n")
        return None
    from texttosql.chart import render_png
    from texttosql.rescue import rescued

    chart, table = reply.answer.chart, reply.answer.table
    try:
        file.write_bytes(rescued(lambda: render_png(chart, table, desk.zone)))
    except OSError as error:
        return textfiles.unwritable(file, error)
    except TextToSQLError as error:
        return error
    sys.stderr.write(f"Chart: {file}\n")
    return str(file)


def _print(
    reply: Reply,
    drawn: object,
    screen: Screen,
    explained: Callable[[], Told] | None,
    *,
    as_json: bool,
) -> None:
    from texttosql import terminal, wire
    from texttosql.explaining import screen as explain_screen

    if not as_json:
        terminal.show(reply, screen)
        if explained is not None:
            explain_screen.show(explained(), screen)
        return
    found = wire.reply_object(reply, drawn if isinstance(drawn, str) else None)
    if explained is not None:
        found = explain_screen.added(reply, found, explained())
    screen.say(wire.line(found))
    if reply.error:
        screen.talk(terminal.error_line(reply.error, screen.log))


@app.command("check-sql")
def check_sql(
    context: typer.Context,
    file: Annotated[
        Path, typer.Option(metavar="F.jsonl|-", help='Lines {"sql": …}; - is stdin.')
    ] = Path("-"),
    store: Store = None,
    dialect: Annotated[
        Literal["mysql", "sqlite"] | None, typer.Option(help="Without --store: whose SQL it is.")
    ] = None,
) -> None:
    """Let the guard judge SQL without running it; exit 1 if any is refused."""
    from texttosql import checking, wire
    from texttosql.guard.policy import Policy

    schema = _schema(_outside(context), store, dialect)
    lines = sys.stdin if str(file) == "-" else textfiles.lines(file)
    refused = 0
    for verdict in checking.verdicts(lines, Policy(schema, schema.dialect)):
        refused += not verdict["approved"]
        typer.echo(wire.line(verdict))
    raise typer.Exit(ExitCode.FAILED if refused else ExitCode.OK)


def _schema(
    outside: Outside, store: str | None, dialect: Literal["mysql", "sqlite"] | None
) -> Schema:
    """The store's own, or MLflow's newest as the guard knows it."""
    from texttosql.guard.mlflow_schema import default_schema

    if store is None:
        return default_schema(dialect or "mysql")
    settings = outside.settings()
    from texttosql.factory import open_store

    warehouse = open_store(settings, store)
    try:
        schema: Schema = warehouse.schema()
    finally:
        warehouse.close()
    if dialect not in {None, schema.dialect}:
        what = f"--dialect {dialect} does not fit this store, which speaks {schema.dialect}."
        raise SettingsError(what, "Leave --dialect out.")
    return schema


@app.command()
def history(
    context: typer.Context,
    thread: Thread = None,
    user: Annotated[str | None, typer.Option(metavar="NAME", help="Only this asker's.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Earlier questions and how they ended, newest first."""
    from texttosql import terminal, wire

    settings = _outside(context).settings()
    from texttosql.factory import open_kept

    with open_kept(settings) as kept:
        turns = kept.journal.history(thread=thread, asked_by=user, limit=limit)
    if as_json:
        for turn in turns:
            typer.echo(wire.line(wire.turn_object(turn)))
    elif turns:
        terminal.show_history(turns, terminal.screen(settings.timezone))
    else:
        sys.stderr.write('No questions yet. Ask one: tracktalk ask "how many runs?"\n')
