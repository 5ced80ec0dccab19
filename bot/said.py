"""What somebody typed in Slack, as plain words: no mention of the bot, no markup, no entities."""

from __future__ import annotations

import re
from collections.abc import Callable

_TAG = re.compile(r"<([^<>\n]+)>")
_CODE = re.compile(r"^(?:```|`)([^`]+)(?:```|`)$", re.DOTALL)
"""A whole message in a code span or block; inside a sentence backticks quote a name."""
_MARKED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^*~\n]+?)(?<=\S)\1(?![\w*_~])")
"""Bold, italic or struck words. `val_accuracy` and `2 * 3 * 4` have no marks."""
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""The three that Slack escapes, in the order that undoes them (docs.slack.dev, "Formatting")."""

NameOf = Callable[[str], str]


def words(text: str, bot_user: str | None, name_of: NameOf) -> str:
    """The question in a message: "<@UBOT> runs of <@U2>" is "runs of bob"."""

    def plain(tag: re.Match[str]) -> str:
        body, _, label = tag[1].partition("|")
        if body.startswith("@"):
            return "" if body[1:] == bot_user else label or name_of(body[1:])
        if body.startswith(("#", "!")):
            return label or body[1:]
        return label or body.removeprefix("mailto:")

    bare = _MARKED.sub(r"\2", _CODE.sub(r"\1", _TAG.sub(plain, text).strip()))
    return " ".join(unescaped(bare).split()).strip(" ,:")


def unescaped(text: str) -> str:
    """The characters that Slack's entities stand for."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def mentions(text: str, user: str | None) -> bool:
    """Whether a message speaks to this user."""
    return user is not None and re.search(rf"<@{re.escape(user)}(\|[^>]*)?>", text) is not None


def begins_with_a_mention(text: str) -> bool:
    """Whether a message begins by speaking to somebody."""
    return text.lstrip().startswith("<@")
