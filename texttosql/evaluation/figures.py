"""What is counted of many verdicts: how often right, how often asked back, how long, how dear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from texttosql.cost import FREE, Cost
from texttosql.evaluation.score import Verdict
from texttosql.percentile import nearest_rank


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over some verdicts.

    `answered` came with rows, `right_rows` of them right. `abstained` are those of `with_rows`
    (that expect rows) which got a question back, a refusal, an error or nothing; `overreached`
    those answered with rows that expect none. Half of the turns took no longer than `p50_ms`, 95
    of a hundred no longer than `p95_ms`; None where nothing was asked.
    """

    asked: int
    right: int
    answered: int
    right_rows: int
    with_rows: int
    abstained: int
    overreached: int
    p50_ms: float | None
    p95_ms: float | None
    cost: Cost

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> Figures:
        """The counts."""
        answered = [v for v in verdicts if v.given.outcome == "rows"]
        with_rows = [v for v in verdicts if v.asked.expect == "rows"]
        times = sorted(v.given.ms for v in verdicts if v.given.ms is not None)
        return cls(
            asked=len(verdicts),
            right=sum(v.right for v in verdicts),
            answered=len(answered),
            right_rows=sum(v.right for v in answered),
            with_rows=len(with_rows),
            abstained=sum(v.given.outcome != "rows" for v in with_rows),
            overreached=sum(v.asked.expect != "rows" for v in answered),
            p50_ms=nearest_rank(times, 50),
            p95_ms=nearest_rank(times, 95),
            cost=sum((v.given.cost for v in verdicts), FREE),
        )

    @property
    def accuracy(self) -> float:
        """Right among asked; 1 when nothing was asked."""
        return self.right / self.asked if self.asked else 1.0

    @property
    def precision(self) -> float:
        """Right among answered with rows; 1 when nothing was."""
        return self.right_rows / self.answered if self.answered else 1.0

    @property
    def abstention(self) -> float:
        """Abstained among those that expect rows; 0 when none does."""
        return self.abstained / self.with_rows if self.with_rows else 0.0

    @property
    def tokens(self) -> int:
        """All that went to models and came back, from their caches or not."""
        cost = self.cost
        read = cost.input_tokens + cost.cached_tokens + cost.written_tokens
        return read + cost.output_tokens


def by(verdicts: Sequence[Verdict], key: Callable[[Verdict], str]) -> dict[str, Figures]:
    """The figures of each group, by name."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(key(verdict), []).append(verdict)
    return {name: Figures.of(some) for name, some in sorted(groups.items())}
