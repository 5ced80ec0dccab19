"""Judges answers by their rows, never by their SQL text.

An answer is right when some choice of its columns gives exactly the gold rows: extra columns are
fine, extra or missing rows are not. Row order counts only where the question says so. What
counts as the same cell is said in texttosql/same_rows.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from texttosql.cost import FREE, Cost
from texttosql.evaluation.files import Asked, Row
from texttosql.same_rows import rows_within


@dataclass(frozen=True, slots=True)
class Given:
    """A line of what `tracktalk eval` wrote; `outcome` is "missing" when there was none.

    `error` is the question back, the reason why not, or what went wrong. `ms` is the whole turn.
    """

    outcome: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    sql: str | None = None
    error: str | None = None
    ms: float | None = None
    engine: str | None = None
    cost: Cost = FREE

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Given:  # Any: the JSON of wire.prediction
        """The answer in a prediction's line."""
        return cls(
            outcome=line["outcome"],
            columns=tuple(line["columns"]),
            rows=tuple(tuple(row) for row in line["rows"]),
            sql=line["sql"],
            error=_words(line["error"]),
            ms=line["ms"],
            engine=line["engine"],
            cost=Cost(**line["cost"]),
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a question, and whether it is right. `golds`: the acceptable results."""

    asked: Asked
    given: Given
    golds: tuple[tuple[Row, ...], ...]
    right: bool


def judge(asked: Asked, given: Given | None, golds: Sequence[Sequence[Row]]) -> Verdict:
    """Whether the answer is right; `golds` are the results any of which is accepted."""
    given = given or Given("missing")
    right = given.outcome == asked.expect and (
        asked.expect != "rows"
        or any(rows_within(gold, given.rows, ordered=asked.ordered) for gold in golds)
    )
    return Verdict(asked, given, tuple(tuple(gold) for gold in golds), right)


def _words(error: Mapping[str, str | None] | None) -> str | None:
    if error is None:
        return None
    return " ".join(error[key] or "" for key in ("what", "fix")).strip()
