"""How often a method may be called, as Slack has it: too often, and the answer is 429.

Tiers: docs.slack.dev/apis/web-api/rate-limits. Slack says "N+ a minute" and that bursts are
tolerated, with no number. Here a bucket holds one minute's calls and refills evenly; messages
to one channel have a bucket of 5 and refill at 1 a second.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from bot.workspace.people import Json

_TIERS = {2: 20, 3: 50, 4: 100}
_TIER_OF = {
    "bots.info": 3,
    "chat.appendStream": 4,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.startStream": 2,
    "chat.stopStream": 2,
    "chat.unfurl": 3,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "reactions.add": 3,
    "reactions.remove": 2,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
_SPECIAL = {"assistant.threads.setStatus": 600}
"""Calls a minute; methods in neither table (auth.test, api.test …) are not limited here."""

_POSTS = (5.0, 1.0)
_POSTING = ("chat.postMessage",)
# One a minute would keep a bot from coming back after a lost connection; Slack lets it.
_CONNECTIONS = (10.0, 1.0)


@dataclass
class Bucket:
    """Tokens left, when they were counted, and how they come back."""

    size: float
    per_second: float
    left: float
    counted_at: float
    refused: int = 0

    def take(self, now: float) -> float:
        """Take one token: 0.0, or the seconds until there is one."""
        self.left = min(self.size, self.left + (now - self.counted_at) * self.per_second)
        self.counted_at = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        self.refused += 1
        return (1 - self.left) / self.per_second


class Limits:
    """The buckets of all methods; `on` is the switch."""

    def __init__(self, *, on: bool = True) -> None:
        self.on = on
        self._buckets: dict[str, Bucket] = {}

    def wait(self, method: str, channel: str) -> int:
        """Seconds to wait before this call may be made, 0 when it may be made now."""
        size, per_second = _allowance(method)
        if not self.on or not size:
            return 0
        key = f"{method} {channel}" if method in _POSTING else method
        now = time.monotonic()
        bucket = self._buckets.setdefault(key, Bucket(size, per_second, size, now))
        return math.ceil(bucket.take(now))

    def state(self) -> Json:
        """What is left in each bucket and how often it refused, by method (and channel)."""
        return {
            key: {"left": round(bucket.left, 2), "size": bucket.size, "refused": bucket.refused}
            for key, bucket in self._buckets.items()
        }

    @property
    def refused(self) -> int:
        """How many calls were answered 429 by these limits."""
        return sum(bucket.refused for bucket in self._buckets.values())


def _allowance(method: str) -> tuple[float, float]:
    if method in _POSTING:
        return _POSTS
    if method == "apps.connections.open":
        return _CONNECTIONS
    per_minute = _SPECIAL.get(method) or _TIERS.get(_TIER_OF.get(method, 0), 0)
    return float(per_minute), per_minute / 60
