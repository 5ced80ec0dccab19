"""A workspace to try a Slack app in: what people do in it, and what a test may do to it."""

from __future__ import annotations

import secrets

from bot.workspace.envelopes import Envelope
from bot.workspace.http_delivery import verify_url
from bot.workspace.interact import Interact
from bot.workspace.people import Channel, User
from bot.workspace.troubles import Trouble


class Workspace(Interact):
    """A Slack workspace with one app installed.

    The state is in `Room`, what people do in `Talk` and `Interact`; here is what only whoever
    runs the workspace can do: add people, break things, look at what was delivered.
    """

    def add_user(self, name: str, real_name: str | None = None) -> User:
        """A new person, in every public channel."""
        with self.lock:
            return self.directory.add_user(name, real_name or name.title())

    def add_channel(
        self, name: str, topic: str = "", *, with_bot: bool = True, is_private: bool = False,
        members: tuple[str, ...] = (),
    ) -> Channel:  # fmt: skip
        """A new channel of these people (by name), of everybody when none are named."""
        with self.lock:
            people = tuple(self.user(member).id for member in members)
            return self.directory.add_channel(
                name, topic, with_bot=with_bot, is_private=is_private, members=people
            )

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        self.channel(channel).is_archived = True

    # The app's end of the line

    @property
    def connected(self) -> bool:
        """Whether the app can be reached now."""
        return self.courier.connected

    @property
    def http_endpoint(self) -> str | None:
        """Where events, clicks and commands are POSTed; None: they go by Socket Mode."""
        return self.courier.http_endpoint

    @http_endpoint.setter
    def http_endpoint(self, address: str | None) -> None:
        self.courier.http_endpoint = address
        self.courier.flush()

    def verify_endpoint(self, address: str) -> bool:
        """Whether this address passes Slack's url_verification."""
        challenge = secrets.token_urlsafe(24)
        return verify_url(address, challenge, self.signing_secret, self.courier.ack_within)

    @property
    def envelopes(self) -> list[Envelope]:
        """Everything that was to be delivered to the app, in order."""
        return list(self.courier.envelopes)

    def event(self, event_id: str) -> Envelope:
        """The envelope of this event; raises LookupError."""
        found = [envelope for envelope in self.envelopes if envelope.event_id == event_id]
        if not found:
            reason = f"no event {event_id!r} was sent"
            raise LookupError(reason)
        return found[0]

    def redeliver(self, event_id: str) -> None:
        """Deliver an event once more, over the next connection, as Slack does now and then."""
        self.courier.again(self.event(event_id))

    def drop_connections(self) -> int:
        """Cut every WebSocket of the app, without a word; how many there were."""
        return self.courier.drop()

    def refresh_connections(self, reason: str = "refresh_requested") -> int:
        """Ask the app to reconnect (or "warning": soon); how many connections were asked."""
        return self.courier.refresh(reason)

    # What goes wrong

    def fail(
        self, method: str, error: str, times: int = 1, retry_after: float | None = None
    ) -> None:
        """Let the next calls of a method fail.

        `error` is a code of Slack's; "ratelimited" is HTTP 429 with Retry-After (1 s unless
        given); "http_500" is that; "stall" is no answer for `retry_after` (30) seconds.
        """
        with self.lock:
            self.troubles.add(method, Trouble(error, times, retry_after))

    def unknown(self, method: str) -> None:
        """From now on this Slack does not know a method."""
        with self.lock:
            self.troubles.unknown.add(method)
