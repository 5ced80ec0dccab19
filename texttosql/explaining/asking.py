"""From a reply with rows to what a model says of them: asked if it may be, the cost noted."""

from __future__ import annotations

import logging
from collections.abc import Callable

from texttosql.cost import FREE, Cost
from texttosql.errors import InterpreterError, JournalError
from texttosql.explaining.explanation import Explains, Explanation, NotExplained, no_rows
from texttosql.flow import Answer, Question, Reply
from texttosql.ports import Journal

_log = logging.getLogger(__name__)

Over = Callable[[Question], str | None]
"""Why a model may not be asked now, in a sentence; None when it may. Raises JournalError."""


class Off:
    """`explanation.Explains` where there are no explanations."""

    ready = False

    def __init__(self, why: NotExplained) -> None:
        self._why = why

    def explain(self, question: str, answer: Answer, /) -> Explanation:  # noqa: ARG002 - the Protocol's
        """Raises NotExplained."""
        raise self._why


def explained(
    reply: Reply, explainer: Explains, journal: Journal, over: Over | None = None
) -> Explanation:
    """What the rows of a reply show; the cost is added to its turn.

    Raises NotExplained (nothing to explain, not allowed, over budget), InterpreterError, or the
    reply's own error; JournalError where the budget cannot be looked up.
    """
    if reply.error is not None:
        raise reply.error
    if reply.answer is None:
        raise no_rows()
    why = over(reply.question) if over is not None and explainer.ready else None
    if why is not None:
        what = f"There is no explanation now: {why}"
        raise NotExplained(what, "The answer itself stands.")
    try:
        found = explainer.explain(reply.question.text, reply.answer)
    except InterpreterError as error:
        _note(journal, reply.turn_id, error.spent)
        raise
    _note(journal, reply.turn_id, found.cost)
    return found


def _note(journal: Journal, turn_id: str | None, cost: Cost) -> None:
    """What was paid for is shown, also where it cannot be written down."""
    if turn_id is None or cost == FREE:
        return
    try:
        journal.note_cost(turn_id, cost)
    except JournalError as error:
        _log.warning("the cost of an explanation (%.4f USD) is not noted: %s", cost.usd, error.what)
