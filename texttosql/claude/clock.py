"""What time it is for the team, with the bounds of the periods people ask about, in epoch ms.

Models add up milliseconds badly, so the usual periods come ready. They mean what docs/asking.md
says: "last week" is the calendar week before this one, from Monday; "past week" counts back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlglot import exp

from texttosql.compose.sql import local_ms

_YEARS = 3  # back, that changes of the zone's clock are looked at
_BACK = {
    "hour": relativedelta(hours=1), "24 hours": relativedelta(hours=24),
    "week or 7 days": relativedelta(days=7), "14 days": relativedelta(days=14),
    "month": relativedelta(months=1), "30 days": relativedelta(days=30),
    "90 days": relativedelta(days=90), "year": relativedelta(years=1),
}  # fmt: skip


def clock(asked_at: datetime, zone: ZoneInfo, first_ms: int) -> Mapping[str, object]:
    """The moment and its periods; `first_ms` is when the store's first run started."""
    now = asked_at.astimezone(zone)
    return {
        "now": f"{now:%A %Y-%m-%d %H:%M}",
        "zone": zone.key,
        "now_ms": _ms(now),
        **_local(now, zone, first_ms),
        "periods": _calendar(now),
        "past_since": {name: _ms(now - back) for name, back in _BACK.items()},
    }


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _local(now: datetime, zone: ZoneInfo, first_ms: int) -> dict[str, object]:
    """The offset now, and the expression that turns a time t into the team's wall clock."""
    first = max(first_ms, _ms(now - relativedelta(years=_YEARS)))
    moved = local_ms(exp.column("t"), zone, (min(first, _ms(now)), _ms(now) + 1))
    offset = now.utcoffset() or timedelta()
    return {"offset_ms": int(offset / timedelta(milliseconds=1)), "local": moved.sql("mysql")}


def _calendar(now: datetime) -> dict[str, list[int]]:
    today = _midnight(now)
    monday = today - timedelta(days=today.weekday())
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    quarter = month - relativedelta(months=(month.month - 1) % 3)
    day, week = relativedelta(days=1), relativedelta(weeks=1)
    return {
        "today": _span(today, day),
        "yesterday": _span(today - day, day),
        "this week": _span(monday, week),
        "last week": _span(monday - week, week),
        "this month": _span(month, relativedelta(months=1)),
        "last month": _span(month - relativedelta(months=1), relativedelta(months=1)),
        "this quarter": _span(quarter, relativedelta(months=3)),
        "last quarter": _span(quarter - relativedelta(months=3), relativedelta(months=3)),
        "this year": _span(year, relativedelta(years=1)),
    }


def _span(start: datetime, length: relativedelta) -> list[int]:
    return [_ms(start), _ms(start + length)]


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
