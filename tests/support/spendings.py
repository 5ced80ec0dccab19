"""Turns that cost something, put in a journal at the moments a test chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from texttosql.cost import FREE, Cost, Spending
from texttosql.errors import QueryTooSlow
from texttosql.flow import Answer, Declined, Question, Reply, ResultTable
from texttosql.ports import Journal

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NO_ROWS = ResultTable((), (), truncated=False, elapsed_ms=1.0)


@dataclass
class WoundClock:
    """Tells the time that a test has set."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """The same until it is set anew."""
        return self.now


def cents(amount: float, *, calls: int = 1, ms: float = 1000.0, model: str = "sonnet") -> Cost:
    """What a turn cost, with tokens that follow from it."""
    tokens = round(amount * 100)
    return Cost(
        tokens,
        tokens * 2,
        tokens * 30,
        amount / 100,
        tokens * 3,
        calls,
        ms,
        model if calls else None,
    )


def answered(question: Question, turn_id: str, cost: Cost = FREE) -> Reply:
    """A reply with rows, by Claude where it cost something."""
    engine = "claude" if cost.calls else "offline"
    answer = Answer("Here.", NO_ROWS, None, (), "SELECT 1", {}, (), "t", engine, cost)
    return Reply(question, "rows", turn_id, answer=answer)


def ask(
    journal: Journal, cost: Cost | None, *, by: str | None = "ann", place: str | None = "C1",
    store: str = "default",
) -> str:  # fmt: skip
    """A turn that ended with that cost; None leaves it running."""
    question = Question("best run?", NOON, by, store=store, place=place)
    turn_id = journal.begin(question)
    if cost is not None:
        journal.finish(answered(question, turn_id, cost))
    return turn_id


def keep_a_week(journal: Journal, clock: WoundClock) -> None:
    """Two hundred turns over eight days: free and dear, answered, declined, failed, unfinished."""
    people: Sequence[str | None] = ("ann", "bob", "çem 🚀", None)
    for number in range(200):
        clock.now = NOON + timedelta(minutes=55 * number)
        by, place = people[number % 4], (f"T1/C{number % 3}", None)[number % 5 == 0]
        model = ("sonnet", "haiku")[number % 7 == 0]
        spent = cents(number % 11, ms=number * 7.5, model=model) if number % 3 else FREE
        question = Question("best run?", NOON, by, store=f"s{number % 2}", place=place)
        turn_id = journal.begin(question)
        if number % 10 == 1:
            declined = Declined("Not here.", (), "claude", spent)
            journal.finish(Reply(question, "refuse", turn_id, declined=declined))
        elif number % 10 == 2:
            journal.finish(Reply(question, "error", turn_id, error=QueryTooSlow("Slow.", "Less.")))
        elif number % 10 != 3:
            journal.finish(answered(question, turn_id, spent))
        if number % 10 == 4:
            journal.note_cost(turn_id, cents(0.5, model="haiku"))


def rounded(groups: Sequence[Spending]) -> list[Spending]:
    """Without the last digits of the dollars, which depend on the order of adding."""
    return [replace(g, cost=replace(g.cost, usd=round(g.cost.usd, 9))) for g in groups]
