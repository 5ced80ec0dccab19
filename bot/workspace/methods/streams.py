"""chat.startStream, appendStream, stopStream: a message that grows while it is written."""

from __future__ import annotations

import copy
import time

from bot.workspace.board import Posted
from bot.workspace.methods.args import Args
from bot.workspace.methods.chat import clear_status
from bot.workspace.methods.content import by_app, checked_blocks, checked_text
from bot.workspace.methods.places import own_message_of, thread_of, writable
from bot.workspace.people import Channel, Json
from bot.workspace.room import Room
from bot.workspace.tickets import Denied

_MOST_MARKDOWN = 12_000


def start(room: Room, args: Args) -> Json:
    """chat.startStream; in a channel it needs the recipient."""
    channel = writable(room, args)
    thread_ts = thread_of(room, channel, args)
    _check_recipient(channel, args)
    message = by_app(room, {"text": _text(args), "streaming_state": "in_progress"})
    if thread_ts:
        message["thread_ts"] = thread_ts
    posted = room.post(channel, message)
    posted.streams_until = time.monotonic() + room.stream_lives
    if thread_ts:
        clear_status(room, channel, thread_ts)
    return {"channel": channel.id, "ts": posted.ts}


def append(room: Room, args: Args) -> Json:
    """chat.appendStream."""
    posted = _streamed(room, args)
    text = _text(args)
    if not text:
        raise Denied(error="no_text")
    room.change(posted, _longer(posted, text), tell_app=False)
    return {"channel": posted.channel, "ts": posted.ts}


def stop(room: Room, args: Args) -> Json:
    """chat.stopStream, with blocks for the end if they are given."""
    posted = _streamed(room, args)
    message = {**_longer(posted, _text(args)), "streaming_state": "completed"}
    blocks = args.array("blocks", "invalid_blocks_format")
    if blocks:
        message["blocks"] = checked_blocks(room, blocks)
    posted.streams_until = None
    room.change(posted, message)
    return {"channel": posted.channel, "ts": posted.ts, "message": posted.shown()}


def _check_recipient(channel: Channel, args: Args) -> None:
    for name in ("recipient_team_id", "recipient_user_id"):
        if channel.kind == "channel" and not args.text(name):
            raise Denied(error=f"missing_{name}")


def _streamed(room: Room, args: Args) -> Posted:
    channel = writable(room, args)
    posted = own_message_of(room, channel, args, "message_not_owned_by_app")
    now = time.monotonic()
    if posted.streams_until is None or now > posted.streams_until:
        posted.streams_until = None
        raise Denied(error="message_not_in_streaming_state")
    return posted


def _text(args: Args) -> str:
    chunks = args.array("chunks", "invalid_chunks") or []
    parts = [str(chunk.get("text", "")) for chunk in chunks if chunk.get("type") == "markdown_text"]
    text = args.text("markdown_text") + "".join(parts)
    if len(text) > _MOST_MARKDOWN:
        raise Denied(error="msg_too_long")
    return text


def _longer(posted: Posted, text: str) -> Json:
    message = copy.deepcopy(posted.message)
    return {**message, "text": checked_text(message["text"] + text)}
