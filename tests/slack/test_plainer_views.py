"""A window or Home tab that Slack can't show as it is comes by plainer means."""

from __future__ import annotations

from tests.support.desk import Desk
from tests.support.house import House, Message, buttons, said


def test_a_home_tab_that_is_refused_is_published_in_words(house: House) -> None:
    house.workspace.fail("views.publish", "invalid_arguments", times=1)
    house.workspace.open_home("alice", "home")

    house.until(lambda: len(_published(house)) > 1, "a second try")
    rich, plain = _published(house)[:2]
    assert buttons(rich)
    assert buttons(plain) == {}
    assert "Your last questions" in said(plain)


def _published(house: House) -> list[Message]:
    calls = [call for call in house.workspace.calls if call.method == "views.publish"]
    return [call.args["view"] for call in calls]


def test_a_window_that_is_refused_opens_in_words(house: House) -> None:
    desk = Desk(house, house.channel("ml-experiments"))
    answer = desk.asked("how many runs?")
    house.workspace.fail("views.open", "invalid_arguments", times=1)
    assert house.workspace.click("alice", desk.channel, answer["ts"], "show_sql")["ok"]

    window = house.until(lambda: house.workspace.modal("alice"), "a window")
    assert "SELECT" in said(window)
    assert buttons(window) == {}


def test_a_whisper_whose_blocks_are_refused_stays_a_whisper(house: House) -> None:
    channel = house.channel("ml-experiments")
    ts = house.say("alice", channel, "@bot how many runs?")
    house.answer(channel, ts)
    house.workspace.fail("chat.postEphemeral", "invalid_blocks", times=1)
    house.say("bob", channel, "shall we have lunch at the zoo", ts)

    told = house.until(lambda: house.alone("bob", channel), "a whisper")
    assert "could ask" in said(told[0])
    assert len(house.replies(channel, ts)) == 1
