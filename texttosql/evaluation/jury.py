"""Judges answers as they come, each against the gold rows of its question.

A miss is looked at twice: its gold is run once more, because the store of a team at work moves
while its questions are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from texttosql.evaluation.files import Asked
from texttosql.evaluation.golds import Golds, results, sought_again
from texttosql.evaluation.score import Given, Verdict, judge
from texttosql.wire import Json


class Jury:
    """Knows what every question should give, before the first is asked.

    Raises one SettingsError for all golds that are faulty, WarehouseError when there is no store.
    """

    def __init__(
        self,
        questions: Sequence[Asked],
        golds: Golds,
        file: str,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._questions, self._golds = questions, golds
        self._by_id = {asked.id: asked for asked in questions}
        self._results = results(golds, questions, file, told)
        self._heard: dict[str, Verdict] = {}
        self.predictions: list[Json] = []

    def hear(self, line: Json) -> None:
        """Judge one prediction, a line of `tracktalk eval`."""
        asked = self._by_id[line["id"]]
        self.predictions.append(line)
        self._heard[asked.id] = self._judged(asked, Given.read(line))

    def verdicts(self) -> tuple[Verdict, ...]:
        """One for each question, in the file's order; who was not heard has missed."""
        return tuple(
            self._heard.get(asked.id) or judge(asked, None, self._results[asked.id])
            for asked in self._questions
        )

    def _judged(self, asked: Asked, given: Given) -> Verdict:
        known = self._results[asked.id]
        verdict = judge(asked, given, known)
        if verdict.right or given.outcome != "rows" or asked.expect != "rows":
            return verdict
        return judge(asked, given, sought_again(self._golds, asked, known))
