"""Would Slack take these blocks? Every documented limit is checked, faults are worded as Slack's.

Limits: docs.slack.dev/reference/block-kit/blocks and docs.slack.dev/reference/views. Blocks that
no page of ours shows (video, file, call …) count as unsupported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bot.workspace import checks, tables
from bot.workspace.checks import ANY_TEXT, Faults, fault
from bot.workspace.elements import (
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    element,
    image,
    picture,
)
from bot.workspace.people import Json
from bot.workspace.rich_text import rich_text

Surface = Literal["message", "modal", "home"]
_MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_MARKDOWN = 12_000
_COMMON = frozenset({"type", "block_id"})


def faults(blocks: object, surface: Surface, path: str = "/blocks") -> list[str]:
    """What is wrong with these blocks; empty when Slack would take them."""
    if not isinstance(blocks, list):
        return [fault(path, "must be an array")]
    found = list(checks.count(blocks, path, 0, _MOST_BLOCKS[surface]))
    for number, block in enumerate(blocks):
        found += _block(block, f"{path}/{number}", surface)
    return found or list(_together(blocks, path, surface))


def view_faults(view: Json, surface: Surface) -> list[str]:
    """What is wrong with a view."""
    found = list(_view(view, surface)) + faults(view.get("blocks"), surface, "/view/blocks")
    blocks = [block for block in checks.listed(view.get("blocks")) if isinstance(block, dict)]
    has_inputs = any(block.get("type") == "input" for block in blocks)
    if surface == "modal" and has_inputs and not view.get("submit"):
        found.append(fault("/view/submit", "submit is required when an input is in blocks"))
    return found


def _view(view: Json, surface: Surface) -> Faults:
    path, known = "/view", {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    modal = {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}
    yield from checks.one_of({"type": None, **view}, "type", path, {surface})
    yield from checks.keys(view, path, known | (modal if surface == "modal" else set()))
    yield from checks.string(view, "private_metadata", path, 3000, least=0)
    yield from checks.string(view, "callback_id", path, 255, least=0)
    yield from checks.string(view, "external_id", path, 255, least=0)
    if surface == "modal":
        yield from checks.text(view, "title", path, 24, needed=True)
        yield from checks.text(view, "submit", path, 24)
        yield from checks.text(view, "close", path, 24)


def _block(block: object, path: str, surface: Surface) -> Faults:
    if not isinstance(block, dict):
        yield fault(path, "must be an object")
        return
    kind = str(block.get("type"))
    if kind not in _BLOCKS or (surface != "message" and kind in _IN_MESSAGES):
        yield fault(f"{path}/type", f"unsupported type: {kind}")
        return
    yield from _BLOCKS[kind](block, path)
    yield from checks.string(block, "block_id", path, 255)


def _together(blocks: list[Json], path: str, surface: Surface) -> Faults:
    """What blocks may not do together."""
    ids = [(block.get("block_id"), f"{path}/{n}/block_id") for n, block in enumerate(blocks)]
    yield from checks.unique(ids, "block_id")
    yield from tables.all_together(blocks, path)
    written = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if written > _MARKDOWN:
        yield fault(path, f"markdown must be less than {_MARKDOWN + 1} characters in all")
    if surface != "message" and _focused(blocks) > 1:
        yield fault(path, "only one element may have focus_on_load")


def _focused(blocks: list[Json]) -> int:
    elements = [block["element"] for block in blocks if block["type"] == "input"]
    return sum(each.get("focus_on_load") is True for each in elements)


def _section(block: Json, path: str) -> Faults:
    allowed = _COMMON | {"text", "fields", "accessory", "expand"}
    yield from checks.keys(block, path, allowed)
    yield from checks.text(block, "text", path, 3000, kinds=ANY_TEXT)
    yield from checks.boolean(block, "expand", path)
    if "text" not in block and "fields" not in block:
        yield checks.missing(path, "text")
    if "fields" in block:
        yield from checks.items(block, "fields", path, 10, _field)
    if "accessory" in block:
        yield from element(block["accessory"], f"{path}/accessory", IN_SECTION)


def _field(given: Json, path: str) -> Faults:
    yield from checks.text_object(given, path, 2000, ANY_TEXT)


def _header(block: Json, path: str) -> Faults:
    yield from checks.keys(block, path, _COMMON | {"text"})
    yield from checks.text(block, "text", path, 150, needed=True)


def _divider(block: Json, path: str) -> Faults:
    yield from checks.keys(block, path, _COMMON)


def _context(block: Json, path: str) -> Faults:
    yield from checks.keys(block, path, _COMMON | {"elements"})
    yield from checks.items(block, "elements", path, 10, _context_element)


def _context_element(given: Json, path: str) -> Faults:
    if given.get("type") == "image":
        yield from image(given, path)
    else:
        yield from checks.text_object(given, path, 3000, ANY_TEXT)


def _actions(block: Json, path: str) -> Faults:
    yield from _elements(block, path, 25, IN_ACTIONS)


def _context_actions(block: Json, path: str) -> Faults:
    yield from _elements(block, path, 5, IN_CONTEXT_ACTIONS)


def _elements(block: Json, path: str, most: int, allowed: frozenset[str]) -> Faults:
    yield from checks.keys(block, path, _COMMON | {"elements"})
    yield from checks.items(block, "elements", path, most, lambda e, p: element(e, p, allowed))
    inside = [each for each in checks.listed(block.get("elements")) if isinstance(each, dict)]
    ids = [
        (each.get("action_id"), f"{path}/elements/{n}/action_id") for n, each in enumerate(inside)
    ]
    yield from checks.unique(ids, "action_id")


def _input(block: Json, path: str) -> Faults:
    allowed = _COMMON | {"label", "element", "hint", "optional", "dispatch_action"}
    yield from checks.keys(block, path, allowed)
    yield from checks.text(block, "label", path, 2000, needed=True)
    yield from checks.text(block, "hint", path, 2000)
    yield from checks.boolean(block, "optional", path)
    yield from checks.boolean(block, "dispatch_action", path)
    yield from element(block.get("element"), f"{path}/element", IN_INPUT)


def _image(block: Json, path: str) -> Faults:
    allowed = _COMMON | {"image_url", "slack_file", "alt_text", "title"}
    yield from checks.keys(block, path, allowed)
    yield from picture(block, path)
    yield from checks.text(block, "title", path, 2000)


def _markdown(block: Json, path: str) -> Faults:
    yield from checks.keys(block, path, _COMMON | {"text"})
    yield from checks.string(block, "text", path, _MARKDOWN, needed=True)


_BLOCKS: dict[str, Callable[[Json, str], Faults]] = {
    "actions": _actions,
    "context": _context,
    "context_actions": _context_actions,
    "data_table": tables.data_table,
    "data_visualization": tables.data_visualization,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": rich_text,
    "section": _section,
    "table": tables.table,
}
_IN_MESSAGES = frozenset(
    {"context_actions", "data_table", "data_visualization", "markdown", "table"}
)
