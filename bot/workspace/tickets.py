"""Rights that do not last: trigger ids open one view, response URLs take five answers.

Limits: docs.slack.dev/interactivity/handling-user-interaction (a trigger_id lives 3 seconds and
is used once; a response_url takes 5 messages within 30 minutes).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

RESPONSE_URL_LIVES = 30 * 60.0
RESPONSE_URL_USES = 5


class Denied(Exception):
    """Slack's no: an error code, sentences about it, and what else the answer says."""

    def __init__(
        self, *, error: str, messages: Sequence[str] = (), more: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(error, *messages)
        self.error = error
        self.messages = list(messages)
        self.more = dict(more or {})


@dataclass
class Trigger:
    """What a click gives the app for seconds: to open a view for this user."""

    user: str
    from_view: str | None
    given_at: float = field(default_factory=time.monotonic)
    used: bool = False


@dataclass
class ResponseUrl:
    """Where the app may answer an interaction, and what it answers to."""

    user: str
    channel: str
    message_ts: str | None
    given_at: float = field(default_factory=time.monotonic)
    uses: int = 0


class Tickets:
    """The trigger ids and response URLs that were given out."""

    def __init__(self, trigger_lives: float) -> None:
        self._trigger_lives = trigger_lives
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, user: str, from_view: str | None = None) -> str:
        """A new trigger_id for this user."""
        trigger_id = f"{time.time_ns() // 1000}.{secrets.token_hex(8)}"
        self._triggers[trigger_id] = Trigger(user, from_view)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger_id up; raises Denied when it is unknown, used or too old."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Denied(error="invalid_trigger_id")
        if trigger.used:
            raise Denied(error="exchanged_trigger_id")
        if time.monotonic() - trigger.given_at > self._trigger_lives:
            raise Denied(error="expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(self, user: str, channel: str, message_ts: str | None = None) -> str:
        """The secret last part of a new response URL."""
        key = secrets.token_urlsafe(18)
        self._urls[key] = ResponseUrl(user, channel, message_ts)
        return key

    def use_url(self, key: str) -> ResponseUrl:
        """Use a response URL once; raises Denied when it is unknown, too old or used up."""
        url = self._urls.get(key)
        if url is None:
            raise Denied(error="invalid_url")
        if time.monotonic() - url.given_at > RESPONSE_URL_LIVES:
            raise Denied(error="expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise Denied(error="used_url")
        url.uses += 1
        return url
