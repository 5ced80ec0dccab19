"""What somebody vouched for is answered so from then on, for whom it may be, until it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, column
from tests.support.house import House, Message, buttons, house, said

TOP = "top 3 runs by accuracy"
VERIFIED = "verified answer"


@pytest.fixture(scope="module")
def shared_house(demo_store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One bot for all; each test asks a question of its own."""
    folder = tmp_path_factory.mktemp("learning")
    with house(demo_store, folder, TRACKTALK_USER_LIMIT="1000") as each, each.bot():
        yield each


@pytest.fixture
def desk(shared_house: House) -> Iterator[Desk]:
    yield Desk(shared_house, shared_house.channel("fraud")).elsewhere()
    for who in ("alice", "bob"):
        if shared_house.workspace.modal(who):
            shared_house.workspace.close(who, clear=True)


@pytest.fixture(name="own_desk")
def desk_of_its_own(empty_house: House) -> Iterator[Desk]:
    """Where questions are new that other tests teach."""
    with empty_house.bot():
        yield Desk(empty_house, empty_house.channel("fraud"))


def _told(desk: Desk, words: str, who: str = "bob") -> Message:
    """What this person alone was told in these words."""
    found: Message = desk.house.until(
        lambda: next((m for m in desk.house.alone(who, desk.channel) if words in said(m)), None),
        f"a whisper about {words}",
    )
    return found


def _replied(desk: Desk, answer: Message, who: str, text: str) -> Message:
    """The answer to what somebody says in an answer's thread."""
    before = len(desk.thread(answer))
    desk.house.say(who, desk.channel, text, answer["thread_ts"])
    return desk.below(answer, before)


def _edited(desk: Desk, answer: Message, sql: str) -> Message:
    """The answer to the SQL that bob puts in an answer's place."""
    before = len(desk.thread(answer))
    desk.click(answer, "edit_sql")
    desk.window()
    assert desk.house.workspace.submit("bob", {"sql": sql}) == {"ok": True}
    return desk.below(answer, before)


# -- 👍 and 👎 -------------------------------------------------------------------------------


def test_an_answer_that_got_a_thumb_is_given_to_the_same_question_as_verified(desk: Desk) -> None:
    first = desk.asked(TOP)
    desk.click(first, "feedback", "👍")
    _told(desk, f"From now on I answer “{TOP}” this way")

    ts = desk.house.say("carol", desk.channel, "@bot Could you please: Top 3 runs by accuracy?")
    again = desk.house.answer(desk.channel, ts)

    assert VERIFIED in said(again)
    assert "Verified by bob on" in said(again)
    assert column(again, "run") == column(first, "run")
    assert desk.house.alone("alice", desk.channel) == []
    assert VERIFIED in said(_refreshed(desk, again))


def _refreshed(desk: Desk, answer: Message) -> Message:
    desk.click(answer, "refresh")
    return desk.again(answer)


def test_another_number_is_another_question(desk: Desk) -> None:
    desk.click(desk.asked("top 7 runs by accuracy"), "feedback", "👍")
    _told(desk, "From now on")

    assert VERIFIED not in said(desk.asked("top 8 runs by accuracy"))


def test_a_thumb_down_on_a_verified_answer_takes_it_back(desk: Desk) -> None:
    desk.click(desk.asked("top 4 runs by f1"), "feedback", "👍")
    _told(desk, "From now on")
    verified = desk.asked("top 4 runs by f1")
    assert VERIFIED in said(verified)

    desk.click(verified, "feedback", "👎", who="alice")
    desk.window("alice")
    assert desk.house.workspace.submit("alice", {"kind": "numbers"}) == {"ok": True}
    _told(desk, "I no longer answer “top 4 runs by f1” that way", "alice")

    assert VERIFIED not in said(desk.asked("top 4 runs by f1"))


def test_a_chart_that_does_not_suit_takes_nothing_back(desk: Desk) -> None:
    answer = desk.asked("average accuracy by user")
    desk.click(answer, "feedback", "👍")
    _told(desk, "From now on")
    desk.click(answer, "feedback", "👎", who="alice")
    desk.window("alice")
    desk.house.workspace.submit("alice", {"kind": "chart"})
    _told(desk, "Thanks", "alice")

    assert VERIFIED in said(desk.asked("average accuracy by user"))


def test_who_taught_something_forgets_it_with_one_click(desk: Desk) -> None:
    desk.click(desk.asked("top 5 runs by recall"), "feedback", "👍")
    told = _told(desk, "From now on")
    desk.house.workspace.click("bob", desk.channel, told["ts"], "forget_lesson")
    _told(desk, "Forgotten")

    assert VERIFIED not in said(desk.asked("top 5 runs by recall"))


def test_a_follow_up_teaches_nothing_by_itself(desk: Desk) -> None:
    answer = desk.asked("top 9 runs by accuracy")
    mine = _replied(desk, answer, "alice", "only the ones mei ran")
    desk.click(mine, "feedback", "👍")

    assert desk.whispered() == "Thanks, noted."


# -- corrections ----------------------------------------------------------------------------


def test_a_correction_that_gets_a_thumb_teaches_the_question_it_corrects(own_desk: Desk) -> None:
    wrong = own_desk.asked(TOP)
    right = _replied(own_desk, wrong, "alice", "no, I meant test_accuracy")
    assert own_desk.house.alone("alice", own_desk.channel) == []
    own_desk.click(right, "feedback", "👍")
    _told(own_desk, f"From now on I answer “{TOP}” this way")

    again = own_desk.asked(TOP)

    assert VERIFIED in said(again)
    assert column(again, "test_accuracy") == column(right, "test_accuracy")


def test_a_correction_nobody_confirmed_teaches_nothing(own_desk: Desk) -> None:
    wrong = own_desk.asked(TOP)
    _replied(own_desk, wrong, "alice", "no, I meant test_accuracy")

    assert VERIFIED not in said(own_desk.asked(TOP))


def test_the_right_reading_is_asked_by_a_click_and_taught_by_a_thumb(own_desk: Desk) -> None:
    wrong = own_desk.asked(TOP)
    own_desk.click(wrong, "feedback", "👎")
    own_desk.window()
    reading = "top 3 runs by test_accuracy"
    own_desk.house.workspace.submit("bob", {"kind": "reading", "reading": reading})
    offer = _told(own_desk, "Shall I answer it your way?")
    own_desk.house.workspace.click("bob", own_desk.channel, offer["ts"], "ask_reading")
    right = own_desk.below(wrong, 1)
    assert f"<@{own_desk.house.person('bob')}> put it another way: {reading}" in said(right)
    assert VERIFIED not in said(own_desk.asked(TOP))

    own_desk.click(right, "feedback", "👍")
    _told(own_desk, f"From now on I answer “{TOP}” this way")

    again = own_desk.asked(TOP)
    assert column(again, "test_accuracy") == column(right, "test_accuracy")


# -- edited SQL, saved templates ------------------------------------------------------------

KILLED = "SELECT name AS run, status FROM runs WHERE status = 'KILLED'"


def test_edited_sql_that_ran_teaches_its_question(desk: Desk) -> None:
    answer = desk.asked("how many experiments?")
    (name,) = desk.turn(answer).columns
    edited = _edited(desk, answer, f'SELECT 41 + 1 AS "{name}"')
    assert "42" in said(edited)
    _told(desk, "From now on I answer “how many experiments?” this way")

    again = desk.asked("how many experiments?")

    assert VERIFIED in said(again)
    assert "42" in said(again)


def test_edited_sql_with_other_columns_has_to_be_meant_as_the_answer(desk: Desk) -> None:
    answer = desk.asked("top 6 runs by accuracy")
    _edited(desk, answer, KILLED)
    offer = _told(desk, "Shall I answer “top 6 runs by accuracy” with your SQL from now on?")
    assert VERIFIED not in said(desk.asked("top 6 runs by accuracy"))

    desk.house.workspace.click("bob", desk.channel, offer["ts"], "adopt_sql")
    _told(desk, "Learned.")

    assert set(column(desk.asked("top 6 runs by accuracy"), "status")) == {"KILLED"}


def test_sql_that_was_turned_down_teaches_nothing(own_desk: Desk) -> None:
    answer = own_desk.asked(TOP)
    _edited(own_desk, answer, "SELECT ABS(-9223372036854775807 - 1) AS run FROM runs")

    assert VERIFIED not in said(own_desk.asked(TOP))
    assert own_desk.house.alone("bob", own_desk.channel) == []


def test_an_answer_saved_as_a_template_is_vouched_for(desk: Desk) -> None:
    answer = desk.asked("top 11 runs by accuracy")
    _save(desk, answer, {"name": "eleven"})
    told = _told(desk, "From now on I answer “top 11 runs by accuracy” this way")

    assert "Saved *eleven*" in said(told)
    assert "forget_lesson" in buttons(told)
    assert VERIFIED in said(desk.asked("top 11 runs by accuracy"))


def test_a_template_that_asks_something_else_teaches_nothing(desk: Desk) -> None:
    answer = desk.asked("top 12 runs by accuracy")
    _save(desk, answer, {"name": "other", "text": "top {n} runs by accuracy"})

    assert "From now on" not in said(_told(desk, "Saved *other*"))


def _save(desk: Desk, answer: Message, entered: dict[str, str]) -> None:
    desk.click(answer, "save_template")
    workspace = desk.house.workspace
    desk.house.until(
        lambda: (workspace.modal("bob") or {}).get("callback_id") == "template_save_view", "a form"
    )
    assert workspace.submit("bob", entered) == {"ok": True}


# -- for whom -------------------------------------------------------------------------------


def test_what_is_learned_in_a_direct_message_is_for_its_asker_alone(own_desk: Desk) -> None:
    hers = Desk(own_desk.house, own_desk.house.direct("alice"))
    hers.click(_asked_in(hers, "alice"), "feedback", "👍", who="alice")
    _told(hers, "this way, for you alone", "alice")

    assert VERIFIED in said(_asked_in(hers, "alice"))
    assert VERIFIED in said(own_desk.asked(TOP))
    ts = own_desk.house.say("bob", own_desk.channel, f"@bot {TOP}")
    assert VERIFIED not in said(own_desk.house.answer(own_desk.channel, ts))


def _asked_in(desk: Desk, who: str) -> Message:
    return desk.house.answer(desk.channel, desk.house.say(who, desk.channel, TOP))


def test_my_runs_are_not_verified_for_somebody_else(desk: Desk) -> None:
    desk.click(desk.asked("my latest 5 runs"), "feedback", "👍", who="alice")
    _told(desk, "From now on", "alice")

    ts = desk.house.say("bob", desk.channel, "@bot my latest 5 runs")
    his = desk.house.answer(desk.channel, ts)

    assert VERIFIED not in said(his)
    assert VERIFIED in said(desk.asked("my latest 5 runs"))


def test_what_one_person_alone_was_shown_is_learned_for_them_alone(own_desk: Desk) -> None:
    workspace = own_desk.house.workspace
    outside = workspace.add_channel("outside", with_bot=False).id
    workspace.command("bob", outside, "/ask", TOP)
    (answer,) = own_desk.house.until(lambda: own_desk.house.alone("bob", outside), "an answer")
    workspace.click("bob", outside, answer["ts"], "feedback", "👍")
    there = Desk(own_desk.house, outside)
    _told(there, "this way, for you alone")

    assert VERIFIED not in said(own_desk.asked(TOP))


@pytest.mark.parametrize(
    ("sql", "offer"), [("SELECT 41 + 1 AS {}", ""), ("SELECT 41 + 1 AS answer", "adopt_sql")]
)
def test_sql_that_is_edited_where_nobody_else_sees_it_is_for_its_editor_alone(
    own_desk: Desk, sql: str, offer: str
) -> None:
    workspace = own_desk.house.workspace
    outside = workspace.add_channel("outside", with_bot=False).id
    there = Desk(own_desk.house, outside)
    workspace.command("bob", outside, "/ask", "how many experiments?")
    (answer,) = own_desk.house.until(lambda: own_desk.house.alone("bob", outside), "an answer")
    workspace.click("bob", outside, answer["ts"], "edit_sql")
    own_desk.window()
    (bot,) = own_desk.house.bots
    (name,) = bot.porch.office.journal.history(limit=1)[0].columns
    assert workspace.submit("bob", {"sql": sql.format(f'"{name}"')}) == {"ok": True}
    _told(there, "42")
    if offer:
        workspace.click("bob", outside, _told(there, "Shall I answer")["ts"], offer)

    _told(there, "this way, for you alone")
    assert VERIFIED not in said(own_desk.asked("how many experiments?"))


def test_a_policy_that_changed_forgets_what_was_verified_under_another(
    demo_store: str, tmp_path: Path
) -> None:
    config = tmp_path / "stores.yml"
    text = (
        "stores: {{demo: {{url: '{}', policy: some}}}}\npolicies: {{some: {{experiments: [{}]}}}}\n"
    )
    config.write_text(text.format(demo_store, "1, 2, 3, 4, 5"))
    with house(demo_store, tmp_path, TRACKTALK_CONFIG=str(config), TRACKTALK_STORE="demo") as each:
        with each.bot():
            desk = Desk(each, each.channel("fraud"))
            desk.click(desk.asked("how many runs?"), "feedback", "👍")
            _told(desk, "From now on")
            assert VERIFIED in said(desk.asked("how many runs?"))
        config.write_text(text.format(demo_store, "1, 2"))
        with each.bot():
            narrower = desk.elsewhere()
            assert VERIFIED not in said(narrower.asked("how many runs?"))
