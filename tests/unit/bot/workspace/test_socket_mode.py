"""Events over a real WebSocket: once each, acknowledged, again when they were not."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace import Workspace, serving
from bot.workspace.envelopes import Connection, Envelope
from tests.unit.bot.workspace.listening import App, connected


def _event_of(workspace: Workspace, kind: str) -> Envelope:
    """The only envelope with an event of this type."""
    (found,) = [e for e in workspace.envelopes if e.payload.get("event", {}).get("type") == kind]
    return found


def test_a_mention_comes_as_app_mention_and_as_message(workspace: Workspace, app: App) -> None:
    ts = workspace.ask("alice", "fraud", "best run?")
    assert workspace.wait_for(lambda: app.events("app_mention") and app.events("message"))

    (mention,), (message,) = app.events("app_mention"), app.events("message")
    assert mention["ts"] == message["ts"] == ts
    assert mention["text"] == f"{workspace.mention} best run?"
    assert (mention["user"], mention["channel"]) == (
        workspace.user("alice").id, workspace.channel("fraud").id,
    )  # fmt: skip
    assert (message["channel_type"], "channel_type" in mention) == ("channel", False)
    assert app.heard[0].payload["authorizations"][0]["is_bot"] is True


def test_a_direct_message_is_no_mention_and_says_what_the_person_looks_at(
    workspace: Workspace, app: App
) -> None:
    workspace.look_at("alice", "fraud")
    said = f"{workspace.mention} best run?"
    workspace.say("alice", workspace.dm("alice"), said)
    assert workspace.wait_for(lambda: app.events("message"))

    fraud = workspace.channel("fraud").id
    assert app.events("app_mention") == []
    assert app.events("app_context_changed")[0]["context"]["entities"][0]["value"] == fraud
    (message,) = app.events("message")
    assert (message["channel_type"], message["text"]) == ("im", said)
    assert message["app_context"]["entities"][0]["value"] == fraud


def test_acknowledgements_are_recorded_with_how_long_they_took(
    workspace: Workspace, app: App
) -> None:
    workspace.ask("alice", workspace.dm("alice"), "hello")
    assert workspace.wait_for(lambda: _event_of(workspace, "message").state == "acked")

    envelope = _event_of(workspace, "message")
    assert (envelope.type, envelope.attempts) == ("events_api", 1)
    assert envelope.latency is not None
    assert 0 <= envelope.latency < 0.4
    assert app.heard[0].retry_attempt == 0
    assert (envelope.id, envelope.event_id) == (
        app.heard[0].envelope_id, app.heard[0].payload["event_id"],
    )  # fmt: skip


def test_an_unacknowledged_event_comes_again_three_times_and_is_then_given_up(
    workspace: Workspace, app: App
) -> None:
    app.silent = True
    workspace.ask("alice", workspace.dm("alice"), "hello")
    assert workspace.wait_for(lambda: _event_of(workspace, "message").state == "given up")

    assert [r.retry_attempt for r in app.heard] == [0, 1, 2, 3]
    assert [r.retry_reason for r in app.heard] == ["", "timeout", "timeout", "timeout"]
    assert len({r.envelope_id for r in app.heard}) == 4
    assert len({r.payload["event_id"] for r in app.heard}) == 1


def test_a_late_acknowledgement_ends_the_retries(workspace: Workspace, app: App) -> None:
    app.silent = True
    workspace.ask("alice", workspace.dm("alice"), "hello")
    assert workspace.wait_for(lambda: len(app.heard) == 2)
    workspace.courier.ack(app.heard[0].envelope_id, {})

    assert _event_of(workspace, "message").state == "acked"
    assert _event_of(workspace, "message").attempts == 2


def test_events_take_turns_over_the_connections(workspace: Workspace, app: App) -> None:
    with connected(workspace) as other:
        for number in range(4):
            workspace.say("alice", "fraud", f"m{number}")
        assert workspace.wait_for(lambda: len(app.heard) + len(other.heard) == 4)
        assert (len(app.heard), len(other.heard)) == (2, 2)
        assert workspace.wait_for(lambda: all(e.acked_at for e in workspace.envelopes))


def test_an_event_lost_with_its_connection_goes_over_another_at_once() -> None:
    patient = Workspace(ack_within=60.0)
    with serving(patient), connected(patient) as app:
        app.silent = True
        patient.say("alice", "fraud", "hello")
        assert patient.wait_for(lambda: app.heard)
        with connected(patient) as other:
            app.client.close()
            assert patient.wait_for(lambda: other.heard, 5)

    assert other.heard[0].payload["event_id"] == app.heard[0].payload["event_id"]
    assert other.heard[0].retry_reason == "connection_lost"


def test_a_dropped_connection_comes_back_and_misses_nothing(workspace: Workspace, app: App) -> None:
    assert workspace.drop_connections() == 1
    workspace.say("alice", "fraud", "while you were away")
    assert workspace.wait_for(lambda: app.events("message"))

    assert app.events("message")[0]["text"] == "while you were away"


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_a_connection_asked_to_refresh_makes_way_for_a_new_one(
    workspace: Workspace, app: App, reason: str
) -> None:
    (old,) = workspace.courier.connections
    assert workspace.refresh_connections(reason) == 1
    assert workspace.wait_for(
        lambda: workspace.connected and old not in workspace.courier.connections
    )
    workspace.say("alice", "fraud", "hello again")
    assert workspace.wait_for(lambda: app.events("message"))

    assert len(workspace.courier.connections) == 1


def test_events_wait_for_the_first_connection(workspace: Workspace) -> None:
    workspace.say("alice", "fraud", "early")
    assert not workspace.connected
    with connected(workspace) as app:
        assert workspace.wait_for(lambda: app.events("message"))

    assert app.heard[0].retry_attempt == 0


def test_a_delivered_event_can_be_delivered_again(workspace: Workspace, app: App) -> None:
    workspace.say("alice", "fraud", "twice")
    event = _event_of(workspace, "message")
    assert workspace.wait_for(lambda: event.state == "acked")
    assert event.event_id
    workspace.redeliver(event.event_id)
    assert workspace.wait_for(lambda: event.attempts == 2 and event.state == "acked")

    assert [r.payload["event_id"] for r in app.heard] == [event.event_id] * 2


def test_the_apps_own_messages_come_back_to_it_as_events(
    workspace: Workspace, app: App, client: WebClient
) -> None:
    channel = workspace.channel("fraud").id
    ts = client.chat_postMessage(channel=channel, text="one")["ts"]
    client.chat_update(channel=channel, ts=ts, text="two")
    client.chat_delete(channel=channel, ts=ts)
    assert workspace.wait_for(lambda: len(app.events("message")) == 3)

    by_subtype = {event.get("subtype"): event for event in app.events("message")}
    assert by_subtype[None]["bot_id"]
    changed = by_subtype["message_changed"]
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("one", "two")
    assert by_subtype["message_deleted"]["deleted_ts"] == ts


def test_an_app_hears_only_what_its_manifest_subscribes_to() -> None:
    events = ["app_mention", "message.im"]
    quiet = Workspace({"settings": {"event_subscriptions": {"bot_events": events}}})
    quiet.ask("alice", "fraud", "hello")
    quiet.ask("alice", quiet.dm("alice"), "hello")
    quiet.open_home("alice")

    assert [e.payload["event"]["type"] for e in quiet.envelopes] == ["app_mention", "message"]
    assert quiet.envelopes[1].payload["event"]["channel_type"] == "im"


def test_links_of_the_apps_domains_are_told() -> None:
    space = Workspace({"features": {"unfurl_domains": ["ml.example"]}, "settings": {
        "event_subscriptions": {"bot_events": ["link_shared"]}}})  # fmt: skip
    url = "https://ml.example/#/experiments/1?a=1&b=2"
    space.say("alice", "fraud", f"look {url} and https://other.example/")
    (envelope,) = space.envelopes

    event = envelope.payload["event"]
    assert event["links"] == [{"url": url, "domain": "ml.example"}]
    assert event["source"] == "conversations_history"


def test_an_unfurled_link_shows_its_card_below_the_message(
    workspace: Workspace, client: WebClient
) -> None:
    url, channel = "https://ml.example/#/runs/1", workspace.channel("fraud").id
    ts = workspace.say("alice", "fraud", f"look {url}")
    card = {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "a run"}}]}
    client.chat_unfurl(channel=channel, ts=ts, unfurls={url: card})
    with pytest.raises(SlackApiError, match="cannot_unfurl_url"):
        client.chat_unfurl(channel=channel, ts=ts, unfurls={"https://else.example": card})

    (attachment,) = workspace.messages("fraud")[0]["attachments"]
    assert (attachment["from_url"], attachment["blocks"][0]["text"]["text"]) == (url, "a run")


def test_opening_the_app_tells_it_which_tab(workspace: Workspace, app: App) -> None:
    workspace.open_home("bob", "messages")
    assert workspace.wait_for(lambda: app.events("app_home_opened"))

    (event,) = app.events("app_home_opened")
    assert (event["tab"], event["channel"], event["user"]) == (
        "messages", workspace.dm("bob"), workspace.user("bob").id,
    )  # fmt: skip


def test_a_socket_needs_the_ticket_of_the_app_token(
    workspace: Workspace, client: WebClient
) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client.apps_connections_open(app_token=workspace.bot_token)


def test_the_eleventh_connection_is_one_too_many(workspace: Workspace) -> None:
    told: list[str] = []
    for number in range(11):
        workspace.courier.attach(Connection(f"c{number}", told.append, lambda: None))

    assert len(workspace.courier.connections) == 10
    assert "too_many_websockets" in told[-1]
