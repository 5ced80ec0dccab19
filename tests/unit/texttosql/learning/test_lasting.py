"""When verified SQL may be used again: at which time, for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.lessons import NOON, PERIOD, example
from texttosql.learning.lasting import personal, reusable, timeless

LATER = NOON + timedelta(days=3)


@pytest.mark.parametrize(
    "question",
    ["best 5 runs by f1", "the last 5 runs", "runs longer than 2 hours", "runs per day", "show me"],
)
def test_what_follows_neither_clock_nor_asker_is_used_for_everybody(question: str) -> None:
    assert reusable(example(question), LATER, "somebody")


@pytest.mark.parametrize(
    "question",
    [
        "runs of last week", "runs in the past two weeks", "failed runs today", "runs since monday",
        "how many runs this month", "Runs from Yesterday?", "runs in november", "recent runs",
        "runs of the last 7 days", "experiments touched a day ago",
    ],
)  # fmt: skip
def test_what_was_asked_by_the_clock_is_read_anew_at_another_time(question: str) -> None:
    kept = example(question)

    assert not reusable(kept, LATER, kept.asked_by)
    assert reusable(kept, kept.asked_at, kept.asked_by)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS n FROM runs AS r WHERE r.start_time >= 1793142000000",
        "SELECT 1 AS n FROM runs AS r WHERE r.start_time / 1000 >= 1793142000",
        "SELECT 1 AS n FROM runs AS r WHERE DATE(r.start_time) = '2026-10-28'",
        "SELECT 1 AS n FROM runs AS r WHERE (",
    ],
)
def test_moments_written_into_the_sql_are_of_one_clock(sql: str) -> None:
    assert not reusable(example("busy runs", sql), LATER)


def test_numbers_that_are_no_moments_are_of_any_clock() -> None:
    sql = "SELECT 1 AS n FROM params AS p WHERE p.value > 1e-3 AND p.value < 250000000"

    assert reusable(example("runs with many parameters", sql), LATER)


def test_a_plan_with_a_period_is_of_one_clock() -> None:
    assert not reusable(example("runs of the sprint", draft=PERIOD), LATER)


@pytest.mark.parametrize("question", ["my best run", "runs I started", "our latest runs"])
def test_my_runs_are_those_of_who_asked(question: str) -> None:
    kept = example(question)

    assert reusable(kept, LATER, kept.asked_by)
    assert not reusable(kept, LATER, "U0CAROL001")
    assert not reusable(kept, LATER)


_BY_ALICE = "SELECT r.name FROM runs AS r WHERE r.user_id = 'alice'"


@pytest.mark.parametrize(
    "sql",
    [
        _BY_ALICE,
        "SELECT r.name FROM runs AS r WHERE r.\"user_id\" = 'alice'",
        "SELECT r.name FROM runs AS r WHERE LOWER(r.user_id) IN ('alice', 'alice.smith')",
        "SELECT r.name FROM runs AS r WHERE r.user_id LIKE 'alice%'",
        "SELECT t.run_uuid FROM tags AS t WHERE t.key = 'mlflow.user' AND t.value = 'alice'",
    ],
)
def test_a_user_whom_the_question_does_not_name_is_its_asker_in_any_language(sql: str) -> None:
    kept = example("meine besten Läufe", sql)

    assert reusable(kept, LATER, kept.asked_by)
    assert not reusable(kept, LATER, "U0CAROL001")
    assert personal(kept)


@pytest.mark.parametrize(
    ("question", "sql"),
    [
        ("runs by Alice", _BY_ALICE),
        ("runs by user", "SELECT r.user_id, COUNT(*) AS n FROM runs AS r GROUP BY r.user_id"),
        ("failed runs", "SELECT r.user_id FROM runs AS r WHERE r.status = 'FAILED'"),
    ],
)
def test_users_who_are_named_or_listed_are_the_same_for_everybody(question: str, sql: str) -> None:
    assert reusable(example(question, sql), LATER, "U0CAROL001")


def test_only_what_asks_the_same_of_anybody_at_any_time_is_timeless() -> None:
    assert timeless(example())
    assert not timeless(example("runs of last week"))
    assert not timeless(example("my best run"))
