"""What the app answers to a click or command: by a response URL, or at once when it acknowledges.

docs.slack.dev/interactivity/handling-user-interaction: an answer is ephemeral unless it says
in_channel, and a new message unless it says replace_original.
"""

from __future__ import annotations

from bot.workspace.methods.args import Args
from bot.workspace.methods.chat import rewrite
from bot.workspace.methods.content import by_app, content_of, something
from bot.workspace.people import Channel, Json
from bot.workspace.room import Room
from bot.workspace.tickets import Denied


def respond(room: Room, key: str, given: Json) -> None:
    """Carry out an answer to a response URL; raises Denied."""
    with room.lock:
        url = room.tickets.use_url(key)
        place = room.channel(url.channel)
        original = room.board.find(place.id, url.message_ts) if url.message_ts else None
        args = Args(given)
        if original and args.flag("delete_original"):
            room.remove(original)
        elif original and args.flag("replace_original"):
            rewrite(room, original, content_of(room, args))
        else:
            say_in_answer(room, url.user, place, given)


def say_in_answer(room: Room, user: str, place: Channel, given: Json) -> None:
    """Post an answer for this user alone, or for all when it says in_channel."""
    args = Args(given)
    if not given.get("text") and not given.get("blocks"):
        raise Denied(error="no_text")
    message = by_app(room, something(content_of(room, args)))
    if thread_ts := args.text("thread_ts"):
        message["thread_ts"] = thread_ts
    to_all = args.text("response_type") == "in_channel"
    room.post(place, message, only_for=None if to_all else user)
