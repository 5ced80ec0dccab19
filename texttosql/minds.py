"""Which engine answers a question: what is known, then what is certain, then what is cleverest.

A verified answer needs no engine. Where the offline engine is sure, `auto` takes its word: it
costs nothing and is quick. Claude reads the rest, and when it cannot (down, slow, over budget,
refusing) the offline engine's reading stands, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from texttosql.catalog import Catalog
from texttosql.errors import InterpreterError
from texttosql.flow import Clarification, Draft, Found, Question, Trial, Turn
from texttosql.learning.example import Example
from texttosql.picking import picked
from texttosql.ports import Interpreter

INSTEAD = "answered by the offline engine"
AGREED = "two independent readings agree"
DOUBTED = "another reading of this gives other rows"
"""Assumptions that tell how an answer came about, not what it means."""

Allowed = Callable[[Question], str | None]
"""Why a model may not be asked now, in a sentence; None when it may."""


class Memory(Protocol):
    """What was verified before: `learning.recall.Recall`, or nothing."""

    def verified(self, question: Question, turns: Sequence[Turn], catalog: Catalog) -> Draft | None:
        """The draft of an exact known question."""
        ...

    def alike(self, question: Question, catalog: Catalog) -> tuple[Example, ...]:
        """A few verified examples that are like this question."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that its reading may lean on. `other` is the offline engine's draft."""

    question: Question
    turns: Sequence[Turn]
    catalog: Catalog
    trial: Trial
    other: Draft | None = None
    examples: Sequence[Example] = ()


class Reader(Protocol):
    """A model that reads questions: `claude.engine.ClaudeInterpreter`."""

    def read(self, asked: Asked, /) -> Found:
        """A draft that runs, a question back, or a reason why not. Raises InterpreterError."""
        ...


class Minds:
    """`ports.Interpreter` over all of them. `always` asks the model also where offline is sure."""

    def __init__(
        self,
        offline: Interpreter,
        model: Reader | None,
        memory: Memory,
        allowed: Allowed,
        *,
        always: bool = False,
    ) -> None:
        self._offline, self._model, self._memory = offline, model, memory
        self._allowed, self._always = allowed, always

    def interpret(
        self, question: Question, turns: Sequence[Turn], catalog: Catalog, trial: Trial, /
    ) -> Found:
        """A draft, a question back, or a reason why not. Raises nothing of its own."""
        chosen = picked(question.text, turns)
        full = question if chosen is None else replace(question, text=chosen.question)
        known = self._memory.verified(question, turns, catalog)
        if known is not None and trial(known) is None:
            return known
        # An option of its own it knows by its plan; another's it has to read.
        heard = full if chosen is not None and chosen.plan is None else question
        reading = self._offline.interpret(heard, turns, catalog, trial)
        if self._model is None or (_is_sure(reading) and not self._always):
            return reading
        if not any(map(str.isalnum, question.text)):
            return reading  # nothing was asked, and nothing is paid for it
        # Who has chosen one of several readings is not asked which of two is meant.
        other = reading if isinstance(reading, Draft) and chosen is None else None
        asked = Asked(full, turns, catalog, trial, other)
        return self._by_model(self._model, reading, asked)

    def _by_model(self, model: Reader, reading: Found, asked: Asked) -> Found:
        why_not = self._allowed(asked.question)
        if why_not is not None:
            return _instead(reading, why_not)
        examples = self._memory.alike(asked.question, asked.catalog)
        try:
            return model.read(replace(asked, examples=examples))
        except InterpreterError as error:
            return replace(_instead(reading, error.what), cost=error.spent)


def _is_sure(reading: Found) -> bool:
    return isinstance(reading, Draft) and reading.sure


def _instead(reading: Found, why: str) -> Found:
    """The offline engine's reading, saying that it is not the one that was wanted."""
    told = f"{INSTEAD}: {why.rstrip('.')}"
    if isinstance(reading, Draft):
        return replace(reading, assumptions=(told, *reading.assumptions))
    if isinstance(reading, Clarification):
        return replace(reading, question=f"{reading.question} ({why.rstrip('.')}.)")
    return replace(reading, reason=f"{reading.reason} {why}")
