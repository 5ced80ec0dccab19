"""files.*: an address to upload to, and the upload shared in a channel or thread."""

from __future__ import annotations

from bot.workspace.files import File
from bot.workspace.methods.args import Args
from bot.workspace.methods.chat import clear_status
from bot.workspace.methods.content import by_app, content_of
from bot.workspace.methods.places import thread_of, writable
from bot.workspace.people import Channel, Json
from bot.workspace.room import Room
from bot.workspace.tickets import Denied


def upload_url(room: Room, args: Args) -> Json:
    """files.getUploadURLExternal."""
    length = args.number("length", 0)
    if length < 1:
        raise Denied(error="invalid_arguments", messages=["[ERROR] length must be greater than 0"])
    file, key = room.files.announce(args.needed("filename"), length, args.text("alt_txt"))
    return {"upload_url": f"{room.address}/upload/v1/{key}", "file_id": file.id}


def complete(room: Room, args: Args) -> Json:
    """files.completeUploadExternal; without a channel the file is stored and not shared."""
    channel = writable(room, args, "channel_id") if args.text("channel_id") else None
    thread_ts = thread_of(room, channel, args) if channel else None
    wanted = args.array("files", "invalid_arguments") or []
    if not wanted:
        raise Denied(error="invalid_arguments", messages=["[ERROR] missing required field: files"])
    files = [room.files.complete(str(each.get("id")), each.get("title", "")) for each in wanted]
    if channel:
        _share(room, channel, thread_ts, files, args)
    return {"files": [file.as_slack(room.address) for file in files]}


def info(room: Room, args: Args) -> Json:
    """files.info."""
    file = room.files.get(args.needed("file"))
    if file is None or not file.completed:
        raise Denied(error="file_not_found")
    return {"file": file.as_slack(room.address), "comments": []}


def _share(
    room: Room, channel: Channel, thread_ts: str | None, files: list[File], args: Args
) -> None:
    said = content_of(room, Args({"blocks": args.given.get("blocks")}))
    shown = [file.as_slack(room.address) for file in files]
    message = {"text": args.text("initial_comment"), **said, "files": shown, "upload": True}
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    posted = room.post(channel, by_app(room, {"subtype": "file_share", **message, **thread}))
    if thread_ts:
        clear_status(room, channel, thread_ts)
    for file in files:
        file.shares.append((channel.id, {"ts": posted.ts, **thread}))
