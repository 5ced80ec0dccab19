"""The bot leans on no server's own ways: one that knows two methods gets its answers too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import build
from bot.settings import from_env
from bot.socket import socket_mode
from tests.support.bare_slack import BareSlack, Json, bare_slack
from tests.support.house import said
from texttosql.factory import build_office


@pytest.fixture
def slack(demo_store: str, tmp_path: Path) -> Iterator[BareSlack]:
    """The bare server, with a bot connected to it."""
    with bare_slack() as there:
        settings = from_env({
            "HOME": str(tmp_path), "TRACKTALK_STORE": demo_store,
            "TRACKTALK_JOURNAL": f"sqlite:///{tmp_path / 'journal.db'}",
            "SLACK_API_URL": f"{there.address}/api", "SLACK_BOT_TOKEN": "any",
            "SLACK_APP_TOKEN": "one",
        })  # fmt: skip
        office = build_office(settings.corridor)
        bot = build(settings, office)
        bot.start()
        with socket_mode(bot.app, settings):
            assert there.until(lambda: there.lines)
            yield there
        bot.stop(grace=5)
        office.close()


def _mention(text: str, ts: str = "1.000100", thread_ts: str | None = None) -> Json:
    event = {"type": "app_mention", "user": "U1", "text": text, "ts": ts, "channel": "C1"}
    if thread_ts:
        event["thread_ts"] = thread_ts
    body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": f"Ev{ts}"}
    who = {"team_id": "T1", "user_id": "UBOT", "is_bot": True}
    return {**body, "event_time": 1, "event": event, "authorizations": [who]}


def test_a_question_is_acknowledged_and_answered(slack: BareSlack) -> None:
    slack.send(_mention("<@UBOT> top 3 runs by val_accuracy"))

    assert slack.until(lambda: slack.posts)
    assert slack.until(lambda: slack.acked == ["e1"])
    (post,) = slack.posts
    assert post["channel"] == "C1"
    assert post["thread_ts"] == "1.000100"
    assert "val_accuracy 0.9" in said(post)


def test_a_follow_up_refines_it(slack: BareSlack) -> None:
    slack.send(_mention("<@UBOT> top 3 runs by val_accuracy"))
    assert slack.until(lambda: slack.posts)
    slack.send(_mention("<@UBOT> only alice's", "1.000200", "1.000100"), "e2")

    assert slack.until(lambda: len(slack.posts) == 2)
    assert "alice" in said(slack.posts[1])
    assert "mei" not in said(slack.posts[1])


def test_what_cannot_be_answered_is_still_said(slack: BareSlack) -> None:
    slack.send(_mention("<@UBOT> what is the meaning of life"))

    assert slack.until(lambda: slack.posts)
    assert "could ask" in said(slack.posts[0])


def test_a_chart_that_only_a_picture_could_show_costs_no_rows(slack: BareSlack) -> None:
    slack.send(_mention("<@UBOT> val_accuracy of all runs as a histogram"))

    assert slack.until(lambda: slack.posts)
    assert "val_accuracy" in said(slack.posts[0])
