"""What people teach under an answer, what they are told of it, and the buttons that undo it.

All of it is said to who taught it alone. Taking back is anybody's who sees a wrong answer: by
👎, or by the button in the line that said what was learned.
"""

from __future__ import annotations

from dataclasses import replace

from bot.clicks import Click
from bot.inbox import Asked
from bot.listeners.alone import answer
from bot.porch import Porch
from bot.render import learned
from bot.render.message import Message
from bot.render.text import mrkdwn
from bot.target import Target
from texttosql.flow import Turn, Verdict
from texttosql.learning.example import Example
from texttosql.learning.lessons import Teacher

_KNOWN = "I know this answer to it already."
_FORGOTTEN = "Forgotten: from now on I read it anew."
_FORGOTTEN_BEFORE = "It was not in use any more."


def teacher(porch: Porch, target: Target, user: str, *, alone: bool = False) -> Teacher:
    """Who teaches, by the name that colleagues read. `alone`: nobody else sees the answer."""
    names = porch.people.names(target.team, user)
    return Teacher(user, next(iter(names), None), alone or target.direct)


def thanked(porch: Porch, click: Click, turn: Turn, verdict: Verdict) -> Message:
    """What a thumb taught or took back, and thanks."""
    lessons = porch.office.lessons
    if verdict == "down":
        return forgotten(porch, turn.id, click.user)
    by = teacher(porch, click.target, click.user, alone=click.ephemeral)
    example = lessons.praised(turn.id, by)
    return learned.learned(example, learned.THANKS) if example else Message(learned.THANKS)


def forgotten(porch: Porch, turn_id: str, user: str) -> Message:
    """What a thumb down took back, and thanks."""
    taken = porch.office.lessons.doubted(turn_id, user)
    return learned.forgotten([each.question for each in taken])


def forget(porch: Porch, click: Click, _turn: Turn) -> None:
    """The button in a line that said what was learned."""
    done = porch.office.lessons.withdraw(str(click.value.get("e") or ""), click.user)
    said = learned.plainly(_FORGOTTEN if done else _FORGOTTEN_BEFORE)
    answer(porch, click.response_url, said, replace=True)


def adopt(porch: Porch, click: Click, turn: Turn) -> None:
    """Edited SQL whose editor says that it is what the question asks for."""
    by = teacher(porch, click.target, click.user, alone=bool(click.value.get("alone")))
    said = _told(porch.office.lessons.adopted(turn.id, by))
    answer(porch, click.response_url, said, replace=True)


def _told(example: Example | None) -> Message:
    return learned.learned(example, "Learned.") if example else learned.plainly(_KNOWN)


def ask_reading(porch: Porch, click: Click, turn: Turn) -> None:
    """What was said to be the right reading becomes a question below the wrong answer."""
    reading = str(click.value.get("q") or "")
    thread = click.value.get("ts") or click.below.thread_ts
    porch.inbox.take(
        Asked(
            key=f"reading:{turn.id}:{click.message_ts}",  # the button stays: it asks once
            user=click.user,
            target=replace(click.below, thread_ts=thread),
            text=reading,
            follows=turn.id,
            lead=f"<@{click.user}> put it another way: {mrkdwn(reading, 500)}",
        )
    )
