"""Values that the views are built from: a turn, a template, a store's names."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.render.blocks import Block
from texttosql.catalog import Catalog, Experiment, KeyInfo, RegisteredModel
from texttosql.flow import Turn
from texttosql.schema import Schema
from texttosql.templates import Template

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ALICE = "U0ALICE"
NASTY = "*bold* <!channel> <@U1> `code` ``` & {x} \u202e" + "long " * 2_000
"""What a name in a store may be at its worst."""


def turn(number: int = 1, **changes: Any) -> Turn:
    """An answered question; its id tells it from others."""
    made = Turn(
        id=f"turn{number}",
        question=f"top {number} runs by val_auc",
        asked_at=NOON,
        outcome="rows",
        asked_by=ALICE,
        row_count=number,
        headline="The best run is brave-fox with 0.93.",
        thread="T1/C1/1700000000.000100",
        place="T1/C1",
    )
    return replace(made, **changes)


def template(number: int = 1, **changes: Any) -> Template:
    """Alice's own template."""
    made = Template(f"id{number}", f"best runs {number}", "top {n=5} runs by {metric}", owner=ALICE)
    return replace(made, **changes)


CATALOG = Catalog(
    Schema({}, "sqlite"),
    experiments=(
        Experiment(1, "fraud", 9),
        Experiment(2, "churn model v2", 4),
        Experiment(3, "Top 5 (old)", 1),
    ),
    metrics={"val_auc": 9, "f1": 4, "time": 2},
    params={"lr": KeyInfo(9, True, {"0.1": 9}, True)},
    users={"alice": 9},
    models=(RegisteredModel("fraud-net", (1,), {}),),
    runs=14,
)
"""A store of three experiments."""


def words(part: object, kinds: Container[str] = ("mrkdwn", "plain_text")) -> str:
    """All the words in some blocks."""
    return "\n".join(_words(part, kinds))


def can_ping(part: object) -> bool:
    """Whether a name in the data could speak to somebody; in plain_text nothing can."""
    return any(each in words(part, ("mrkdwn",)) for each in ("<!channel>", "<@U1>"))


def _words(part: object, kinds: Container[str]) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") in kinds:
            yield part["text"]
        for value in part.values():
            yield from _words(value, kinds)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _words(each, kinds)


def elements(blocks: Iterable[Block]) -> list[Block]:
    """Every button, menu and input, in order."""
    found: list[Block] = []
    for block in blocks:
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block[key] for key in ("accessory", "element") if key in block]
    return found
