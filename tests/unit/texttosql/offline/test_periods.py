"""Days, weeks and months are the team's own, also across the change of the clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.unit.texttosql.offline.asking import BERLIN, Ask, Team


@pytest.fixture(scope="module")
def tokyo(small: Path) -> Iterator[Team]:
    team = Team(small, ZoneInfo("Asia/Tokyo"))
    yield team
    team.close()


def test_last_week_is_monday_to_sunday_in_the_teams_zone(ask: Ask) -> None:
    """lasso-2 began Monday 00:30 in Berlin (Sunday in UTC), boost-3 Sunday 23:30, an hour less."""
    found = ask("runs last week").runs
    assert {"lasso-2", "boost-3"} <= set(found)
    assert {"lasso-1", "boost-4"}.isdisjoint(found)
    assert len(found) == 9


def test_this_week_begins_where_the_last_one_ends(ask: Ask) -> None:
    assert sorted(map(str, ask("runs this week").runs)) == [
        "boost-4", "gbm-7", "mlp-1", "seed0", "seed0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "runs"),
    [
        ("runs on october 25", ["boost-3"]),
        ("runs on 2026-10-26", ["boost-4"]),
        ("runs on october 19", ["lasso-2"]),
        ("runs yesterday", ["seed0", "seed0"]),
        ("runs today", ["gbm-7", "mlp-1"]),
        ("runs before september 5", ["logreg-1", "logreg-2"]),
        ("runs between october 5 and october 7", ["forest-3", "gbm-1", "gbm-2"]),
        ("runs last weekend", ["boost-3"]),
    ],
)
def test_days_are_the_teams_days(question: str, runs: list[str], ask: Ask) -> None:
    assert sorted(map(str, ask(question).runs)) == runs


def test_runs_per_day_are_counted_by_the_teams_days(ask: Ask) -> None:
    assert ask("runs per day last week").rows("day", "runs") == [
        ("2026-10-19", 1),
        ("2026-10-20", 1),
        ("2026-10-21", 5),
        ("2026-10-23", 1),
        ("2026-10-25", 1),
    ]


def test_another_team_has_other_days(tokyo: Team) -> None:
    """Late on Sunday in Berlin is Monday morning in Tokyo."""
    assert tokyo.ask("runs on october 26").runs == ["boost-4", "boost-3"]
    assert tokyo.ask("runs per day this week").pairs("day", "runs")["2026-10-26"] == 2


def test_the_zone_is_stated_where_times_are_shown(ask: Ask, tokyo: Team) -> None:
    assert "times in Europe/Berlin" in ask("runs last week").notes
    assert "times in Asia/Tokyo" in tokyo.ask("runs last week").notes


def test_the_question_carries_its_own_now(ask: Ask) -> None:
    """The same words mean another week when they were asked in another."""
    earlier = datetime(2026, 10, 20, 9, 0, tzinfo=BERLIN)
    assert sorted(map(str, ask("runs last week", at=earlier).runs)) == [
        "lasso-1", "ridge-1", "ridge-2",
    ]  # fmt: skip


def test_a_clock_time_may_stand_before_its_day(ask: Ask) -> None:
    """ridge-1 began at eight in Berlin, ridge-2 at nine."""
    assert ask("price: house v2 runs before 08:30 on 12 october").runs == ["ridge-1"]
    assert "ridge-1" not in ask("price: house v2 runs after 8:30am on october 12").runs


def test_nothing_is_looked_for_within_a_moment(ask: Ask) -> None:
    assert ask("runs at 08:00 on 12 october").outcome == "refuse"
