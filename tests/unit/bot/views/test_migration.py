from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.render.message import Message
from bot.views.migration import REFRESH, bar, refreshable, report, summary
from bot.workspace.blocks import faults
from tracking.status import Difference, MigrationStatus, Phase, Verification

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
COPYING = MigrationStatus(
    phase=Phase.COPYING,
    source="sqlite:///mlflow.db",
    target="mysql+pymysql://mlflow:********@db/mlflow",
    started_at=NOW - timedelta(minutes=5),
    updated_at=NOW - timedelta(seconds=2),
    table="metrics",
    rows_copied=600_000,
    rows_total=1_200_000,
    rows_per_second=61_234.5,
    eta_seconds=9.8,
)
NASTY = "<!channel> *bold* ```fence``` <https://evil.org|x>" * 300


def _said(message: Message) -> str:
    return "\n".join(
        text["text"]
        for block in message.blocks or ()
        for text in (block.get("text"), *block.get("elements", ()))
        if text and text["type"] == "mrkdwn"
    )


def test_a_copy_under_way_has_a_bar_a_rate_and_an_end() -> None:
    text = _said(report(COPYING, NOW))

    assert "🚚 *Copying*" in text
    assert "`▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░` 50 %" in text
    assert "600,000 of 1,200,000 rows · `metrics` · 61,234 rows/s · 10 s left" in text
    assert "From `sqlite:" in text
    assert "mlflow.db` to `mysql+pymysql:" in text


def test_without_a_total_only_what_is_copied_is_said() -> None:
    status = replace(COPYING, rows_total=None, rows_per_second=None, eta_seconds=None, table=None)

    lines = summary(status, NOW)

    assert "600,000 rows copied" in lines
    assert not any("▓" in line for line in lines)


def test_what_does_not_run_has_no_rate() -> None:
    text = _said(report(replace(COPYING, phase=Phase.FAILED, error="the disk is full"), NOW))

    assert "❌ *Failed*" in text
    assert "Why: the disk is full" in text
    assert "rows/s" not in text
    assert "left" not in text


def test_a_plan_without_numbers_is_only_a_plan() -> None:
    plan = replace(COPYING, phase=Phase.PLANNED, rows_copied=0, rows_total=None)

    assert summary(plan, NOW) == ["📋 *The migration is planned*"]


def test_a_copy_that_was_not_heard_of_for_long_says_so() -> None:
    quiet = replace(COPYING, updated_at=NOW - timedelta(minutes=3))

    assert any("Nothing was heard of it for 3 min" in line for line in summary(quiet, NOW))
    assert not any("Nothing was heard" in line for line in summary(COPYING, NOW))


def test_the_last_verification_says_what_was_compared_and_when() -> None:
    proof = Verification(at=NOW, ok=False, tables=65, rows=1_200_000)

    line = summary(replace(COPYING, last_verification=proof), NOW)[-1]

    assert "65 tables and 1,200,000 rows compared, not all the same" in line
    assert f"<!date^{int(NOW.timestamp())}^" in line
    assert "2026-11-20 12:00:00 UTC" in line


def test_ten_differences_are_shown_and_the_rest_counted() -> None:
    found = tuple(Difference(f"t{i}", "12 rows", "11 rows") for i in range(12))

    text = _said(report(replace(COPYING, phase=Phase.DIFFERENCES, differences=found), NOW))

    assert "• `t0`: 12 rows expected, 11 rows found" in text
    assert "`t9`" in text
    assert "`t10`" not in text
    assert "and 2 more" in text


def test_the_text_alone_tells_it_too() -> None:
    message = report(replace(COPYING, differences=(Difference("t", "1 row", "0 rows"),)), NOW)

    assert "50 %" in message.text
    assert "1 row expected" in message.text
    assert "to `mysql" in message.text


def test_a_status_for_one_person_has_a_button_to_refresh_it() -> None:
    message = refreshable(report(COPYING, NOW))
    plain = refreshable(Message("nothing"))

    for each in (message, plain):
        assert each.blocks is not None
        assert each.blocks[-1]["elements"][0]["action_id"] == REFRESH
        assert faults(list(each.blocks), "message") == []


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_words_that_slack_takes_whatever_the_names_are(phase: Phase) -> None:
    status = replace(
        COPYING, phase=phase, source=NASTY, target=NASTY, table=NASTY, error=NASTY,
        differences=tuple(Difference(NASTY, NASTY, NASTY) for _ in range(30)),
        last_verification=Verification(at=NOW, ok=True, tables=1, rows=0),
    )  # fmt: skip

    message = report(status, NOW + timedelta(days=1))

    assert faults(list(message.blocks or ()), "message") == []
    assert "<!channel" not in _said(message)
    assert "<https" not in _said(message)
    assert len(message.text) < 4_000


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0.0, 0), (0.0001, 1), (0.5, 10), (0.999, 19), (1.0, 20)],
)
def test_the_bar_is_full_only_when_all_is_done(share: float, drawn: int) -> None:
    assert bar(share) == "▓" * drawn + "░" * (20 - drawn)
