"""The corridor's commands: ask, eval, check-sql, history.

stdout is data, stderr is talk. Importing this is cheap: each command loads what it needs when
it is called, and raises TextToSQLError for whoever stands at the door.
"""
# ruff: noqa: PLC0415 - a command pays for its own imports alone

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from texttosql.errors import ExitCode, SettingsError, TextToSQLError

if TYPE_CHECKING:
    from texttosql.desk import Desk, Outside
    from texttosql.flow import Reply
    from texttosql.schema import Schema
    from texttosql.terminal import Screen

Store = Annotated[
    str | None,
    typer.Option(metavar="URI|NAME", help="The store to ask; else the one TRACKTALK_STORE names."),
]
Mind = Annotated[
    str | None,
    typer.Option(metavar="offline|claude|auto", help="Who interprets; auto: claude with a key."),
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
) -> None:
    """Ask one question; with --thread a follow-up to the ones before it."""
    from texttosql import terminal, wire
    from texttosql.desk import login_name, open_desk

    outside, asked_by = _outside(context), user or login_name()
    try:
        with open_desk(
            outside, store=store, engine=engine, max_rows=max_rows, now=now, user=asked_by
        ) as desk:
            reply = desk.ask(question, thread)
            drawn = _draw(reply, chart, desk)
            _print(reply, drawn, terminal.screen(desk.zone, outside.log_file), as_json=as_json)
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
        return _unwritable(file, error)
    except TextToSQLError as error:
        return error
    sys.stderr.write(f"Chart: {file}\n")
    return str(file)


def _unwritable(file: Path, error: OSError) -> SettingsError:
    what = f"{file} cannot be written: {(error.strerror or 'unknown reason').lower()}."
    return SettingsError(what, "Choose another place for it.")


def _print(reply: Reply, drawn: object, screen: Screen, *, as_json: bool) -> None:
    from texttosql import terminal, wire

    if not as_json:
        terminal.show(reply, screen)
        return
    file = drawn if isinstance(drawn, str) else None
    screen.say(wire.line(wire.reply_object(reply, file)))
    if reply.error:
        screen.talk(terminal.error_line(reply.error, screen.log))


@app.command("eval")
def evaluate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Questions, one a line.")],
    out: Annotated[Path, typer.Option(metavar="PRED.jsonl", help="Where the answers go.")],
    store: Store = None,
    engine: Mind = None,
    now: Now = None,
    max_rows: Rows = None,
    user: User = None,
) -> None:
    """Ask a file of questions in one process; the rows go to --out, line by line."""
    from texttosql import batch
    from texttosql.desk import open_desk
    from texttosql.journal.memory import MemoryJournal
    from texttosql.progress import progress

    items = list(batch.read_items(_lines(file)))
    with (
        open_desk(
            _outside(context), store=store, engine=engine, max_rows=max_rows, now=now, user=user,
            journal=MemoryJournal(),
        ) as desk,
        _written(out) as target,
        progress("eval", len(items), sys.stderr) as step,
    ):  # fmt: skip
        tally = batch.run(items, desk.ask, target, step)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.outcomes.items()))
    sys.stderr.write(f"{len(items)} questions: {told or 'none'}\n")
    raise typer.Exit(ExitCode.OK if tally.reached else ExitCode.NO_CONNECTION)


def _lines(file: Path) -> list[str]:
    try:
        # Not splitlines(): JSON strings may hold U+2028, which that would split at.
        return file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        what = f"{file} cannot be read: {(error.strerror or 'unknown reason').lower()}."
        raise SettingsError(what, "Give the path of a JSONL file.") from error
    except UnicodeDecodeError as error:
        what = f"{file} is not UTF-8 text."
        raise SettingsError(what, "Save it as UTF-8.") from error


@contextmanager
def _written(file: Path) -> Iterator[TextIO]:
    """The file to write to; "-" is stdout."""
    if str(file) == "-":
        yield sys.stdout
        return
    try:
        # Line buffered, so that a batch that is stopped keeps what it has.
        opened = file.open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError as error:
        raise _unwritable(file, error) from error
    with opened as target:
        yield target


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
    lines = sys.stdin if str(file) == "-" else _lines(file)
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
    from texttosql.factory import open_journal

    journal = open_journal(settings)
    try:
        turns = journal.history(thread=thread, asked_by=user, limit=limit)
    finally:
        journal.close()
    if as_json:
        for turn in turns:
            typer.echo(wire.line(wire.turn_object(turn)))
    elif turns:
        terminal.show_history(turns, terminal.screen(settings.timezone))
    else:
        sys.stderr.write('No questions yet. Ask one: tracktalk ask "how many runs?"\n')
