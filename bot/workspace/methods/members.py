"""auth.*, users.*, bots.*, apps.*: who calls, who is there, and the way in for Socket Mode."""

from __future__ import annotations

import secrets

from bot.workspace.methods.args import Args
from bot.workspace.people import APP_ID, BOT_ID, TEAM_ID, TEAM_NAME, Json
from bot.workspace.room import Room
from bot.workspace.tickets import Denied


def api_test(_room: Room, args: Args) -> Json:
    """api.test: says back what it was told."""
    if error := args.text("error"):
        raise Denied(error=error, more={"args": args.given})
    return {"args": args.given}


def auth_test(room: Room, _args: Args) -> Json:
    """auth.test."""
    bot = room.directory.bot
    return {
        "url": f"{room.address}/", "team": TEAM_NAME, "user": bot.name, "team_id": TEAM_ID,
        "user_id": bot.id, "bot_id": BOT_ID, "is_enterprise_install": False,
    }  # fmt: skip


def open_connection(room: Room, _args: Args) -> Json:
    """apps.connections.open: an address for one WebSocket."""
    ticket = secrets.token_urlsafe(18)
    room.link_tickets.add(ticket)
    address = room.address.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={APP_ID}"}


def bots_info(room: Room, args: Args) -> Json:
    """bots.info."""
    if args.text("bot") not in {"", BOT_ID}:
        raise Denied(error="bot_not_found")
    bot = room.directory.bot
    about = {"id": BOT_ID, "app_id": APP_ID, "user_id": bot.id, "name": bot.real_name}
    return {"bot": {**about, "deleted": False, "updated": 0}}


def users_info(room: Room, args: Args) -> Json:
    """users.info."""
    user = room.directory.user(args.needed("user"))
    if user is None:
        raise Denied(error="user_not_found")
    return {"user": user.as_slack()}


def users_list(room: Room, _args: Args) -> Json:
    """users.list."""
    members = [user.as_slack() for user in room.directory]
    return {"members": members, "response_metadata": {"next_cursor": ""}}
