"""`tracktalk usage` as a person and a script meet it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli import main
from tests.support.spendings import WoundClock, ask, cents
from texttosql.cost import FREE, Cost, Spending
from texttosql.journal.sql import SqlJournal
from texttosql.spending.budget import Allowance
from texttosql.spending.report import Report
from texttosql.spending.screen import show
from texttosql.terminal import Screen

Tracktalk = Callable[..., int]
Capture = pytest.CaptureFixture[str]
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "TRACKTALK_JOURNAL": f"sqlite:///{tmp_path}/journal.db"}


@pytest.fixture
def tracktalk(environ: dict[str, str]) -> Tracktalk:
    return lambda *arguments: main(arguments, environ)


@pytest.fixture
def spent(environ: dict[str, str]) -> None:
    """One dear question of ann's a day ago; today a cheap one of bob's, and a free one."""
    clock = WoundClock(YESTERDAY)
    with closing(SqlJournal.open(environ["TRACKTALK_JOURNAL"], clock)) as journal:
        ask(journal, Cost(400, 120, 5_600, 0.25, 0, 2, 3_000.0, "sonnet"), by="ann")
        clock.now = datetime.now(UTC)
        ask(journal, cents(1, model="haiku"), by="bob", place=None)
        ask(journal, FREE, by="bob", place=None)


@pytest.mark.usefixtures("spent")
def test_usage_shows_each_day_and_the_total(tracktalk: Tracktalk, capsys: Capture) -> None:
    assert tracktalk("usage") == 0
    said = capsys.readouterr()
    assert said.err == ""
    lines = said.out.splitlines()
    assert lines[0].split() == [
        "day", "questions", "to", "Claude", "input", "cached", "output", "USD", "median", "p95",
    ]  # fmt: skip
    assert lines[2].split() == [
        f"{YESTERDAY:%Y-%m-%d}", "1", "1", "400", "5,600", "120", "0.25", "3", "s", "3", "s",
    ]  # fmt: skip
    assert lines[4].split()[:3] == ["total", "3", "2"]
    assert "3 questions since" in said.out
    assert "cost 0.26 USD. Claude was asked 2 of them, at 0.13 USD each." in said.out
    assert "33% of answers needed no model." in said.out
    assert "91% of Claude's input came from its cache." in said.out


@pytest.mark.usefixtures("spent")
@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("user", ["ann", "bob"]),
        ("channel", ["C1", "(no channel)"]),
        ("engine", ["claude", "offline"]),
        ("model", ["sonnet", "haiku", "(no model)"]),
        ("store", ["default"]),
    ],
)
def test_usage_is_told_by_what_is_asked_for(
    by: str, names: list[str], tracktalk: Tracktalk, capsys: Capture
) -> None:
    assert tracktalk("usage", "--by", by) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = lines[2 : lines.index("")]
    assert [row.split("  ")[0] for row in rows] == [*names, "total"]


@pytest.mark.usefixtures("spent")
def test_usage_as_json_has_every_figure(
    tracktalk: Tracktalk, environ: dict[str, str], capsys: Capture
) -> None:
    environ |= {"TRACKTALK_BUDGET_DAY": "5", "TRACKTALK_BUDGET_USER": "0.5"}
    assert tracktalk("usage", "--since", "7d", "--by", "user", "--json") == 0
    found = json.loads(capsys.readouterr().out)

    assert set(found) == {"since", "by", "total", "groups", "more", "budgets"}
    assert found["groups"][0] == {
        "key": "ann", "turns": 1, "asked": 1, "answered": 1, "answered_free": 0, "calls": 2,
        "input_tokens": 400, "cached_tokens": 5_600, "written_tokens": 0, "output_tokens": 120,
        "usd": 0.25, "model_ms": 3_000.0, "median_ms": 3_000.0, "p95_ms": 3_000.0,
    }  # fmt: skip
    assert found["total"]["turns"] == 3
    assert found["budgets"]["day"]["left"] == pytest.approx(4.99)
    assert found["budgets"]["user"]["key"] == "bob"
    assert found["budgets"]["user"]["spent"] == pytest.approx(0.01)


@pytest.mark.usefixtures("spent")
def test_usage_leaves_out_what_came_before(tracktalk: Tracktalk, capsys: Capture) -> None:
    assert tracktalk("usage", "--since", "1d", "--json") == 0
    assert json.loads(capsys.readouterr().out)["total"]["turns"] == 2


@pytest.mark.usefixtures("spent")
def test_budgets_tell_what_is_left_today_and_who_has_used_most(
    tracktalk: Tracktalk, environ: dict[str, str], capsys: Capture
) -> None:
    environ |= {
        "TRACKTALK_BUDGET_DAY": "5", "TRACKTALK_BUDGET_USER": "0.5",
        "TRACKTALK_BUDGET_CHANNEL": "1",
    }  # fmt: skip
    assert tracktalk("usage") == 0
    told = capsys.readouterr().out
    assert "Today's budget for all: 5.00 USD, 4.99 USD left." in told
    assert "each asker: 0.50 USD; bob spent most, 0.01 USD, and has 0.49 USD left." in told
    assert "each channel: 1.00 USD, nothing spent." in told


def test_where_nothing_was_asked_usage_says_so(tracktalk: Tracktalk, capsys: Capture) -> None:
    assert tracktalk("usage", "--since", "2026-01-01") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "Nothing was asked since 2026-01-01." in said.err


def test_where_nothing_was_spent_usage_says_so(
    tracktalk: Tracktalk, environ: dict[str, str], capsys: Capture
) -> None:
    with closing(SqlJournal.open(environ["TRACKTALK_JOURNAL"])) as journal:
        ask(journal, FREE)
    assert tracktalk("usage") == 0
    assert "and nothing spent: Claude was asked none of them." in capsys.readouterr().out


@pytest.mark.parametrize(("option", "value"), [("--since", "last week"), ("--by", "weekday")])
def test_what_usage_does_not_know_is_told_in_a_line(
    option: str, value: str, tracktalk: Tracktalk, capsys: Capture
) -> None:
    assert tracktalk("usage", option, value) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert value in said.err
    assert "Traceback" not in said.err


def test_a_name_cannot_write_on_the_screen_and_a_terminal_gets_a_drawn_table() -> None:
    out, since = io.StringIO(), datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    group = Spending("eve\x1b[2J", 1, 1, 1, 0, Cost(1, 1, 1, 0.00001, 0, 1, 9.0), 9.0, 9.0)
    found = Report(since, "user", group, (group,), more=True)

    show(found, [Allowance("user", 1.0, 0.5, "e\x07ve")], Screen(out, out, True, ZoneInfo("UTC")))

    told = out.getvalue()
    assert "\x1b[2J" not in told
    assert "\x07" not in told
    assert "Usage by asker" in told
    assert "under 0.0001" in told
    assert "(and more, which the total has)" in told
    assert "since 2026-03-01 07:30" in told
