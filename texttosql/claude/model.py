"""What the engine needs of a model: text in, one checked object out, within so many seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from texttosql.cost import Cost

Output = TypeVar("Output", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Heard(Generic[Output]):
    """A model's answer: validated, as it was written, and what it cost."""

    value: Output
    text: str
    cost: Cost


class Model(Protocol):
    """A model that answers in JSON of a given shape."""

    def ask(
        self, system: str, said: Sequence[Said], output: type[Output], seconds: float
    ) -> Heard[Output]:
        """One answer within `seconds`, retries included.

        `system` is the same for many questions and cached by the provider; so is all of `said`
        but its last message. Raises InterpreterDown (nothing came: unreachable, busy, too slow,
        refused, no credit) or InterpreterConfused (what came is unusable: cut off, not of the
        shape), both with what was spent.
        """
        ...
