"""Rich text: sections, lists, quotes and preformatted text, made of words, links and mentions.

Shapes: docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

from bot.workspace import checks
from bot.workspace.checks import Faults, fault
from bot.workspace.people import Json

_MOST = 3000
_NEEDED = {
    "text": "text",
    "link": "url",
    "emoji": "name",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "broadcast": "range",
    "color": "value",
    "date": "timestamp",
}
_OF_TEXT = frozenset({"rich_text_section", "rich_text_quote", "rich_text_preformatted"})


def rich_text(block: Json, path: str) -> Faults:
    """A rich_text block, or a cell of that type."""
    yield from checks.keys(block, path, {"type", "block_id", "elements"})
    yield from checks.items(block, "elements", path, _MOST, _part)


def _part(given: Json, path: str) -> Faults:
    kind = str(given.get("type"))
    if kind == "rich_text_list":
        yield from checks.one_of({"style": None, **given}, "style", path, {"bullet", "ordered"})
        yield from checks.items(given, "elements", path, _MOST, _part)
    elif kind in _OF_TEXT:
        yield from checks.items(given, "elements", path, _MOST, _word, least=0)
    else:
        yield fault(f"{path}/type", f"unsupported type: {kind}")


def _word(given: Json, path: str) -> Faults:
    kind = str(given.get("type"))
    if kind not in _NEEDED:
        yield fault(f"{path}/type", f"unsupported type: {kind}")
        return
    needed = _NEEDED[kind]
    if needed not in given or given[needed] == "":
        yield checks.missing(path, needed)
    if kind == "link":
        yield from checks.url(given, "url", path, _MOST)
