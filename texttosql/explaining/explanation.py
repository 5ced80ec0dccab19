"""What a model says about an answer's rows, once it has been held against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from texttosql.cost import FREE, Cost
from texttosql.errors import Next, TextToSQLError
from texttosql.flow import Answer

NOTHING_HELD = "Claude's explanation did not hold against the table, so I don't show it."


class NotExplained(TextToSQLError):
    """There is no explanation, for a reason that has nothing to do with the rows."""


class ExplanationsOff(NotExplained):
    """Nobody is there to explain, or nobody may see the rows."""

    next = Next.OPERATOR


@dataclass(frozen=True, slots=True)
class Explanation:
    """At most three sentences whose every number is in the table or follows from it.

    `dropped` is how many more the model wrote that did not hold.
    """

    sentences: tuple[str, ...]
    cost: Cost = FREE
    dropped: int = 0

    @property
    def told(self) -> tuple[str, ...]:
        """What a reader gets: the sentences, or that none of them held."""
        return self.sentences or (NOTHING_HELD,)


class Explains(Protocol):
    """Who can say what an answer's rows show."""

    @property
    def ready(self) -> bool:
        """Whether it may see rows at all."""
        ...

    def explain(self, question: str, answer: Answer, /) -> Explanation:
        """What the rows show. Raises InterpreterError (with what was spent) or NotExplained."""
        ...


def no_model() -> ExplanationsOff:
    """No model is set up."""
    what = "Explanations are written by Claude, and no model is set up here."
    return ExplanationsOff(what, "Set ANTHROPIC_API_KEY to a key from the Anthropic console.")


def model_is_off() -> ExplanationsOff:
    """A model is set up, and nobody is to ask it."""
    what = "Explanations are written by Claude, and TRACKTALK_ENGINE is offline."
    return ExplanationsOff(what, "To have them, set TRACKTALK_ENGINE to auto or claude.")


def values_stay_here() -> ExplanationsOff:
    """A model is set up, and may not see values."""
    what = (
        "Explanations are switched off here: they send an answer's rows to Claude, and"
        " TRACKTALK_SEND_VALUES is false."
    )
    return ExplanationsOff(what, "To have them, set TRACKTALK_SEND_VALUES=true.")


def nothing_kept() -> NotExplained:
    """The journal has forgotten the turn, or it never had SQL."""
    what = "The journal has no SQL for this answer any more."
    return NotExplained(what, "Ask the question again.")


def no_rows() -> NotExplained:
    """An answer without rows has nothing to explain."""
    return NotExplained("There are no rows to explain.", "Ask a question that finds some.")
