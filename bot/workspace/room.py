"""What is in a workspace and what happens when it changes: pages hear, the app hears, waiters wake.

Everything here happens under one lock, and no call here waits: whoever waits uses `wait_for`.
"""

from __future__ import annotations

import copy
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Condition, RLock
from typing import Any, TypeVar

from bot.workspace import events
from bot.workspace.board import Board, Posted
from bot.workspace.courier import Courier
from bot.workspace.envelopes import Envelope, Kind
from bot.workspace.files import Files
from bot.workspace.inputs import elements
from bot.workspace.limits import Limits
from bot.workspace.live import Hub
from bot.workspace.manifest import Installed
from bot.workspace.people import Channel, Directory, Json, User
from bot.workspace.tickets import Tickets
from bot.workspace.troubles import Troubles
from bot.workspace.typed import links
from bot.workspace.views import Views

Value = TypeVar("Value")
STATUS_LIVES = 120.0
"""Seconds after which Slack clears a status by itself (assistant.threads.setStatus)."""
_GLANCE = 0.1
_PEOPLE = (("alice", "Alice Ito"), ("bob", "Bob Marsh"), ("carol", "Carol Reyes"))
_CHANNELS = (
    ("ml-experiments", "What we train, and how it goes"),
    ("fraud", "The fraud model"),
    ("random", "Everything else"),
)


@dataclass(frozen=True)
class Call:
    """A Web API call of the app: its arguments, when (epoch seconds), and its error if any."""

    method: str
    args: Json
    at: float
    error: str | None


class Room:
    """The state of a workspace.

    Seconds, Slack's unless a test is in a hurry: `ack_within` for the app to acknowledge,
    `retry_after` before each retry, `trigger_lives` for a trigger_id, `stream_lives` for a
    message to be streamed. `limits` switches the rate limits.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any] | None = None,
        *,
        limits: bool = True,
        ack_within: float = 3.0,
        retry_after: tuple[float, ...] = (0.0, 60.0, 300.0),
        trigger_lives: float = 3.0,
        stream_lives: float = 300.0,
    ) -> None:
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self.app_token = f"xapp-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        self.address = ""
        self.installed = Installed(manifest)
        self.calls: list[Call] = []
        self.stream_lives = stream_lives
        self.lock = RLock()
        self.board = Board()
        self.files = Files()
        self.hub = Hub()
        self.limits = Limits(on=limits)
        self.tickets = Tickets(trigger_lives)
        self.troubles = Troubles()
        self.views = Views(named)
        self.statuses: dict[tuple[str, str], Json] = {}
        self.prompts: dict[tuple[str, str], Json] = {}
        self.looking_at: dict[str, str] = {}
        self.link_tickets: set[str] = set()
        self.courier = Courier(self.lock, self.signing_secret, ack_within, retry_after)
        self.courier.on_change = self._heard_from_app
        self._was_connected = False
        self._changed = Condition(self.lock)
        self._version = 0
        self.directory = self._founded()

    def _founded(self) -> Directory:
        directory = Directory(self.installed.bot_name, self.installed.real_name)
        for name, real_name in _PEOPLE:
            directory.add_user(name, real_name)
        for name, topic in _CHANNELS:
            directory.add_channel(name, topic, with_bot=True, is_private=False, members=())
        return directory

    # What is waited for

    def touch(self) -> None:
        """Something changed: wake those who wait."""
        with self.lock:
            self._version += 1
            self._changed.notify_all()

    def wait_for(self, predicate: Callable[[], Value], seconds: float = 10.0) -> Value:
        """The predicate's first true value; after so many seconds its last one, which is false.

        Asked after every change here, and ten times a second for what changes elsewhere; never
        under the lock, so it may call the workspace over HTTP.
        """
        deadline = time.monotonic() + seconds
        while True:
            seen = self._version
            if value := predicate():
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                return value
            self._await_change(seen, min(left, _GLANCE))

    def _await_change(self, seen: int, seconds: float) -> None:
        with self.lock:
            self._changed.wait_for(lambda: self._version != seen, seconds)

    # What the app is told

    def tell_app(self, event: Json) -> Envelope | None:
        """Send an event, when the app has subscribed to it."""
        if not self.installed.hears(event):
            return None
        return self.send("events_api", events.callback(copy.deepcopy(event)))

    def send(self, kind: Kind, payload: Json) -> Envelope:
        """Send an envelope."""
        envelope = Envelope(kind, payload)
        self.courier.send(envelope)
        self.touch()
        return envelope

    def _heard_from_app(self) -> None:
        connected = self.courier.connected
        if connected is not self._was_connected:
            self._was_connected = connected
            self.hub.tell_all({"type": "connected", "connected": connected})
        self.touch()

    # Messages

    def post(self, channel: Channel, message: Json, only_for: str | None = None) -> Posted:
        """Put a message up and tell everybody who should know."""
        with self.lock:
            said = {"type": "message", **message, "ts": self.board.new_ts()}
            posted = Posted(channel.id, said, only_for)
            self.board.put(posted)
            self.show(posted, "message")
            self._show_parent(posted)
            if only_for is None and self.directory.bot.id in channel.members:
                self._tell_of_message(channel, posted)
            self.touch()
            return posted

    def change(self, posted: Posted, message: Json, *, tell_app: bool = True) -> None:
        """Put other words in the place of a message."""
        with self.lock:
            before = copy.deepcopy(posted.message)
            posted.message = message
            self.show(posted, "message_changed")
            channel = self.directory.channel(posted.channel)
            if tell_app and channel and posted.only_for is None:
                ts = self.board.new_ts()
                self.tell_app(events.message_changed(channel, before, message, ts))
            self.touch()

    def remove(self, posted: Posted) -> None:
        """Take a message down."""
        with self.lock:
            before = copy.deepcopy(posted.message)
            audience = self.audience(posted)
            self.board.remove(posted)
            news = {"type": "message_deleted", "channel": posted.channel, "ts": before["ts"]}
            self.hub.tell(audience, news)
            self._show_parent(posted)
            channel = self.directory.channel(posted.channel)
            if channel and posted.only_for is None:
                self.tell_app(events.message_deleted(channel, before, self.board.new_ts()))
            self.touch()

    def show(self, posted: Posted, news: str) -> None:
        """Tell the pages that can see it."""
        told = {"type": news, "channel": posted.channel, "message": posted.shown()}
        self.hub.tell(self.audience(posted), told)

    def audience(self, posted: Posted) -> tuple[str, ...]:
        """The ids of the users who see a message."""
        channel = self.directory.channel(posted.channel)
        return (posted.only_for,) if posted.only_for else tuple(channel.members if channel else ())

    def _show_parent(self, posted: Posted) -> None:
        parent = self.board.find(posted.channel, posted.thread_ts) if posted.thread_ts else None
        if parent is not None and posted.only_for is None:
            self.show(parent, "message_changed")

    def _tell_of_message(self, channel: Channel, posted: Posted) -> None:
        said = posted.message
        by_person = "bot_id" not in said
        if by_person and channel.kind == "channel" and self.mention in said.get("text", ""):
            self.tell_app(events.app_mention(channel, said))
        looking_at = self.looking_at.get(said.get("user", ""))
        context = events.context_of(self.directory.channel(looking_at) if looking_at else None)
        self.tell_app(events.message(channel, said, context if by_person else None))
        found = links(said.get("text", ""), self.installed.unfurl_domains) if by_person else []
        if found:
            self.tell_app(events.link_shared(channel, said, found, is_member=True))

    @property
    def mention(self) -> str:
        """How a message mentions the app."""
        return f"<@{self.directory.bot.id}>"

    # Names

    def user(self, name: str) -> User:
        """The user of this id or name; raises LookupError."""
        found = self.directory.user(name)
        if found is None:
            reason = f"there is no user {name!r}"
            raise LookupError(reason)
        return found

    def channel(self, name: str) -> Channel:
        """The channel of this id or name; raises LookupError."""
        found = self.directory.channel(name)
        if found is None:
            reason = f"there is no channel {name!r}"
            raise LookupError(reason)
        return found

    def set_status(self, channel: Channel, thread_ts: str, status: Json) -> None:
        """Show that the app is at work in a thread; an empty status clears it."""
        key = (channel.id, thread_ts)
        if status["status"]:
            self.statuses[key] = status
            self.courier.later(STATUS_LIVES, lambda: self._status_ended(channel, key, status))
        elif self.statuses.pop(key, None) is None:
            return
        news = {"type": "status", "channel": channel.id, "thread_ts": thread_ts, **status}
        self.hub.tell(channel.members, news)
        self.touch()

    def _status_ended(self, channel: Channel, key: tuple[str, str], status: Json) -> None:
        if self.statuses.get(key) is status:
            self.set_status(channel, key[1], {"status": "", "loading_messages": []})


def named(blocks: list[Json]) -> list[Json]:
    """A copy of these blocks in which every block and element has an id, as Slack gives them."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block["block_id"] = block.get("block_id") or secrets.token_urlsafe(4)
    for _, element in elements(blocks):
        element["action_id"] = element.get("action_id") or secrets.token_urlsafe(4)
    return blocks
