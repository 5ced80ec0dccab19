"""How far a move is, in a few words, and how soon it will be over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.clocks import HandClock
from tracking.migrate.progress import Lines, Progress, duration
from tracking.status import MigrationStatus, Phase

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLANNED = MigrationStatus(Phase.PLANNED, "sqlite:///a.db", "mysql://h/d", NOON, NOON)


def test_rate_and_end_are_those_of_this_run_and_not_of_an_earlier_one() -> None:
    clock = HandClock()
    progress = Progress(PLANNED, [], clock, lambda: NOON)
    progress.begin(Phase.COPYING, total=1_000, before=400)
    clock.now = 2.0

    progress.advance("metrics", 200)

    assert progress.status.rows_copied == 600
    assert progress.status.rows_per_second == 100
    assert progress.status.eta_seconds == 4
    assert progress.status.table == "metrics"


def test_it_is_told_when_a_phase_begins_and_then_once_a_second() -> None:
    clock, told = HandClock(), list[int]()
    progress = Progress(PLANNED, [lambda s: told.append(s.rows_copied)], clock, lambda: NOON)
    progress.begin(Phase.COPYING, total=100)
    for _ in range(20):
        clock.now += 0.25
        progress.advance("t", 1)

    assert told == [0, 4, 8, 12, 16, 20]


def test_where_there_is_no_terminal_each_tenth_is_a_line() -> None:
    said = list[str]()
    clock = HandClock()
    progress = Progress(PLANNED, [Lines(said.append)], clock, lambda: NOON)
    progress.begin(Phase.COPYING, total=100)
    for _ in range(100):
        clock.now += 1
        progress.advance("metrics", 1)

    assert said[0] == "migrate: copying 0 of 100 rows\n"
    assert said[1] == "migrate: copying 10 of 100 rows, 1 rows/s, 1 min 30 s left, metrics\n"
    assert len(said) == 11


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0 s"), (59.4, "59 s"), (200, "3 min 20 s"), (7_500, "2 h 5 min")]
)
def test_a_duration_is_said_as_people_do(seconds: float, text: str) -> None:
    assert duration(seconds) == text
