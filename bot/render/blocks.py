"""Slack's blocks and elements as the plain dicts that Slack documents, made in one line each.

Texts are handed over ready: made by render/text.py when there is data in them.
`verbatim` keeps Slack from linking names and addresses that it finds in a text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.render.text import plain

Block = dict[str, Any]
"""Block Kit JSON. `Any`: its grammar is Slack's, not ours."""

LABEL = 75
"""The most characters on a button or an option (docs.slack.dev, "Button element")."""
VALUE = 2000
OPTION_VALUE = 150


def section(text: str) -> Block:
    """A paragraph, never folded behind "Show more"."""
    return {"type": "section", "text": _marked(text), "expand": True}


def context(*texts: str) -> Block:
    """Small print: at most 10 texts."""
    return {"type": "context", "elements": [_marked(text) for text in texts]}


def actions(elements: Sequence[Block]) -> Block:
    """A row of buttons: at most 25."""
    return {"type": "actions", "elements": list(elements)}


def button(label: str, action_id: str, value: str, *, style: str | None = None) -> Block:
    """A button. `style` is "primary" or "danger"."""
    made = {"type": "button", "text": words(label), "action_id": action_id, "value": value}
    return made | ({"style": style} if style else {})


def option(label: str, value: str) -> Block:
    """A choice of a select or of radio buttons."""
    return {"text": words(label), "value": value}


def words(text: str, limit: int = LABEL) -> Block:
    """A `plain_text` object; colons in it stay colons."""
    return {"type": "plain_text", "text": plain(text, limit), "emoji": False}


def packed(**fields: str | int | bool | None) -> str:
    """A button's value: compact JSON, fields that are None left out."""
    said = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def unpacked(value: str) -> dict[str, Any]:
    """The fields of a value that `packed` made."""
    found: dict[str, Any] = json.loads(value)
    return found


def _marked(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
