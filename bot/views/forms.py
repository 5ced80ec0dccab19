"""The modals of templates: the values to run one with, its name and text, and a last question.

`Note` is what a modal remembers until it is sent: where it was opened, and for which template.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.render.blocks import OPTION_VALUE, Block, context, option, section, words
from bot.render.said import bold
from bot.render.text import code, mrkdwn
from bot.target import Target
from texttosql.errors import TemplateError
from texttosql.templates import Parameter, ParameterKind, Scope, Template, parameters

RUN_VIEW = "template_run_view"
SAVE_VIEW = "template_save_view"
DELETE_VIEW = "template_delete_view"
NAME, TEXT, SCOPE = "name", "text", "scope"
"""Inputs of the form that saves: block_id and action_id are the same word."""

KINDS: tuple[ParameterKind, ...] = ("experiment", "metric", "param", "model", "user", "tag")
"""Kinds of parameters whose values are names that live in the store."""
LONGEST_NAME = 80
LONGEST_TEXT = 1_000
_LONGEST_VALUE = 300
MOST_ASKED = 20
_OPTIONS = 100
"""The most that a menu offers (docs.slack.dev, "External data source")."""
_HINT = (
    "What stands in {braces} is asked for each time: {experiment}, {metric}, {param}, {model},"
    " {user}, {tag}, or a number such as {days=7}. What stands behind = is offered first."
)
_SCOPES: dict[Scope, str] = {
    "personal": "Only me",
    "channel": "Everyone in this channel",
    "team": "Everyone in the workspace",
}


@dataclass(frozen=True, slots=True)
class Note:
    """Kept in the modal's private_metadata. An empty channel is the conversation with the app.

    `url` answers the command or list that the modal was opened from; `turn` is the answer that
    a new template is made of.
    """

    team: str
    channel: str = ""
    thread_ts: str | None = None
    template: str | None = None
    url: str | None = None
    turn: str | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Note:  # Any: JSON that `packed` wrote
        """The note in a view that comes back."""
        return cls(
            str(kept.get("team") or ""),
            str(kept.get("channel") or ""),
            kept.get("thread_ts"),
            kept.get("template"),
            kept.get("url"),
            kept.get("turn"),
        )

    @property
    def packed(self) -> str:
        """As JSON: at most 3,000 characters, of which an address takes about 100."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @property
    def target(self) -> Target:
        """Where the modal was opened."""
        return Target(self.team, self.channel, self.thread_ts)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form that saves is filled with. `mine`: whom it is shared with may be changed."""

    name: str = ""
    text: str = ""
    scope: Scope = "personal"
    mine: bool = True
    refines: bool = False


def run_form(template: Template, parameters: Iterable[Parameter], note: Note) -> Block:
    """One input for each parameter; its block_id is the parameter's name."""
    said = section(f"{bold(template.name, 200)}\n{code(template.text, 1_500)}")
    inputs = [_input(each.name, _label(each.name), _value(each)) for each in parameters]
    return _modal("Run a template", RUN_VIEW, note, [said, *inputs], submit="Run")


def save_form(draft: Draft, note: Note) -> Block:
    """A template's name, its text, and who may use it."""
    name = {"type": "plain_text_input", "action_id": NAME, "max_length": LONGEST_NAME}
    text = {
        "type": "plain_text_input", "action_id": TEXT, "max_length": LONGEST_TEXT,
        "multiline": True,
    }  # fmt: skip
    blocks = [
        _input(NAME, "Name", _starting(name, draft.name[:LONGEST_NAME])),
        _input(TEXT, "Question", _starting(text, draft.text[:LONGEST_TEXT]), hint=_HINT),
        *([_input(SCOPE, "Who can use it", _scopes(draft.scope, note))] if draft.mine else []),
        *([context(_REFINES)] if draft.refines else []),
    ]
    title = "Edit template" if note.template else "Save as template"
    return _modal(title, SAVE_VIEW, note, blocks, submit="Save")


_REFINES = (
    ":bulb: This question went on from an earlier one. A template stands alone: write into it what"
    " the earlier question said."
)


def delete_form(template: Template, note: Note) -> Block:
    """Asks before a template goes for good."""
    others = "" if template.scope == "personal" else " Others use it too."
    text = f"Delete {bold(template.name, 200)}?{others} This can't be undone."
    return _modal("Delete template", DELETE_VIEW, note, [section(text)], submit="Delete")


def wait_form(title: str, what: str) -> Block:
    """Stands for a moment where a form will be."""
    return {"type": "modal", "title": words(title, 24), "blocks": [section(mrkdwn(what))]}


def faults(name: str, text: str) -> dict[str, str]:
    """What is wrong with a template's name or text: a sentence for each input (block_id)."""
    found = {} if name else {NAME: "Give it a name, such as “best runs”."}
    if not text:
        return found | {TEXT: "Write the question that it asks."}
    wrong = _fault(text)
    return found | ({TEXT: wrong} if wrong else {})


def _fault(text: str) -> str | None:
    try:
        asked = parameters(text)
    except TemplateError as error:
        return f"{error.what} {error.fix}"
    if len(asked) > MOST_ASKED:
        return f"It asks for {len(asked)} values; {MOST_ASKED} is the most."
    long = next((each.name for each in asked if len(each.name) > LONGEST_NAME), None)
    return f"A parameter's name has at most {LONGEST_NAME} characters." if long else None


def choices(names: Sequence[str]) -> list[Block]:
    """Names as a menu's options; one that Slack could not hand back whole is left out."""
    whole = [name for name in names if 0 < len(name) <= OPTION_VALUE]
    return [option(name, name) for name in whole[:_OPTIONS]]


def action_of(kind: str) -> str:
    """The action_id of a menu of names of that kind."""
    return f"template_{kind}"


def _value(parameter: Parameter) -> Block:
    given = parameter.default or ""
    if parameter.kind in KINDS:
        return _menu(parameter.kind, given)
    if parameter.kind == "number":
        number = {"type": "number_input", "action_id": "value", "is_decimal_allowed": True}
        return _starting(number, given)
    text = {"type": "plain_text_input", "action_id": "value", "max_length": _LONGEST_VALUE}
    return _starting(text, given)


def _menu(kind: str, given: str) -> Block:
    menu = {
        "type": "external_select", "action_id": action_of(kind), "min_query_length": 0,
        "placeholder": words(f"Choose or type a {kind}".replace("a ex", "an ex")),
    }  # fmt: skip
    first = choices([given])
    return menu | ({"initial_option": first[0]} if first else {})


def _scopes(scope: Scope, note: Note) -> Block:
    there = [each for each in _SCOPES if each != "channel" or note.channel[:1] not in {"", "D"}]
    offered = {each: option(_SCOPES[each], each) for each in there}
    return {
        "type": "radio_buttons",
        "action_id": SCOPE,
        "options": list(offered.values()),
        "initial_option": offered.get(scope, offered["personal"]),
    }


def _starting(element: Block, text: str) -> Block:
    return element | ({"initial_value": text} if text else {})


def _label(name: str) -> str:
    spaced = name.replace("_", " ").strip() or name
    return spaced[:1].upper() + spaced[1:]


def _input(name: str, label: str, element: Block, *, hint: str | None = None) -> Block:
    block = {"type": "input", "block_id": name, "label": words(label), "element": element}
    return block | ({"hint": words(hint, 2_000)} if hint else {})


def _modal(title: str, callback_id: str, note: Note, blocks: list[Block], *, submit: str) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": note.packed,
        "title": words(title, 24),
        "submit": words(submit, 24),
        "close": words("Cancel", 24),
        "blocks": blocks,
    }
