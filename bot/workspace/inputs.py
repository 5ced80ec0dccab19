"""What stands in the inputs of blocks: at first, after a person set it, and what is missing.

Shapes of state.values: docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

from bot.workspace.people import Json

Values = dict[str, dict[str, Json]]
"""block_id -> action_id -> {"type": …, and what is in it}."""

_SINGLE = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_MANY = {
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
_FIELDS = {**_SINGLE, **_MANY}
_REQUIRED = "Please complete this required field."


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element, with the block it stands in."""
    for block in blocks:
        if block.get("type") in {"actions", "context_actions"}:
            yield from ((block, element) for element in block.get("elements", ()))
        elif block.get("type") == "input":
            yield block, block["element"]
        elif "accessory" in block:
            yield block, block["accessory"]


def find(blocks: list[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json]:
    """The block and the element of this action_id; raises LookupError when there is none."""
    for block, element in elements(blocks):
        if element.get("action_id") == action_id and block_id in {None, block["block_id"]}:
            return block, element
    offered = sorted({str(element.get("action_id")) for _, element in elements(blocks)})
    reason = f"nothing here has the action_id {action_id!r}; there are {offered}"
    raise LookupError(reason)


def initial(blocks: list[Json]) -> Values:
    """What the inputs hold before anybody touched them."""
    values: Values = {}
    for block, element in elements(blocks):
        kind = element.get("type", "")
        if kind in _FIELDS:
            key, start = _FIELDS[kind]
            held = copy.deepcopy(element.get(start, [] if kind in _MANY else None))
            values.setdefault(block["block_id"], {})[element["action_id"]] = {
                "type": kind, key: held,
            }  # fmt: skip
    return values


def holding(element: Json, value: object) -> Json:
    """The state of an element that holds this: text, an option's value or text, or several."""
    kind = element["type"]
    key, _ = _FIELDS[kind]
    if key == "selected_option":
        return {"type": kind, key: None if value is None else option(element, value)}
    if key == "selected_options":
        many = value if isinstance(value, (list, tuple)) else [value]
        return {"type": kind, key: [option(element, each) for each in many]}
    return {"type": kind, key: str(value) if kind == "number_input" else value}


def option(element: Json, value: object) -> Json:
    """The option of a select with this value, text or position; external ones are taken as given.

    Raises LookupError when a select offers no such option.
    """
    if isinstance(value, Mapping):
        return dict(value)
    groups = element.get("option_groups", ())
    offered = [*element.get("options", ()), *(o for g in groups for o in g["options"])]
    if isinstance(value, int) and value < len(offered):
        return dict(offered[value])
    for each in offered:
        if value in {each.get("value"), each["text"]["text"]}:
            return dict(each)
    if "external" in element["type"]:
        return {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}
    reason = f"no option {value!r}; there are {[each['text']['text'] for each in offered]}"
    raise LookupError(reason)


def filled(blocks: list[Json], plain: Mapping[str, object]) -> Values:
    """The inputs after a person set some of them; keys are action_ids or block_ids.

    Raises LookupError for a key that names no input.
    """
    values = initial(blocks)
    left = dict(plain)
    for block, element in elements(blocks):
        for name in (element.get("action_id", ""), block["block_id"]):
            if name in left and element["type"] in _FIELDS:
                values[block["block_id"]][element["action_id"]] = holding(element, left.pop(name))
    if left:
        reason = f"no inputs {sorted(left)}; there are {sorted(values)}"
        raise LookupError(reason)
    return values


def problems(blocks: list[Json], values: Values) -> dict[str, str]:
    """What Slack's own client says before it submits: block_id -> sentence."""
    found = {}
    for block in blocks:
        if block.get("type") == "input":
            held = values.get(block["block_id"], {}).get(block["element"]["action_id"], {})
            if problem := _problem(block, held):
                found[block["block_id"]] = problem
    return found


def _problem(block: Json, held: Json) -> str | None:
    element = block["element"]
    value = held.get(_FIELDS.get(element["type"], ("value",))[0])
    if value in (None, "", []):
        return None if block.get("optional") else _REQUIRED
    if element["type"] == "number_input":
        return _number_problem(element, str(value))
    if element["type"] == "plain_text_input":
        return _length_problem(element, str(value))
    return None


def _number_problem(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Enter a number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Enter a number of at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Enter a number of at most {element['max_value']}."
    return None


def _length_problem(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Enter at least {least} characters."
    return f"Enter at most {most} characters." if len(value) > most else None
