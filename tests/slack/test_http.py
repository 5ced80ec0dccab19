"""The same bot behind HTTP: signed requests are answered as in Socket Mode, others not at all."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import uvicorn

from bot.app import Bot
from bot.serve import http_app
from bot.workspace.http_delivery import signature
from tests.support.desk import Desk, column
from tests.support.house import SECONDS, House, said


@dataclass(frozen=True)
class Site:
    """A bot that is reached by HTTP, and a desk to ask it from."""

    desk: Desk
    events: str

    def post(
        self, body: bytes, more: Mapping[str, str] | None = None, *, secret: str | None = None,
        sent_at: float | None = None,
    ) -> int:  # fmt: skip
        """The status of the answer; signed as Slack does unless something else is given."""
        stamp = str(int(time.time() if sent_at is None else sent_at))
        signed = signature(secret or self.desk.house.workspace.signing_secret, stamp, body)
        given = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signed,
        }
        headers = given | dict(more or {})
        request = urllib.request.Request(self.events, body, headers)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - loopback
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code

    def mention(self, text: str) -> tuple[str, bytes]:
        """A message that Slack has not told of yet: its ts, and the request that would tell."""
        workspace = self.desk.house.workspace
        workspace.http_endpoint = None
        ts = self.desk.house.say("alice", self.desk.channel, f"@bot {text}")
        (untold,) = [
            e for e in workspace.envelopes
            if e.payload["event"]["type"] == "app_mention" and e.payload["event"]["ts"] == ts
        ]  # fmt: skip
        return ts, json.dumps(untold.payload).encode()


@pytest.fixture
def site(empty_house: House) -> Iterator[Site]:
    with empty_house.made(http=True) as bot, _served(bot) as address:
        events = f"{address}/slack/events"
        empty_house.workspace.http_endpoint = events
        yield Site(Desk(empty_house, empty_house.channel("ml-experiments")), events)
        empty_house.workspace.http_endpoint = None


@contextmanager
def _served(bot: Bot) -> Iterator[str]:
    """The bot's own server on a free port of the loopback address."""
    config = uvicorn.Config(http_app(bot), port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + SECONDS
    while not server.started and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    (listener,) = server.servers[0].sockets
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def test_a_question_is_answered_once(site: Site) -> None:
    answer = site.desk.asked("top 3 runs by val_accuracy")

    assert len(column(answer, "val_accuracy")) == 3
    assert site.desk.thread(answer) == [answer]


def test_buttons_forms_and_commands_work_as_in_socket_mode(site: Site) -> None:
    answer = site.desk.asked("top 3 runs by val_accuracy")
    site.desk.click(answer, "edit_sql")
    site.desk.window()
    refused = site.desk.house.workspace.submit("bob", {"sql": "DROP TABLE runs"})
    assert refused["response_action"] == "errors"
    edited = "SELECT status FROM runs WHERE status = 'KILLED'"
    assert site.desk.house.workspace.submit("bob", {"sql": edited}) == {"ok": True}
    assert set(column(site.desk.below(answer), "status")) == {"KILLED"}

    where = site.desk.channel
    assert site.desk.house.workspace.command("carol", where, "/ask", "help") == {"ok": True}
    told = site.desk.house.until(lambda: site.desk.house.alone("carol", where), "help")
    assert "/ask top 5 runs" in said(told[0])


def test_a_wrong_signature_is_turned_away_and_nothing_happens(site: Site) -> None:
    ts, untold = site.mention("how many runs?")

    assert site.post(untold, secret="a guess") == 401  # noqa: S106 - a wrong one
    assert site.post(untold, {"X-Slack-Signature": ""}) == 401
    assert not site.desk.house.replies(site.desk.channel, ts)
    assert site.desk.house.workspace.calls == []


def test_a_signature_of_other_words_is_turned_away(site: Site) -> None:
    _, untold = site.mention("how many runs?")
    stamp = str(int(time.time()))
    signed = signature(site.desk.house.workspace.signing_secret, stamp, untold)
    forged = untold.replace(b"how many runs?", b"delete it all")
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed}

    assert forged != untold
    assert site.post(forged, headers) == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_request_of_another_time_is_turned_away(site: Site, minutes: int) -> None:
    ts, untold = site.mention("how many runs?")

    assert site.post(untold, sent_at=time.time() + 60 * minutes) == 401
    assert not site.desk.house.replies(site.desk.channel, ts)


def test_what_slack_brings_again_is_answered_once(site: Site) -> None:
    ts, untold = site.mention("how many runs?")
    for number in range(3):
        again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
        assert site.post(untold, again if number else {}) == 200
    answer = site.desk.house.answer(site.desk.channel, ts)
    later, other = site.mention("how many experiments?")
    assert site.post(other) == 200
    site.desk.house.answer(site.desk.channel, later)

    assert site.desk.house.replies(site.desk.channel, ts) == [answer]


def test_a_retry_is_answered_when_the_first_delivery_never_arrived(site: Site) -> None:
    ts, untold = site.mention("how many runs?")
    again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}

    assert site.post(untold, again) == 200
    assert "runs" in said(site.desk.house.answer(site.desk.channel, ts))


def test_slack_may_verify_the_address(site: Site) -> None:
    assert site.desk.house.workspace.verify_endpoint(site.events)


def test_a_probe_sees_that_it_lives(site: Site) -> None:
    probe = site.events.replace("/slack/events", "/healthz")
    with urllib.request.urlopen(probe, timeout=SECONDS) as answer:  # noqa: S310 - loopback
        assert answer.read() == b"ok"
