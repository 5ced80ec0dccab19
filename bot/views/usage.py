"""`/history usage`: what the asker and this channel spent, and what is left for them today.

Nobody else is named, and of nobody else alone is anything told: a channel has its total only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.render.blocks import Block, context, section
from bot.render.message import Message
from texttosql.cost import Spending
from texttosql.format import dollars, number
from texttosql.spending.budget import Allowance, Whose
from texttosql.words import many

DAYS = 30

_WHOSE: dict[Whose, str] = {"day": "everybody's", "user": "yours", "channel": "this channel's"}
_FREE = "A question that Claude is not asked costs nothing."


@dataclass(frozen=True, slots=True)
class Spent:
    """What the last `DAYS` days came to; `channel` is None in a direct conversation.

    `budgets` are today's that there are, and `zone` names where their day ends.
    """

    mine: Spending
    channel: Spending | None
    budgets: Sequence[Allowance]
    zone: str


def usage(spent: Spent) -> Message:
    """The figures as a message; its text alone says the same."""
    lines = [f"• You asked {_told(spent.mine)}"]
    if spent.channel is not None:
        lines.append(f"• In this channel there were {_told(spent.channel)}")
    parts = ["\n".join([f"*The last {DAYS} days*", *lines]), *_left(spent)]
    blocks: tuple[Block, ...] = tuple(map(section, parts))
    return Message("\n\n".join([*parts, _FREE]), (*blocks, context(_FREE)))


def _told(spending: Spending) -> str:
    asked = many(spending.turns, "questions")
    if not spending.asked:
        return f"{asked}; Claude was asked none of them."
    of_them = f"{number(spending.asked)} of them"
    return f"{asked}; Claude was asked {of_them}, for {dollars(spending.cost.usd)}."


def _left(spent: Spent) -> list[str]:
    if not spent.budgets:
        return []
    lines = [f"• {_WHOSE[b.whose]}: {_amount(b.left)} of {dollars(b.limit)}" for b in spent.budgets]
    head = f"*Left of today's budgets*, which begin anew at midnight, {spent.zone} time"
    return ["\n".join([head, *lines])]


def _amount(usd: float) -> str:
    return dollars(usd).removesuffix(" USD")
