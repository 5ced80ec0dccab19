"""What the app's manifest says, as far as a workspace cares: names, commands, subscriptions.

A workspace without a manifest installs an app that hears everything and may do everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.workspace.people import Json


class Installed:
    """The installed app's manifest (the parsed manifest.yml)."""

    def __init__(self, manifest: Mapping[str, Any] | None) -> None:
        self._all = manifest is None
        given = manifest or {}
        self._features: Mapping[str, Any] = given.get("features") or {}
        self._settings: Mapping[str, Any] = given.get("settings") or {}
        self._oauth: Mapping[str, Any] = given.get("oauth_config") or {}
        self.real_name = str((given.get("display_information") or {}).get("name", "Tracktalk"))

    @property
    def bot_name(self) -> str:
        """The bot user's display name."""
        return str(self._features.get("bot_user", {}).get("display_name", "tracktalk"))

    @property
    def commands(self) -> list[Json]:
        """The slash commands: command, description, usage_hint."""
        keys = ("command", "description", "usage_hint")
        given = self._features.get("slash_commands", ())
        return [{key: str(each.get(key, "")) for key in keys} for each in given]

    @property
    def shortcuts(self) -> list[Json]:
        """The shortcuts: callback_id, name, type (message or global)."""
        keys = ("callback_id", "name", "type")
        given = self._features.get("shortcuts", ())
        return [{key: str(each.get(key, "")) for key in keys} for each in given]

    @property
    def unfurl_domains(self) -> tuple[str, ...]:
        """The domains whose links the app is told of."""
        return tuple(self._features.get("unfurl_domains", ()))

    @property
    def prompts(self) -> list[Json]:
        """The suggested prompts the app's messages open with, until the app sets others."""
        view = self._features.get("agent_view") or self._features.get("assistant_view") or {}
        return list(view.get("suggested_prompts", ()))

    @property
    def scopes(self) -> frozenset[str] | None:
        """The bot token's scopes; None: all of them."""
        given = self._oauth.get("scopes", {}).get("bot")
        return None if given is None else frozenset(given)

    def knows(self, command: str) -> bool:
        """Whether this is a command of the app."""
        return self._all or any(each["command"] == command for each in self.commands)

    def hears(self, event: Json) -> bool:
        """Whether the app has subscribed to this event."""
        if self._all:
            return True
        wanted = self._settings.get("event_subscriptions", {}).get("bot_events", ())
        kinds = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}
        name = kinds[event["channel_type"]] if event["type"] == "message" else event["type"]
        return name in wanted
