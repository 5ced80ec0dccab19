"""What can be clicked or filled in, and the limits of each.

Limits: docs.slack.dev/reference/block-kit/block-elements and composition-objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.workspace import checks
from bot.workspace.checks import ANY_TEXT, Faults, fault, listed
from bot.workspace.people import Json

_COMMON = frozenset({"type", "action_id"})
_CONFIRMED = frozenset({"confirm"})
_TYPED = frozenset({"placeholder", "initial_value", "dispatch_action_config", "focus_on_load"})
_PICKED = frozenset({"placeholder", "confirm", "focus_on_load"})
_BUTTON = frozenset({"text", "url", "value", "style", "confirm", "accessibility_label"})
_ICON = frozenset(
    {"icon", "text", "value", "confirm", "accessibility_label", "visible_to_user_ids"}
)
_DATES = {
    "datepicker": ("initial_date", r"\d{4}-\d{2}-\d{2}"),
    "timepicker": ("initial_time", r"\d{2}:\d{2}"),
    "datetimepicker": ("initial_date_time", r"\d{10}"),
}
_FOUND = ("users", "conversations", "channels")


def confirm(given: Json, path: str) -> Faults:
    """A confirmation dialog, when there is one."""
    value, path = given.get("confirm"), f"{path}/confirm"
    if value is None:
        return
    if not isinstance(value, dict):
        yield fault(path, "must be an object")
        return
    yield from checks.keys(value, path, {"title", "text", "confirm", "deny", "style"})
    yield from checks.text(value, "title", path, 100, needed=True)
    yield from checks.text(value, "text", path, 300, kinds=ANY_TEXT, needed=True)
    yield from checks.text(value, "confirm", path, 30, needed=True)
    yield from checks.text(value, "deny", path, 30, needed=True)
    yield from checks.one_of(value, "style", path, {"primary", "danger"})


def option(given: Json, path: str, *, kinds: tuple[str, ...] = checks.PLAIN) -> Faults:
    """One choice."""
    yield from checks.keys(given, path, {"text", "value", "description", "url"})
    yield from checks.text(given, "text", path, 75, kinds=kinds, needed=True)
    yield from checks.string(given, "value", path, 150, needed=True)
    yield from checks.text(given, "description", path, 75, kinds=kinds)
    if "url" in given:
        yield from checks.url(given, "url", path, 3000)


def _rich_option(given: Json, path: str) -> Faults:
    yield from option(given, path, kinds=ANY_TEXT)


def _option_group(given: Json, path: str) -> Faults:
    yield from checks.text(given, "label", path, 75, needed=True)
    yield from checks.items(given, "options", path, 100, option)


def _button(given: Json, path: str) -> Faults:
    yield from checks.keys(given, path, _COMMON | _BUTTON)
    yield from checks.text(given, "text", path, 75, needed=True)
    yield from checks.string(given, "value", path, 2000)
    yield from checks.string(given, "accessibility_label", path, 75)
    yield from checks.one_of(given, "style", path, {"primary", "danger"})
    if "url" in given:
        yield from checks.url(given, "url", path, 3000)


def _icon_button(given: Json, path: str) -> Faults:
    yield from checks.keys(given, path, _COMMON | _ICON)
    yield from checks.one_of({"icon": None, **given}, "icon", path, {"trash"})
    yield from checks.text(given, "text", path, 75, needed=True)
    yield from checks.string(given, "value", path, 2000)
    yield from checks.string(given, "accessibility_label", path, 75)


def _feedback_buttons(given: Json, path: str) -> Faults:
    sides = ("positive_button", "negative_button")
    yield from checks.keys(given, path, _COMMON | set(sides))
    for name in sides:
        side, where = given.get(name), f"{path}/{name}"
        if not isinstance(side, dict):
            yield checks.missing(path, name)
            continue
        yield from checks.keys(side, where, {"text", "value", "accessibility_label"})
        yield from checks.text(side, "text", where, 75, needed=True)
        yield from checks.string(side, "value", where, 2000, needed=True)
        yield from checks.string(side, "accessibility_label", where, 75)


def _overflow(given: Json, path: str) -> Faults:
    yield from checks.keys(given, path, _COMMON | _CONFIRMED | {"options"})
    yield from checks.items(given, "options", path, 5, option)


def _boxes(given: Json, path: str) -> Faults:
    """Checkboxes and radio buttons."""
    start = "initial_options" if given["type"] == "checkboxes" else "initial_option"
    allowed = {"options", start, "confirm", "focus_on_load"}
    yield from checks.keys(given, path, _COMMON | allowed)
    yield from checks.items(given, "options", path, 10, _rich_option)
    yield from _starts_with_an_option(given, path)


def _static_select(given: Json, path: str) -> Faults:
    yield from checks.keys(given, path, _select_keys(given, "options", "option_groups"))
    yield from _placeholder(given, path)
    if ("options" in given) == ("option_groups" in given):
        yield fault(path, "exactly one of options and option_groups is required")
    elif "options" in given:
        yield from checks.items(given, "options", path, 100, option)
    else:
        yield from checks.items(given, "option_groups", path, 100, _option_group)
    yield from _starts_with_an_option(given, path)


def _external_select(given: Json, path: str) -> Faults:
    yield from checks.keys(given, path, _select_keys(given, "min_query_length"))
    yield from _placeholder(given, path)
    yield from checks.integer(given, "min_query_length", path, 0, 3000)
    for number, chosen in enumerate(_chosen(given)):
        yield from option(chosen, f"{path}/initial_option/{number}")


def _found_select(given: Json, path: str) -> Faults:
    """A select that Slack itself fills: users, conversations, channels."""
    kind = next(kind for kind in _FOUND if kind in given["type"])
    initial = {f"initial_{kind}", f"initial_{kind[:-1]}"}
    more = {"default_to_current_conversation", "response_url_enabled", "filter"}
    yield from checks.keys(given, path, _select_keys(given) | initial | more)
    yield from _placeholder(given, path)


def _plain_text_input(given: Json, path: str) -> Faults:
    yield from checks.keys(
        given, path, _COMMON | _TYPED | {"multiline", "min_length", "max_length"}
    )
    yield from _placeholder(given, path)
    yield from checks.integer(given, "min_length", path, 0, 3000)
    yield from checks.integer({"max_length": 3000, **given}, "max_length", path, 1, 3000)
    most = given.get("max_length")
    yield from checks.string(
        given, "initial_value", path, most if isinstance(most, int) else 3000, least=0
    )


def _number_input(given: Json, path: str) -> Faults:
    numbers = ("min_value", "max_value", "initial_value")
    yield from checks.keys(given, path, _COMMON | _TYPED | {"is_decimal_allowed", *numbers})
    yield from _placeholder(given, path)
    if not isinstance(given.get("is_decimal_allowed"), bool):
        yield checks.missing(path, "is_decimal_allowed")
    for name in numbers:
        if name in given and not re.fullmatch(r"-?\d+(\.\d+)?", str(given[name])):
            yield fault(f"{path}/{name}", "must be a number")


def _line_input(given: Json, path: str) -> Faults:
    """E-mail and URL inputs."""
    yield from checks.keys(given, path, _COMMON | _TYPED)
    yield from _placeholder(given, path)
    yield from checks.string(given, "initial_value", path, 3000)


def _date(given: Json, path: str) -> Faults:
    name, pattern = _DATES[given["type"]]
    yield from checks.keys(given, path, _COMMON | _PICKED | {name, "timezone"})
    yield from _placeholder(given, path)
    if name in given and not re.fullmatch(pattern, str(given[name])):
        yield fault(f"{path}/{name}", "has the wrong format")


def image(given: Json, path: str) -> Faults:
    """An image beside text."""
    yield from checks.keys(given, path, {"type", "image_url", "slack_file", "alt_text"})
    yield from picture(given, path)


def picture(given: Json, path: str) -> Faults:
    """Where an image comes from, and what it shows."""
    yield from checks.string(given, "alt_text", path, 2000, needed=True)
    if ("image_url" in given) == ("slack_file" in given):
        yield fault(path, "exactly one of image_url and slack_file is required")
    elif "image_url" in given:
        yield from checks.url(given, "image_url", path, 3000)
    else:
        file = given["slack_file"]
        if not isinstance(file, dict) or ("id" in file) == ("url" in file):
            yield fault(f"{path}/slack_file", "exactly one of id and url is required")


def _select_keys(given: Json, *more: str) -> frozenset[str]:
    start = ("initial_options", "max_selected_items")
    many = str(given["type"]).startswith("multi_")
    return _COMMON | _PICKED | set(more) | set(start if many else ("initial_option",))


def _placeholder(given: Json, path: str) -> Faults:
    yield from checks.text(given, "placeholder", path, 150)
    yield from checks.boolean(given, "focus_on_load", path)


def _chosen(given: Json) -> list[Json]:
    start = listed(given.get("initial_options")) or [given.get("initial_option")]
    return [each for each in start if isinstance(each, dict)]


def _starts_with_an_option(given: Json, path: str) -> Faults:
    groups = [group for group in listed(given.get("option_groups")) if isinstance(group, dict)]
    offered = [*listed(given.get("options"))]
    for group in groups:
        offered += listed(group.get("options"))
    for chosen in _chosen(given):
        if chosen not in offered:
            yield fault(f"{path}/initial_option", "must exactly match one of the options")


_ONE_SELECT = ("static_select", "external_select", *(f"{kind}_select" for kind in _FOUND))
_SELECTS = (*_ONE_SELECT, *(f"multi_{kind}" for kind in _ONE_SELECT))
_LINES = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
_BOXES = ("checkboxes", "radio_buttons")
IN_ACTIONS = frozenset({"button", "overflow", *_BOXES, *_SELECTS, *_DATES})
IN_SECTION = IN_ACTIONS | {"image"}
IN_INPUT = frozenset({*_BOXES, *_SELECTS, *_DATES, *_LINES})
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})


def _check_for(kind: str) -> Callable[[Json, str], Faults]:
    by_kind = {
        "button": _button,
        "icon_button": _icon_button,
        "feedback_buttons": _feedback_buttons,
        "overflow": _overflow,
        "image": image,
        "plain_text_input": _plain_text_input,
        "number_input": _number_input,
    }
    if kind in by_kind:
        return by_kind[kind]
    if kind in _BOXES:
        return _boxes
    if kind in _DATES:
        return _date
    if kind in _SELECTS:
        return _select(kind.removeprefix("multi_"))
    return _line_input


def _select(kind: str) -> Callable[[Json, str], Faults]:
    return {"static_select": _static_select, "external_select": _external_select}.get(
        kind, _found_select
    )


def element(given: object, path: str, allowed: frozenset[str]) -> Faults:
    """An element of one of the types that may stand there."""
    if not isinstance(given, dict):
        yield fault(path, "must be an object")
        return
    kind = str(given.get("type"))
    if kind not in allowed:
        yield fault(f"{path}/type", f"unsupported type: {kind}")
        return
    yield from _check_for(kind)(given, path)
    yield from checks.string(given, "action_id", path, 255)
    yield from confirm(given, path)
