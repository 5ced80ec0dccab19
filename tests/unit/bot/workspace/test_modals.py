"""Modals: opened by a trigger, filled in, submitted, and what the app's answers do to them."""

from __future__ import annotations

import json

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace import Workspace, gate
from tests.unit.bot.workspace.clickables import BUTTONS, MODAL, Json, option, plain
from tests.unit.bot.workspace.listening import App


@pytest.fixture
def modal(workspace: Workspace, client: WebClient, app: App, answer: str) -> Json:
    """The modal alice has open, opened by a click."""
    workspace.click("alice", "fraud", answer, "sql")
    trigger = app.payloads("block_actions")[0]["trigger_id"]
    opened: Json = client.views_open(trigger_id=trigger, view=MODAL)["view"]
    return opened


def test_an_opened_modal_can_be_filled_in_and_is_closed_when_the_app_says_nothing(
    workspace: Workspace, app: App, modal: Json
) -> None:
    held = {"sql": "SELECT 1", "metric_in": "accuracy"}
    assert workspace.submit("alice", held) == {"ok": True}

    view = app.payloads("view_submission")[0]["view"]
    values = view["state"]["values"]
    assert (view["id"], view["callback_id"]) == (modal["id"], "edit")
    assert values["sql"]["sql_in"] == {"type": "plain_text_input", "value": "SELECT 1"}
    assert values["metric"]["metric_in"]["selected_option"]["value"] == "accuracy"
    assert values["days"]["days_in"]["value"] == "7"
    assert workspace.modal("alice") is None


@pytest.mark.parametrize(
    ("held", "wrong"),
    [
        ({}, {"sql": "Please complete this required field."}),
        ({"sql": "x" * 21}, {"sql": "Enter at most 20 characters."}),
        ({"sql": "x", "days": "0"}, {"days": "Enter a number of at least 1."}),
        ({"sql": "x", "days": "1.5"}, {"days": "Enter a whole number."}),
        ({"sql": "x", "days": "many"}, {"days": "Enter a number."}),
    ],
)
@pytest.mark.usefixtures("modal")
def test_slack_itself_refuses_what_an_input_does_not_allow(
    workspace: Workspace, app: App, held: Json, wrong: Json
) -> None:
    outcome = workspace.submit("alice", held)

    assert outcome == {"response_action": "errors", "errors": wrong}
    assert app.payloads("view_submission") == []
    assert workspace.modal("alice")


@pytest.mark.usefixtures("modal")
def test_a_modal_the_app_refuses_stays_open_with_its_errors(workspace: Workspace, app: App) -> None:
    refusal = {"response_action": "errors", "errors": {"sql": "SLEEP() is not allowed."}}
    app.answers["view_submission"] = refusal

    assert workspace.submit("alice", {"sql": "SELECT SLEEP(9)"}) == refusal
    assert workspace.modal("alice")


@pytest.mark.usefixtures("modal")
def test_errors_for_an_input_that_is_not_there_are_no_answer(
    workspace: Workspace, app: App
) -> None:
    refusal = {"response_action": "errors", "errors": {"sqll": "No."}}
    app.answers["view_submission"] = refusal

    outcome = workspace.submit("alice", {"sql": "SELECT 1"})
    assert "errors for ['sqll']" in outcome["error"]


def test_a_submission_may_update_push_or_clear_the_modals(
    workspace: Workspace, app: App, modal: Json
) -> None:
    done = {"type": "modal", "title": plain("Done"), "blocks": []}
    app.answers["view_submission"] = {
        "response_action": "push",
        "view": {**MODAL, "title": plain("2")},
    }
    workspace.submit("alice", {"sql": "x"})
    pushed = workspace.modal("alice")
    app.answers["view_submission"] = {"response_action": "update", "view": done}
    workspace.submit("alice", {"sql": "x"})
    updated = workspace.modal("alice")

    assert pushed
    assert updated
    assert (pushed["previous_view_id"], pushed["title"]["text"]) == (modal["id"], "2")
    assert (updated["id"], updated["title"]["text"]) == (pushed["id"], "Done")
    app.answers["view_submission"] = {"response_action": "clear"}
    workspace.submit("alice")
    assert workspace.modal("alice") is None


@pytest.mark.usefixtures("modal")
def test_a_submission_answered_with_an_impossible_view_is_told(
    workspace: Workspace, app: App
) -> None:
    too_long = {"type": "modal", "title": plain("x" * 25), "blocks": []}
    app.answers["view_submission"] = {"response_action": "update", "view": too_long}

    outcome = workspace.submit("alice", {"sql": "x"})
    assert "must be less than 25 characters" in outcome["error"]


def test_a_closed_modal_is_told_when_it_asks_to_be(
    workspace: Workspace, app: App, modal: Json
) -> None:
    workspace.close("alice")
    assert workspace.wait_for(lambda: app.payloads("view_closed"))

    (payload,) = app.payloads("view_closed")
    assert (payload["view"]["id"], payload["is_cleared"]) == (modal["id"], False)


def test_an_external_select_offers_what_the_app_suggests(
    workspace: Workspace, app: App, modal: Json
) -> None:
    app.answers["block_suggestion"] = {"options": [option("accuracy")]}

    assert workspace.options("alice", "metric_in", "acc") == {"options": [option("accuracy")]}
    (payload,) = app.payloads("block_suggestion")
    assert (payload["value"], payload["block_id"]) == ("acc", "metric")
    assert payload["view"]["id"] == modal["id"]


def test_a_view_is_updated_only_with_its_last_hash(
    workspace: Workspace, client: WebClient, modal: Json
) -> None:
    new = {**MODAL, "title": plain("New")}
    client.views_update(view_id=modal["id"], hash=modal["hash"], view=new)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=modal["id"], hash=modal["hash"], view=MODAL)
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id="V404", view=MODAL)

    shown = workspace.modal("alice")
    assert shown
    assert shown["title"]["text"] == "New"


@pytest.mark.usefixtures("modal")
def test_a_trigger_opens_one_view(client: WebClient, app: App) -> None:
    used = app.payloads("block_actions")[0]["trigger_id"]
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=used, view=MODAL)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_open(trigger_id="1.2.3", view=MODAL)


def test_a_trigger_opens_a_view_only_for_a_moment() -> None:
    space = Workspace(trigger_lives=0.0)
    trigger = space.tickets.trigger(space.user("alice").id)
    given = {"trigger_id": trigger, "view": json.dumps(MODAL)}
    answer = gate.answer(space, "views.open", space.bot_token, given)

    assert answer.body["error"] == "expired_trigger_id"


def test_at_most_three_modals_are_stacked(
    workspace: Workspace, client: WebClient, app: App, modal: Json
) -> None:
    tools = {**MODAL, "blocks": [BUTTONS]}
    client.views_update(view_id=modal["id"], view=tools)
    for _ in range(2):
        workspace.press("alice", "sql")
        client.views_push(trigger_id=app.payloads("block_actions")[-1]["trigger_id"], view=tools)
    workspace.press("alice", "sql")
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        client.views_push(trigger_id=app.payloads("block_actions")[-1]["trigger_id"], view=tools)


def test_a_view_slack_would_refuse_names_its_faults(
    workspace: Workspace, client: WebClient, app: App, answer: str
) -> None:
    workspace.click("alice", "fraud", answer, "sql")
    trigger = app.payloads("block_actions")[0]["trigger_id"]
    bad = {**MODAL, "title": plain("x" * 25)}
    with pytest.raises(SlackApiError) as caught:
        client.views_open(trigger_id=trigger, view=bad)

    assert caught.value.response["error"] == "invalid_arguments"
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


def test_a_view_is_not_too_large(client: WebClient, modal: Json) -> None:
    texts = [{"type": "section", "text": plain("x" * 3000)} for _ in range(90)]
    with pytest.raises(SlackApiError, match="view_too_large"):
        client.views_update(view_id=modal["id"], view={**MODAL, "blocks": [*texts]})
