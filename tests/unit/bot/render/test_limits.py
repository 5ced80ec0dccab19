"""Whatever the data, Slack takes every message."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bot.render import NATIVE, render
from tests.unit.bot.render.judge import broken
from tests.unit.bot.render.results import ASKED, LINKED, RUN, answer, every, reply
from texttosql.chart import choose_chart
from texttosql.errors import QueryTooSlow, Refused
from texttosql.flow import (
    Cell,
    ChartKind,
    ChartWish,
    Clarification,
    Column,
    ColumnKind,
    Declined,
    Option,
    Reply,
    ResultTable,
)

NASTY = (
    "", " ", "x" * 10_000, "&" * 10_000, "`" * 500, "*a* _b_ ~c~ " * 400, "👩‍👩‍👧 🚀" * 300,
    "سلام " * 300, "\u202eevil\u202c", "<!channel>", "<@U123>", "<https://evil.example|x>",
    "```\nrm -rf\n```", ":tada:" * 100, "a@b.example", "> q", "=cmd()", "\x00\x07\x1b[31m", "\n\n",
    "\ud800", "e\u0301" * 200, "'; DROP TABLE runs; --", '{"t": 1}', "None", "nan", "1e400", "–",
)  # fmt: skip
NUMBERS: tuple[Cell, ...] = (
    0, -1, 1.5, 2**63, -(2**70), 1e-300, 1e307, float("nan"), float("inf"), float("-inf"),
    1.7976931348623157e308, None,
)  # fmt: skip
WISHES: tuple[ChartKind | None, ...] = ("bar", "line", "scatter", "histogram", None)
KINDS: tuple[ColumnKind, ...] = ("text", "integer", "real", "time", "day", "week", "month")


def nasty_table(rng: random.Random, columns: int, rows: int) -> ResultTable:
    names = ("run", "run_id", "experiment_id", "auc", "auc", "step", "started", *NASTY)
    made = tuple(Column(rng.choice(names), rng.choice(KINDS)) for _ in range(columns))
    return ResultTable(
        made,
        tuple(tuple(nasty_cell(rng, c.kind) for c in made) for _ in range(rows)),
        rng.random() < 0.5,
        1.0,
    )


def nasty_cell(rng: random.Random, kind: ColumnKind) -> Cell:
    if kind == "text":
        return rng.choice((*NASTY, RUN, None))
    if kind in {"integer", "real"}:
        return rng.choice(NUMBERS)
    return rng.choice((1795176000000, "2026-05-04", "2026-05", "not a day", 10**18, None))


@pytest.mark.parametrize("seed", range(120))
def test_slack_takes_every_tier_of_every_answer(seed: int) -> None:
    rng = random.Random(seed)
    found = nasty_table(rng, rng.choice((1, 2, 3, 7, 60)), rng.choice((0, 1, 2, 30, 101, 400)))
    wish = ChartWish(rng.choice(WISHES))
    given = answer(
        found,
        rng.choice((*NASTY, "Best: a. Then b.")),
        chart=choose_chart(found, wish, rng.choice(NASTY)),
        assumptions=tuple(rng.sample(NASTY, 3)),
        suggestions=tuple(rng.sample(NASTY, 3)),
        title=rng.choice(NASTY),
        sql=rng.choice(NASTY),
    )
    look = replace(
        LINKED,
        page=rng.choice((0, 1, 99)),
        chart=rng.choice(("auto", "bar", "none")),
        refines=rng.choice((None, *NASTY)),
        native=frozenset(rng.sample(sorted(NATIVE), rng.randint(0, 4))),
    )
    tiers = render(reply(given, rng.choice(("t1", None))), look).tiers

    assert [broken(tier) for tier in tiers] == [[] for _ in tiers]
    assert tiers[-1].blocks is None
    assert all(tier.needs <= look.native for tier in tiers)
    assert all(harmless(tier.text, tier.blocks) for tier in tiers)


def harmless(text: str, blocks: object) -> bool:
    """No mention, no link but ours, no control or bidi character."""
    texts = [text, *(str(e["text"]) for e in every(blocks) if isinstance(e.get("text"), str))]
    marked = [text, *(str(e["text"]) for e in every(blocks) if e.get("type") == "mrkdwn")]
    links = "".join(marked).replace("<https://mlflow.example/", "")
    return "<" not in links and not any(c in "".join(texts) for c in "\u202e\x00\x07\x1b\ud800")


def test_slack_takes_five_thousand_rows_of_sixty_columns() -> None:
    found = nasty_table(random.Random(1), 60, 5000)
    tiers = render(reply(answer(found)), LINKED).tiers

    assert [broken(tier) for tier in tiers] == [[] for _ in tiers]


@pytest.mark.parametrize("text", NASTY)
def test_slack_takes_every_other_reply(text: str) -> None:
    options = tuple(Option(text, text) for _ in range(4))
    replies = (
        Reply(ASKED, "clarify", "t1", clarification=Clarification(text, options, text)),
        Reply(ASKED, "clarify", None, clarification=Clarification(text, (), text)),
        Reply(ASKED, "refuse", "t1", declined=Declined(text, (text, text, text), text)),
        Reply(ASKED, "refuse", None, error=Refused(text, text, text)),
        Reply(ASKED, "error", "t1", error=QueryTooSlow(text, text, reference=text)),
    )
    for given in replies:
        tiers = render(given, LINKED).tiers
        assert [broken(tier) for tier in tiers] == [[] for _ in tiers]
        assert all(harmless(tier.text, tier.blocks) for tier in tiers)
