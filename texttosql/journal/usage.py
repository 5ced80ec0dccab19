"""What the turns of a journal cost, summed up by the database.

An id tells when a turn was accepted or something was paid, by the clock and not by the time its
asker says it is: the primary key and the indexes that end in it find those of a day without an
index of their own, and nobody gets at tomorrow's budget by asking as if it were tomorrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Float,
    Label,
    Select,
    Subquery,
    Table,
    and_,
    case,
    func,
    null,
    select,
)

from texttosql.cost import Spending, SpentBy
from texttosql.journal import rows
from texttosql.journal.database import Database
from texttosql.journal.ids import first_id
from texttosql.journal.tables import CHARGES, TURNS

KEYS: Mapping[SpentBy, str] = {
    "user": "asked_by", "channel": "place", "engine": "engine", "model": "model", "store": "store",
}  # fmt: skip
_SUMMED = tuple(rows.spending(rows.cost({})))
_T = TURNS.c


class SqlUsage:
    """`cost.Usage` in the journal's database. Many threads and processes may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def spent(
        self,
        since: datetime,
        *,
        asked_by: str | None = None,
        place: str | None = None,
        running_since: datetime | None = None,
    ) -> float:
        """US dollars paid since then, turns still running at the mean of the ended."""
        paid = select(func.sum(CHARGES.c.usd).label("usd"))
        (sums,) = self._database.rows(paid.where(*_wanted(CHARGES, since, asked_by, place)))
        if running_since is None:
            return float(sums["usd"] or 0.0)
        turns = select(
            func.count(_T.outcome).label("ended"),
            func.count(_running(running_since)).label("running"),
        )
        (counts,) = self._database.rows(turns.where(*_wanted(TURNS, since, asked_by, place)))
        return expected(sums["usd"] or 0.0, counts["ended"], counts["running"])

    def dearest(self, since: datetime, by: Literal["user", "channel"]) -> tuple[str, float] | None:
        """Whose turns most was paid for since then; None where nothing was."""
        whose, usd = CHARGES.c[KEYS[by]], func.sum(CHARGES.c.usd).label("usd")
        query = select(whose.label("whose"), usd).where(
            *_wanted(CHARGES, since, None, None), whose.is_not(None)
        )
        most = query.group_by(whose).order_by(usd.desc(), whose).limit(1)
        return next(((row["whose"], row["usd"]) for row in self._database.rows(most)), None)

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
        key = _T[KEYS[by]] if by else null()
        wanted = _wanted(TURNS, since, asked_by, place, until)
        ranked = _ranked(key.label("key")).where(*wanted)
        query = _summed(ranked.subquery()).limit(limit)
        return tuple(map(_spending, self._database.rows(query)))


def expected(usd: float, ended: int, running: int) -> float:
    """What so many dollars on ended turns come to when the running ones end like them."""
    return float(usd) * (1 + running / ended) if ended else float(usd)


def _running(since: datetime) -> ColumnElement[int | None]:
    """1 for a turn accepted since then that has not ended; one older was left by who died."""
    return case((and_(_T.outcome.is_(None), _T.id >= first_id(rows.epoch_ms(since))), 1))


def _wanted(
    of: Table,
    since: datetime,
    asked_by: str | None,
    place: str | None,
    until: datetime | None = None,
) -> list[ColumnElement[bool]]:
    wanted = [of.c.id >= first_id(rows.epoch_ms(since))]
    if until is not None:
        wanted.append(of.c.id < first_id(rows.epoch_ms(until)))
    if asked_by is not None:
        wanted.append(of.c.asked_by == rows.name(asked_by))
    if place is not None:
        wanted.append(of.c.place == rows.name(place))
    return wanted


# Any: rows of columns of several types, here and below
def _ranked(key: Label[Any]) -> Select[*tuple[Any, ...]]:
    """The turns, those of one key that asked a model numbered from the quickest to the slowest."""
    asked = case((_T.model_calls > 0, 1), else_=0)
    alike = (key.element, asked)
    return select(
        key,
        asked.label("asked"),
        case((_T.outcome == "rows", 1), else_=0).label("answered"),
        func.row_number().over(partition_by=alike, order_by=_T.model_ms).label("nth"),
        func.count().over(partition_by=alike).label("many"),
        *(_T[column] for column in _SUMMED),
    )


def _summed(ranked: Subquery) -> Select[*tuple[Any, ...]]:
    turns, usd = (
        func.count().label("turns"),
        func.coalesce(func.sum(ranked.c.usd), 0.0).label("usd"),
    )
    return (
        select(
            ranked.c.key,
            turns,
            usd,
            func.sum(ranked.c.asked).label("asked"),
            func.sum(ranked.c.answered).label("answered"),
            func.sum(ranked.c.answered * (1 - ranked.c.asked)).label("answered_free"),
            *(func.sum(ranked.c[each]).label(each) for each in _SUMMED if each != "usd"),
            _percentile(ranked, 50).label("median_ms"),
            _percentile(ranked, 95).label("p95_ms"),
        )
        .group_by(ranked.c.key)
        .order_by(usd.desc(), turns.desc(), ranked.c.key)
    )


def _percentile(ranked: Subquery, percent: int) -> ColumnElement[float]:
    """The nearest-rank percentile: neither SQLite nor MySQL has a function for one."""
    reached = and_(ranked.c.asked == 1, ranked.c.nth * 100 >= ranked.c.many * percent)
    return func.min(case((reached, ranked.c.model_ms)), type_=Float)


def _spending(row: Mapping[str, Any]) -> Spending:
    return Spending(
        key=row["key"],
        turns=int(row["turns"]),
        asked=int(row["asked"]),
        answered=int(row["answered"]),
        answered_free=int(row["answered_free"]),
        cost=rows.cost({"usd": float(row["usd"]), **_whole(row)}),
        median_ms=row["median_ms"],
        p95_ms=row["p95_ms"],
    )


def _whole(row: Mapping[str, Any]) -> dict[str, int | float]:
    """MySQL sums whole numbers into decimals."""
    counts = (each for each in _SUMMED if each not in {"usd", "model_ms"})
    return {each: int(row[each] or 0) for each in counts} | {
        "model_ms": float(row["model_ms"] or 0)
    }
