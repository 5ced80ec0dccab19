"""Days, weeks, months, weekdays and hours by the team's clock, checked against zoneinfo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.unit.texttosql.compose.plans import COUNT, mean
from tests.unit.texttosql.compose.running import Place
from tests.unit.texttosql.offline.small_runs import ATTIC, runs
from texttosql.plan import Ref

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
)
"""The last ones: half an hour of summer time, and fourteen hours ahead."""


def monday(moment: datetime) -> str:
    return (moment - timedelta(days=moment.weekday())).strftime("%Y-%m-%d")


NAMES: dict[str, Callable[[datetime], str]] = {
    "hour": lambda moment: moment.strftime("%Y-%m-%d %H:00"),
    "day": lambda moment: moment.strftime("%Y-%m-%d"),
    "week": monday,
    "month": lambda moment: moment.strftime("%Y-%m"),
    "year": lambda moment: moment.strftime("%Y"),
    "weekday": lambda moment: moment.strftime("%A"),
    "hourofday": lambda moment: moment.strftime("%H"),
}


def expected(unit: str, zone: ZoneInfo) -> dict[str, int]:
    live = [run for run in runs() if not run.deleted and run.experiment != ATTIC]
    moments = [datetime.fromtimestamp(run.start / 1000, UTC).astimezone(zone) for run in live]
    return dict(Counter(NAMES[unit](moment) for moment in moments))


@pytest.mark.parametrize("unit", NAMES)
@pytest.mark.parametrize("zone", ZONES)
def test_runs_are_counted_by_the_zones_own_calendar(unit: str, zone: str, small: Place) -> None:
    there = Place(small.storehouse, small.snapshot, ZoneInfo(zone))
    plan = mean(COUNT, by=(Ref("bucket", unit),))
    assert there.pairs(plan) == expected(unit, ZoneInfo(zone))
