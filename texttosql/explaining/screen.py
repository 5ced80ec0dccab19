"""`ask --explain`: what a model says of the rows, on a terminal and in JSON.

On a terminal the answer does not wait for it; nowhere is an answer lost for it.
"""
# ruff: noqa: PLC0415 - only who wants an explanation pays for a model's imports

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from texttosql.cost import FREE, Cost
from texttosql.errors import InterpreterError, TextToSQLError
from texttosql.flow import Reply
from texttosql.rescue import rescued

if TYPE_CHECKING:
    from texttosql.desk import Outside
    from texttosql.explaining.explanation import Explanation
    from texttosql.terminal import Screen
    from texttosql.wire import Json


@dataclass(frozen=True, slots=True)
class Told:
    """An explanation, or none, and what asking for it cost."""

    found: Explanation | None
    cost: Cost = FREE


def explain(reply: Reply, outside: Outside, store: str | None, to: Screen) -> Told:
    """What a model says of the rows, if there are any; why it says nothing is talk."""
    from texttosql.factory import open_explaining
    from texttosql.terminal import error_line

    def act() -> Explanation:
        with open_explaining(outside.settings(), store) as explaining:
            return explaining(reply)

    if reply.answer is None:
        return Told(None)
    try:
        found = rescued(act)
    except TextToSQLError as error:
        to.talk(error_line(error, to.log))
        return Told(None, error.spent if isinstance(error, InterpreterError) else FREE)
    return Told(found, found.cost)


def show(told: Told, to: Screen) -> None:
    """Below the answer, a sentence a line."""
    if told.found is None:
        return
    to.say("\nInsight:")
    for sentence in told.found.told:
        to.say(f"  {sentence}")
    to.out.flush()


def added(reply: Reply, shown: Json, told: Told) -> Json:
    """The object of `ask --json` with the explanation in it, null where there is none."""
    found = told.found
    said = {"sentences": list(found.sentences), "dropped": found.dropped} if found else None
    return shown | {"explanation": said, "cost": asdict(reply.cost + told.cost)}
