"""What is said of learning: to who taught it alone, in a line, with a button that takes it back."""

from __future__ import annotations

from bot.render import ids
from bot.render.blocks import VALUE, actions, button, packed, section
from bot.render.message import Message
from bot.render.text import code, mrkdwn
from texttosql.learning.example import Example

THANKS = "Thanks, noted."
_QUESTION = 300


def learned(example: Example, lead: str) -> Message:
    """That a question is answered by this SQL from now on."""
    whom = ", for you alone" if example.private_to else ""
    said = f"{lead} From now on I answer {_quoted(example.question)} this way{whom}."
    way = f"{code(f'tracktalk learn withdraw {example.id}', 60)} takes it back."
    forget = button("Forget it", ids.FORGET, packed(t=example.turn_id, e=example.id))
    return Message(f"{said} {way}", (section(said), actions([forget])))


def plainly(said: str) -> Message:
    """A sentence in the place of a line with a button."""
    return Message(said, (section(said),))


def forgotten(questions: list[str]) -> Message:
    """Thanks for a thumb down, and what is not answered as before any more."""
    if not questions:
        return Message(THANKS)
    told = " and ".join(map(_quoted, questions))
    return Message(f"{THANKS} I no longer answer {told} that way.")


def offered(turn_id: str, question: str, *, alone: bool) -> Message:
    """Edited SQL with other columns than the answer had: whether it is meant as the answer.

    `alone`: nobody else sees what it gave.
    """
    said = f"Shall I answer {_quoted(question)} with your SQL from now on?"
    yes = button("Yes, learn it", ids.ADOPT, packed(t=turn_id, alone=alone))
    return Message(said, (section(said), actions([yes])))


def put_another_way(thanks: str, turn_id: str, reading: str, thread_ts: str | None) -> Message:
    """Thanks, and what was said to be the right reading, to be asked by a click if it is short."""
    value = packed(t=turn_id, q=reading, ts=thread_ts)
    if len(value) > VALUE:
        return Message(thanks)
    said = f"{thanks} Shall I answer it your way? {_quoted(reading)}"
    return Message(said, (section(said), actions([button("Ask it", ids.READING, value)])))


def _quoted(question: str) -> str:
    return f"“{mrkdwn(question, _QUESTION)}”"
