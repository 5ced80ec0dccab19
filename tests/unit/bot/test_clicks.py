"""A click is read from Slack's payload wherever it was clicked; foreign values harm nobody."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clicks import entered, kept, read_click, team_of
from bot.target import Target

CLICKED: dict[str, Any] = {  # Any: a Slack payload
    "type": "block_actions",
    "team": {"id": "T1", "domain": "acme"},
    "user": {"id": "U1", "team_id": "T1"},
    "trigger_id": "1.2.3",
    "response_url": "https://hooks.example/1",
    "container": {"type": "message", "message_ts": "20.0", "channel_id": "C1", "thread_ts": "10.0"},
    "channel": {"id": "C1", "name": "fraud"},
    "message": {"ts": "20.0", "thread_ts": "10.0"},
    "actions": [{"type": "button", "action_id": "csv", "value": '{"t":"turn","page":2}'}],
}


def test_a_click_knows_its_message_and_what_its_button_carries() -> None:
    click = read_click(CLICKED)

    assert (click.team, click.user, click.action_id) == ("T1", "U1", "csv")
    assert click.value == {"t": "turn", "page": 2}
    assert click.target == Target("T1", "C1", "10.0", "20.0")
    assert click.below == Target("T1", "C1", "10.0")
    assert not click.ephemeral


def test_below_a_message_outside_threads_is_its_own_thread() -> None:
    top = {"type": "message", "message_ts": "20.0", "channel_id": "C1"}
    click = read_click({**CLICKED, "container": top, "message": {"ts": "20.0"}})

    assert click.target == Target("T1", "C1", None, "20.0")
    assert click.below == Target("T1", "C1", "20.0")


def test_a_choice_in_a_menu_carries_its_option() -> None:
    option = {"text": {"type": "plain_text", "text": "Bar"}, "value": '{"t":"turn","chart":"bar"}'}
    menu = {"type": "static_select", "action_id": "chart_type", "selected_option": option}
    click = read_click({**CLICKED, "actions": [menu]})

    assert click.value == {"t": "turn", "chart": "bar"}
    assert click.chosen == option["value"]


def test_a_click_in_a_view_has_no_channel() -> None:
    view = {"id": "V1", "type": "home"}
    body = {key: CLICKED[key] for key in ("team", "user", "trigger_id", "actions")}
    click = read_click({**body, "container": {"type": "view", "view_id": "V1"}, "view": view})

    assert (click.channel, click.message_ts, click.view) == ("", None, view)


def test_a_message_that_one_person_sees_is_known_as_such() -> None:
    container = {**CLICKED["container"], "is_ephemeral": True}
    assert read_click({**CLICKED, "container": container}).ephemeral


def test_the_line_above_a_clicked_answer_is_read_back() -> None:
    line = {"type": "context", "block_id": "lead", "elements": [{"type": "mrkdwn", "text": "Ann"}]}
    other = {"type": "context", "block_id": "x", "elements": [{"type": "mrkdwn", "text": "Bob"}]}

    message = {"ts": "20.0", "blocks": [other, line]}
    assert read_click({**CLICKED, "message": message}).lead == "Ann"
    assert read_click({**CLICKED, "message": {"ts": "20.0", "blocks": [other]}}).lead is None


@pytest.mark.parametrize("value", ["", "{", "[1]", '"t"', "null", None, 7])
def test_a_value_that_is_not_ours_is_empty(value: object) -> None:
    action = {"type": "button", "action_id": "csv", "value": value}
    assert read_click({**CLICKED, "actions": [action]}).value == {}


@pytest.mark.parametrize(
    ("body", "team"),
    [
        ({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T9"}}, "T1"),
        ({"team_id": "T2", "event": {}}, "T2"),
        ({"team": None, "enterprise": {"id": "E1"}, "user": {"id": "U1", "team_id": "T3"}}, "T3"),
        ({"team": None, "enterprise": {"id": "E1"}, "user": "U1"}, "E1"),
        ({}, ""),
    ],
)
def test_a_payload_comes_from_a_workspace_or_an_organisation(
    body: dict[str, object], team: str
) -> None:
    assert team_of(body) == team


def test_what_was_entered_is_told_by_block() -> None:
    chosen = {"text": {"type": "plain_text", "text": "Team"}, "value": "team"}
    values = {
        "name": {"n": {"type": "plain_text_input", "value": "Best runs"}},
        "empty": {"e": {"type": "plain_text_input", "value": None}},
        "scope": {"s": {"type": "static_select", "selected_option": chosen}},
        "nothing": {"s": {"type": "static_select", "selected_option": None}},
        "many": {"m": {"type": "checkboxes", "selected_options": [chosen]}},
        "day": {"d": {"type": "datepicker", "selected_date": "2026-11-20"}},
    }
    assert entered({"state": {"values": values}}) == {
        "name": "Best runs", "empty": None, "scope": "team", "nothing": None,
        "many": ["team"], "day": "2026-11-20",
    }  # fmt: skip
    assert entered({}) == {}


def test_a_view_gives_back_what_was_noted_in_it() -> None:
    assert kept({"private_metadata": '{"t":"turn"}'}) == {"t": "turn"}
    assert kept({"private_metadata": ""}) == {}
