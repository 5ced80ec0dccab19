"""Every way of asking ends in one answer where it was asked."""

from __future__ import annotations

import re

from tests.support.house import House, buttons, said


def test_a_mention_in_a_channel_is_answered_in_its_thread(house: House) -> None:
    channel = house.channel("ml-experiments")
    ts = house.say("alice", channel, "@bot top 3 runs by val_accuracy")

    answer = house.answer(channel, ts)

    assert answer["thread_ts"] == ts
    assert re.search(r"val_accuracy 0\.9\d+", said(answer))
    assert any(block["type"] == "data_table" for block in answer["blocks"])
    assert house.replies(channel, ts) == [answer]


def test_a_reply_in_the_thread_refines_the_answer_without_a_mention(house: House) -> None:
    channel = house.channel("ml-experiments")
    ts = house.say("alice", channel, "@bot top 5 runs by val_accuracy")
    house.answer(channel, ts)

    house.say("alice", channel, "only the ones alice ran", ts)
    refined = house.answer(channel, ts, 1)

    users = _column(refined, "user")
    assert users
    assert set(users) == {"alice"}


def test_each_direct_message_begins_a_thread_of_its_own(house: House) -> None:
    direct = house.direct("bob")
    first = house.say("bob", direct, "how many runs failed?")
    second = house.say("bob", direct, "top 3 runs by val_accuracy")

    assert re.search(r"\d+ runs", said(house.answer(direct, first)))
    assert "val_accuracy" in said(house.answer(direct, second))


def test_my_runs_are_those_of_who_asks(house: House) -> None:
    direct = house.direct("alice")
    ts = house.say("alice", direct, "my latest 5 runs")

    assert set(_column(house.answer(direct, ts), "user")) == {"alice"}


def test_ask_answers_in_the_channel_and_its_answer_can_be_refined(house: House) -> None:
    channel = house.channel("fraud")
    assert house.workspace.command("carol", channel, "/ask", "how many runs?")["ok"]

    answer = house.until(lambda: next(iter(house.by_bot(channel)), None), "an answer to /ask")
    assert f"<@{house.person('carol')}> asked: how many runs?" in answer["text"]

    house.say("carol", channel, "by user", answer["ts"])
    assert len(_column(house.answer(channel, answer["ts"], 1), "user")) > 1


def test_ask_without_words_says_how_to_ask_to_its_asker_alone(house: House) -> None:
    channel = house.channel("fraud")
    assert house.workspace.command("carol", channel, "/ask", "help")["ok"]

    told = house.until(lambda: house.alone("carol", channel), "help")[0]
    assert "/ask top 5 runs by val_accuracy" in told["text"]
    assert house.by_bot(channel) == []


def test_ask_where_the_bot_is_not_is_answered_to_the_asker_alone(house: House) -> None:
    house.workspace.add_channel("elsewhere", with_bot=False)
    channel = house.channel("elsewhere")
    assert house.workspace.command("bob", channel, "/ask", "how many runs?")["ok"]

    told = house.until(lambda: house.alone("bob", channel), "an answer")[0]
    assert "not in this channel" in said(told)
    assert re.search(r"\d+ runs", said(told))


def test_ask_about_this_opens_a_form_and_answers_in_the_messages_thread(house: House) -> None:
    channel = house.channel("random")
    ts = house.say("bob", channel, "how many runs failed last week?")
    assert house.workspace.shortcut("alice", "ask_about", channel, ts)["ok"]

    form = house.until(lambda: house.workspace.modal("alice"), "a form")
    assert form["blocks"][0]["element"]["initial_value"] == "how many runs failed last week?"
    assert house.workspace.submit("alice", {"question": "how many runs?"}) == {"ok": True}

    answer = house.answer(channel, ts)
    assert f"<@{house.person('alice')}> asked: how many runs?" in said(answer)


def test_a_question_with_two_meanings_is_answered_in_place_of_the_question_back(
    house: House,
) -> None:
    channel = house.channel("ml-experiments")
    ts = house.say("alice", channel, "@bot best model")
    asked_back = house.answer(channel, ts)
    assert "option_0" in buttons(asked_back)

    assert house.workspace.click("bob", channel, asked_back["ts"], "option_0")["ok"]
    answered = house.until(
        lambda: next((m for m in house.replies(channel, ts) if "show_sql" in buttons(m)), None),
        "an answer",
    )

    assert answered["ts"] == asked_back["ts"]
    assert len(house.replies(channel, ts)) == 1


def test_what_is_said_to_somebody_else_in_the_thread_is_left_alone(house: House) -> None:
    channel = house.channel("ml-experiments")
    ts = house.say("alice", channel, "@bot how many runs?")
    house.answer(channel, ts)

    house.say("alice", channel, f"<@{house.person('bob')}> look at that", ts)
    house.say("alice", channel, "by user", ts)
    house.answer(channel, ts, 1)

    assert len(house.replies(channel, ts)) == 2


def test_chatter_in_the_thread_is_answered_to_its_speaker_alone(house: House) -> None:
    channel = house.channel("ml-experiments")
    ts = house.say("alice", channel, "@bot how many runs?")
    house.answer(channel, ts)

    house.say("bob", channel, "shall we have lunch at the zoo", ts)
    house.until(lambda: house.alone("bob", channel), "a whisper")

    assert len(house.replies(channel, ts)) == 1
    assert house.alone("alice", channel) == []


def test_talk_without_a_mention_outside_the_bots_threads_is_not_heard(house: House) -> None:
    channel = house.channel("random")
    unheard = house.say("bob", channel, "how many runs?")
    heard = house.say("bob", channel, "@bot how many runs?")
    house.answer(channel, heard)

    assert house.replies(channel, unheard) == []


def test_two_people_refining_in_one_thread_each_keep_their_own_line(house: House) -> None:
    channel = house.channel("ml-experiments")
    ts = house.say("alice", channel, "@bot top 20 runs by val_accuracy")
    house.answer(channel, ts)
    house.say("bob", channel, "only failed ones", ts)
    house.answer(channel, ts, 1)

    house.say("alice", channel, "only the ones mei ran", ts)
    hers = house.answer(channel, ts, 2)

    assert set(_column(hers, "user")) == {"mei"}
    assert "FINISHED" in _column(hers, "status")


def _column(message: object, name: str) -> list[str]:
    """A column of the message's data table."""
    blocks = message["blocks"]  # type: ignore[index]
    (table,) = [block for block in blocks if block["type"] == "data_table"]
    header, *rows = table["rows"]
    at = [cell["text"] for cell in header].index(name)
    return [row[at]["text"] for row in rows]
