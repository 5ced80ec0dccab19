"""What was spent: added up right, by whom and where, in memory and on disk alike."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Literal, get_args

import pytest

from tests.support.spendings import (
    NOON,
    WoundClock,
    answered,
    ask,
    cents,
    keep_a_week,
    rounded,
)
from texttosql.cost import FREE, Cost, Spending, SpentBy, Usage
from texttosql.errors import InterpreterDown, JournalError, QueryTooSlow
from texttosql.flow import Clarification, Declined, Draft, Option, Question, Reply
from texttosql.journal.database import Database
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.memory_usage import MemoryUsage
from texttosql.journal.sql import SqlJournal
from texttosql.journal.usage import SqlUsage
from texttosql.ports import Journal

SPENDER = """
import sys
from texttosql.cost import Cost
from texttosql.journal.sql import SqlJournal

journal = SqlJournal.open(sys.argv[1])
for _ in range(50):
    journal.note_cost(sys.argv[2], Cost(1, 2, 3, 0.01, 4, 1, 10.0, "haiku"))
journal.close()
"""


@dataclass
class Books:
    """A journal, what it says was spent, and the clock it goes by."""

    journal: Journal
    usage: Usage
    clock: WoundClock


@pytest.fixture(params=["memory", "sqlite"])
def books(request: pytest.FixtureRequest, address: str) -> Iterator[Books]:
    clock = WoundClock()
    if request.param == "memory":
        memory = MemoryJournal(clock)
        yield Books(memory, MemoryUsage(memory), clock)
        return
    database = Database.open(address)
    yield Books(SqlJournal(database, clock), SqlUsage(database), clock)
    database.close()


def _cost(books: Books, turn_id: str) -> Cost:
    turn = books.journal.turn(turn_id)
    assert turn is not None
    return turn.cost


def test_what_was_spent_since_a_moment_leaves_out_what_came_before(books: Books) -> None:
    ask(books.journal, cents(3))
    books.clock.now += timedelta(hours=1)
    ask(books.journal, cents(4))
    berlin = timezone(timedelta(hours=1))

    assert books.usage.spent(NOON) == pytest.approx(0.07)
    assert books.usage.spent(datetime(2026, 3, 4, 14, tzinfo=berlin)) == pytest.approx(0.04)
    assert books.usage.spent(NOON + timedelta(hours=2)) == 0.0


def test_what_one_asker_or_one_channel_spent_is_theirs_alone(books: Books) -> None:
    ask(books.journal, cents(1), by="ann", place="C1")
    ask(books.journal, cents(2), by="bob", place="C1")
    ask(books.journal, cents(4), by="bob", place=None)
    ask(books.journal, cents(8), by=None, place="C2")

    assert books.usage.spent(NOON, asked_by="bob") == pytest.approx(0.06)
    assert books.usage.spent(NOON, place="C1") == pytest.approx(0.03)
    assert books.usage.spent(NOON, asked_by="bob", place="C1") == pytest.approx(0.02)
    assert books.usage.spent(NOON, asked_by="eve") == 0.0


def test_a_question_asked_as_of_another_day_counts_to_the_day_it_was_asked_on(
    books: Books,
) -> None:
    tomorrow = Question("best run?", NOON + timedelta(days=1), "ann")
    books.journal.finish(answered(tomorrow, books.journal.begin(tomorrow), cents(5)))

    assert books.usage.spent(NOON) == pytest.approx(0.05)
    assert books.usage.spent(NOON + timedelta(hours=1)) == 0.0


def _dearest(books: Books, since: datetime, by: Literal["user", "channel"]) -> tuple[str, float]:
    found = books.usage.dearest(since, by)
    assert found is not None
    return found[0], round(found[1], 9)


def test_money_counts_to_when_it_is_paid_and_to_whose_question_it_was(books: Books) -> None:
    turn_id = ask(books.journal, cents(1), by="bob", place="C1")
    ask(books.journal, cents(2), by="ann", place="C2")
    books.clock.now = tomorrow = NOON + timedelta(days=1)
    books.journal.finish(answered(Question("best run?", NOON, "bob"), turn_id, cents(4)))
    books.journal.note_cost(turn_id, cents(8))

    assert books.usage.spent(tomorrow, asked_by="bob", place="C1") == pytest.approx(0.12)
    assert books.usage.spent(NOON) == pytest.approx(0.15)
    assert _dearest(books, tomorrow, "user") == ("bob", 0.12)
    assert _dearest(books, NOON, "channel") == ("C1", 0.13)
    assert books.usage.summary(tomorrow) == ()


def test_of_what_nobody_is_known_to_have_paid_nobody_paid_most(books: Books) -> None:
    assert books.usage.dearest(NOON, "user") is None
    ask(books.journal, cents(9), by=None, place=None)
    assert books.usage.dearest(NOON, "user") is None
    ask(books.journal, cents(1), by="bob", place=None)
    ask(books.journal, cents(1), by="ann", place=None)
    assert _dearest(books, NOON, "user") == ("ann", 0.01)


def test_turns_that_run_now_count_with_the_mean_of_the_ended(books: Books) -> None:
    ask(books.journal, None)
    books.clock.now += timedelta(hours=1)
    ask(books.journal, cents(6))
    ask(books.journal, FREE)
    ask(books.journal, None)
    ask(books.journal, None, by="bob")
    lately = books.clock.now - timedelta(minutes=2)

    assert books.usage.spent(NOON) == pytest.approx(0.06)
    assert books.usage.spent(NOON, running_since=lately) == pytest.approx(0.12)
    assert books.usage.spent(NOON, asked_by="ann", running_since=lately) == pytest.approx(0.09)
    assert books.usage.spent(NOON, asked_by="bob", running_since=lately) == 0.0


def test_a_second_try_of_a_turn_adds_to_what_the_first_has_cost(books: Books) -> None:
    turn_id = ask(books.journal, Cost(10, 20, 30, 0.25, 40, 2, 500.0, "sonnet"))
    question = Question("best run?", NOON, "ann")
    again = Cost(1, 2, 3, 0.5, 4, 1, 50.0, "haiku")
    books.journal.finish(answered(question, turn_id, again))

    assert _cost(books, turn_id) == Cost(11, 22, 33, 0.75, 44, 3, 550.0, "haiku")


def test_a_free_second_try_leaves_what_the_first_has_cost(books: Books) -> None:
    first = Cost(10, 20, 30, 0.25, 40, 2, 500.0, "sonnet")
    turn_id = ask(books.journal, first)
    question = Question("best run?", NOON, "ann")
    books.journal.finish(answered(question, turn_id, FREE))

    assert _cost(books, turn_id) == first


def test_an_explanation_adds_to_its_turns_cost_before_and_after_it_has_ended(
    books: Books,
) -> None:
    turn_id = ask(books.journal, None)
    books.journal.note_cost(turn_id, Cost(1, 1, 1, 0.5, 1, 1, 10.0, "haiku"))
    question = Question("best run?", NOON, "ann")
    books.journal.finish(answered(question, turn_id, Cost(2, 2, 2, 0.25, 2, 1, 20.0, "sonnet")))
    books.journal.note_cost(turn_id, Cost(4, 4, 4, 1.0, 4, 1, 40.0, "haiku"))
    books.journal.note_cost(turn_id, FREE)

    assert _cost(books, turn_id) == Cost(7, 7, 7, 1.75, 7, 3, 70.0, "haiku")


def test_a_cost_of_a_turn_that_never_began_is_an_error(books: Books) -> None:
    with pytest.raises(JournalError, match="no turn 0nowhere"):
        books.journal.note_cost("0nowhere", cents(1))


ENDINGS: list[tuple[str, dict[str, Any]]] = [
    ("clarify", {"clarification": Clarification("?", (Option("a", "a?"),), "claude", cents(5))}),
    ("refuse", {"declined": Declined("No.", (), "claude", cents(5))}),
    ("error", {"error": InterpreterDown("Down.", "Later.", spent=cents(5))}),
    (
        "error",
        {
            "error": QueryTooSlow("Slow.", "Less."),
            "draft": Draft("SELECT 1", "t", "claude", cost=cents(5)),
        },
    ),
]


@pytest.mark.parametrize(("outcome", "ended"), ENDINGS)
def test_what_a_turn_cost_is_kept_however_it_ended(
    books: Books, outcome: Any, ended: dict[str, Any]
) -> None:
    question = Question("best run?", NOON, "ann")
    turn_id = books.journal.begin(question)
    reply = Reply(question, outcome, turn_id, **ended)
    books.journal.finish(reply)

    assert reply.cost == cents(5)
    assert _cost(books, turn_id) == cents(5)
    assert books.usage.spent(NOON) == pytest.approx(0.05)


def test_a_summary_tells_tokens_shares_and_waits(books: Books) -> None:
    for hundred in range(1, 21):
        ask(books.journal, cents(1, ms=hundred * 100.0))
    ask(books.journal, FREE)
    ask(books.journal, None)

    (total,) = rounded(books.usage.summary(NOON))

    assert total == Spending(
        None,
        turns=22,
        asked=20,
        answered=21,
        answered_free=1,
        cost=Cost(2_000, 4_000, 60_000, 0.2, 6_000, 20, 21_000.0),
        median_ms=1_000.0,
        p95_ms=1_900.0,
    )


def test_groups_come_costliest_first_and_no_more_than_wished(books: Books) -> None:
    for amount, by in ((1, "ann"), (5, "bob"), (2, "ann"), (0.5, None), (0.25, "eve")):
        ask(books.journal, cents(amount), by=by)

    groups = books.usage.summary(NOON, by="user", limit=3)

    assert [(each.key, each.turns) for each in groups] == [("bob", 1), ("ann", 2), (None, 1)]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("channel", {"C1": 1, "C2": 1, None: 1}),
        ("engine", {"claude": 2, None: 1}),
        ("model", {"haiku": 1, "sonnet": 1, None: 1}),
        ("store", {"prod": 1, "default": 2}),
    ],
)
def test_turns_are_told_apart_by_what_is_asked_for(
    books: Books, by: SpentBy, expected: dict[str | None, int]
) -> None:
    ask(books.journal, cents(1, model="haiku"), place="C1")
    ask(books.journal, cents(2), place="C2", store="prod")
    ask(books.journal, None, place=None)

    groups = books.usage.summary(NOON, by=by)

    assert {each.key: each.turns for each in groups} == expected


def test_a_summary_ends_before_its_end(books: Books) -> None:
    ask(books.journal, cents(1))
    books.clock.now += timedelta(hours=1)
    ask(books.journal, cents(2))

    (first,) = books.usage.summary(NOON, books.clock.now)

    assert first.turns == 1
    assert first.cost.usd == pytest.approx(0.01)


def test_where_nothing_was_asked_there_is_no_summary(books: Books) -> None:
    assert books.usage.summary(NOON) == ()
    assert books.usage.summary(NOON, by="user") == ()


@pytest.mark.parametrize("by", [None, *get_args(SpentBy)])
def test_memory_and_disk_agree_on_a_busy_week(address: str, by: SpentBy | None) -> None:
    clock, database = WoundClock(), Database.open(address)
    keep_a_week(SqlJournal(database, clock), clock)
    memory = MemoryJournal(clock)
    keep_a_week(memory, clock)

    on_disk = rounded(SqlUsage(database).summary(NOON, by=by))
    database.close()

    assert sum(each.turns for each in on_disk) == 200
    assert on_disk == rounded(MemoryUsage(memory).summary(NOON, by=by))


def test_several_processes_that_spend_on_one_turn_lose_nothing(address: str) -> None:
    journal = SqlJournal.open(address)
    turn_id = ask(journal, None)
    spenders = [
        subprocess.Popen([sys.executable, "-c", SPENDER, address, turn_id])  # noqa: S603  ours
        for _ in range(3)
    ]

    assert [spender.wait(timeout=60) for spender in spenders] == [0, 0, 0]
    turn = journal.turn(turn_id)
    journal.close()
    assert turn is not None
    cost = replace(turn.cost, usd=round(turn.cost.usd, 9))
    assert cost == Cost(150, 300, 450, 1.5, 600, 150, 1500.0, "haiku")
