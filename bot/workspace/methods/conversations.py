"""conversations.*: which channels there are, who is in them, what was said in them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TypeVar

from bot.workspace.board import Posted
from bot.workspace.methods.args import Args
from bot.workspace.methods.places import channel_of, readable
from bot.workspace.people import Channel, Json
from bot.workspace.room import Room
from bot.workspace.tickets import Denied

Item = TypeVar("Item")
_USUAL_PAGE = 100
_MOST_A_PAGE = 999


def info(room: Room, args: Args) -> Json:
    """conversations.info."""
    return {"channel": channel_of(room, args).as_slack()}


def listed(room: Room, args: Args) -> Json:
    """conversations.list, of the types asked for (public channels when none are)."""
    types = (args.text("types") or "public_channel").split(",")
    wanted = [channel for channel in room.directory.channels if _type(channel) in types]
    page, more = _page([channel.as_slack() for channel in wanted], args)
    return {"channels": page, **more}


def members(room: Room, args: Args) -> Json:
    """conversations.members."""
    page, more = _page(channel_of(room, args).members, args)
    return {"members": page, **more}


def open_dm(room: Room, args: Args) -> Json:
    """conversations.open: the direct messages with one user."""
    if "channel" in args:
        return {"channel": {"id": channel_of(room, args).id}}
    user = room.directory.user(args.needed("users"))
    dm = room.directory.dm(user.id) if user else None
    if dm is None:
        raise Denied(error="user_not_found")
    return {"channel": {"id": dm.id}, "no_op": True, "already_open": True}


def join(room: Room, args: Args) -> Json:
    """conversations.join."""
    channel = channel_of(room, args)
    if channel.kind == "im" or channel.is_private:
        raise Denied(error="method_not_supported_for_channel_type")
    if room.directory.bot.id not in channel.members:
        channel.members.append(room.directory.bot.id)
    return {"channel": channel.as_slack()}


def history(room: Room, args: Args) -> Json:
    """conversations.history: newest first."""
    channel = readable(room, args)
    page, more = _page(_between(room.board.top(channel.id), args)[::-1], args)
    return {"messages": _shown(page, args), "pin_count": 0, **more}


def replies(room: Room, args: Args) -> Json:
    """conversations.replies: the parent, then its replies, oldest first."""
    channel = readable(room, args)
    thread = room.board.thread(channel.id, args.needed("ts"))
    if not thread:
        raise Denied(error="thread_not_found")
    page, more = _page([thread[0], *_between(thread[1:], args)], args)
    return {"messages": _shown(page, args), **more}


def _type(channel: Channel) -> str:
    if channel.kind == "im":
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _between(messages: list[Posted], args: Args) -> list[Posted]:
    oldest, latest = args.text("oldest") or "0", args.text("latest") or "9" * 12
    inclusive = args.flag("inclusive")
    return [
        posted for posted in messages
        if float(oldest) < float(posted.ts) < float(latest)
        or (inclusive and posted.ts in {oldest, latest})
    ]  # fmt: skip


def _shown(page: Sequence[Posted], args: Args) -> list[Json]:
    shown = [posted.shown() for posted in page]
    if not args.flag("include_all_metadata"):
        for message in shown:
            message.pop("metadata", None)
    return shown


def _page(items: Sequence[Item], args: Args) -> tuple[Sequence[Item], Json]:
    limit = min(max(args.number("limit", _USUAL_PAGE), 1), _MOST_A_PAGE)
    start = _start(args.text("cursor"))
    end = start + limit
    more = end < len(items)
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if more else ""
    return items[start:end], {"has_more": more, "response_metadata": {"next_cursor": cursor}}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        return int(number if word == "next" else "")
    except ValueError:
        raise Denied(error="invalid_cursor") from None
