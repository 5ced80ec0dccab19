"""Saved questions: listed, run with values, saved from an answer, shared, edited, deleted."""

from __future__ import annotations

import json
from typing import Any

from tests.support.house import House, Message, buttons, elements, said


def _command(house: House, who: str, words: str = "", channel: str = "fraud") -> None:
    assert house.workspace.command(who, channel, "/templates", words)["ok"]


def _list(house: House, who: str, words: str = "", channel: str = "fraud") -> Message:
    """The list that a command brings."""
    place = house.channel(channel)
    before = {m["ts"] for m in house.alone(who, place)}
    _command(house, who, words, channel)
    return dict(
        house.until(
            lambda: next((m for m in house.alone(who, place) if m["ts"] not in before), None),
            "a list of templates",
        )
    )


def _values(shown: Message, action_id: str) -> list[dict[str, Any]]:
    """What the buttons of that name carry."""
    return [json.loads(e["value"]) for e in elements(shown) if e.get("action_id") == action_id]


def _choose(house: House, who: str, shown: Message, label: str) -> None:
    """Choose something in the first ⋯ menu of a list."""
    channel = house.channel("fraud")
    house.workspace.click(who, channel, shown["ts"], "template_more", label)


def _first(house: House, channel: str) -> Message:
    """The first answer that the bot gives in a channel."""
    found = house.until(
        lambda: [m for m in house.by_bot(channel) if buttons(m)], f"an answer in {channel}"
    )
    return dict(found[0])


def _saved(house: House, who: str, name: str, **more: str) -> None:
    """Ask something, and save it as a template."""
    channel = house.channel("fraud")
    ts = house.say(who, channel, "@bot top 3 runs by val_accuracy")
    answer = house.answer(channel, ts)
    house.workspace.click(who, channel, answer["ts"], "save_template")
    _form(house, who, "template_save_view")
    assert house.workspace.submit(who, {"name": name, **more}) == {"ok": True}
    house.until(lambda: [m for m in house.alone(who, channel) if name in said(m)], "a word of it")


def _form(house: House, who: str, callback_id: str) -> dict[str, Any]:
    """The modal of that name, once it is open."""

    def opened() -> dict[str, Any] | None:
        view = house.workspace.modal(who)
        return view if view and view["callback_id"] == callback_id else None

    return dict(house.until(opened, f"the form {callback_id}"))


def _begins(form: Message) -> dict[str, str]:
    """What stands in a form's inputs at first."""
    inputs = {b["block_id"]: b["element"] for b in form["blocks"] if b["type"] == "input"}
    return {
        name: e.get("initial_value") or (e.get("initial_option") or {}).get("value", "")
        for name, e in inputs.items()
    }


def test_the_list_shows_what_ships_to_its_asker_alone(house: House) -> None:
    told = said(_list(house, "alice"))

    assert "Shipped with Tracktalk" in told
    assert "`best {n=5} runs by {metric}`" in told
    assert house.by_bot(house.channel("fraud")) == []
    assert house.alone("bob", house.channel("fraud")) == []


def test_help_says_what_the_command_can(house: House) -> None:
    assert "/templates run best runs" in said(_list(house, "alice", "help"))


def test_the_list_is_turned_in_place(house: House) -> None:
    channel, first = house.channel("fraud"), _list(house, "alice")

    house.workspace.click("alice", channel, first["ts"], "templates_on")
    (second,) = house.until(
        lambda: [m for m in house.alone("alice", channel) if "templates_back" in buttons(m)],
        "the second page",
    )

    assert not {v["id"] for v in _values(first, "template_run")} & {
        v["id"] for v in _values(second, "template_run")
    }
    assert len(house.alone("alice", channel)) == 1


def test_words_narrow_the_list(house: House) -> None:
    told = said(_list(house, "alice", "registry"))

    assert "Registry overview" in told
    assert "Best runs" not in told


def test_a_template_without_parameters_runs_at_once_where_it_was_called(house: House) -> None:
    _command(house, "alice", "run runs by user")

    answer = _first(house, house.channel("fraud"))
    lead = f"<@{house.person('alice')}> ran *Runs by user*: number of runs by user"
    assert lead in said(answer)
    assert any(block["type"] == "data_table" for block in answer["blocks"])


def test_a_template_is_run_with_the_values_of_its_form(house: House) -> None:
    _command(house, "alice", "run best runs")
    form = _form(house, "alice", "template_run_view")
    assert _begins(form) == {"n": "5", "metric": ""}

    offered = house.workspace.options("alice", "template_metric", "val_acc")["options"]
    assert offered[0]["value"] == "val_accuracy"
    values = {"n": "2", "metric": offered[0]}
    assert house.workspace.submit("alice", values) == {"ok": True}

    answer = _first(house, house.channel("fraud"))
    assert "ran *Best runs*: best 2 runs by val_accuracy" in said(answer)
    assert "only see" not in said(answer)


def test_an_answer_to_a_template_can_be_refined_in_its_thread(house: House) -> None:
    channel = house.channel("fraud")
    _command(house, "alice", "run runs by user")
    answer = _first(house, channel)

    house.say("alice", channel, "only the failed ones", answer["ts"])

    assert "bob\n56\n" in said(answer)
    assert "bob\n5\n" in said(house.answer(channel, answer["ts"], 1))


def test_a_template_of_the_list_is_run_by_its_button(house: House) -> None:
    channel, shown = house.channel("fraud"), _list(house, "alice", "registry")

    house.workspace.click("alice", channel, shown["ts"], "template_run")

    assert "ran *Registry overview*: list registered models" in said(_first(house, channel))


def test_a_template_runs_for_its_asker_alone_where_the_bot_is_not(house: House) -> None:
    channel = house.workspace.add_channel("elsewhere", with_bot=False).id

    _command(house, "alice", "run runs by user", "elsewhere")

    (told,) = house.until(lambda: house.alone("alice", channel), "an answer")
    assert "not in this channel" in said(told)


def test_a_name_that_can_mean_several_lists_them(house: House) -> None:
    told = said(_list(house, "alice", "run failed"))

    assert "Failures lately" in told
    assert "Failure rate by experiment" in told
    assert "Registry overview" not in told


def test_a_name_that_means_none_says_so(house: House) -> None:
    assert "No template says nonsense" in said(_list(house, "alice", "run nonsense"))


def test_an_answer_is_saved_with_its_names_as_parameters(house: House) -> None:
    channel = house.channel("fraud")
    ts = house.say("alice", channel, "@bot top 3 runs by val_accuracy")
    house.workspace.click("alice", channel, house.answer(channel, ts)["ts"], "save_template")

    begins = _begins(_form(house, "alice", "template_save_view"))

    assert begins["text"] == "top {n=3} runs by {metric=val_accuracy}"
    assert begins["scope"] == "personal"


def test_a_saved_template_is_its_owners_alone_and_runs_by_its_name(house: House) -> None:
    _saved(house, "alice", "our best", text="best {n=2} runs by val_accuracy")

    assert "our best" in said(_list(house, "alice", "our best"))
    assert "No template says our best" in said(_list(house, "bob", "our best"))
    _command(house, "alice", "run our best")
    assert _begins(_form(house, "alice", "template_run_view")) == {"n": "2"}


def test_what_is_wrong_with_a_template_is_said_beside_its_input(house: House) -> None:
    _saved(house, "alice", "our best")
    channel = house.channel("fraud")
    ts = house.say("alice", channel, "@bot how many runs?")
    house.workspace.click("alice", channel, house.answer(channel, ts)["ts"], "save_template")
    _form(house, "alice", "template_save_view")

    taken = house.workspace.submit("alice", {"name": "Our  BEST", "text": "how many runs?"})
    braces = house.workspace.submit("alice", {"name": "other", "text": "runs of {oops"})

    assert "already" in taken["errors"]["name"]
    assert "lone {" in braces["errors"]["text"]


def test_a_template_shared_with_the_channel_is_seen_there_and_nowhere_else(house: House) -> None:
    _saved(house, "alice", "our best", scope="channel")

    assert "This channel's" in said(_list(house, "bob", "our best"))
    assert "No template" in said(_list(house, "bob", "our best", "random"))


def test_the_menu_shares_a_template_and_shows_the_list_anew(house: House) -> None:
    _saved(house, "alice", "our best")
    channel, shown = house.channel("fraud"), _list(house, "alice")

    _choose(house, "alice", shown, "Share with the team")

    house.until(
        lambda: "The team's" in said(_same(house, "alice", channel, shown)), "the list anew"
    )
    assert "our best" in said(_list(house, "bob", "our best", "random"))


def test_a_template_is_edited_in_the_form_that_saved_it(house: House) -> None:
    _saved(house, "alice", "our best", text="runs by val_accuracy")
    channel, shown = house.channel("fraud"), _list(house, "alice")
    _choose(house, "alice", shown, "Edit")
    begins = _begins(_form(house, "alice", "template_save_view"))
    assert begins == {"name": "our best", "text": "runs by val_accuracy", "scope": "personal"}

    assert house.workspace.submit("alice", {"text": "best {n=9} runs"}) == {"ok": True}

    house.until(
        lambda: "best {n=9} runs" in said(_same(house, "alice", channel, shown)), "the list anew"
    )
    assert "runs by val_accuracy" not in said(_list(house, "alice", "our best"))


def test_deleting_asks_first_and_shows_the_list_without_it(house: House) -> None:
    _saved(house, "alice", "our best")
    channel, shown = house.channel("fraud"), _list(house, "alice")
    _choose(house, "alice", shown, "Delete")
    form = _form(house, "alice", "template_delete_view")
    assert "our best" in said(form)
    assert "our best" in said(_list(house, "alice", "our best"))

    assert house.workspace.submit("alice") == {"ok": True}

    house.until(
        lambda: "our best" not in said(_same(house, "alice", channel, shown)), "the list anew"
    )


def test_what_is_shared_with_the_channel_is_edited_by_anyone_there(house: House) -> None:
    _saved(house, "alice", "our best", text="runs by val_accuracy", scope="channel")
    shown = _list(house, "bob")
    _choose(house, "bob", shown, "Edit")
    assert _begins(_form(house, "bob", "template_save_view")).keys() == {"name", "text"}

    assert house.workspace.submit("bob", {"text": "best {n=9} runs"}) == {"ok": True}

    assert "best {n=9} runs" in said(_list(house, "alice", "our best"))


def test_a_template_that_goes_while_its_form_is_open_is_said_to_be_gone(house: House) -> None:
    _saved(house, "alice", "our best", text="best {n=2} runs by val_accuracy", scope="channel")
    _command(house, "bob", "run our best")
    _form(house, "bob", "template_run_view")
    _choose(house, "alice", _list(house, "alice"), "Delete")
    _form(house, "alice", "template_delete_view")
    assert house.workspace.submit("alice") == {"ok": True}

    assert house.workspace.submit("bob") == {"ok": True}

    assert "deleted this template" in said(house.workspace.modal("bob") or {})
    assert house.by_bot(house.channel("fraud")) == []


def test_a_template_called_in_the_conversation_with_the_app_is_answered_there(
    house: House,
) -> None:
    direct = house.direct("alice")
    assert house.workspace.command("alice", direct, "/templates", "run runs by user")["ok"]

    assert "ran *Runs by user*" in said(_first(house, direct))


def test_a_command_that_is_delivered_twice_runs_its_template_once(house: House) -> None:
    channel = house.channel("fraud")
    _command(house, "alice", "run runs by user")
    house.workspace.courier.again(house.workspace.envelopes[-1])
    _first(house, channel)

    house.answer(channel, house.say("alice", channel, "@bot how many runs?"))

    assert len(house.by_bot(channel)) == 1


def _same(house: House, who: str, channel: str, shown: Message) -> Message:
    """A list as it is now."""
    return next(m for m in house.alone(who, channel) if m["ts"] == shown["ts"])
