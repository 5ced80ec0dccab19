"""Where a call wants to act: the channel, the thread, the message, or Slack's reason why not."""

from __future__ import annotations

from bot.workspace.board import Posted
from bot.workspace.methods.args import Args
from bot.workspace.people import Channel
from bot.workspace.room import Room
from bot.workspace.tickets import Denied


def channel_of(room: Room, args: Args, name: str = "channel") -> Channel:
    """The channel an argument names; a user's id stands for the direct messages with them."""
    wanted = args.needed(name)
    user = room.directory.user(wanted) if wanted.startswith("U") else None
    found = room.directory.dm(user.id) if user else room.directory.channel(wanted)
    if found is None or (found.is_private and room.directory.bot.id not in found.members):
        raise Denied(error="channel_not_found")
    return found


def writable(room: Room, args: Args, name: str = "channel") -> Channel:
    """A channel the app may write to."""
    channel = channel_of(room, args, name)
    if channel.is_archived:
        raise Denied(error="is_archived")
    if room.directory.bot.id not in channel.members:
        raise Denied(error="not_in_channel")
    return channel


def readable(room: Room, args: Args, name: str = "channel") -> Channel:
    """A channel the app may read."""
    channel = channel_of(room, args, name)
    if room.directory.bot.id not in channel.members:
        raise Denied(error="not_in_channel")
    return channel


def thread_of(room: Room, channel: Channel, args: Args, name: str = "thread_ts") -> str | None:
    """The thread an argument names: the parent's ts. Stricter than Slack, which posts anyway."""
    thread_ts = args.text(name)
    if not thread_ts:
        return None
    parent = room.board.find(channel.id, thread_ts)
    if parent is None:
        raise Denied(error="thread_not_found")
    if parent.thread_ts is not None or parent.only_for:
        raise Denied(error="cannot_reply_to_message")
    return thread_ts


def message_of(room: Room, channel: Channel, args: Args, name: str = "ts") -> Posted:
    """The message an argument names; the app sees no ephemeral ones."""
    posted = room.board.find(channel.id, args.needed(name))
    if posted is None or posted.only_for:
        raise Denied(error="message_not_found")
    return posted


def own_message_of(room: Room, channel: Channel, args: Args, error: str) -> Posted:
    """A message of the app's own."""
    posted = message_of(room, channel, args)
    if posted.message.get("user") != room.directory.bot.id:
        raise Denied(error=error)
    return posted
