"""Where an answer goes: a channel, a thread in it, and the message that is already there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """`thread_ts` None is the channel itself. `key` marks the message as the answer to one job."""

    team: str
    channel: str
    thread_ts: str | None = None
    message_ts: str | None = None
    key: str | None = None

    @property
    def place(self) -> str:
        """The channel's name in the journal."""
        return place(self.team, self.channel)

    @property
    def direct(self) -> bool:
        """Whether it is somebody's conversation with the app.

        Slack's ids say so by their first letter (docs.slack.dev, "Conversations API").
        """
        return self.channel.startswith("D")

    @property
    def thread(self) -> str | None:
        """The thread's name in the journal; None for a message that starts none."""
        return f"{self.place}/{self.thread_ts}" if self.thread_ts else None


def place(team: str, channel: str) -> str:
    """A channel's name in the journal: ids of different workspaces may coincide."""
    return f"{team}/{channel}"
