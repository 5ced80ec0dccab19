"""Something to click: the blocks of an answer, and a modal."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(name: str) -> Json:
    return {"text": plain(name.title()), "value": name}


BUTTONS: Json = {
    "type": "actions",
    "block_id": "tools",
    "elements": [
        {"type": "button", "action_id": "sql", "text": plain("Show SQL"), "value": "turn-7"},
        {"type": "static_select", "action_id": "chart", "options": [option("bar"), option("line")],
         "initial_option": option("bar")},
        {"type": "overflow", "action_id": "more", "options": [option("csv"), option("png")]},
    ],
}  # fmt: skip
FEEDBACK: Json = {
    "type": "context_actions",
    "elements": [{
        "type": "feedback_buttons", "action_id": "verdict",
        "positive_button": {"text": plain("Good"), "value": "up"},
        "negative_button": {"text": plain("Bad"), "value": "down"},
    }],
}  # fmt: skip


def _input(name: str, element: Json, **more: object) -> Json:
    whole = {"action_id": f"{name}_in", **element}
    return {"type": "input", "block_id": name, "label": plain(name), "element": whole, **more}


MODAL: Json = {
    "type": "modal",
    "callback_id": "edit",
    "title": plain("Edit"),
    "submit": plain("Run"),
    "notify_on_close": True,
    "blocks": [
        _input("sql", {"type": "plain_text_input", "max_length": 20}),
        _input("metric", {"type": "external_select"}, optional=True),
        _input("days", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1",
                        "initial_value": "7"}),
    ],
}  # fmt: skip
