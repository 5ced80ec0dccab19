"""`/templates` as a list: mine, the channel's, the team's, the shipped ones, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.render.blocks import Block, actions, button, option, packed, section
from bot.render.message import Message
from bot.render.said import bold
from bot.render.text import SECTION, code, mrkdwn
from texttosql.templates import Scope, Template

RUN = "template_run"
MORE = "template_more"
BACK = "templates_back"
ON = "templates_on"

EDIT, DELETE = "edit", "delete"
"""What the ⋯ menu offers beside the scopes, which it names as they are."""

PAGE = 10
"""Templates shown at once: two blocks each, and a message holds fifty."""
_NAME, _TEXT = 200, 1_000
_GROUPS: dict[Scope | None, str] = {
    "personal": "Mine", "channel": "This channel's", "team": "The team's",
    None: "Shipped with Tracktalk",
}  # fmt: skip
SCOPES: dict[Scope, str] = {
    "channel": "Share with this channel",
    "team": "Share with the team",
    "personal": "Keep to myself",
}
"""Whom a template can be shared with, as its menu says it."""
HELP = """\
*`/templates` keeps questions that are asked again and again.*
• `/templates` lists yours, this channel's, the team's and the shipped ones
• `/templates run best runs` runs one by its name
• `/templates drift` lists those with _drift_ in the name or the question
To make one, ask a question and press _Save as template_ under its answer."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one person sees. `words` they looked for; `page` counts from 0.

    `shareable`: there is a channel to share with, which a direct conversation is not.
    """

    templates: Sequence[Template]
    user: str
    words: str = ""
    page: int = 0
    shareable: bool = True

    @property
    def found(self) -> list[Template]:
        """The templates that have every word in their name or question."""
        wanted = self.words.casefold().split()
        return [
            each
            for each in self.templates
            if all(word in f"{each.name} {each.text}".casefold() for word in wanted)
        ]

    @property
    def shown(self) -> list[Template]:
        """The page of them."""
        return self.found[self.page * PAGE : (self.page + 1) * PAGE]


def listing(shelf: Shelf) -> Message:
    """The page as a message; its text alone says the same in short."""
    lines = [f"• {bold(each.name, _NAME)}: {code(each.text, _NAME)}" for each in shelf.shown]
    text = _head(shelf)
    for line in lines:
        if len(text) + len(line) < SECTION:
            text = f"{text}\n{line}"
    return Message(text, (section(_head(shelf)), *_rows(shelf), *_turning(shelf)))


def called(templates: Sequence[Template], name: str) -> list[Template]:
    """Those that a typed name can mean: the one of that name, else those with all its words."""
    wanted = name.casefold().split()
    exact = [each for each in templates if each.name.casefold().split() == wanted]
    return exact[:1] or Shelf(templates, "", " ".join(wanted)).found


def _head(shelf: Shelf) -> str:
    count = len(shelf.found)
    if shelf.words and not count:
        return f"No template says {mrkdwn(shelf.words, 200)}. `/templates` lists them all."
    about = f" about {mrkdwn(shelf.words, 200)}" if shelf.words else ""
    return f"*Templates*{about} · {count} · `/templates help` says what else I can do with them"


def _rows(shelf: Shelf) -> Iterator[Block]:
    for group, templates in groupby(shelf.shown, _group):
        yield section(f"*{_GROUPS[group]}*")
        for each in templates:
            yield from _shipped(each) if group is None else _own(each, shelf)


def _group(template: Template) -> Scope | None:
    return None if template.owner is None else template.scope


def _shipped(template: Template) -> list[Block]:
    return [section(said(template)) | {"accessory": run_button(template)}]


def _own(template: Template, shelf: Shelf) -> list[Block]:
    menu = {"type": "overflow", "action_id": MORE, "options": _choices(template, shelf)}
    return [section(said(template)), actions([run_button(template), menu])]


def said(template: Template) -> str:
    """A template in two lines."""
    return f"{bold(template.name, _NAME)}\n{code(template.text, _TEXT)}"


def run_button(template: Template) -> Block:
    """Runs it, or asks for its values first."""
    return button("Run", RUN, packed(id=template.id))


def _choices(template: Template, shelf: Shelf) -> list[Block]:
    """Anybody may edit what is shared; only its owner changes with whom."""
    scopes = [scope for scope in SCOPES if scope != template.scope and template.owner == shelf.user]
    if not shelf.shareable:
        scopes = [scope for scope in scopes if scope != "channel"]
    return [
        option("Edit", packed(id=template.id, do=EDIT)),
        *(option(SCOPES[scope], packed(id=template.id, do=scope)) for scope in scopes),
        option("Delete", packed(id=template.id, do=DELETE)),
    ]


def _turning(shelf: Shelf) -> list[Block]:
    def to(page: int) -> str:
        return packed(page=page, words=shelf.words[:500])

    more = len(shelf.found) > (shelf.page + 1) * PAGE
    row = [
        *([button("‹ Back", BACK, to(shelf.page - 1))] if shelf.page else []),
        *([button("More ›", ON, to(shelf.page + 1))] if more else []),
    ]
    return [actions(row)] if row else []
