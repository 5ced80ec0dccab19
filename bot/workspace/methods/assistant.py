"""assistant.threads.* and reactions.*: the small signs an app gives that are no messages."""

from __future__ import annotations

import copy

from bot.workspace import events
from bot.workspace.board import Posted
from bot.workspace.methods.args import Args
from bot.workspace.methods.places import message_of, thread_of, writable
from bot.workspace.people import Json
from bot.workspace.room import Room
from bot.workspace.tickets import Denied

_MOST_PROMPTS = 4


def set_status(room: Room, args: Args) -> Json:
    """assistant.threads.setStatus; an empty status clears it."""
    channel = writable(room, args, "channel_id")
    args.needed("thread_ts")
    thread_ts = thread_of(room, channel, args) or ""
    loading = args.given.get("loading_messages") or []
    status = {"status": args.text("status"), "loading_messages": loading}
    room.set_status(channel, thread_ts, status)
    return {}


def set_title(room: Room, args: Args) -> Json:
    """assistant.threads.setTitle."""
    channel = writable(room, args, "channel_id")
    thread_of(room, channel, args)
    args.needed("title")
    return {}


def set_prompts(room: Room, args: Args) -> Json:
    """assistant.threads.setSuggestedPrompts; in agent view they need no thread."""
    channel = writable(room, args, "channel_id")
    if channel.kind != "im":
        raise Denied(error="channel_type_not_supported")
    thread_ts = thread_of(room, channel, args) or ""
    prompts = args.array("prompts", "invalid_arguments") or []
    if not prompts or len(prompts) > _MOST_PROMPTS:
        raise Denied(
            error="invalid_arguments", messages=["[ERROR] 1 to 4 prompts [json-pointer:/prompts]"]
        )
    if any(not (each.get("title") and each.get("message")) for each in prompts):
        raise Denied(
            error="invalid_arguments", messages=["[ERROR] a prompt needs title and message"]
        )
    told: Json = {"title": args.text("title"), "prompts": prompts}
    room.prompts[channel.id, thread_ts] = told
    where = {"channel": channel.id, **({"thread_ts": thread_ts} if thread_ts else {})}
    room.hub.tell(channel.members, {"type": "prompts", **where, **told})
    room.touch()
    return {}


def add_reaction(room: Room, args: Args) -> Json:
    """reactions.add."""
    channel = writable(room, args)
    posted = message_of(room, channel, args, "timestamp")
    if not react(room, posted, room.directory.bot.id, args.needed("name"), add=True):
        raise Denied(error="already_reacted")
    return {}


def remove_reaction(room: Room, args: Args) -> Json:
    """reactions.remove."""
    channel = writable(room, args)
    posted = message_of(room, channel, args, "timestamp")
    if not react(room, posted, room.directory.bot.id, args.needed("name"), add=False):
        raise Denied(error="no_reaction")
    return {}


def react(room: Room, posted: Posted, user: str, name: str, *, add: bool) -> bool:
    """Add a reaction or take it back; False when there was nothing to do."""
    given = {each["name"]: list(each["users"]) for each in posted.message.get("reactions", ())}
    users = given.setdefault(name.strip(":"), [])
    if (user in users) is add:
        return False
    users.append(user) if add else users.remove(user)
    reactions = [{"name": n, "users": u, "count": len(u)} for n, u in given.items() if u]
    posted.message["reactions"] = reactions
    news = {"channel": posted.channel, "ts": posted.ts, "reactions": copy.deepcopy(reactions)}
    room.hub.tell(room.audience(posted), {"type": "reaction", **news})
    kind = "reaction_added" if add else "reaction_removed"
    author = str(posted.message.get("user", ""))
    room.tell_app(events.reaction(kind, user, posted.channel, posted.ts, name, author))
    room.touch()
    return True
