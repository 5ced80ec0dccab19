"""One question's talk with the model: what was said so far, what it cost, and the time left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from texttosql.claude.model import Model, Said
from texttosql.claude.output import Drafted
from texttosql.cost import FREE, Cost
from texttosql.errors import InterpreterDown, InterpreterError

Clock = Callable[[], float]
LEAST = 0.5
"""Seconds below which no answer can come: asking would only cost."""


class Talk:
    """Made for one question. `seconds` are for the whole of it; `clock` gives seconds."""

    def __init__(
        self, model: Model, system: str, said: Sequence[Said], seconds: float, clock: Clock
    ) -> None:
        self._model, self._system, self._question = model, system, tuple(said)
        self._said = self._question
        self._seconds, self._clock = seconds, clock
        self._ends = clock() + seconds
        self.cost: Cost = FREE

    def first(self) -> Drafted:
        """The answer to the question itself. Raises InterpreterError."""
        return self._asked(self._question)

    def mended(self, doubt: str) -> Drafted:
        """An answer that knows what was wrong with the last one. Raises InterpreterError."""
        return self._asked((*self._said, Said("user", doubt)))

    def decided(self, doubt: str) -> Drafted:
        """The question put afresh, with what to choose between. Raises InterpreterError.

        What was answered before stays unsaid: a mind that sees it defends it.
        """
        *before, last = self._question
        return self._asked((*before, replace(last, text=f"{last.text}\n{doubt}")))

    def _asked(self, said: Sequence[Said]) -> Drafted:
        left = self._ends - self._clock()
        if left < LEAST:
            raise self._too_slow()
        try:
            heard = self._model.ask(self._system, said, Drafted, left)
        except InterpreterError as error:
            self.cost += error.spent
            error.spent = self.cost
            raise
        self.cost += heard.cost
        self._said = (*said, Said("assistant", heard.text))
        return heard.value

    def _too_slow(self) -> InterpreterDown:
        what = f"Claude had no answer within {self._seconds:g} seconds."
        fix = "Ask again, or give it longer with TRACKTALK_MODEL_DEADLINE."
        return InterpreterDown(what, fix, spent=self.cost)
