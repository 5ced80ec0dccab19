"""Questions in messages: a mention, a direct message, a reply in a thread the bot is in.

Accepted in a listener's middleware, which runs before Slack is told that the event arrived: what
is not on disk yet is not acknowledged, and Slack brings it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse

from bot import said
from bot.clicks import bot_of, team_of
from bot.inbox import Asked
from bot.porch import Porch
from bot.target import Target

Json = Mapping[str, Any]
"""A Slack payload. `Any`: foreign JSON."""

HELP = "help"
"""What a mention without words asks for."""

_SPOKEN = frozenset({None, "file_share", "thread_broadcast"})
"""Kinds of messages (subtype) in which a person says something."""


def register(app: App, porch: Porch) -> None:
    """Hear mentions and messages."""
    app.event("app_mention", middleware=[_taking(porch, _mentioned)])(_nothing_left_to_do)
    app.event("message", middleware=[_taking(porch, _overheard)])(_nothing_left_to_do)


def _nothing_left_to_do() -> None:
    """The middleware has acknowledged the event."""


def _taking(
    porch: Porch, read: Callable[[Porch, _Heard], Asked | None]
) -> Callable[..., BoltResponse]:
    def take(body: Json, event: Json, context: BoltContext) -> BoltResponse:
        heard = _Heard(body, event, context.bot_user_id or bot_of(body))
        asked = read(porch, heard) if heard.from_a_person else None
        if asked is not None:
            porch.inbox.take(asked)
        return BoltResponse(status=200, body="")

    return take


class _Heard:
    """A message event."""

    def __init__(self, body: Json, event: Json, bot_user: str | None) -> None:
        self.event, self.bot_user = event, bot_user
        self.team, self.event_id = team_of(body), str(body.get("event_id") or "")
        self.user, self.text = str(event.get("user") or ""), str(event.get("text") or "")
        self.channel, self.ts = str(event.get("channel") or ""), str(event.get("ts") or "")
        self.thread_ts: str | None = event.get("thread_ts")

    @property
    def from_a_person(self) -> bool:
        spoken = self.event.get("subtype") in _SPOKEN and not self.event.get("bot_id")
        return bool(spoken and self.user and self.ts and self.user != self.bot_user)

    @property
    def target(self) -> Target:
        """Each message outside a thread begins one of its own."""
        return Target(self.team, self.channel, self.thread_ts or self.ts)

    def asked(self, porch: Porch, *, quiet: bool = False) -> Asked:
        text = said.words(self.text, self.bot_user, lambda user: _name(porch, self.team, user))
        return Asked(
            key=f"message:{self.team}:{self.channel}:{self.ts}",
            user=self.user,
            target=self.target,
            text=text or HELP,
            event_id=self.event_id or None,
            quiet=quiet,
        )


def _name(porch: Porch, team: str, user: str) -> str:
    return next(iter(porch.people.names(team, user)), user)


def _mentioned(porch: Porch, heard: _Heard) -> Asked:
    return heard.asked(porch)


def _overheard(porch: Porch, heard: _Heard) -> Asked | None:
    """The question in a message, if it is meant for the bot."""
    if heard.event.get("channel_type") == "im" or said.mentions(heard.text, heard.bot_user):
        return heard.asked(porch)
    follows_up = heard.thread_ts is not None and heard.thread_ts != heard.ts
    if not (follows_up and porch.settings.thread_replies):
        return None
    if said.begins_with_a_mention(heard.text) or not heard.text.strip():
        return None  # said to somebody else
    began_it = heard.bot_user is not None and heard.event.get("parent_user_id") == heard.bot_user
    if not porch.inbox.is_in(heard.target.thread or "", began_it=began_it):
        return None
    # Nobody called the bot: what it can't answer is told to the asker alone.
    return heard.asked(porch, quiet=True)
