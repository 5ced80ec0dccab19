"""Measurements are told as they are: the right rank, the right verdict, the child's own memory."""

from __future__ import annotations

import os
import sys

import pytest

from tests.bench.beside import same_numbers
from tests.bench.measure import Figure, process, table, times


def _figure(*values: float, goal: float | None = 10) -> Figure:
    return Figure("ask", "SQLite", "ms", values, goal)


def test_a_rank_is_a_value_that_was_measured() -> None:
    figure = _figure(*range(1, 21))
    assert (figure.at(0), figure.at(0.5), figure.at(0.95), figure.at(1)) == (1, 10, 19, 20)
    assert _figure(7).at(0.95) == 7


@pytest.mark.parametrize(
    ("values", "verdict"),
    [((9, 10), "ok"), ((9, 11), "ok, p95 over"), ((11, 12), "OVER"), ((), "")],
)
def test_a_goal_is_judged_by_the_median_and_says_when_some_are_over(
    values: tuple[float, ...], verdict: str
) -> None:
    assert _figure(*values or (1,), goal=10 if values else None).verdict == verdict


@pytest.mark.parametrize(("value", "verdict"), [(10, "ok"), (9, "UNDER")])
def test_a_least_is_judged_the_other_way_round(value: float, verdict: str) -> None:
    figure = Figure("copy", "MariaDB", "rows/s", (value,), least=10)

    assert figure.verdict == verdict
    assert "≥ 10 rows/s" in table([figure])


def test_the_table_has_every_figure_with_its_goal() -> None:
    head, line = table([_figure(1, 2, 3000)]).splitlines()
    assert head.split() == ["what", "store", "best", "p50", "p95", "n", "goal"]
    assert line.split() == ["ask", "SQLite", "1.0", "2.0", "3,000.0", "3", "≤", "10", "ms", "ok,",
                            "p95", "over"]  # fmt: skip


def test_rounds_to_get_warm_do_not_count() -> None:
    done: list[int] = []
    assert len(times(lambda: done.append(1), rounds=3, warm=2)) == 3
    assert len(done) == 5


def test_a_process_is_measured_without_the_one_that_measures() -> None:
    ballast = bytearray(200 << 20)  # this process is now larger than the child will be
    cost = process([sys.executable, "-S", "-c", "print('said')"], os.environ)
    assert cost.said == "said\n"
    assert 0 < cost.peak_mb < 100 < len(ballast) >> 20
    assert cost.wall_ms > 0


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="failed"):
        process([sys.executable, "-c", "raise SystemExit(3)"], os.environ)


def test_answers_are_the_same_when_their_numbers_are_in_the_same_order() -> None:
    assert same_numbers([1.0, 2.0], [1.0, 2.0 + 1e-12])
    assert not same_numbers([1.0, 2.0], [2.0, 1.0])
    assert not same_numbers([1.0], [1.0, 2.0])
