"""`tracktalk usage`: what questions cost, who and what it went to, and what is left of today."""
# ruff: noqa: PLC0415 - a command pays for its own imports alone

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

By = Literal["day", "user", "channel", "engine", "model", "store"]


def usage(
    context: typer.Context,
    since: Annotated[
        str, typer.Option(metavar="7d|4w|ISO", help="From when on: a period up to now, or a date.")
    ] = "30d",
    by: Annotated[By, typer.Option(help="What the rows are.")] = "day",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """What questions cost: tokens, dollars, waiting; and what is left of today's budgets."""
    from texttosql.desk import Outside

    settings = (context.find_object(Outside) or Outside({})).settings()
    from texttosql import terminal, wire
    from texttosql.factory import open_kept
    from texttosql.spending import report, screen
    from texttosql.spending.budget import Purse

    zone, now = settings.timezone, datetime.now(UTC)
    today = now.astimezone(zone).date()
    begin = report.moment_of(since, today, zone)
    with open_kept(settings) as kept:
        found = report.report(kept.usage, begin, by, today, zone)
        budgets = Purse(kept.usage, settings.model.budgets, zone, lambda: now).fullest()
    if as_json:
        typer.echo(wire.line(wire.usage_object(found, budgets, zone)))
    else:
        screen.show(found, budgets, terminal.screen(zone))
