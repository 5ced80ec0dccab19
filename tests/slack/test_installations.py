"""Several workspaces: each installs the app, and is answered with the token it gave."""

from __future__ import annotations

import html
import re
import urllib.request
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot.installations import SCOPES
from bot.serve import http_app
from tests.support.house import SECONDS, House, said, served


@pytest.fixture
def many(empty_house: House) -> House:
    """A house whose bot has no token of its own."""
    empty_house.more |= {
        "SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": "", "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "hush",
    }  # fmt: skip
    return empty_house


def test_the_install_page_leads_to_slack_with_the_scopes_that_are_needed(many: House) -> None:
    with (
        many.made(http=True) as bot,
        served(http_app(bot)) as address,
        urllib.request.urlopen(f"{address}/slack/install", timeout=SECONDS) as page,  # noqa: S310
    ):
        text, cookie = page.read().decode(), page.headers["Set-Cookie"]

    (link,) = re.findall(r'href="(https://slack.com/oauth/v2/authorize[^"]+)"', text)
    asked = parse_qs(urlsplit(html.unescape(link)).query)
    assert asked["client_id"] == ["1.2"]
    assert asked["scope"][0].split(",") == list(SCOPES)
    assert asked["state"][0] in cookie


def test_a_workspace_that_installed_it_is_answered_with_its_own_token(many: House) -> None:
    with many.http() as bot:
        store = bot.app.installation_store
        assert store is not None
        store.save(_installation(many, many.workspace.bot_token))
        channel = many.channel("ml-experiments")
        ts = many.say("alice", channel, "@bot how many runs?")

        assert "runs" in said(many.answer(channel, ts))


def test_a_workspace_that_did_not_is_not_answered(many: House) -> None:
    with many.http():
        many.say("alice", many.channel("ml-experiments"), "@bot how many runs?")
        many.until(lambda: all(e.acked_at for e in many.workspace.envelopes), "every ack")

    methods = [call.method for call in many.workspace.calls]
    assert "chat.postMessage" not in methods


def _installation(where: House, token: str) -> Installation:
    state = where.workspace.state("alice")
    return Installation(
        app_id=state["bot"]["app_id"], team_id=state["team"]["id"], user_id=where.person("alice"),
        bot_token=token, bot_id="B1", bot_user_id=state["bot"]["user_id"], bot_scopes=SCOPES,
        installed_at=datetime.now(UTC).timestamp(),
    )  # fmt: skip
