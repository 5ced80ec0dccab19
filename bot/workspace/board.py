"""What was said: every message of every channel, oldest first, with its thread.

Messages are dictionaries of Slack's message shape. What they hold beyond it (who may see one,
whether it is being streamed) stands beside them in `Posted`.
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass

from bot.workspace.people import Json


@dataclass
class Posted:
    """A message where it stands, and what only the workspace knows of it."""

    channel: str
    message: Json
    only_for: str | None = None
    """The one user who sees it: an ephemeral message."""
    streams_until: float | None = None
    """Clock time at which its stream dies, while it is being streamed."""

    @property
    def ts(self) -> str:
        """Its timestamp, which is its name within the channel."""
        return str(self.message["ts"])

    @property
    def thread_ts(self) -> str | None:
        """The parent's timestamp, when it is a reply."""
        parent = self.message.get("thread_ts")
        return parent if parent != self.ts else None

    def seen_by(self, user: str | None) -> bool:
        """Whether this user sees it; None is the app, which sees no ephemeral message."""
        return self.only_for is None or self.only_for == user

    def shown(self) -> Json:
        """A copy to hand out, marked when it is ephemeral."""
        message = copy.deepcopy(self.message)
        return {**message, "is_ephemeral": True} if self.only_for else message


class Board:
    """The messages of all channels, and timestamps that are never given twice."""

    def __init__(self) -> None:
        self._channels: dict[str, dict[str, Posted]] = {}
        self._last = 0

    def new_ts(self) -> str:
        """A timestamp later than every one before it: seconds with six decimals."""
        self._last = max(self._last + 1, int(time.time() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def put(self, posted: Posted) -> None:
        """Pin a message up, and count it in its thread."""
        self._channels.setdefault(posted.channel, {})[posted.ts] = posted
        if posted.only_for is None:
            self._count(posted.channel, posted.thread_ts)

    def find(self, channel: str, ts: str) -> Posted | None:
        """The message with this timestamp."""
        return self._channels.get(channel, {}).get(ts)

    def remove(self, posted: Posted) -> None:
        """Take a message down; a parent of replies leaves a tombstone, as in Slack."""
        if posted.message.get("reply_count"):
            kept = ("ts", "thread_ts", "reply_count", "reply_users", "latest_reply")
            rest = {key: posted.message[key] for key in kept if key in posted.message}
            gone = "This message was deleted."
            posted.message = {"type": "message", "subtype": "tombstone", "text": gone, **rest}
            return
        del self._channels[posted.channel][posted.ts]
        self._count(posted.channel, posted.thread_ts)

    def top(self, channel: str, user: str | None = None) -> list[Posted]:
        """What stands in the channel itself, oldest first: no replies unless broadcast."""
        return [
            posted for posted in self._ordered(channel)
            if posted.seen_by(user)
            and (posted.thread_ts is None or posted.message.get("subtype") == "thread_broadcast")
        ]  # fmt: skip

    def thread(self, channel: str, thread_ts: str, user: str | None = None) -> list[Posted]:
        """The parent and its replies, oldest first."""
        return [
            posted for posted in self._ordered(channel)
            if posted.seen_by(user) and thread_ts in (posted.ts, posted.thread_ts)
        ]  # fmt: skip

    def _ordered(self, channel: str) -> list[Posted]:
        # They were put up in the order of their timestamps.
        return list(self._channels.get(channel, {}).values())

    def _count(self, channel: str, thread_ts: str | None) -> None:
        parent = self.find(channel, thread_ts) if thread_ts else None
        if parent is None:
            return
        replies = self.thread(channel, parent.ts)[1:]
        authors = list(dict.fromkeys(str(reply.message.get("user", "")) for reply in replies))
        parent.message.update(
            thread_ts=parent.ts, reply_count=len(replies), reply_users=authors,
            reply_users_count=len(authors), latest_reply=replies[-1].ts if replies else parent.ts,
        )  # fmt: skip
