"""A model that a test decides, in the process: `claude.model.Model` with its answers ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from texttosql.claude.model import Heard, Output, Said
from texttosql.cost import Cost
from texttosql.errors import InterpreterError

PRICE = Cost(input_tokens=100, output_tokens=20, usd=0.01, calls=1, model_ms=5.0, model="ready")
"""What each answer costs."""


class Ready:
    """Gives its answers in turn, and keeps what it was told. An error is raised."""

    def __init__(self, *answers: Mapping[str, Any] | InterpreterError) -> None:
        self._answers = list(answers)
        self.heard: list[tuple[str, tuple[Said, ...]]] = []
        self.seconds: list[float] = []

    @property
    def newest(self) -> str:
        """The last message of the last request."""
        return self.heard[-1][1][-1].text

    def ask(
        self, system: str, said: Sequence[Said], output: type[Output], seconds: float
    ) -> Heard[Output]:
        """The next answer."""
        self.heard.append((system, tuple(said)))
        self.seconds.append(seconds)
        answer = self._answers.pop(0)
        if isinstance(answer, InterpreterError):
            raise answer
        value = output.model_validate(answer)
        return Heard(value, value.model_dump_json(exclude_defaults=True), PRICE)
