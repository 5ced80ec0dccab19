"""Whether Claude may be asked: by day, by asker, by channel, in the team's own time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from tests.support.spendings import WoundClock, answered, ask, cents
from texttosql.cost import FREE, Spending, SpentBy
from texttosql.flow import Question
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.memory_usage import MemoryUsage
from texttosql.model_settings import Budgets
from texttosql.spending.budget import Allowance, Purse, first_instant

BERLIN = ZoneInfo("Europe/Berlin")
MakePurse = Callable[..., Purse]


class Unread:
    """`cost.Usage` that must not be looked at."""

    def spent(
        self,
        since: datetime,
        *,
        asked_by: str | None = None,
        place: str | None = None,
        running_since: datetime | None = None,
    ) -> float:
        """Nobody is to ask."""
        raise AssertionError((since, asked_by, place, running_since))

    def dearest(self, since: datetime, by: Literal["user", "channel"]) -> tuple[str, float] | None:
        """Nobody is to ask."""
        raise AssertionError((since, by))

    def summary(
        self,
        since: datetime,
        until: datetime | None = None,
        *,
        by: SpentBy | None = None,
        asked_by: str | None = None,
        place: str | None = None,
        limit: int = 100,
    ) -> tuple[Spending, ...]:
        """Nobody is to ask."""
        raise AssertionError((since, until, by, asked_by, place, limit))


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock()


@pytest.fixture
def journal(clock: WoundClock) -> MemoryJournal:
    return MemoryJournal(clock)


@pytest.fixture
def purse(journal: MemoryJournal, clock: WoundClock) -> MakePurse:
    """A purse over the journal with some budgets, in Berlin."""
    return lambda **limits: Purse(MemoryUsage(journal), Budgets(**limits), BERLIN, clock)


def _question(by: str | None = "ann", place: str | None = "C1") -> Question:
    return Question("best run?", datetime(2020, 1, 1, tzinfo=UTC), by, place=place)


def test_without_a_budget_nothing_is_looked_up() -> None:
    purse = Purse(Unread(), Budgets(), BERLIN, WoundClock())

    assert purse.over(_question()) is None
    assert purse.today("ann", "C1") == ()
    assert purse.fullest() == ()


def test_a_days_budget_that_is_used_up_is_said_with_when_it_begins_anew(
    purse: MakePurse, journal: MemoryJournal
) -> None:
    ask(journal, cents(250), by="ann")
    assert purse(day=5.0).over(_question()) is None

    ask(journal, cents(250), by="bob")

    assert purse(day=5.0).over(_question()) == (
        "Today's budget for Claude (5.00 USD) is used up;"
        " it begins anew at midnight, Europe/Berlin time."
    )


def test_an_askers_budget_is_theirs_alone(purse: MakePurse, journal: MemoryJournal) -> None:
    ask(journal, cents(50), by="ann", place="C2")

    assert purse(user=0.5).over(_question("bob")) is None
    assert (purse(user=0.5).over(_question("ann")) or "").startswith(
        "Your budget for Claude today (0.50 USD) is used up"
    )


def test_a_channels_budget_is_for_all_who_ask_there(
    purse: MakePurse, journal: MemoryJournal
) -> None:
    ask(journal, cents(1), by="ann", place="C1")
    ask(journal, cents(1), by="bob", place="C1")

    assert purse(channel=0.02).over(_question("cem", "C2")) is None
    assert (purse(channel=0.02).over(_question("cem", "C1")) or "").startswith(
        "This channel's budget for Claude today (0.02 USD) is used up"
    )


def test_a_question_without_asker_or_channel_has_the_days_budget_alone(
    purse: MakePurse, journal: MemoryJournal
) -> None:
    ask(journal, cents(50), by=None, place=None)

    assert purse(user=0.1, channel=0.1).over(_question(None, None)) is None
    assert purse(user=0.1, day=0.1).over(_question(None, None)) is not None


def test_a_budget_of_nothing_lets_nobody_ask(purse: MakePurse) -> None:
    assert purse(user=0.0).over(_question()) == (
        "Your budget for Claude today is 0 USD, so Claude is not asked."
    )


@pytest.mark.parametrize(
    ("spent_at", "asked_at", "same_day"),
    [
        ("2026-03-04T22:59:59+00:00", "2026-03-04T23:00:00+00:00", False),
        ("2026-03-04T23:00:00+00:00", "2026-03-05T22:59:59+00:00", True),
        # 29 March has 23 hours in Berlin, 25 October has 25.
        ("2026-03-28T23:00:00+00:00", "2026-03-29T21:59:59+00:00", True),
        ("2026-03-29T21:59:59+00:00", "2026-03-29T22:00:00+00:00", False),
        ("2026-10-24T22:00:00+00:00", "2026-10-25T22:59:59+00:00", True),
        ("2026-10-24T21:59:59+00:00", "2026-10-25T22:59:59+00:00", False),
        ("2026-10-25T22:59:59+00:00", "2026-10-25T23:00:00+00:00", False),
    ],
)
def test_a_day_ends_at_midnight_where_the_team_is_also_when_clocks_change(
    purse: MakePurse,
    journal: MemoryJournal,
    clock: WoundClock,
    spent_at: str,
    asked_at: str,
    same_day: bool,
) -> None:
    clock.now = datetime.fromisoformat(spent_at)
    ask(journal, cents(100))
    clock.now = datetime.fromisoformat(asked_at)

    assert (purse(day=1.0).over(_question()) is not None) == same_day


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00"),  # 00:00 is put forward to 01:00
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00"),  # 00:00 comes twice
        ("Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00"),
    ],
)
def test_a_day_begins_with_its_first_instant(zone: str, day: str, begins: str) -> None:
    begin = first_instant(date.fromisoformat(day), ZoneInfo(zone))

    assert f"{begin:%Y-%m-%dT%H:%M:%S}" == begins


def test_questions_that_run_at_the_same_time_do_not_all_pass_on_the_last_cent(
    purse: MakePurse, journal: MemoryJournal, clock: WoundClock
) -> None:
    for _ in range(8):
        ask(journal, cents(1))
    spending = purse(day=0.095)
    passed = 0
    for _ in range(10):
        ask(journal, None)
        clock.now += timedelta(seconds=5)
        passed += spending.over(_question()) is None

    assert passed == 1


def test_a_turn_that_nobody_will_end_is_not_waited_for(
    purse: MakePurse, journal: MemoryJournal, clock: WoundClock
) -> None:
    ask(journal, cents(6))
    ask(journal, None)
    assert purse(day=0.1).over(_question()) is not None

    clock.now += timedelta(minutes=3)

    assert purse(day=0.1).over(_question()) is None


def test_what_an_explanation_costs_counts_too(purse: MakePurse, journal: MemoryJournal) -> None:
    turn_id = ask(journal, cents(6))
    assert purse(day=0.1).over(_question()) is None

    journal.note_cost(turn_id, cents(5))

    assert purse(day=0.1).over(_question()) is not None


def test_what_is_paid_today_for_an_older_question_counts_today(
    purse: MakePurse, journal: MemoryJournal, clock: WoundClock
) -> None:
    turn_id = ask(journal, cents(20))
    clock.now += timedelta(days=1)
    assert purse(day=0.1).over(_question()) is None

    journal.finish(answered(_question(), turn_id, cents(6)))
    journal.note_cost(turn_id, cents(5))

    assert purse(day=0.1).over(_question()) is not None
    (user,) = purse(user=0.2).fullest()
    assert user.spent == pytest.approx(0.11)


def test_a_second_try_does_not_hide_what_the_first_one_spent(
    purse: MakePurse, journal: MemoryJournal
) -> None:
    turn_id = ask(journal, cents(12))
    journal.finish(answered(_question(), turn_id, FREE))

    assert purse(day=0.1).over(_question()) is not None


def test_what_is_left_today_is_told_for_each_budget(
    purse: MakePurse, journal: MemoryJournal
) -> None:
    ask(journal, cents(30), by="ann", place="C1")
    ask(journal, cents(70), by="bob", place="C1")
    limits = {"day": 5.0, "user": 0.5, "channel": 0.9}

    day, user, channel = purse(**limits).today("ann", "C1")

    assert [each.whose for each in (day, user, channel)] == ["day", "user", "channel"]
    assert [round(each.left, 9) for each in (day, user, channel)] == [4.0, 0.2, 0.0]
    assert purse(**limits).today(None, None) == (day,)


def test_who_has_used_most_of_a_budget_is_known_by_name(
    purse: MakePurse, journal: MemoryJournal
) -> None:
    assert purse(user=0.5).fullest() == (Allowance("user", 0.5, 0.0),)
    ask(journal, cents(90), by=None, place=None)
    ask(journal, cents(30), by="ann", place="C1")
    ask(journal, cents(10), by="bob", place="C2")

    user, channel = purse(user=0.5, channel=1.0).fullest()

    assert user == Allowance("user", 0.5, pytest.approx(0.3), "ann")  # type: ignore[arg-type]  # approx
    assert channel == Allowance("channel", 1.0, pytest.approx(0.3), "C1")  # type: ignore[arg-type]  # approx
