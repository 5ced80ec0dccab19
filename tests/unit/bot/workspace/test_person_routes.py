"""What the page asks and hears, over the same HTTP and WebSocket that it uses."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from bot.workspace import Workspace, serving
from tests.unit.bot.workspace.listening import App, connected

Json = dict[str, Any]
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
MODAL = {
    "type": "modal", "title": {"type": "plain_text", "text": "M"},
    "submit": {"type": "plain_text", "text": "OK"},
    "blocks": [{
        "type": "input", "block_id": "name", "label": {"type": "plain_text", "text": "Name"},
        "element": {"type": "plain_text_input", "action_id": "name_in"},
    }],
}  # fmt: skip


def _get(workspace: Workspace, path: str, **query: str) -> Json:
    address = f"{workspace.address}/person/{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(address) as response:  # noqa: S310 - our own address
        answer: Json = json.load(response)
        return answer


def _post(workspace: Workspace, path: str, **given: object) -> Json:
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{workspace.address}/person/{path}", json.dumps(given).encode()
    )
    try:
        with urllib.request.urlopen(request) as response:  # noqa: S310 - as above
            answer: Json = json.load(response)
            return answer
    except urllib.error.HTTPError as refused:
        with refused:
            refusal: Json = {"status": refused.code, **json.load(refused)}
            return refusal


def _live(workspace: Workspace, user: str) -> ClientConnection:
    address = workspace.address.replace("http", "ws", 1)
    return connect(f"{address}/person/live?user={user}")


def _news(page: ClientConnection, kind: str) -> Json:
    """The next news of this type."""
    while True:
        told: Json = json.loads(page.recv(timeout=5))
        if told["type"] == kind:
            return told


def test_a_page_learns_who_is_there_and_what_the_app_offers() -> None:
    features = {
        "slash_commands": [{"command": "/ask", "description": "Ask", "usage_hint": "…"}],
        "shortcuts": [{"callback_id": "about", "name": "Ask about this", "type": "message"}],
    }
    space = Workspace({"features": features, "display_information": {"name": "Tracktalk"}})
    with serving(space):
        state = _get(space, "state", user="alice")

    assert state["team"]["name"] == "Acme ML"
    assert (state["me"]["name"], state["me"]["id"]) == ("alice", space.user("alice").id)
    assert [c["name"] for c in state["channels"]] == [
        "directmessage", "ml-experiments", "fraud", "random",
    ]  # fmt: skip
    assert state["bot"]["user_id"] == space.directory.bot.id
    assert state["commands"][0]["command"] == "/ask"
    assert state["shortcuts"][0]["name"] == "Ask about this"
    assert state["connected"] is False


def test_what_a_person_posts_is_heard_by_every_page_in_the_channel(workspace: Workspace) -> None:
    with _live(workspace, "bob") as page:
        fraud = workspace.channel("fraud").id
        ts = _post(workspace, "message", user="alice", channel=fraud, text="hello")["ts"]
        news = _news(page, "message")

    assert (news["channel"], news["message"]["ts"]) == (fraud, ts)
    shown = _get(workspace, "messages", user="bob", channel=fraud)["messages"]
    assert [m["text"] for m in shown] == ["hello"]


def test_an_ephemeral_message_is_told_to_one_page(workspace: Workspace, client: WebClient) -> None:
    fraud = workspace.channel("fraud").id
    with _live(workspace, "alice") as hers, _live(workspace, "bob") as his:
        client.chat_postEphemeral(channel=fraud, user=workspace.user("bob").id, text="psst")
        client.chat_postMessage(channel=fraud, text="all")
        to_him, to_her = _news(his, "message"), _news(hers, "message")

    assert (to_him["message"]["text"], to_him["message"]["is_ephemeral"]) == ("psst", True)
    assert to_her["message"]["text"] == "all"


def test_a_page_hears_of_changes_replies_deletions_and_statuses(
    workspace: Workspace, client: WebClient
) -> None:
    fraud = workspace.channel("fraud").id
    with _live(workspace, "alice") as page:
        ts = client.chat_postMessage(channel=fraud, text="one")["ts"]
        client.chat_update(channel=fraud, ts=ts, text="two")
        assert _news(page, "message_changed")["message"]["text"] == "two"
        workspace.say("bob", "fraud", "reply", ts)
        assert _news(page, "message_changed")["message"]["reply_count"] == 1
        client.assistant_threads_setStatus(channel_id=fraud, thread_ts=ts, status="reads")
        assert _news(page, "status")["status"] == "reads"
        client.reactions_add(channel=fraud, timestamp=ts, name="eyes")
        assert _news(page, "reaction")["reactions"][0]["name"] == "eyes"
        client.chat_delete(channel=fraud, ts=ts)
        assert _news(page, "message_deleted")["ts"] == ts


def test_a_click_opens_a_modal_on_the_page_which_submits_it(
    workspace: Workspace, client: WebClient, app: App
) -> None:
    fraud = workspace.channel("fraud").id
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    ts = client.chat_postMessage(channel=fraud, text="x", blocks=blocks)["ts"]
    where = {"user": "alice", "channel": fraud, "message_ts": ts}
    with _live(workspace, "alice") as page:
        _post(workspace, "action", **where, action={"type": "button", "action_id": "go"})
        trigger = app.payloads("block_actions")[0]["trigger_id"]
        client.views_open(trigger_id=trigger, view=MODAL)
        view_id = _news(page, "view_opened")["view"]["id"]
        empty = _post(workspace, "submit", user="alice", view_id=view_id, state={"values": {}})
        held = {"name": {"name_in": {"type": "plain_text_input", "value": "x"}}}
        full = _post(workspace, "submit", user="alice", view_id=view_id, state={"values": held})
        closed = _news(page, "view_closed")["view"]["id"]

    assert list(empty["errors"]) == ["name"]
    assert (full, closed) == ({"ok": True}, view_id)


def test_a_page_hears_when_the_app_comes_and_goes(workspace: Workspace, app: App) -> None:
    with _live(workspace, "alice") as page:
        app.client.close()
        assert _news(page, "connected")["connected"] is False


def test_a_home_is_told_and_asked_for(workspace: Workspace, client: WebClient, app: App) -> None:
    with _live(workspace, "alice") as page:
        assert _post(workspace, "home", user="alice", tab="home") == {"ok": True}
        assert workspace.wait_for(lambda: app.events("app_home_opened"))
        view = {"type": "home", "blocks": [{"type": "divider"}]}
        client.views_publish(user_id=workspace.user("alice").id, view=view)
        told = _news(page, "home")["view"]

    assert _get(workspace, "home", user="alice")["view"]["id"] == told["id"]


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("message", {"user": "alice", "channel": "nowhere", "text": "x"}, 404),
        ("message", {"user": "alice", "text": "x"}, 400),
        ("submit", {"user": "alice", "view_id": "V404"}, 404),
        ("action", {"user": "a", "channel": "fraud", "message_ts": "1.1", "action": {}}, 404),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(
    workspace: Workspace, path: str, given: Json, status: int
) -> None:
    refusal = _post(workspace, path, **given)

    assert refusal["status"] == status
    assert refusal["error"]


def test_the_page_may_load_nothing_from_elsewhere(workspace: Workspace) -> None:
    with urllib.request.urlopen(workspace.address) as response:  # noqa: S310 - our own address
        assert response.headers["content-type"].startswith("text/html")
        policy = response.headers["content-security-policy"]
    with urllib.request.urlopen(f"{workspace.address}/page/main.js") as response:  # noqa: S310
        assert "javascript" in response.headers["content-type"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


def test_a_served_workspace_listens_on_this_machine_alone_and_stops() -> None:
    with serving(Workspace()) as address:
        assert address.startswith("http://127.0.0.1:")
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address)  # noqa: S310 - our own address


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}]
)
def test_another_site_in_the_same_browser_is_turned_away(
    workspace: Workspace, headers: dict[str, str]
) -> None:
    body = json.dumps({"user": "alice", "channel": "fraud", "text": "spoofed"}).encode()
    address = f"{workspace.address}/person/message"
    request = urllib.request.Request(address, body, headers)  # noqa: S310 - our own address
    with pytest.raises(urllib.error.HTTPError, match="403") as caught:
        urllib.request.urlopen(request)  # noqa: S310 - as above
    caught.value.close()

    assert workspace.messages("fraud") == []


def test_another_site_cannot_listen_either(workspace: Workspace) -> None:
    address = workspace.address.replace("http", "ws", 1)
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"{address}/person/live?user=alice", origin=Origin("https://evil.example"))


def test_pages_are_told_once_when_the_app_comes(workspace: Workspace) -> None:
    with _live(workspace, "alice") as page, connected(workspace) as app:
        workspace.say("bob", "fraud", "hello")
        assert workspace.wait_for(lambda: app.events("message"))
        workspace.say("bob", "fraud", "bye")
        kinds = [json.loads(page.recv(timeout=5))["type"] for _ in range(3)]

    assert kinds == ["connected", "message", "message"]


def test_whatever_else_a_person_does_reaches_the_app(
    workspace: Workspace, client: WebClient, app: App
) -> None:
    fraud, alice = workspace.channel("fraud").id, workspace.user("alice").id
    chosen = [{"text": {"type": "plain_text", "text": "f1"}, "value": "f1"}]
    app.answers["block_suggestion"] = {"options": chosen}
    select = {"type": "external_select", "action_id": "metric"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [select]}]
    ts = client.chat_postMessage(channel=fraud, text="x", blocks=blocks)["ts"]
    where = {"user": alice, "channel": fraud, "message_ts": ts}
    asked = {"action_id": "metric", "block_id": "b", "value": "f"}

    assert _post(workspace, "options", **where, **asked) == {"options": chosen}
    assert _post(workspace, "shortcut", **where, callback_id="about") == {"ok": True}
    command = {"user": alice, "channel": fraud, "command": "/ask", "text": "x"}
    assert _post(workspace, "command", **command) == {"ok": True}
    assert _post(workspace, "react", user=alice, channel=fraud, ts=ts, name="eyes") == {"ok": True}
    assert workspace.wait_for(lambda: app.events("reaction_added"))
    assert app.payloads("message_action")[0]["callback_id"] == "about"
    assert app.payloads("command")[0]["command"] == "/ask"


def test_a_modal_is_closed_from_the_page(workspace: Workspace, client: WebClient, app: App) -> None:
    workspace.shortcut("alice", "about")
    trigger = app.payloads("shortcut")[0]["trigger_id"]
    view = client.views_open(trigger_id=trigger, view=MODAL)["view"]

    assert _post(workspace, "close", user="alice", view_id=view["id"]) == {"ok": True}
    assert workspace.modal("alice") is None
