"""views.*: modals opened, pushed and updated, and the Home tab published."""

from __future__ import annotations

from bot.workspace.blocks import Surface, view_faults
from bot.workspace.methods.args import Args
from bot.workspace.people import Json
from bot.workspace.room import Room
from bot.workspace.tickets import Denied


def open_modal(room: Room, args: Args) -> Json:
    """views.open."""
    view = view_of(args.mapping("view", "invalid_arguments"))
    trigger = room.tickets.exchange(_trigger_id(args))
    opened = room.views.open(trigger.user, view)
    return _told(room, trigger.user, "view_opened", opened)


def push_modal(room: Room, args: Args) -> Json:
    """views.push."""
    view = view_of(args.mapping("view", "invalid_arguments"))
    trigger = room.tickets.exchange(_trigger_id(args))
    if trigger.from_view is None or room.views.get(trigger.from_view) is None:
        raise Denied(error="not_found")
    pushed = room.views.push(trigger.user, view)
    return _told(room, trigger.user, "view_pushed", pushed)


def update_modal(room: Room, args: Args) -> Json:
    """views.update, by view_id or external_id; a hash that is given has to be the last one."""
    view = view_of(args.mapping("view", "invalid_arguments"))
    if not args.text("view_id") and not args.text("external_id"):
        raise Denied(
            error="invalid_arguments", messages=["[ERROR] either view_id or external_id is needed"]
        )
    updated = room.views.update(
        view,
        view_id=args.text("view_id"),
        external_id=args.text("external_id"),
        expected=args.text("hash"),
    )
    news = "home" if updated["type"] == "home" else "view_updated"
    return _told(room, room.views.owner(updated["id"]), news, updated)


def publish_home(room: Room, args: Args) -> Json:
    """views.publish."""
    view = view_of(args.mapping("view", "invalid_arguments"), "home")
    user = room.directory.user(args.needed("user_id"))
    if user is None or user.is_bot:
        raise Denied(error="user_not_found")
    published = room.views.publish(user.id, view, args.text("hash"))
    return _told(room, user.id, "home", published)


def view_of(given: Json, kind: Surface = "modal") -> Json:
    """A view Slack would take; raises Denied with what is wrong with it."""
    if kind == "modal" and given.get("type") == "home":
        kind = "home"  # views.update takes both
    wrong = view_faults(given, kind)
    if wrong:
        raise Denied(error="invalid_arguments", messages=wrong)
    return given


def _trigger_id(args: Args) -> str:
    trigger_id = args.text("trigger_id") or args.text("interactivity_pointer")
    return trigger_id or args.needed("trigger_id")


def _told(room: Room, user: str, news: str, view: Json) -> Json:
    room.hub.tell([user], {"type": news, "view": view})
    room.touch()
    return {"view": view}
