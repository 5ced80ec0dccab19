"""Whether Claude may be asked now: what was spent today, against what may be spent in a day.

A day begins at midnight in the team's time zone. What was spent is in the journal, which all
processes share; nothing is kept here. The turns that run at this moment count with today's mean,
so that many questions at once do not all pass on the same last cent. Before a day's first turn
has ended there is no mean: what runs then may cost more than the budget, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from texttosql.cost import Usage
from texttosql.flow import Question
from texttosql.format import dollars

if TYPE_CHECKING:
    from texttosql.model_settings import Budgets  # which loads pydantic

Whose = Literal["day", "user", "channel"]

RUNNING = timedelta(minutes=2)
"""A turn that was accepted earlier and has not ended was left by a process that died."""
_NAMES: dict[Whose, str] = {
    "day": "Today's budget for Claude",
    "user": "Your budget for Claude today",
    "channel": "This channel's budget for Claude today",
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """A budget of today and what was spent of it, in US dollars; `key` is the asker or place."""

    whose: Whose
    limit: float
    spent: float
    key: str | None = None

    @property
    def left(self) -> float:
        """What may still be spent today."""
        return max(self.limit - self.spent, 0.0)


class Purse:
    """Today's budgets. `now` tells the time. Each method raises JournalError."""

    def __init__(
        self, usage: Usage, budgets: Budgets, zone: ZoneInfo, now: Callable[[], datetime]
    ) -> None:
        self._usage, self._budgets, self._zone, self._now = usage, budgets, zone, now

    def over(self, question: Question) -> str | None:
        """Why Claude may not be asked this now, in a sentence; None when it may."""
        now = self._now()
        for budget in self._allowances(question.asked_by, question.place, now - RUNNING):
            if budget.spent >= budget.limit:
                return self._used_up(budget)
        return None

    def today(self, asked_by: str | None, place: str | None) -> tuple[Allowance, ...]:
        """The budgets that this asker has in this place, without what runs at this moment."""
        return tuple(self._allowances(asked_by, place, None))

    def fullest(self) -> tuple[Allowance, ...]:
        """Every budget that is set, as whoever has spent most of it today has used it."""
        found = list(self._allowances(None, None, None))
        if self._budgets.user is not None:
            found.append(self._most_used("user", self._budgets.user))
        if self._budgets.channel is not None:
            found.append(self._most_used("channel", self._budgets.channel))
        return tuple(found)

    def _allowances(
        self, asked_by: str | None, place: str | None, running: datetime | None
    ) -> Iterator[Allowance]:
        """One look at the journal for each budget that is set and concerns this question."""
        if self._budgets.unlimited:
            return
        midnight, spent = self._midnight(), self._usage.spent
        day, user, channel = self._budgets.day, self._budgets.user, self._budgets.channel
        if day is not None:
            yield Allowance("day", day, spent(midnight, running_since=running))
        if user is not None and asked_by is not None:
            used = spent(midnight, asked_by=asked_by, running_since=running)
            yield Allowance("user", user, used, asked_by)
        if channel is not None and place is not None:
            used = spent(midnight, place=place, running_since=running)
            yield Allowance("channel", channel, used, place)

    def _most_used(self, whose: Literal["user", "channel"], limit: float) -> Allowance:
        most = self._usage.dearest(self._midnight(), whose)
        if most is None:
            return Allowance(whose, limit, 0.0)
        key, spent = most
        return Allowance(whose, limit, spent, key)

    def _midnight(self) -> datetime:
        return first_instant(self._now().astimezone(self._zone).date(), self._zone)

    def _used_up(self, budget: Allowance) -> str:
        name = _NAMES[budget.whose]
        if not budget.limit:
            return f"{name} is 0 USD, so Claude is not asked."
        again = f"it begins anew at midnight, {self._zone.key} time"
        return f"{name} ({dollars(budget.limit)}) is used up; {again}."


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone, in UTC; also where clocks are put forward at midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
