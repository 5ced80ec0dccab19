"""What the turns of one process cost: the same figures as `usage.SqlUsage`, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from texttosql.cost import FREE, Cost, Spending, SpentBy
from texttosql.journal import rows
from texttosql.journal.ids import first_id
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.rows import Row
from texttosql.journal.usage import KEYS, expected
from texttosql.percentile import nearest_rank


class MemoryUsage:
    """`cost.Usage` of a journal in memory."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    def spent(
        self,
        since: datetime,
        *,
        asked_by: str | None = None,
        place: str | None = None,
        running_since: datetime | None = None,
    ) -> float:
        """US dollars spent on turns since then, those still running at the mean of the ended."""
        usd = sum(float(row["usd"] or 0) for row in self._paid(since, asked_by, place))
        turns = self._turns(since, None, asked_by, place)
        ended = sum("outcome" in row for row in turns)
        late = first_id(rows.epoch_ms(running_since)) if running_since else None
        running = sum("outcome" not in row for row in turns if late and str(row["id"]) >= late)
        return expected(usd, ended, running)

    def dearest(self, since: datetime, by: Literal["user", "channel"]) -> tuple[str, float] | None:
        """Whose turns most was paid for since then; None where nothing was."""
        sums: defaultdict[str, float] = defaultdict(float)
        for row in self._paid(since, None, None):
            if (whose := row[KEYS[by]]) is not None:
                sums[str(whose)] += float(row["usd"] or 0)
        return min(sums.items(), key=lambda paid: (-paid[1], paid[0]), default=None)

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
        """The turns from `since` to before `until`, together or by something; costliest first."""
        groups: defaultdict[str | None, list[Row]] = defaultdict(list)
        for row in self._turns(since, until, asked_by, place):
            key = row.get(KEYS[by]) if by else None
            groups[None if key is None else str(key)].append(row)
        together = [_together(key, turns) for key, turns in groups.items()]
        together.sort(key=lambda each: (-each.cost.usd, -each.turns, each.key or ""))
        return tuple(together[:limit])

    def _paid(self, since: datetime, asked_by: str | None, place: str | None) -> list[Row]:
        return _of(self._journal.charges(), since, asked_by, place)

    def _turns(
        self, since: datetime, until: datetime | None, asked_by: str | None, place: str | None
    ) -> list[Row]:
        end = first_id(rows.epoch_ms(until)) if until else None
        found = _of(self._journal.kept(), since, asked_by, place)
        return [row for row in found if end is None or str(row["id"]) < end]


def _of(kept: Sequence[Row], since: datetime, asked_by: str | None, place: str | None) -> list[Row]:
    first, asker, here = first_id(rows.epoch_ms(since)), rows.name(asked_by), rows.name(place)
    return [
        row
        for row in kept
        if first <= str(row["id"])
        and asker in {None, row["asked_by"]}
        and here in {None, row["place"]}
    ]


def _together(key: str | None, turns: Sequence[Row]) -> Spending:
    costs = [rows.cost(row) for row in turns]
    answered = [cost for row, cost in zip(turns, costs, strict=True) if _answered(row)]
    waits = sorted(cost.model_ms for cost in costs if cost.calls)
    return Spending(
        key,
        turns=len(turns),
        asked=len(waits),
        answered=len(answered),
        answered_free=sum(not cost.calls for cost in answered),
        cost=_no_model(sum(costs, FREE)),
        median_ms=nearest_rank(waits, 50),
        p95_ms=nearest_rank(waits, 95),
    )


def _answered(row: Row) -> bool:
    return row.get("outcome") == "rows"


def _no_model(cost: Cost) -> Cost:
    """Many turns may have asked several models: their sum names none."""
    return rows.cost({**rows.spending(cost)})
