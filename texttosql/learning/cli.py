"""`tracktalk learn`: what was learned from whom, taken back, or taken along as a question file.

stdout is data, stderr is talk. It reads the journal alone: no store is touched.
"""
# ruff: noqa: PLC0415 - a command pays for its own imports alone

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from texttosql.errors import TextToSQLError

if TYPE_CHECKING:
    from texttosql.learning.example import Example
    from texttosql.settings import Settings

Json = dict[str, Any]
"""One JSON object. `Any`: its values are JSON values."""

Store = Annotated[str | None, typer.Option(metavar="NAME", help="Only this store's.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="As `learn list` shows it.")]

app = typer.Typer(
    help="What was learned from verified answers.", no_args_is_help=True,
    rich_markup_mode=None, pretty_exceptions_enable=False,
)  # fmt: skip

NOTHING = (
    "Nothing is learned. A 👍 on an answer in Slack teaches it, and so do a correction that gets"
    " one, SQL that is edited there, and an answer that is saved as a template."
)


@app.command("list")
def list_them(
    context: typer.Context,
    store: Store = None,
    unused: Annotated[
        bool, typer.Option("--all", help="Those that were withdrawn or retired as well.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """The verified examples, newest first."""
    settings = _settings(context)
    from texttosql import wire
    from texttosql.factory import open_kept

    with open_kept(settings) as kept:
        found = kept.examples.list_all(store=store, unused=unused)
    if as_json:
        for each in found:
            typer.echo(wire.line(_object(each)))
    elif found:
        _print(found, settings.timezone)
    else:
        sys.stderr.write(f"{NOTHING}\n")


@app.command()
def show(context: typer.Context, example_id: Id) -> None:
    """One example: its question, its SQL, who verified it, and whether it is used."""
    settings = _settings(context)
    from texttosql.factory import open_kept

    with open_kept(settings) as kept:
        found = kept.examples.get(example_id) or _none(example_id)
    for name, text in _told(found, settings.timezone):
        typer.echo(f"{f'{name}:':<10}{text}")
    typer.echo("\n" + "\n".join(map(_clean, found.sql.splitlines())))


@app.command()
def withdraw(context: typer.Context, example_id: Id) -> None:
    """Use an example no longer; nothing else is changed."""
    settings = _settings(context)
    from texttosql.desk import login_name
    from texttosql.factory import open_kept

    with open_kept(settings) as kept:
        found = kept.examples.get(example_id) or _none(example_id)
        done = kept.examples.withdraw(example_id, login_name() or "the operator", datetime.now(UTC))
    if not done:
        what = f"{example_id} is not in use: {_state(found)}."
        raise TextToSQLError(what, "There is nothing to withdraw.")
    sys.stderr.write(f"Withdrawn: {_clean(found.question)}\n")


@app.command()
def export(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl|-", help="Where the lines go; - is stdout.")
    ] = Path("-"),
    store: Store = None,
) -> None:
    """The examples as a question file for `tracktalk eval --score`, oldest first.

    What was learned from a conversation with one person alone stays in the journal, and so does
    what has other rows tomorrow or for somebody else ("last week", "my runs").
    """
    settings = _settings(context)
    from texttosql import textfiles, wire
    from texttosql.factory import open_kept
    from texttosql.learning.lasting import timeless

    with open_kept(settings) as kept:
        found = kept.examples.list_all(store=store)
    shared = [each for each in reversed(found) if each.private_to is None]
    lasting = list(filter(timeless, shared))
    with textfiles.written(file) as target:
        target.writelines(f"{wire.line(_gold(each))}\n" for each in lasting)
    sys.stderr.write(_exported(len(lasting), len(found) - len(shared), len(shared) - len(lasting)))


def _exported(exported: int, private: int, passing: int) -> str:
    left_out = [
        *([f"{private} learned in private"] if private else []),
        *([f"{passing} that depend on when or by whom they are asked"] if passing else []),
    ]
    rest = f"; left out: {', '.join(left_out)}" if left_out else ""
    return f"{exported} examples exported{rest}.\n"


def _settings(context: typer.Context) -> Settings:
    from texttosql.desk import Outside

    return (context.find_object(Outside) or Outside({})).settings()


def _none(example_id: str) -> Example:
    what = f"There is no example {example_id!r}."
    raise TextToSQLError(what, "tracktalk learn list --all shows every id.")


def _state(example: Example) -> str:
    if example.withdrawn_at is not None:
        return f"withdrawn by {_who(example.withdrawn_by)}"
    return example.retired or "in use"


def _who(user: str | None) -> str:
    from texttosql.learning.example import called

    return _clean(called(user or "somebody"))


def _clean(text: str) -> str:
    """Without control characters, which would move the cursor."""
    from texttosql.format import clean

    return clean(text)


def _print(found: Iterable[Example], zone: ZoneInfo) -> None:
    from texttosql import terminal
    from texttosql.format import shorten

    def cells(each: Example) -> list[str]:
        day = f"{each.verified_at.astimezone(zone):%Y-%m-%d}"
        who = shorten(_clean(each.verifier), 20)
        return [
            each.id, day, who, each.source, shorten(_clean(each.store), 20),
            shorten(_clean(each.question), 60), shorten(_clean(_state(each)), 40),
        ]  # fmt: skip

    names = ["id", "verified", "by", "from", "store", "question", "state"]
    screen = terminal.screen(zone)
    terminal.print_table(names, list(map(cells, found)), [False] * 7, "Learned", screen)
    screen.out.flush()


def _told(example: Example, zone: ZoneInfo) -> Iterable[tuple[str, str]]:
    at = example.verified_at.astimezone(zone)
    yield "question", _clean(example.question)
    yield "store", _clean(example.store)
    yield "verified", f"by {_clean(example.verifier)}, {at:%Y-%m-%d %H:%M} ({example.source})"
    if example.private_to is not None:
        yield "used for", f"{_who(example.private_to)} alone: it was learned in private"
    yield "turn", example.turn_id or "none"
    yield "state", _clean(_state(example))


def _gold(example: Example) -> Json:
    """A line of a question file: `eval` holds the rows that come against those of `gold`."""
    asked = {"id": example.id, "category": "learned", "question": example.question}
    return asked | {"gold": example.sql} | _verified(example)


def _object(example: Example) -> Json:
    asked = {"id": example.id, "question": example.question, "sql": example.sql}
    state = {"source": example.source, "state": _state(example)}
    return asked | _verified(example) | state | {"private": example.private_to is not None}


def _verified(example: Example) -> Json:
    return {
        "store": example.store, "verified_by": example.verifier,
        "verified_at": example.verified_at.isoformat(),
    }  # fmt: skip
