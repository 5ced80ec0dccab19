"""What the app is sent, and what became of it: an envelope each, with every attempt recorded.

Slack's rules: an event is acknowledged within 3 seconds or delivered again, at once, after a
minute and after five (docs.slack.dev/apis/events-api). Clicks and commands are never delivered
again: the person is told instead.
"""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.workspace.people import Json

Kind = Literal["events_api", "interactive", "slash_commands"]
State = Literal["waiting", "sent", "acked", "given up"]
QUEUE_LIVES = 600.0
"""Seconds an event waits for a connection; a choice of ours, Slack documents none."""


@dataclass
class Envelope:
    """One event, click or command on its way to the app. Times are seconds since the epoch."""

    type: Kind
    payload: Json
    id: str = ""
    state: State = "waiting"
    made_at: float = field(default_factory=time.time)
    sent_at: float | None = None
    acked_at: float | None = None
    attempts: int = 0
    connection: str | None = None
    answer: Json = field(default_factory=dict)
    retry_reason: str = ""
    due: float = math.inf
    planned: bool = False
    """Whether a retry at `due` is planned; it is not to be sent before then."""

    @property
    def event_id(self) -> str | None:
        """The id that stays the same in every delivery of an event."""
        return self.payload.get("event_id")

    @property
    def closed(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in {"acked", "given up"}

    @property
    def latency(self) -> float | None:
        """Seconds from the last sending to its acknowledgement."""
        if self.sent_at is None or self.acked_at is None:
            return None
        return self.acked_at - self.sent_at

    def stamp(self, connection: str) -> None:
        """Begin another attempt, over this connection, under a new envelope_id."""
        self.id = secrets.token_hex(16)
        self.attempts += 1
        self.connection = connection
        self.sent_at = time.time()
        self.state = "sent"

    def as_json(self) -> str:
        """The text of the WebSocket message."""
        body: Json = {"envelope_id": self.id, "type": self.type, "payload": self.payload}
        body["accepts_response_payload"] = self.type != "events_api"
        if self.type == "events_api":
            body |= {"retry_attempt": self.attempts - 1, "retry_reason": self.retry_reason}
        return json.dumps(body)


@dataclass(eq=False)
class Connection:
    """A WebSocket of the app. Both calls come back at once and may be made from any thread."""

    id: str
    send: Callable[[str], None]
    close: Callable[[], None]
    leave_by: float = math.inf
    """Clock time (monotonic) by which it is closed, once it was asked to refresh."""

    @property
    def leaving(self) -> bool:
        """Whether it was told that it will be closed."""
        return self.leave_by != math.inf
