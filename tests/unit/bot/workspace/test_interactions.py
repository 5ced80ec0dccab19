"""Clicks, commands, shortcuts and modals: what the app is told, and what its answers do."""

from __future__ import annotations

import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.workspace import Workspace
from tests.unit.bot.workspace.clickables import BUTTONS, Json, option, plain
from tests.unit.bot.workspace.listening import App


def test_a_clicked_button_tells_who_where_and_what(
    workspace: Workspace, app: App, answer: str
) -> None:
    assert workspace.click("alice", "fraud", answer, "sql") == {"ok": True}

    (payload,) = app.payloads("block_actions")
    (action,) = payload["actions"]
    assert (action["action_id"], action["block_id"]) == ("sql", "tools")
    assert (action["value"], action["text"]["text"]) == ("turn-7", "Show SQL")
    assert payload["user"]["name"] == "alice"
    assert payload["container"]["message_ts"] == payload["message"]["ts"] == answer
    assert payload["channel"] == {"id": workspace.channel("fraud").id, "name": "fraud"}
    assert payload["state"]["values"]["tools"]["chart"]["selected_option"] == option("bar")


@pytest.mark.parametrize(
    ("action_id", "value", "chosen"),
    [
        ("chart", "line", {"selected_option": option("line")}),
        ("chart", "Bar", {"selected_option": option("bar")}),
        ("more", "png", {"selected_option": option("png")}),
        ("verdict", "down", {"value": "down", "text": plain("Bad")}),
    ],
)
def test_a_choice_tells_what_was_chosen(
    workspace: Workspace, app: App, answer: str, action_id: str, value: str, chosen: Json
) -> None:
    workspace.click("alice", "fraud", answer, action_id, value)

    (action,) = app.payloads("block_actions")[0]["actions"]
    assert {name: action[name] for name in chosen} == chosen


def test_what_is_not_there_cannot_be_clicked(workspace: Workspace, answer: str) -> None:
    with pytest.raises(LookupError, match=r"nothing here has the action_id 'csv'.*'sql'"):
        workspace.click("alice", "fraud", answer, "csv")
    with pytest.raises(LookupError, match=r"no option 'pie'.*'Bar'"):
        workspace.click("alice", "fraud", answer, "chart", "pie")


def test_a_click_nobody_takes_fails_and_is_not_delivered_again(
    workspace: Workspace, app: App, answer: str
) -> None:
    app.silent = True

    outcome = workspace.click("alice", "fraud", answer, "sql")
    assert outcome == {"ok": False, "error": "operation_timeout"}
    assert len(app.payloads("block_actions")) == 1


def test_a_response_url_replaces_the_message_or_says_something_to_one_person(
    workspace: Workspace, app: App, answer: str
) -> None:
    workspace.click("alice", "fraud", answer, "sql")
    hook = WebhookClient(app.payloads("block_actions")[0]["response_url"])
    hook.send(text="for alice alone")
    hook.send(text="for all", response_type="in_channel")
    hook.send(text="43 runs", replace_original=True)

    assert [m["text"] for m in workspace.messages("fraud")] == ["43 runs", "for all"]
    assert [m["text"] for m in workspace.messages("fraud", user="alice")] == [
        "43 runs", "for alice alone", "for all",
    ]  # fmt: skip
    hook.send(delete_original=True)
    assert [m["text"] for m in workspace.messages("fraud")] == ["for all"]


def test_a_response_url_works_five_times(workspace: Workspace, app: App, answer: str) -> None:
    workspace.click("alice", "fraud", answer, "sql")
    hook = WebhookClient(app.payloads("block_actions")[0]["response_url"])

    statuses = [hook.send(text=f"{number}").status_code for number in range(6)]
    assert statuses == [200] * 5 + [404]
    assert "used_url" in hook.send(text="more").body


def test_a_command_is_answered_by_what_it_is_acknowledged_with(
    workspace: Workspace, app: App
) -> None:
    app.answers["command"] = {"text": "42", "response_type": "in_channel"}
    assert workspace.command("bob", "fraud", "/ask", "how many?") == {"ok": True}

    (payload,) = app.payloads("command")
    assert (payload["command"], payload["text"]) == ("/ask", "how many?")
    assert [m["text"] for m in workspace.messages("fraud")] == ["42"]


def test_a_command_nobody_takes_is_told_to_the_person_alone(workspace: Workspace, app: App) -> None:
    app.silent = True
    workspace.command("bob", "fraud", "/ask")

    (note,) = workspace.messages("fraud", user="bob")
    assert "operation_timeout" in note["text"]
    assert workspace.messages("fraud") == []


def test_a_command_the_manifest_does_not_have_reaches_nobody() -> None:
    space = Workspace({"features": {"slash_commands": [{"command": "/ask"}]}})

    assert space.command("bob", "fraud", "/nope")["error"] == "unknown_command"
    assert space.envelopes == []


def test_a_shortcut_brings_the_message_it_was_used_on(workspace: Workspace, app: App) -> None:
    ts = workspace.say("bob", "fraud", "what about this?")
    workspace.shortcut("alice", "ask_about_this", "fraud", ts)

    (payload,) = app.payloads("message_action")
    assert (payload["callback_id"], payload["message"]["text"]) == (
        "ask_about_this", "what about this?",
    )  # fmt: skip
    assert payload["response_url"]


def test_a_published_home_is_seen_and_clicked(
    workspace: Workspace, client: WebClient, app: App
) -> None:
    home = {"type": "home", "blocks": [BUTTONS]}
    client.views_publish(user_id=workspace.user("bob").id, view=home)
    seen = workspace.home("bob")
    assert seen
    assert workspace.press("bob", "sql") == {"ok": True}

    (payload,) = app.payloads("block_actions")
    assert payload["container"] == {"type": "view", "view_id": seen["id"]}
    assert workspace.home("alice") is None
    workspace.open_home("bob")
    assert workspace.wait_for(lambda: app.events("app_home_opened"))
    assert app.events("app_home_opened")[0]["view"]["id"] == seen["id"]


def test_a_response_url_nobody_gave_is_not_found(workspace: Workspace) -> None:
    request = urllib.request.Request(f"{workspace.address}/hooks/nope", b"{}", method="POST")  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(request)  # noqa: S310 - our own address
    caught.value.close()
