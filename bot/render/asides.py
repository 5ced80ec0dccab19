"""What is said in place of rows: wait, which of these, no but, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render import ids
from bot.render.blocks import LABEL, VALUE, Block, actions, button, context, packed, section
from bot.render.buttons import questions
from bot.render.message import Message, Rendered
from bot.render.said import bold, onward
from bot.render.text import SECTION, code, mrkdwn
from texttosql.errors import (
    InterpreterDown,
    JournalError,
    QueryTooSlow,
    Refused,
    TextToSQLError,
    WarehouseDown,
)
from texttosql.flow import Clarification, Declined, Option, Reply
from texttosql.format import clean

_PASSING = (InterpreterDown, JournalError, QueryTooSlow, WarehouseDown)
"""What may be over by the time one tries again."""
_QUESTION, _OPTION, _SMALL = 900, 400, 150


def working(text: str) -> Message:
    """What stands in the answer's place while it is being made."""
    return Message(f"🔎 {mrkdwn(text, SECTION - 2)}")


def render_clarification(asked: Clarification, turn: str | None) -> Rendered:
    """The question back; a click on an option answers it."""
    listed = _numbered(asked.options)
    text = mrkdwn(asked.question, _QUESTION)
    long = turn is None or any(len(clean(option.label)) > LABEL for option in asked.options)
    row = _options(asked.options, turn) if turn else []
    blocks = [
        section(bold(asked.question, _QUESTION)),
        *([section("\n".join(listed))] if long and listed else []),
        *([actions(row)] if row else []),
    ]
    example = [option.question for option in asked.options[:1]]
    alone = "\n".join([text, *listed, *onward(example, "Ask again, for example:")])
    return Rendered((Message("\n".join([text, *listed]), tuple(blocks)), Message(alone)))


def _numbered(options: Sequence[Option]) -> list[str]:
    shown = options[: len(ids.OPTION)]
    return [f"{i}. {mrkdwn(option.label, _OPTION)}" for i, option in enumerate(shown, start=1)]


def _options(options: Sequence[Option], turn: str) -> list[Block]:
    return [
        button(option.label, name, packed(t=turn, i=i))
        for i, (option, name) in enumerate(zip(options, ids.OPTION, strict=False))
    ]


def render_declined(declined: Declined, turn: str | None) -> Rendered:
    """Why not, and questions that can be answered."""
    text = mrkdwn(declined.reason, _QUESTION)
    ways = questions(declined.suggestions, ids.SUGGEST, turn)
    above = [context("You could ask:")] if ways else []
    alone = "\n".join([text, *onward(declined.suggestions, "You could ask:")])
    return Rendered((Message(text, (section(text), *above, *ways)), Message(alone)))


def render_error(reply: Reply, error: TextToSQLError) -> Rendered:
    """What happened, what to do now, and what to quote when asking for help."""
    fix = mrkdwn(error.fix, _QUESTION) if error.fix else ""
    small = _small(error)
    row = [*_mend(reply, error), *_again(reply, error)]
    blocks = [
        section("\n".join(part for part in (f"⚠️ {bold(error.what, _QUESTION)}", fix) if part)),
        *([context(" · ".join(small))] if small else []),
        *([actions(row)] if row else []),
    ]
    text = " ".join(part for part in (mrkdwn(error.what, _QUESTION), fix) if part)
    alone = "\n".join([text, *small])
    return Rendered((Message(text, tuple(blocks)), Message(alone)))


def _small(error: TextToSQLError) -> list[str]:
    rule = [f"Rule {code(error.rule, _SMALL)}"] if isinstance(error, Refused) else []
    return [*rule, *([f"Reference {code(error.reference, _SMALL)}"] if error.reference else [])]


def _again(reply: Reply, error: TextToSQLError) -> list[Block]:
    """Retry, where trying again makes sense and the question can be found."""
    if not isinstance(error, _PASSING):
        return []
    turn, question = reply.turn_id, reply.question.text
    value = packed(t=turn, q=question)
    if len(value) > VALUE:
        value = packed(t=turn)
    known = turn or len(value) > len(packed())
    return [button("Try again", ids.RETRY, value, style="primary")] if known else []


def _mend(reply: Reply, error: TextToSQLError) -> list[Block]:
    """SQL that was turned down can be looked at and mended."""
    if reply.turn_id is None or reply.draft is None or isinstance(error, _PASSING):
        return []
    return [button("Edit SQL", ids.EDIT_SQL, packed(t=reply.turn_id))]
