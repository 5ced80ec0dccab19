"""Slack's limits, written down a second time, apart from render and from the workspace.

From docs.slack.dev: "Blocks", "Block elements", "Composition objects", "chat.postMessage".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.render import Message
from bot.workspace.blocks import faults
from tests.unit.bot.render.results import every

Found = dict[str, Any]
"""Some block or element. `Any`: its grammar is Slack's."""


def broken(message: Message) -> list[str]:
    """What Slack would turn the message down for; [] when nothing."""
    blocks = list(message.blocks or ())
    wrong = [f"text of {len(message.text)}"] if not 1 <= len(message.text) <= 3000 else []
    wrong += [f"{len(blocks)} blocks"] if len(blocks) > 50 else []
    return wrong + in_blocks(blocks) + (faults(blocks, "message") if blocks else [])


def in_blocks(blocks: Sequence[Found]) -> list[str]:
    """The limits of single blocks and elements."""
    json.dumps(list(blocks), allow_nan=False).encode("utf-8")
    wrong = [fault for each in every(list(blocks)) for fault in _in_one(each)]
    for block in blocks:
        rows = {"data_table": _data_table, "table": _table}.get(str(block["type"]))
        wrong += rows(block) if rows else []
        wrong += _chart(block) if block["type"] == "data_visualization" else []
        wrong += _ids(block)
    return wrong


_TEXTS = {"mrkdwn": 3000, "raw_text": 10_000, "raw_number": 10_000}
_MANY = {"actions": 25, "context": 10, "context_actions": 5}


def _in_one(each: Found) -> list[str]:
    kind, wrong = str(each.get("type", "")), []
    if kind in {"mrkdwn", "plain_text", "raw_text", "raw_number"}:
        most = _TEXTS.get(kind, 3000)
        wrong += [f"{kind} of {len(each['text'])}"] if not 1 <= len(each["text"]) <= most else []
    if kind in _MANY and not 1 <= len(each["elements"]) <= _MANY[kind]:
        wrong.append(f"{kind} with {len(each['elements'])}")
    if kind == "button":
        wrong += _short(each["text"]["text"], 75) + _short(each["value"], 2000)
    if kind == "static_select":
        wrong += [w for o in each["options"] for w in _short(o["value"], 150)]
        wrong += [] if each["initial_option"] in each["options"] else ["initial_option"]
    return wrong


def _short(text: str, most: int) -> list[str]:
    return [] if 1 <= len(text) <= most else [f"{len(text)} of at most {most}: {text[:30]!r}"]


def _ids(block: Found) -> list[str]:
    found = [e["action_id"] for e in every(block) if "action_id" in e]
    return ["one action_id twice"] if len(found) != len(set(found)) else []


def _data_table(block: Found) -> list[str]:
    wrong = [] if 1 <= block["page_size"] <= 100 else ["page_size"]
    wrong += [] if 2 <= len(block["rows"]) <= 101 else [f"{len(block['rows'])} rows"]
    header = {cell["type"] for cell in block["rows"][0]}
    wrong += [] if header == {"raw_text"} else ["header"]
    wrong += [] if block["row_header_column_index"] < len(block["rows"][0]) else ["row header"]
    return wrong + _cells(block)


def _table(block: Found) -> list[str]:
    wrong = [] if 1 <= len(block["rows"]) <= 100 else [f"{len(block['rows'])} rows"]
    wrong += [] if len(block["column_settings"]) <= 20 else ["column_settings"]
    return wrong + _cells(block)


def _cells(block: Found) -> list[str]:
    widths = {len(row) for row in block["rows"]}
    texts = [e["text"] for e in every(block["rows"]) if isinstance(e.get("text"), str)]
    wrong = [] if len(widths) == 1 and max(widths) <= 20 else [f"rows of {widths} cells"]
    return wrong + ([] if sum(map(len, texts)) <= 10_000 else [f"{sum(map(len, texts))} in cells"])


def _chart(block: Found) -> list[str]:
    chart = block["chart"]
    categories = chart["axis_config"]["categories"]
    series = [one["name"] for one in chart["series"]]
    labels = [x for x in (*categories, *series) if not 1 <= len(x) <= 20]
    wrong = [f"label {x!r}" for x in labels] + _short(block["title"], 50)
    wrong += [] if 1 <= len(categories) <= 20 and 1 <= len(series) <= 6 else ["how many"]
    wrong += [] if len(set(series)) == len(series) else ["series of one name"]
    wrong += [] if len(set(categories)) == len(categories) else ["categories of one name"]
    full = all([p["label"] for p in one["data"]] == categories for one in chart["series"])
    return wrong if full else [*wrong, "a series with gaps"]
