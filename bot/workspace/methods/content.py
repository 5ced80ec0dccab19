"""What a call wants to say: text, blocks and attachments, refused as Slack refuses them.

Limits: docs.slack.dev/reference/methods/chat.postMessage (text 40,000 characters, markdown_text
12,000). Slack gives no number for msg_blocks_too_long; 13,200 characters of text outside tables
is what people report.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.workspace.blocks import faults
from bot.workspace.checks import texts
from bot.workspace.methods.args import Args
from bot.workspace.people import APP_ID, BOT_ID, TEAM_ID, Json
from bot.workspace.room import Room, named
from bot.workspace.tickets import Denied

_MOST_TEXT = 40_000
_MOST_MARKDOWN = 12_000
_MOST_IN_BLOCKS = 13_200
_TABLES = frozenset({"table", "data_table"})


def content_of(room: Room, args: Args) -> Json:
    """The message fields of a call; only those it gives."""
    if args.text("markdown_text"):
        return _markdown(room, args)
    message: Json = {}
    if "text" in args:
        message["text"] = checked_text(args.text("text"))
    blocks = args.array("blocks", "invalid_blocks_format")
    if blocks is not None:
        message["blocks"] = checked_blocks(room, blocks)
    attachments = args.array("attachments", "invalid_attachments")
    if attachments is not None:
        message["attachments"] = [_attachment(room, each) for each in attachments]
    if metadata := args.mapping("metadata", "invalid_metadata_format"):
        message["metadata"] = metadata
    return message


def something(message: Json) -> Json:
    """The message, unless it says nothing at all."""
    if not any(message.get(part) for part in ("text", "blocks", "attachments", "files")):
        raise Denied(error="no_text")
    return message


def by_app(room: Room, message: Json) -> Json:
    """A message with the app's name under it."""
    bot = room.directory.bot
    profile = {"id": BOT_ID, "app_id": APP_ID, "name": bot.real_name, "team_id": TEAM_ID}
    author = {"user": bot.id, "bot_id": BOT_ID, "app_id": APP_ID, "team": TEAM_ID}
    return {**author, "bot_profile": profile, "text": "", **message}


def checked_text(text: str) -> str:
    """A text that is not too long."""
    if len(text) > _MOST_TEXT:
        raise Denied(error="msg_too_long")
    return text


def checked_blocks(room: Room, blocks: list[Json]) -> list[Json]:
    """Blocks Slack would take, with every id filled in."""
    wrong = [*faults(blocks, "message"), *_missing_files(room, blocks)]
    if wrong:
        raise Denied(error="invalid_blocks", messages=wrong)
    said = sum(len(text) for b in blocks if b["type"] not in _TABLES for text in texts(b))
    if said > _MOST_IN_BLOCKS:
        raise Denied(error="msg_blocks_too_long")
    return named(blocks)


def _markdown(room: Room, args: Args) -> Json:
    if args.text("text") or args.text("blocks"):
        raise Denied(error="markdown_text_conflict")
    text = args.text("markdown_text")
    if len(text) > _MOST_MARKDOWN:
        raise Denied(error="msg_too_long")
    return {"text": text, "blocks": checked_blocks(room, [{"type": "markdown", "text": text}])}


def _attachment(room: Room, given: Json) -> Json:
    blocks = given.get("blocks")
    return {**given, "blocks": checked_blocks(room, blocks)} if blocks else given


def _missing_files(room: Room, blocks: list[Json]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        wanted = block.get("slack_file", {}).get("id") if block.get("type") == "image" else None
        file = room.files.get(wanted) if wanted else None
        if wanted and (file is None or not file.completed):
            yield f"[ERROR] invalid slack file [json-pointer:/blocks/{number}/slack_file]"
