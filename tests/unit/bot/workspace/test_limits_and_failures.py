"""Who may call what, how often, and what goes wrong when a test asks for it."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.workspace import Workspace, gate


def _post(space: Workspace, channel: str = "fraud", text: str = "hi") -> gate.Answer:
    given = {"channel": space.channel(channel).id, "text": text}
    return gate.answer(space, "chat.postMessage", space.bot_token, given)


def test_a_sixth_message_to_a_channel_at_once_is_too_many() -> None:
    space = Workspace()
    answers = [_post(space) for _ in range(6)]
    elsewhere = _post(space, "random")

    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert answers[-1].body == {"ok": False, "error": "ratelimited"}
    assert elsewhere.status == 200
    assert len(space.messages("fraud")) == 5
    assert space.limits.refused == 1
    channel = space.channel("fraud").id
    assert space.limits.state()[f"chat.postMessage {channel}"]["refused"] == 1


def test_other_methods_have_a_minutes_allowance() -> None:
    space = Workspace()
    ts = space.messages("fraud") or _post(space).body["ts"]
    given = {"channel": space.channel("fraud").id, "ts": ts, "text": "new"}
    calls = [gate.answer(space, "chat.update", space.bot_token, given) for _ in range(51)]

    assert [answer.status for answer in calls] == [200] * 50 + [429]


def test_limits_can_be_switched_off() -> None:
    space = Workspace(limits=False)

    assert {_post(space).status for _ in range(60)} == {200}


def test_a_client_that_waits_as_it_is_told_gets_through(
    workspace: Workspace, client: WebClient
) -> None:
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    workspace.fail("chat.postMessage", "ratelimited", retry_after=0)
    client.chat_postMessage(channel=workspace.channel("fraud").id, text="hi")

    assert [call.error for call in workspace.calls] == ["ratelimited", None]
    assert [m["text"] for m in workspace.messages("fraud")] == ["hi"]


@pytest.mark.parametrize("error", ["invalid_blocks", "internal_error", "msg_too_long"])
def test_a_method_fails_as_often_as_it_is_told_to(
    workspace: Workspace, client: WebClient, error: str
) -> None:
    workspace.fail("chat.postMessage", error, times=2)
    channel = workspace.channel("fraud").id
    for _ in range(2):
        with pytest.raises(SlackApiError, match=error):
            client.chat_postMessage(channel=channel, text="hi")

    assert client.chat_postMessage(channel=channel, text="hi")["ok"]
    assert len(workspace.messages("fraud")) == 1


def test_a_server_error_is_http_500(workspace: Workspace) -> None:
    workspace.fail("api.test", "http_500")
    with pytest.raises(urllib.error.HTTPError, match="500") as caught:
        urllib.request.urlopen(f"{workspace.address}/api/api.test")  # noqa: S310 - our own address
    caught.value.close()


def test_a_stalled_call_answers_too_late(workspace: Workspace, client: WebClient) -> None:
    workspace.fail("auth.test", "stall", retry_after=0.5)
    hurried = WebClient(token=workspace.bot_token, base_url=client.base_url, timeout=0.1)  # type: ignore[arg-type]
    with pytest.raises(TimeoutError):
        hurried.auth_test()

    assert client.auth_test()["ok"]


def test_an_unknown_method_says_so(workspace: Workspace, client: WebClient) -> None:
    workspace.unknown("assistant.threads.setStatus")
    for method in ("assistant.threads.setStatus", "chat.sing"):
        with pytest.raises(SlackApiError, match="unknown_method"):
            client.api_call(method)


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")])
def test_a_call_needs_a_valid_token(token: str, error: str) -> None:
    assert gate.answer(Workspace(), "auth.test", token, {}).body["error"] == error


def test_a_call_needs_the_scope_of_its_method() -> None:
    space = Workspace({"oauth_config": {"scopes": {"bot": ["users:read"]}}})
    refused = _post(space)
    allowed = gate.answer(space, "users.list", space.bot_token, {})

    assert refused.body["error"] == "missing_scope"
    assert (refused.body["needed"], refused.body["provided"]) == ("chat:write", "users:read")
    assert allowed.body["ok"]
    assert allowed.headers["x-oauth-scopes"] == "users:read"


def test_every_call_is_recorded_with_its_arguments(workspace: Workspace, client: WebClient) -> None:
    client.chat_postMessage(channel="fraud", text="hi", blocks=[{"type": "divider"}])

    (call,) = workspace.calls
    assert (call.method, call.error) == ("chat.postMessage", None)
    assert call.args["blocks"] == [{"type": "divider"}]
    assert "token" not in call.args


def test_every_answer_carries_a_request_id(client: WebClient) -> None:
    headers = {name.lower() for name in client.api_test().headers}

    assert "x-slack-req-id" in headers


def test_waiting_ends_with_what_came_or_with_what_did_not(workspace: Workspace) -> None:
    assert workspace.wait_for(lambda: "here", 1) == "here"
    assert workspace.wait_for(lambda: workspace.messages("fraud"), 0.05) == []


def test_a_token_may_come_as_a_form_field_and_is_not_recorded(workspace: Workspace) -> None:
    form = urllib.parse.urlencode({"token": workspace.bot_token, "channel": "fraud", "text": "hi"})
    address = f"{workspace.address}/api/chat.postMessage"
    with urllib.request.urlopen(address, form.encode()) as response:  # noqa: S310 - our own address
        assert json.load(response)["ok"]

    assert workspace.calls[0].args == {"channel": "fraud", "text": "hi"}
