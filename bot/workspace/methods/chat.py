"""chat.*: messages posted, changed, deleted, shown to one person, linked to, unfurled."""

from __future__ import annotations

import copy

from bot.workspace.board import Posted
from bot.workspace.methods.args import Args
from bot.workspace.methods.content import by_app, checked_blocks, content_of, something
from bot.workspace.methods.places import (
    channel_of,
    message_of,
    own_message_of,
    thread_of,
    writable,
)
from bot.workspace.people import APP_ID, BOT_ID, Channel, Json
from bot.workspace.room import Room
from bot.workspace.tickets import Denied


def post_message(room: Room, args: Args) -> Json:
    """chat.postMessage."""
    channel = writable(room, args)
    message = by_app(room, something(content_of(room, args)))
    message |= _thread(room, channel, args) | _disguise(args)
    posted = room.post(channel, message)
    if posted.thread_ts:
        clear_status(room, channel, posted.thread_ts)
    return {"channel": channel.id, "ts": posted.ts, "message": posted.shown()}


def clear_status(room: Room, channel: Channel, thread_ts: str) -> None:
    """An answer of the app ends the status of its thread."""
    room.set_status(channel, thread_ts, {"status": "", "loading_messages": []})


def _thread(room: Room, channel: Channel, args: Args) -> Json:
    thread_ts = thread_of(room, channel, args)
    if thread_ts is None:
        return {}
    parent = room.board.find(channel.id, thread_ts)
    author = parent.message.get("user", "") if parent else ""
    place = {"thread_ts": thread_ts, "parent_user_id": author}
    return {**place, "subtype": "thread_broadcast"} if args.flag("reply_broadcast") else place


def _disguise(args: Args) -> Json:
    """A message under another name or icon is what Slack calls a bot_message."""
    given = {name: args.text(name) for name in ("username", "icon_emoji", "icon_url")}
    worn = {name: value for name, value in given.items() if value}
    return {**worn, "subtype": "bot_message"} if worn else {}


def update(room: Room, args: Args) -> Json:
    """chat.update. Blocks that are not given stay; an empty list takes them away."""
    channel = channel_of(room, args)
    posted = own_message_of(room, channel, args, "cant_update_message")
    if posted.streams_until is not None:
        raise Denied(error="streaming_state_conflict")
    changes = content_of(room, args)
    rewrite(room, posted, changes)
    return {
        "channel": channel.id, "ts": posted.ts, "text": posted.message["text"],
        "message": posted.shown(),
    }  # fmt: skip


def rewrite(room: Room, posted: Posted, changes: Json) -> None:
    """Change these fields of a message, and mark it edited."""
    if not changes:
        raise Denied(error="no_text")
    edited = {"user": room.directory.bot.id, "ts": room.board.new_ts()}
    message = {**copy.deepcopy(posted.message), **changes, "edited": edited}
    for part in ("blocks", "attachments"):
        if not message.get(part):
            message.pop(part, None)
    room.change(posted, something(message))


def delete(room: Room, args: Args) -> Json:
    """chat.delete."""
    channel = channel_of(room, args)
    posted = own_message_of(room, channel, args, "cant_delete_message")
    room.remove(posted)
    return {"channel": channel.id, "ts": posted.ts}


def post_ephemeral(room: Room, args: Args) -> Json:
    """chat.postEphemeral."""
    channel = writable(room, args)
    user = room.directory.user(args.needed("user"))
    if user is None or user.id not in channel.members:
        raise Denied(error="user_not_in_channel")
    message = by_app(room, something(content_of(room, args)))
    posted = room.post(channel, message | _thread(room, channel, args), only_for=user.id)
    return {"message_ts": posted.ts}


def get_permalink(room: Room, args: Args) -> Json:
    """chat.getPermalink: an address of this workspace's page."""
    channel = channel_of(room, args)
    posted = message_of(room, channel, args, "message_ts")
    thread = posted.thread_ts or posted.ts
    address = f"{room.address}/?channel={channel.id}&thread={thread}"
    return {"channel": channel.id, "permalink": address}


def unfurl(room: Room, args: Args) -> Json:
    """chat.unfurl, by channel and ts, or by unfurl_id."""
    posted = _unfurled(room, args)
    unfurls = args.mapping("unfurls", "invalid_unfurls_format")
    if not unfurls:
        raise Denied(error="missing_unfurls")
    cards = [_card(room, posted, url, given) for url, given in unfurls.items()]
    others = [
        each
        for each in posted.message.get("attachments", ())
        if each.get("from_url") not in unfurls
    ]
    message = {**copy.deepcopy(posted.message), "attachments": [*others, *cards]}
    room.change(posted, message)
    return {}


def _unfurled(room: Room, args: Args) -> Posted:
    if unfurl_id := args.text("unfurl_id"):
        channel_id, _, rest = unfurl_id.partition(".")
        args = Args({"channel": channel_id, "ts": rest.rpartition(".")[0]})
    channel = channel_of(room, args)
    posted = room.board.find(channel.id, args.needed("ts"))
    if posted is None:
        raise Denied(error="cannot_find_message")
    return posted


def _card(room: Room, posted: Posted, url: str, given: Json) -> Json:
    if url.replace("&", "&amp;") not in posted.message.get("text", ""):
        raise Denied(error="cannot_unfurl_url")
    app = {"app_id": APP_ID, "bot_id": BOT_ID, "is_app_unfurl": True, "app_unfurl_url": url}
    blocks = checked_blocks(room, given.get("blocks", []))
    return {**given, "blocks": blocks, "from_url": url, "id": 1, **app}
