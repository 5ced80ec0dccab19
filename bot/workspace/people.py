"""Who is in the workspace, and where they meet: people, channels, direct messages, one app.

Ids look like Slack's and are the same in every workspace, so that a test may name them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
"""A JSON object as Slack sends or takes it: foreign by nature, hence Any."""

TEAM_ID = "T0TEAM0001"
TEAM_NAME = "Acme ML"
TEAM_DOMAIN = "acme-ml"
APP_ID = "A0APP00001"
BOT_ID = "B0BOT00001"
BOT_USER_ID = "U0BOT00001"


@dataclass(frozen=True)
class User:
    """A member of the team: a person or the app's bot user."""

    id: str
    name: str
    real_name: str
    is_bot: bool = False

    def as_slack(self) -> Json:
        """The user object of users.info."""
        profile = {"real_name": self.real_name, "display_name": self.name}
        if not self.is_bot:
            profile["email"] = f"{self.name}@acme.example"
        return {
            "id": self.id, "team_id": TEAM_ID, "name": self.name, "real_name": self.real_name,
            "deleted": False, "is_bot": self.is_bot, "tz": "Etc/UTC", "tz_label": "UTC",
            "tz_offset": 0, "profile": profile, "updated": 0,
        }  # fmt: skip


@dataclass
class Channel:
    """A place for messages: a channel, or the direct messages of one person with the app."""

    id: str
    name: str
    kind: Literal["channel", "im"]
    topic: str = ""
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_archived: bool = False
    user: str = ""

    @property
    def event_type(self) -> str:
        """The channel_type of its message events; also the last part of the subscription."""
        return "im" if self.kind == "im" else "group" if self.is_private else "channel"

    def as_slack(self, me: str = BOT_USER_ID) -> Json:
        """The conversation object of conversations.info."""
        common: Json = {"id": self.id, "is_archived": self.is_archived, "created": 0}
        if self.kind == "im":
            return {**common, "is_im": True, "user": self.user, "is_channel": False}
        texts = {"topic": {"value": self.topic}, "purpose": {"value": ""}, "name": self.name}
        kinds = {"is_channel": not self.is_private, "is_group": self.is_private, "is_im": False}
        private = {"is_private": self.is_private, "is_member": me in self.members}
        return {**common, **texts, **kinds, **private, "num_members": len(self.members)}


class Directory:
    """The team's users and channels, found by id or by name."""

    def __init__(self, bot_name: str, bot_real_name: str) -> None:
        self._users: dict[str, User] = {}
        self._channels: dict[str, Channel] = {}
        self.bot = User(BOT_USER_ID, bot_name, bot_real_name, is_bot=True)
        self._users[self.bot.id] = self.bot

    def __iter__(self) -> Iterator[User]:
        return iter(tuple(self._users.values()))

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Every channel and direct message, in the order they were made."""
        return tuple(self._channels.values())

    def add_user(self, name: str, real_name: str) -> User:
        """A new person, in every public channel and with a direct message of their own."""
        user = User(f"U0{len(self._users):08d}", name, real_name)
        self._users[user.id] = user
        for channel in self._channels.values():
            if channel.kind == "channel" and not channel.is_private:
                channel.members.append(user.id)
        dm_id = f"D{user.id[1:]}"
        both = [user.id, self.bot.id]
        self._channels[dm_id] = Channel(dm_id, "directmessage", "im", members=both, user=user.id)
        return user

    def add_channel(
        self, name: str, topic: str, *, with_bot: bool, is_private: bool, members: tuple[str, ...]
    ) -> Channel:
        """A new channel of these people, of everybody when none are named."""
        number = sum(channel.kind == "channel" for channel in self._channels.values()) + 1
        people = list(members) or [user.id for user in self if not user.is_bot]
        if with_bot:
            people.append(self.bot.id)
        channel = Channel(f"C0{number:08d}", name, "channel", topic, people, is_private)
        self._channels[channel.id] = channel
        return channel

    def user(self, name: str) -> User | None:
        """The user of this id or name."""
        by_name = (user for user in self._users.values() if user.name == name)
        return self._users.get(name) or next(by_name, None)

    def channel(self, name: str) -> Channel | None:
        """The channel of this id or name (with or without #)."""
        wanted = name.removeprefix("#")
        named = (c for c in self.channels if c.kind == "channel" and c.name == wanted)
        return self._channels.get(name) or next(named, None)

    def dm(self, user_id: str) -> Channel | None:
        """The direct messages of this person with the app."""
        return self._channels.get(f"D{user_id[1:]}")


def bot_real_name(manifest: Mapping[str, Any]) -> str:
    """The app's display name."""
    return str(manifest.get("display_information", {}).get("name", "Tracktalk"))
