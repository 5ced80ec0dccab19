"""A good guest in Slack: not too often, not too loud, and nothing in data speaks for itself."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.workspace.room import Call
from tests.support.desk import Desk, column
from tests.support.house import WORKING, House, house, said
from tests.support.own_stores import changing, copied_store

WRITES = frozenset({"chat.postMessage", "chat.update", "chat.postEphemeral"})


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, house.channel("ml-experiments"))


@contextmanager
def told(store: str, folder: Path, **more: str) -> Iterator[Desk]:
    """A bot that was told more by its settings."""
    with house(store, folder, **more) as each, each.bot():
        yield Desk(each, each.channel("ml-experiments"))


def calls(desk: Desk, *methods: str, where: str | None = None) -> list[Call]:
    """What the bot called, in order; `where` is a channel."""
    return [
        call for call in desk.house.workspace.calls
        if call.method in methods and where in (None, call.args.get("channel"))
    ]  # fmt: skip


# -- not too often --------------------------------------------------------------------------


def test_a_channel_gets_one_post_a_second_and_holds_up_no_other(desk: Desk) -> None:
    workspace, other = desk.house.workspace, desk.house.channel("fraud")
    many = [desk.house.say("alice", desk.channel, f"@bot top {n} runs") for n in range(2, 6)]
    alone = desk.house.say("bob", other, "@bot how many runs?")
    for ts in many:
        desk.house.answer(desk.channel, ts)
    desk.house.answer(other, alone)

    posts = [call.at for call in calls(desk, "chat.postMessage", where=desk.channel)]
    assert len(posts) == len(many)
    assert min(later - earlier for earlier, later in pairwise(posts)) >= 0.99
    (elsewhere,) = [call.at for call in calls(desk, "chat.postMessage", where=other)]
    assert elsewhere < posts[2]
    assert workspace.limits.refused == 0


def test_who_asks_too_much_is_told_alone_and_kindly(demo_store: str, tmp_path: Path) -> None:
    with told(demo_store, tmp_path, TRACKTALK_USER_LIMIT="2") as desk:
        for n in (2, 3):
            desk.elsewhere().asked(f"top {n} runs")
        ts = desk.house.say("alice", desk.channel, "@bot top 4 runs")
        desk.house.until(lambda: desk.house.alone("alice", desk.channel), "a whisper")
        others = desk.house.say("bob", desk.channel, "@bot how many runs?")
        desk.house.answer(desk.channel, others)

        (whisper,) = desk.house.alone("alice", desk.channel)
        assert "2 questions in the last minute" in whisper["text"]
        assert "Ask this one again" in whisper["text"]
        assert desk.house.replies(desk.channel, ts) == []


def test_a_channel_that_asks_too_much_is_told_and_another_is_answered(
    demo_store: str, tmp_path: Path
) -> None:
    with told(demo_store, tmp_path, TRACKTALK_CHANNEL_LIMIT="1") as desk:
        desk.asked("how many runs?")
        ts = desk.house.say("bob", desk.channel, "@bot how many experiments?")

        assert "This channel asked 1 question" in desk.whispered("bob")
        assert desk.house.replies(desk.channel, ts) == []
        assert "runs" in said(Desk(desk.house, desk.house.channel("fraud")).asked("how many runs?"))


def test_a_full_queue_is_told_and_what_waits_is_answered(tmp_path: Path) -> None:
    store = copied_store(tmp_path)
    with told(f"sqlite:///{store}", tmp_path, TRACKTALK_QUEUE="1") as desk:
        desk.elsewhere().asked("how many runs?")
        with _locked(store):
            first = desk.house.say("alice", desk.channel, "@bot how many experiments?")
            desk.house.until(lambda: desk.house.replies(desk.channel, first), "a sign of work")
            second = desk.house.say("bob", desk.channel, "@bot how many runs?")

            assert "So many questions are waiting" in desk.whispered("bob")
        assert "experiments" in said(desk.house.answer(desk.channel, first))
        assert desk.house.replies(desk.channel, second) == []


# -- not too loud ---------------------------------------------------------------------------


def test_a_slow_answer_shows_a_status_and_one_message_that_becomes_it(tmp_path: Path) -> None:
    store = copied_store(tmp_path)
    with told(f"sqlite:///{store}", tmp_path) as desk:
        desk.elsewhere().asked("how many runs?")
        with _locked(store):
            ts = desk.house.say("alice", desk.channel, "@bot how many experiments?")
            (sign,) = desk.house.until(
                lambda: desk.house.replies(desk.channel, ts), "a sign of work"
            )
            status = calls(desk, "assistant.threads.setStatus")[-1]
        answer = desk.house.answer(desk.channel, ts)

    assert status.args["thread_ts"] == ts
    assert re.fullmatch(r"is .+ …", str(status.args["status"]))
    assert WORKING in said(sign)
    assert answer["ts"] == sign["ts"]
    assert desk.house.replies(desk.channel, ts) == [answer]


def test_a_quick_answer_is_one_message_and_no_noise(desk: Desk) -> None:
    desk.elsewhere().asked("how many runs?")
    before = len(desk.house.workspace.calls)
    desk.asked("how many experiments?")

    quick = [c.method for c in desk.house.workspace.calls[before:]]
    assert [method for method in quick if method in WRITES] == ["chat.postMessage"]


def test_a_bot_that_is_told_so_answers_in_threads_only_when_mentioned(
    demo_store: str, tmp_path: Path
) -> None:
    with told(demo_store, tmp_path, TRACKTALK_THREAD_REPLIES="false") as desk:
        answer = desk.asked("top 5 runs by val_accuracy")
        thread = answer["thread_ts"]
        desk.house.say("alice", desk.channel, "only the ones alice ran", thread)
        events = desk.house.workspace.envelopes
        desk.house.until(lambda: all(event.acked_at for event in events), "every ack")
        desk.house.say("alice", desk.channel, "@bot only the ones mei ran", thread)
        refined = desk.below(answer)

        assert set(column(refined, "user")) == {"mei"}
        assert desk.thread(answer) == [answer, refined]


def test_what_somebody_asked_alone_is_in_nobody_elses_history(house: House) -> None:
    direct, channel = house.direct("alice"), house.channel("fraud")
    house.answer(direct, house.say("alice", direct, "how many runs failed?"))
    house.answer(channel, house.say("alice", channel, "@bot how many experiments?"))
    for who in ("alice", "bob"):
        for wish in ("", "failed"):
            assert house.workspace.command(who, channel, "/history", wish)["ok"]
    house.until(lambda: len(house.alone("alice", channel)) == 2, "her history")
    house.until(lambda: len(house.alone("bob", channel)) == 2, "his history")

    assert "how many runs failed?" in _seen(house, "alice", channel)
    assert "how many runs failed?" not in _seen(house, "bob", channel)


# -- what data says, it says to nobody ------------------------------------------------------

HOSTILE = (
    "<!channel> look", "<@U000000001> hi", "<https://evil.example|harmless>",
    "https://evil.example/x", "```break``` *out*", "=HYPERLINK(A1)", "<!here|here>",
    "mailto:a@evil.example", ":tada: _x_", "\u202egnp.exe",
)  # fmt: skip


@pytest.fixture
def own_store(tmp_path: Path) -> Path:
    return copied_store(tmp_path)


@pytest.fixture
def hostile_desk(own_store: Path, tmp_path: Path) -> Iterator[Desk]:
    """A bot over a store whose runs and params are called by names that mean no good."""
    with changing(own_store) as connection:
        runs = [row[0] for row in connection.execute("SELECT run_uuid FROM runs")]
        for number, run in enumerate(runs):
            name = HOSTILE[number % len(HOSTILE)]
            connection.execute("UPDATE runs SET name = ? WHERE run_uuid = ?", (name, run))
            connection.execute("UPDATE params SET value = ? WHERE run_uuid = ?", (name, run))
    url = "http://mlflow.test"
    with told(f"sqlite:///{own_store}", tmp_path, TRACKTALK_MLFLOW_URL=url) as desk:
        yield desk


def test_no_name_in_a_headline_pings_links_or_formats(hostile_desk: Desk, own_store: Path) -> None:
    for name in HOSTILE:
        with changing(own_store) as connection:
            connection.execute("UPDATE runs SET name = ?", (name,))
        answer = hostile_desk.elsewhere().asked("which run has the best val_accuracy?")

        assert re.findall(r"\w{2,}", name)[0] in answer["text"]
        for text in _marked(answer):
            assert not _alive(text), text


@pytest.mark.parametrize("refusals", [0, 1, 2, 3])
def test_no_name_in_a_store_pings_links_or_formats(hostile_desk: Desk, refusals: int) -> None:
    workspace = hostile_desk.house.workspace
    if refusals:
        workspace.fail("chat.postMessage", "invalid_blocks", times=refusals)
    answer = hostile_desk.asked("latest 20 runs with their learning_rate")

    assert "evil.example" in json.dumps(answer)
    for text in _marked(answer):
        assert not _alive(text), text


def test_what_an_asker_writes_pings_nobody_when_it_is_said_again(desk: Desk) -> None:
    text = "how many runs <!channel> & <https://evil.example|x>?"
    assert desk.house.workspace.command("carol", desk.channel, "/ask", text)["ok"]
    answers = desk.house.until(lambda: desk.house.by_bot(desk.channel), "an answer")

    carol = desk.house.person("carol")
    for said_again in _marked(answers[0]):
        assert not _alive(said_again.replace(f"<@{carol}>", "")), said_again


def test_every_message_has_text_and_unfurls_nothing(desk: Desk) -> None:
    answer = desk.asked("top 5 runs by val_accuracy")
    desk.click(answer, "refresh")
    desk.again(answer)
    desk.elsewhere().asked("delete all failed runs")
    desk.elsewhere().asked("best model")

    written = calls(desk, *WRITES)
    assert len(written) >= 4
    for call in written:
        assert call.args["text"].strip()
        if call.method == "chat.postMessage":
            assert (call.args["unfurl_links"], call.args["unfurl_media"]) == (False, False)
        assert call.args["parse"] == "none"


def _marked(part: Any) -> Iterator[str]:  # Any: Block Kit JSON
    """All text that Slack reads as mrkdwn: the message's own, and that of its blocks."""
    if isinstance(part, dict):
        if part.get("type") in {"mrkdwn", "message"} and isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            yield from _marked(value)
    elif isinstance(part, list):
        for each in part:
            yield from _marked(each)


_OURS = re.compile(r"<http://mlflow\.test/[^|>]*\|([^>]*)>")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LIVE = re.compile(r"<[@!#]|<[a-z]+:|[\u202a-\u202e\u2066-\u2069]")
_FOUND = re.compile(r"://|```")


def _alive(text: str) -> bool:
    """Whether Slack sees more than letters: a foreign tag, bidi, an address outside of code."""
    read = _OURS.sub(r"\1", text)
    return bool(_LIVE.search(read) or _FOUND.search(_CODE.sub("", read)))


def _seen(house: House, who: str, channel: str) -> str:
    return "\n".join(said(message) for message in house.alone(who, channel))


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    """Every query takes as long as this lasts."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
