"""Results, answers and replies in a few words, and the look that tests see them with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.render import Look, Message, RunLinks
from texttosql.flow import Answer, Cell, Chart, Column, ColumnKind, Question, Reply, ResultTable

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASKED = Question("top runs by auc", NOON)
LOOK = Look(BERLIN)
LINKED = Look(BERLIN, RunLinks("https://mlflow.example"))
RUN = "0123456789abcdef0123456789abcdef"


def table(columns: str, rows: Sequence[Sequence[Cell]], *, truncated: bool = False) -> ResultTable:
    """`table("run:text auc:real", [("a", 0.9)])` is a result."""
    made = []
    for word in columns.split():
        name, _, kind = word.rpartition(":")
        known: ColumnKind = kind  # type: ignore[assignment]  # tests write only real kinds
        made.append(Column(name, known))
    return ResultTable(tuple(made), tuple(tuple(row) for row in rows), truncated, 1.0)


def answer(
    found: ResultTable,
    headline: str = "Best: a (auc 0.93).",
    *,
    chart: Chart | None = None,
    assumptions: tuple[str, ...] = ("latest auc", "deleted runs left out"),
    suggestions: tuple[str, ...] = ("by user", "only the failed ones"),
    title: str = "top runs by auc",
    sql: str = "SELECT 1",
) -> Answer:
    """An answer with these rows."""
    return Answer(
        headline, found, chart, assumptions, sql, {}, suggestions, title, "offline"
    )  # fmt: skip


def reply(given: Answer, turn: str | None = "t1") -> Reply:
    """The reply that holds it."""
    timings = {"catalog": 20.0, "run": 22.0}
    return Reply(ASKED, "rows", turn, answer=given, timings_ms=timings)


def numbers(count: int) -> ResultTable:
    """That many runs, each with its id and an auc."""
    rows = [(f"run-{i}", i / 1000, f"{i:032x}") for i in range(count)]
    return table("run:text auc:real run_id:text", rows)


Found = dict[str, Any]
"""Some block or element. `Any`: its grammar is Slack's."""


def every(within: object) -> Iterator[Found]:
    """All objects of a payload, from outside inwards."""
    if isinstance(within, dict):
        yield within
    if isinstance(within, dict | list | tuple):
        for each in within.values() if isinstance(within, dict) else within:
            yield from every(each)


def named(message: Message, action_id: str) -> Found:
    """The one element of a message with that action_id."""
    found = [each for each in every(message.blocks or ()) if each.get("action_id") == action_id]
    assert len(found) == 1, (action_id, found)
    return found[0]


def names(message: Message) -> list[str]:
    """The action_ids of a message, in order."""
    return [str(e["action_id"]) for e in every(message.blocks or ()) if "action_id" in e]


def words(message: Message) -> str:
    """Everything that can be read in a message, its notification included."""
    found = [e["text"] for e in every(message.blocks or ()) if isinstance(e.get("text"), str)]
    return "\n".join([message.text, *found])


def of_type(message: Message, kind: str) -> list[Found]:
    """The blocks of a type."""
    return [block for block in message.blocks or () if block["type"] == kind]
