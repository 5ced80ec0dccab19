"""What was asked and spent in a while: the figures behind `tracktalk usage`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from texttosql.cost import Spending, SpentBy, Usage
from texttosql.errors import SettingsError
from texttosql.spending.budget import first_instant

By = Literal["day", SpentBy]

MOST_DAYS = 366
"""Each day is a look at the journal of its own."""
_PERIOD = re.compile(r"(\d{1,4})([dw])")


@dataclass(frozen=True, slots=True)
class Report:
    """The turns accepted since then: `total` of all, and `groups` of those that share something.

    `more`: there are groups besides: days before these, or cheaper ones.
    """

    since: datetime
    by: By
    total: Spending
    groups: tuple[Spending, ...] = ()
    more: bool = False


def report(
    usage: Usage, since: datetime, by: By, today: date, zone: ZoneInfo, limit: int = 100
) -> Report:
    """Days in their order, anything else costliest first. Raises JournalError."""
    total = next(iter(usage.summary(since)), Spending())
    if by == "day":
        days = tuple(_by_day(usage, since, today, zone))
        return Report(since, by, total, days, sum(each.turns for each in days) < total.turns)
    groups = usage.summary(since, by=by, limit=limit + 1)
    return Report(since, by, total, groups[:limit], len(groups) > limit)


def _by_day(usage: Usage, since: datetime, today: date, zone: ZoneInfo) -> Iterator[Spending]:
    """The days of the zone on which something was asked, the last `MOST_DAYS` of them."""
    first = max(since.astimezone(zone).date(), today - timedelta(days=MOST_DAYS - 1))
    for count in range((today - first).days + 1):
        day = first + timedelta(days=count)
        begin, end = first_instant(day, zone), first_instant(day + timedelta(days=1), zone)
        for found in usage.summary(max(begin, since), end):
            yield replace(found, key=day.isoformat())


def moment_of(text: str, today: date, zone: ZoneInfo) -> datetime:
    """When "7d" (today and the 6 days before), "2w" or an ISO date or time begins, in UTC.

    Without an offset it is the team's own time. Raises SettingsError.
    """
    try:
        period = _PERIOD.fullmatch(text.strip())
        if period is not None:
            days = int(period[1]) * (7 if period[2] == "w" else 1)
            return first_instant(today - timedelta(days=max(days, 1) - 1), zone)
        given = datetime.fromisoformat(text.strip())
        return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        what = f"--since {text!r} is neither a period nor an ISO date."
        raise SettingsError(what, "Write it like 7d, 4w or 2026-11-01.") from None
