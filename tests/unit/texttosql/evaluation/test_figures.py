"""The figures: what each counts, and over what."""

from __future__ import annotations

from tests.unit.texttosql.evaluation.verdicts import verdict
from texttosql.cost import Cost
from texttosql.evaluation.figures import Figures, by


def test_precision_counts_every_answer_and_abstention_only_what_had_rows() -> None:
    figures = Figures.of([
        verdict("rows", "rows", right=True),
        verdict("rows", "rows", right=False),
        verdict("rows", "clarify", right=False),
        verdict("refuse", "rows", right=False),
        verdict("refuse", "refuse", right=True),
    ])  # fmt: skip
    assert (figures.accuracy, figures.precision) == (0.4, 1 / 3)
    assert (figures.abstained, figures.abstention, figures.overreached) == (1, 1 / 3, 1)


def test_nothing_asked_is_nothing_wrong() -> None:
    figures = Figures.of([])
    assert (figures.accuracy, figures.precision, figures.abstention) == (1, 1, 0)
    assert (figures.p50_ms, figures.p95_ms, figures.tokens) == (None, None, 0)


def test_times_are_those_of_whole_turns() -> None:
    figures = Figures.of([verdict("rows", "rows", right=True, ms=float(n)) for n in range(100)])
    assert (figures.p50_ms, figures.p95_ms) == (49, 94)


def test_cost_is_added_up_with_what_came_from_the_cache() -> None:
    spent = Cost(100, 20, 1_000, 0.01, 5, calls=2)
    figures = Figures.of([verdict("rows", "rows", right=True, cost=spent)] * 3)
    assert (figures.tokens, figures.cost.calls, round(figures.cost.usd, 6)) == (3_375, 6, 0.03)


def test_groups_are_counted_each_for_itself() -> None:
    both = [verdict("rows", "rows", right=True, engine="claude"),
            verdict("rows", "rows", right=False, engine="offline")]  # fmt: skip
    parts = by(both, lambda each: each.given.engine or "none")
    assert {name: part.accuracy for name, part in parts.items()} == {"claude": 1, "offline": 0}
