"""Events, clicks and commands by HTTP, signed so that Slack's own verifier takes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.workspace import Workspace
from tests.unit.bot.workspace.listening import Endpoint, http_app


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with http_app() as each:
        yield each


@pytest.fixture
def space(workspace: Workspace, endpoint: Endpoint) -> Workspace:
    workspace.http_endpoint = endpoint.address
    return workspace


def test_an_event_is_posted_as_json_with_a_valid_signature(
    space: Workspace, endpoint: Endpoint
) -> None:
    space.say("alice", "fraud", "hello")
    assert space.wait_for(lambda: space.envelopes[0].state == "acked")

    (post,) = endpoint.posts
    verifier = SignatureVerifier(space.signing_secret)
    assert verifier.is_valid_request(post.body, post.headers)
    assert not SignatureVerifier("other").is_valid_request(post.body, post.headers)
    assert json.loads(post.body)["event"]["text"] == "hello"
    assert "X-Slack-Retry-Num" not in {name.title() for name in post.headers}


def test_a_failed_event_is_posted_again_and_says_so(space: Workspace, endpoint: Endpoint) -> None:
    endpoint.replies += [(500, ""), (503, "")]
    space.say("alice", "fraud", "hello")
    assert space.wait_for(lambda: space.envelopes[0].state == "acked")

    headers = [{n.lower(): v for n, v in post.headers.items()} for post in endpoint.posts]
    assert [h.get("x-slack-retry-num") for h in headers] == [None, "1", "2"]
    assert [h.get("x-slack-retry-reason") for h in headers] == [None, "http_error", "http_error"]


def test_events_go_by_http_as_soon_as_there_is_an_endpoint(
    workspace: Workspace, endpoint: Endpoint
) -> None:
    workspace.say("alice", "fraud", "early")
    workspace.http_endpoint = endpoint.address

    assert workspace.wait_for(lambda: workspace.envelopes[0].state == "acked")


def test_a_command_is_posted_as_a_form_and_answered_in_place(
    space: Workspace, endpoint: Endpoint
) -> None:
    endpoint.replies += [(200, "plain words")]
    assert space.command("bob", "fraud", "/ask", "best & worst") == {"ok": True}

    form = {name: values[0] for name, values in parse_qs(endpoint.posts[0].body.decode()).items()}
    assert (form["command"], form["text"]) == ("/ask", "best & worst")
    assert (form["channel_name"], form["user_name"]) == ("fraud", "bob")
    assert form["trigger_id"]
    assert [m["text"] for m in space.messages("fraud", user="bob")] == ["plain words"]


def test_a_click_is_posted_as_a_form_with_a_payload(space: Workspace, endpoint: Endpoint) -> None:
    space.shortcut("bob", "help")

    (payload,) = parse_qs(endpoint.posts[0].body.decode())["payload"]
    assert json.loads(payload)["callback_id"] == "help"


def test_an_endpoint_is_verified_by_its_challenge(workspace: Workspace) -> None:
    with http_app() as endpoint:
        assert workspace.verify_endpoint(endpoint.address)
        endpoint.verifies = False
        assert not workspace.verify_endpoint(endpoint.address)

    assert not workspace.verify_endpoint(endpoint.address)
