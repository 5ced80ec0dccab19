"""What was asked and spent in a while: days where the team is, periods as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.spendings import WoundClock, ask, cents
from texttosql.cost import FREE
from texttosql.errors import SettingsError
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.memory_usage import MemoryUsage
from texttosql.spending.report import MOST_DAYS, moment_of, report

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 3, 30)


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock()


@pytest.fixture
def journal(clock: WoundClock) -> MemoryJournal:
    return MemoryJournal(clock)


def test_days_are_the_teams_own_in_their_order_and_empty_ones_left_out(
    journal: MemoryJournal, clock: WoundClock
) -> None:
    # 29 March has 23 hours in Berlin: it begins at 23:00 and ends at 22:00 UTC.
    for moment in ("28T22:59", "28T23:00", "29T21:59", "29T22:00"):
        clock.now = datetime.fromisoformat(f"2026-03-{moment}+00:00")
        ask(journal, cents(1))

    found = report(MemoryUsage(journal), moment_of("7d", TODAY, BERLIN), "day", TODAY, BERLIN)

    days = [(each.key, each.turns) for each in found.groups]
    assert days == [("2026-03-28", 1), ("2026-03-29", 2), ("2026-03-30", 1)]
    assert (found.total.turns, round(found.total.cost.usd, 9), found.more) == (4, 0.04, False)


def test_the_first_day_begins_where_the_report_does(
    journal: MemoryJournal, clock: WoundClock
) -> None:
    for hour in (6, 8):
        clock.now = datetime(2026, 3, 30, hour, tzinfo=UTC)
        ask(journal, cents(1))

    since = datetime(2026, 3, 30, 7, tzinfo=UTC)
    found = report(MemoryUsage(journal), since, "day", TODAY, BERLIN)

    assert [each.turns for each in found.groups] == [1]
    assert found.total.turns == 1


def test_days_too_far_back_are_in_the_total_alone(
    journal: MemoryJournal, clock: WoundClock
) -> None:
    clock.now = datetime(2024, 1, 1, 12, tzinfo=UTC)
    ask(journal, cents(1))
    clock.now = datetime(2026, 3, 30, 12, tzinfo=UTC)
    ask(journal, FREE)

    since = clock.now - timedelta(days=3 * MOST_DAYS)
    found = report(MemoryUsage(journal), since, "day", TODAY, BERLIN)

    assert [each.key for each in found.groups] == ["2026-03-30"]
    assert (found.total.turns, found.more) == (2, True)


def test_more_groups_than_can_be_shown_are_said_to_be(journal: MemoryJournal) -> None:
    for number in range(4):
        ask(journal, cents(number), by=f"u{number}")
    usage, since = MemoryUsage(journal), datetime(2026, 3, 1, tzinfo=UTC)

    shown = report(usage, since, "user", TODAY, BERLIN, limit=3)

    assert ([each.key for each in shown.groups], shown.more) == (["u3", "u2", "u1"], True)
    assert not report(usage, since, "user", TODAY, BERLIN, limit=4).more


def test_where_nothing_was_asked_the_total_is_nothing(journal: MemoryJournal) -> None:
    found = report(MemoryUsage(journal), datetime(2026, 3, 1, tzinfo=UTC), "day", TODAY, BERLIN)

    assert (found.total.turns, found.groups) == (0, ())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1d", "2026-03-29T22:00"),
        ("2d", "2026-03-28T23:00"),
        ("2w", "2026-03-16T23:00"),
        (" 7d ", "2026-03-23T23:00"),
        ("0d", "2026-03-29T22:00"),
        ("2026-03-01", "2026-02-28T23:00"),
        ("2026-03-29T12:00", "2026-03-29T10:00"),
        ("2026-03-29T12:00Z", "2026-03-29T12:00"),
    ],
)
def test_a_beginning_is_a_period_up_to_now_or_a_time_where_the_team_is(
    text: str, moment: str
) -> None:
    assert moment_of(text, TODAY, BERLIN) == datetime.fromisoformat(f"{moment}+00:00")


@pytest.mark.parametrize("text", ["", "d", "-7d", "7 days ago", "last week", "0001-01-01", "🤷"])
def test_a_beginning_that_is_none_says_what_to_write(text: str) -> None:
    with pytest.raises(SettingsError, match="neither a period nor an ISO date") as trouble:
        moment_of(text, TODAY, BERLIN)

    assert "7d, 4w or 2026-11-01" in trouble.value.fix
