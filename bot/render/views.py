"""The windows an answer's buttons open: its SQL, its SQL to edit, what was wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlparse

from bot.render import ids
from bot.render.blocks import Block, option, packed, section, words
from bot.render.text import code_blocks
from texttosql.flow import Dialect

INPUT = 3000
"""The most characters a text input holds (docs.slack.dev, "Plain-text input element")."""

_BLOCKS = 60
_SERVERS: dict[Dialect, str] = {"mysql": "MySQL", "sqlite": "SQLite"}
CHART = "chart"
"""The one fault that is not the SQL's."""
_FAULTS = {
    "numbers": "The numbers are wrong",
    "reading": "My question was read another way than I meant it",
    "missing": "Something is missing",
    CHART: "The chart does not suit",
    "other": "Something else",
}


def sql_view(sql: str, params: str, dialect: Dialect) -> Block:
    """The statement that ran and the values bound to it, to read and to copy."""
    values = [section("*Values*"), *_code(params, 5)] if params else []
    return {
        "type": "modal",
        "title": words("The SQL", 24),
        "close": words("Close", 24),
        "blocks": [section(f"*{_SERVERS[dialect]}*"), *_code(_laid_out(sql), _BLOCKS), *values],
    }


def edit_view(
    sql: str,
    turn_id: str,
    channel: str | None = None,
    thread_ts: str | None = None,
    url: str | None = None,
) -> Block:
    """The statement to be changed and run again; the guard judges it like any other.

    Where the answer to it belongs is kept in the view: Slack does not say it again. `url` is
    that of an answer that only the clicker sees.
    """
    sql = _laid_out(sql)
    if len(sql) > INPUT:
        return {**_titled("Edit SQL"), "blocks": [section(_TOO_LONG)]}
    return {
        **_titled("Edit SQL"),
        "submit": words("Run", 24),
        "callback_id": ids.EDIT_VIEW,
        "private_metadata": packed(t=turn_id, channel=channel, thread_ts=thread_ts, url=url),
        "blocks": [_input(ids.EDIT_INPUT, "SQL", _text_input(sql), _READ_ONLY)],
    }


_TOO_LONG = f"This statement has more than {INPUT:,} characters: Slack has no field that long."
_READ_ONLY = "SELECT only; names are quoted as your database does it."


def feedback_view(turn_id: str, channel: str | None = None, thread_ts: str | None = None) -> Block:
    """What was wrong with an answer, and what would have been right.

    Where thanks for it belong is kept in the view, as in `edit_view`.
    """
    choices = [option(label, value) for value, label in _FAULTS.items()]
    radio = {"type": "radio_buttons", "options": choices}
    hint = "How would you have put the question, or which number is right?"
    return {
        **_titled("What was wrong?"),
        "submit": words("Send", 24),
        "callback_id": ids.FEEDBACK_VIEW,
        "private_metadata": packed(t=turn_id, channel=channel, thread_ts=thread_ts),
        "blocks": [
            _input(ids.FEEDBACK_KIND, "What was wrong", radio),
            _input(ids.FEEDBACK_READING, "The right reading", _text_input(), hint, optional=True),
        ],
    }


def plainer(view: Block) -> Block:
    """The view without buttons and menus, for when Slack can't show it: words and inputs."""
    kept = [_words_alone(block) for block in view["blocks"] if block["type"] in _WORDY]
    return {**view, "blocks": kept[:_BLOCKS]}


_WORDY = frozenset({"section", "context", "header", "input"})


def _words_alone(block: Block) -> Block:
    return {name: part for name, part in block.items() if name != "accessory"}


def _laid_out(sql: str) -> str:
    """The statement in lines; only its white space changes."""
    return str(sqlparse.format(sql, reindent=True, wrap_after=90))


def _titled(title: str) -> Block:
    return {"type": "modal", "title": words(title, 24), "close": words("Cancel", 24)}


def _text_input(initial: str = "") -> Block:
    field = {"type": "plain_text_input", "multiline": True, "max_length": INPUT}
    return field | ({"initial_value": initial} if initial else {})


def _input(
    name: str, label: str, element: Block, hint: str = "", *, optional: bool = False
) -> Block:
    """An input block; its block_id and its element's action_id are the same word."""
    return {
        "type": "input",
        "block_id": name,
        "label": words(label),
        "element": element | {"action_id": name},
        "optional": optional,
        **({"hint": words(hint, 150)} if hint else {}),
    }


def _code(text: str, at_most: int) -> Sequence[Block]:
    """Code blocks; how much is missing is told."""
    parts = code_blocks(text)
    cut = [section("_The rest is too long to show here._")] if len(parts) > at_most else []
    return [*(section(part) for part in parts[:at_most]), *cut]
