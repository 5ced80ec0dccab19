"""The bot with a model behind it: what Claude reads, what it is told, and when it is not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support import model as stand_in
from tests.support.desk import Desk
from tests.support.house import House, Message
from texttosql.claude.api.providers import hang_up

UNUSUAL = "whose models got noticeably worse over the autumn, by the way?"
LIVE = (
    "FROM runs r JOIN experiments e USING (experiment_id)"
    " WHERE r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'"
)
BY_USER = {
    "kind": "sql",
    "sql": f"SELECT r.user_id AS user, COUNT(*) AS runs {LIVE} GROUP BY r.user_id"
    " ORDER BY runs DESC",
    "title": "runs by user",
    "assumptions": ["worse means nothing here"],
}
ALICE = {
    "kind": "sql",
    "sql": f"SELECT COUNT(*) AS runs {LIVE} AND r.user_id = 'alice'",
    "title": "alice's runs",
}


@contextmanager
def _model(house: House, script: stand_in.Script) -> Iterator[stand_in.Stage]:
    with stand_in.scripted(script) as stage:
        house.more |= stage.environ
        with house.bot():
            yield stage
        hang_up()


@pytest.fixture
def desk(empty_house: House) -> Desk:
    """A channel of a workspace whose bot comes later."""
    return Desk(empty_house, empty_house.channel("fraud"))


def _text(message: Message) -> str:
    return json.dumps([message["text"], message.get("blocks")], ensure_ascii=False)


def test_what_the_offline_engine_cannot_read_is_answered_by_claude(desk: Desk) -> None:
    with _model(desk.house, [BY_USER]) as stage:
        answer = desk.asked(UNUSUAL)

    assert "priya" in answer["text"]
    assert "Worse means nothing here" in _text(answer)
    assert "claude engine" in _text(answer)
    assert UNUSUAL in stage.requests[0].messages[-1]["text"]


def test_a_reply_in_its_thread_is_read_after_claudes_own_sql(desk: Desk) -> None:
    with _model(desk.house, [BY_USER, ALICE]) as stage:
        answer = desk.asked(UNUSUAL)
        desk.house.say("alice", desk.channel, "and me, since I began?", answer["thread_ts"])
        below = desk.below(answer)

    assert below["text"] == "38 runs."
    said = stage.requests[1].messages
    assert [each["role"] for each in said] == ["user", "assistant", "user"]
    assert "GROUP BY r.user_id" in said[1]["text"]


def test_what_offline_is_sure_of_costs_no_call(desk: Desk) -> None:
    with _model(desk.house, []) as stage:
        answer = desk.asked("how many runs failed last week?")

    assert "offline engine" in _text(answer)
    assert stage.requests == []


def test_a_model_that_is_not_there_is_stood_in_for_and_the_answer_says_so(desk: Desk) -> None:
    with _model(desk.house, lambda _: stand_in.status(401)):
        answer = desk.asked(UNUSUAL)

    assert "login" in _text(answer)


def test_a_question_that_slack_brings_twice_is_paid_once(desk: Desk) -> None:
    with _model(desk.house, lambda _: BY_USER) as stage:
        answer = desk.asked(UNUSUAL)
        desk.house.deliver_all_again()
        later = desk.asked("how many runs are there?")

    assert answer["text"] != later["text"]
    assert len(stage.requests) == 1


def test_claudes_question_back_has_buttons_and_a_click_puts_it_in_full_words(desk: Desk) -> None:
    ways = [
        {"label": "per month", "question": "whose models got worse, month by month?"},
        {"label": "in all", "question": "whose models got worse, in all?"},
    ]
    back = {"kind": "clarification", "question": "Per month, or in all?", "options": ways}
    with _model(desk.house, [back, BY_USER]) as stage:
        asked = desk.asked(UNUSUAL)
        desk.click(asked, "option_1")
        answer = desk.again(asked)

    assert "priya" in answer["text"]
    assert "whose models got worse, in all?" in stage.requests[1].messages[-1]["text"]


def test_refresh_asks_claude_again_because_its_weeks_are_last_weeks(desk: Desk) -> None:
    with _model(desk.house, [BY_USER, ALICE]) as stage:
        answer = desk.asked(UNUSUAL)
        desk.click(answer, "refresh")
        again = desk.again(answer)

    assert again["text"] == "38 runs."
    assert UNUSUAL in stage.requests[1].messages[-1]["text"]
