"""manifest.yml asks Slack for what the code uses, no less and no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot import listeners
from bot.app import build
from bot.installations import SCOPES
from bot.manifest import read_manifest
from bot.settings import from_env
from texttosql.factory import build_office

BOT = Path(__file__).parents[3] / "bot"

EVENT_SCOPES = {
    "app_context_changed": set(),
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "link_shared": {"links:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}
"""docs.slack.dev/reference/events, "Required scopes"."""
METHOD_SCOPES = {
    "auth_test": set(),
    "assistant.threads.setStatus": {"assistant:write"},
    "assistant.threads.setSuggestedPrompts": {"assistant:write"},
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.unfurl": {"links:write"},
    "chat.update": {"chat:write"},
    "conversations.open": {"im:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "files_upload_v2": {"files:write"},
    "users_info": {"users:read", "users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
"""docs.slack.dev/reference/methods, "Scopes", for the kinds of places the bot is in."""

OF_OLDER_APPS = {"assistant_thread_started"}
"""Heard for apps made before agent_view; a new app is not told of it."""
MESSAGES = {"message.channels", "message.groups", "message.im"}

Listener = Callable[..., object]


@dataclass
class Recorder:
    """Takes what listeners register, as Bolt's App does, and keeps the names."""

    events: set[str] = field(default_factory=set)
    commands: set[str] = field(default_factory=set)
    message_shortcuts: set[str] = field(default_factory=set)

    def event(self, name: str, **_more: object) -> Callable[[Listener], Listener]:
        self.events.add(name)
        return self._taken()

    def command(self, name: str) -> Callable[[Listener], Listener]:
        self.commands.add(name)
        return self._taken()

    def message_shortcut(self, callback_id: str) -> Callable[[Listener], Listener]:
        self.message_shortcuts.add(callback_id)
        return self._taken()

    def action(self, _name: object, **_more: object) -> Callable[[Listener], Listener]:
        return self._taken()

    view = view_closed = options = action

    @staticmethod
    def _taken() -> Callable[[Listener], Listener]:
        return lambda listener: listener


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    folder = tmp_path_factory.mktemp("bot")
    settings = from_env(
        {
            "HOME": str(folder),
            "TRACKTALK_STORE": f"sqlite:///{folder / 'mlflow.db'}",
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
        }
    )
    office = build_office(settings.corridor)
    bot = build(settings, office)
    recorder: Any = Recorder()  # Any: an App, as far as listeners can tell
    listeners.register(recorder, bot.porch)
    yield recorder
    bot.porch.outbox.close()
    bot.patience.close()
    office.close()


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:  # Any: YAML
    return read_manifest()


def _events(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["settings"]["event_subscriptions"]["bot_events"])


def _methods() -> set[str]:
    """The Web API methods that the bot's source names, or calls on a client."""
    texts = [file.read_text("utf-8") for file in BOT.rglob("*.py") if "workspace" not in file.parts]
    source = "\n".join(texts)
    named = set(re.findall(r'"((?:[a-z]+\.)+[a-z]+[A-Z]?\w*)"', source))
    called = set(re.findall(r"\.(\w+)\(", source)) & {
        m for m in dir(WebClient) if re.match(r"[a-z]+_", m)
    }
    families = {name.split(".")[0] for name in METHOD_SCOPES if "." in name}
    return {m for m in named if m.split(".")[0] in families} | called - {"api_call"}


def test_the_app_is_told_of_what_its_listeners_hear_and_of_nothing_else(
    heard: Recorder, manifest: dict[str, Any]
) -> None:
    wanted = (heard.events - {"message"} - OF_OLDER_APPS) | MESSAGES

    assert "message" in heard.events
    assert _events(manifest) == wanted


def test_every_command_that_is_heard_is_offered_with_a_hint(
    heard: Recorder, manifest: dict[str, Any]
) -> None:
    offered = {each["command"]: each for each in manifest["features"]["slash_commands"]}

    assert set(offered) == heard.commands == {"/ask", "/templates", "/history", "/migration"}
    assert all(each["description"] and each["usage_hint"] for each in offered.values())
    assert {each["should_escape"] for each in offered.values()} == {False}


def test_every_shortcut_that_is_heard_is_offered(heard: Recorder, manifest: dict[str, Any]) -> None:
    offered = {(each["callback_id"], each["type"]) for each in manifest["features"]["shortcuts"]}

    assert offered == {(name, "message") for name in heard.message_shortcuts}
    assert heard.message_shortcuts == {"ask_about"}


def test_the_methods_whose_scopes_are_known_are_those_the_bot_calls() -> None:
    assert _methods() == set(METHOD_SCOPES)


def test_the_app_asks_for_the_scopes_it_needs_and_for_no_others(manifest: dict[str, Any]) -> None:
    needed = {"commands"}  # slash commands and the shortcut
    for scopes in [*METHOD_SCOPES.values(), *(EVENT_SCOPES[each] for each in _events(manifest))]:
        needed |= scopes

    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed
    assert "user" not in manifest["oauth_config"]["scopes"]


def test_workspaces_that_install_it_are_asked_for_the_same_scopes(manifest: dict[str, Any]) -> None:
    assert set(SCOPES) == set(manifest["oauth_config"]["scopes"]["bot"])


def test_it_connects_outwards_and_takes_clicks(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]

    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["org_deploy_enabled"] is False


def test_its_home_and_its_conversation_are_open(manifest: dict[str, Any]) -> None:
    features = manifest["features"]

    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert "assistant_view" not in features
    assert 1 <= len(features["agent_view"]["suggested_prompts"]) <= 4
    assert len(features["agent_view"]["agent_description"]) <= 300


def test_links_unfold_for_a_host_to_be_filled_in(manifest: dict[str, Any]) -> None:
    (domain,) = manifest["features"]["unfurl_domains"]

    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*[a-z0-9]", domain)  # Slack takes no port and no path
