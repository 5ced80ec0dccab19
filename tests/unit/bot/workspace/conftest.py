"""A workspace in a hurry (unacknowledged is unacknowledged after 0.4 s), served, and a client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.workspace import Workspace, serving
from tests.unit.bot.workspace.clickables import BUTTONS, FEEDBACK
from tests.unit.bot.workspace.listening import App, connected


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    space = Workspace(ack_within=0.4, retry_after=(0.0, 0.05, 0.1))
    with serving(space):
        yield space


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    return WebClient(token=workspace.bot_token, base_url=f"{workspace.address}/api/")


@pytest.fixture
def app(workspace: Workspace) -> Iterator[App]:
    with connected(workspace) as each:
        yield each


@pytest.fixture
def answer(workspace: Workspace, client: WebClient) -> str:
    """The ts of an answer of the app's in #fraud, with something to click."""
    channel = workspace.channel("fraud").id
    blocks = [BUTTONS, FEEDBACK]
    return str(client.chat_postMessage(channel=channel, text="42 runs", blocks=blocks)["ts"])
