"""Earlier questions: found again by who may know them, asked again, kept as favourites."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from bot.workspace.people import TEAM_ID
from tests.support.house import House, Message, buttons, said
from tests.support.spendings import ask, cents
from texttosql.journal.sql import SqlJournal

TOP = "top 3 runs by val_accuracy"


def _asked(house: House, who: str, channel: str, words: str) -> Message:
    """A question in a channel, or in the asker's own conversation with the app; its answer."""
    direct = channel == house.direct(who)
    ts = house.say(who, channel, words if direct else f"@bot {words}")
    return house.answer(channel, ts)


def _list(house: House, who: str, words: str = "", channel: str = "fraud") -> Message:
    """The list that a command brings."""
    place = house.channel(channel)
    before = {m["ts"] for m in house.alone(who, place)}
    assert house.workspace.command(who, place, "/history", words)["ok"]
    return _new(house, who, place, before)


def _new(house: House, who: str, place: str, before: set[str]) -> Message:
    found: Message = house.until(
        lambda: next((m for m in house.alone(who, place) if m["ts"] not in before), None),
        "something for one person alone",
    )
    return found


def _by_bot(house: House, channel: str) -> Message:
    """The first answer that begins a thread of its own."""
    found: list[Message] = house.until(
        lambda: [m for m in house.by_bot(channel) if buttons(m)], f"an answer in {channel}"
    )
    return found[0]


def _home(house: House, who: str) -> dict[str, Any]:
    """A person's Home tab, opened now."""
    house.workspace.open_home(who)
    return dict(house.until(lambda: house.workspace.home(who), "the Home tab"))


def test_somebodys_history_is_theirs_with_how_each_question_ended(house: House) -> None:
    channel = house.channel("fraud")
    _asked(house, "alice", channel, TOP)
    _asked(house, "bob", channel, "how many runs?")

    told = said(_list(house, "alice"))

    assert "Your questions" in told
    assert TOP in told
    assert "✅ answered, 3 rows" in told
    assert "↳ Best" in told or "val_accuracy 0." in told
    assert "how many runs?" not in told
    assert house.by_bot(channel) == []


def test_a_channels_history_is_of_that_channel_whoever_asked(house: House) -> None:
    _asked(house, "alice", house.channel("fraud"), TOP)
    _asked(house, "bob", house.channel("fraud"), "how many runs?")
    _asked(house, "bob", house.channel("random"), "list registered models")

    told = said(_list(house, "carol", "channel"))

    assert TOP in told
    assert "how many runs?" in told
    assert f"<@{house.person('bob')}>" in told
    assert "list registered models" not in told


def test_what_was_asked_in_a_direct_message_is_found_by_its_asker_alone(house: House) -> None:
    _asked(house, "alice", house.direct("alice"), TOP)

    assert TOP in said(_list(house, "alice", "search val_accuracy"))
    assert TOP not in said(_list(house, "bob", "search val_accuracy"))
    assert TOP not in said(_list(house, "bob", "channel"))


def test_words_that_name_no_list_are_searched_for(house: House) -> None:
    _asked(house, "alice", house.channel("fraud"), TOP)
    _asked(house, "alice", house.channel("fraud"), "how many runs?")

    told = said(_list(house, "alice", "VAL_accuracy top"))

    assert TOP in told
    assert "how many runs?" not in told


def test_an_empty_history_and_a_fruitless_search_say_what_to_do(house: House) -> None:
    assert "haven't asked anything yet" in said(_list(house, "alice"))
    assert "these words: nonsense" in said(_list(house, "alice", "nonsense"))
    assert "/history channel" in said(_list(house, "alice", "help"))


def test_a_long_history_is_turned_in_place(house: House) -> None:
    channel = house.channel("fraud")
    for count in range(1, 7):
        _asked(house, "alice", house.direct("alice"), f"top {count} runs by val_accuracy")
    first = _list(house, "alice")
    assert "top 6 runs" in said(first)
    assert "top 1 runs" not in said(first)

    house.workspace.click("alice", channel, first["ts"], "history_older")
    (second,) = house.until(
        lambda: [m for m in house.alone("alice", channel) if "history_newer" in buttons(m)],
        "the older page",
    )

    assert second["ts"] == first["ts"]
    assert "top 1 runs" in said(second)
    assert "history_older" not in buttons(second)


def test_a_question_of_the_list_leads_to_its_thread(house: House) -> None:
    channel = house.channel("fraud")
    answer = _asked(house, "alice", channel, TOP)

    url = buttons(_list(house, "alice"))["history_open"]["url"]

    assert channel in url
    assert answer["thread_ts"] in url


def test_a_question_is_asked_again_in_the_channel_of_the_list(house: House) -> None:
    _asked(house, "alice", house.direct("alice"), TOP)
    channel, shown = house.channel("fraud"), _list(house, "alice")

    house.workspace.click("alice", channel, shown["ts"], "history_again")

    answer = _by_bot(house, channel)
    assert f"<@{house.person('alice')}> asked again: {TOP}" in said(answer)
    assert len([b for b in answer["blocks"] if b["type"] == "data_table"]) == 1


def test_a_question_that_went_on_from_another_is_asked_again_in_its_thread(house: House) -> None:
    channel = house.channel("random")
    ts = _asked(house, "alice", channel, TOP)["thread_ts"]
    house.say("alice", channel, "only the failed ones", ts)
    refined = house.answer(channel, ts, 1)
    house.say("alice", channel, "only the ones bob ran", ts)
    house.answer(channel, ts, 2)
    shown = _list(house, "alice", "search failed ones")
    before = {m["ts"] for m in house.alone("alice", house.channel("fraud"))}

    house.workspace.click("alice", house.channel("fraud"), shown["ts"], "history_again")

    again = house.answer(channel, ts, 3)
    assert _headline(again) == _headline(refined)
    told = said(_new(house, "alice", house.channel("fraud"), before))
    assert "its own thread" in told
    assert ts in told


def test_a_question_of_the_list_can_be_saved_as_a_template(house: House) -> None:
    _asked(house, "alice", house.channel("fraud"), TOP)
    shown = _list(house, "alice")

    house.workspace.click("alice", house.channel("fraud"), shown["ts"], "save_template")
    house.until(lambda: "'block_id': 'name'" in str(house.workspace.modal("alice")), "the form")
    assert house.workspace.submit("alice", {"name": "our best"}) == {"ok": True}

    assert house.workspace.command("alice", house.channel("fraud"), "/templates", "our best")["ok"]
    house.until(
        lambda: [m for m in house.alone("alice", house.channel("fraud")) if "our best" in said(m)],
        "the template in the list",
    )


def test_the_star_keeps_a_question_for_who_clicked_it_and_a_second_click_drops_it(
    house: House,
) -> None:
    channel = house.channel("fraud")
    answer = _asked(house, "alice", channel, TOP)

    house.workspace.click("bob", channel, answer["ts"], "favourite")
    (kept,) = house.until(lambda: house.alone("bob", channel), "a word that it is kept")
    assert "★ Kept" in said(kept)
    assert f"★ {TOP}" in said(_home(house, "bob"))
    assert f"★ {TOP}" not in said(_home(house, "alice"))

    house.workspace.click("bob", channel, answer["ts"], "favourite")
    dropped = _new(house, "bob", channel, {kept["ts"]})
    assert "No longer a favourite" in said(dropped)
    house.workspace.open_home("bob")
    house.until(
        lambda: f"★ {TOP}" not in said(house.workspace.home("bob") or {}), "a Home without it"
    )


def _headline(answer: Message) -> str:
    return str(next(b["text"]["text"] for b in answer["blocks"] if b["type"] == "section"))


def _spend(house: House, who: str, channel: str, amount: float) -> None:
    """A question that Claude answered, as another bot process noted it."""
    with closing(SqlJournal.open(house.environ["TRACKTALK_JOURNAL"])) as journal:
        place = f"{TEAM_ID}/{house.channel(channel)}"
        ask(journal, cents(amount), by=house.person(who), place=place)


def test_usage_tells_the_asker_their_own_and_the_channels_total_and_nobody_elses(
    house: House,
) -> None:
    _spend(house, "alice", "fraud", 25)
    _spend(house, "bob", "fraud", 50)
    _spend(house, "alice", "random", 100)

    shown = _list(house, "alice", "usage")

    assert "You asked 2 questions; Claude was asked 2 of them, for 1.25 USD." in said(shown)
    assert "this channel there were 2 questions; Claude was asked 2 of them, for 0.75" in said(
        shown
    )
    assert "budget" not in said(shown)
    assert house.person("bob") not in str(shown)
    assert "for 0.75 USD" in shown["text"]
    assert house.by_bot(house.channel("fraud")) == []
    assert "You asked 0 questions" in said(_list(house, "carol", "usage"))


def test_usage_tells_what_is_left_of_todays_budgets(empty_house: House) -> None:
    empty_house.more.update(
        TRACKTALK_BUDGET_DAY="5", TRACKTALK_BUDGET_USER="0.5", TRACKTALK_BUDGET_CHANNEL="1",
        TRACKTALK_TIMEZONE="Europe/Berlin",
    )  # fmt: skip
    with empty_house.bot():
        _spend(empty_house, "alice", "fraud", 12.5)
        _spend(empty_house, "bob", "fraud", 100)

        told = said(_list(empty_house, "alice", "usage"))

    assert "begin anew at midnight, Europe/Berlin time" in told
    assert "everybody's: 3.88 of 5.00 USD" in told
    assert "yours: 0.3750 of 0.50 USD" in told
    assert "this channel's: 0.00 of 1.00 USD" in told


def test_usage_in_a_direct_conversation_is_the_askers_alone(house: House) -> None:
    _spend(house, "alice", "fraud", 25)
    direct = house.direct("alice")

    assert house.workspace.command("alice", direct, "/history", "usage")["ok"]
    told = said(_new(house, "alice", direct, set()))

    assert "for 0.25 USD" in told
    assert "channel" not in told


def test_help_names_every_list(house: House) -> None:
    told = said(_list(house, "alice", "help"))

    assert [word for word in ("channel", "search", "usage") if f"/history {word}" not in told] == []
