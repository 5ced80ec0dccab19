"""Counts, averages, shares, groups and trends: one row for each group, numbers beside it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from tests.unit.texttosql.offline.asking import Ask
from tests.unit.texttosql.offline.small_runs import HOUSE_NAME, runs


def values(metric: str, experiment: int) -> list[float]:
    """The finite latest values of live runs, straight from the list the store was made of."""
    logged = [
        run.metrics[metric][-1]
        for run in runs()
        if run.experiment == experiment and not run.deleted and metric in run.metrics
    ]
    return [value for value in logged if math.isfinite(value)]


def percentile(percent: float) -> Callable[[list[float]], float]:
    return lambda found: float(np.percentile(found, percent))


@pytest.mark.parametrize(
    ("words", "fn"),
    [
        ("average", lambda v: float(np.mean(v))),
        ("median", lambda v: float(np.median(v))),
        ("90th percentile of", percentile(90)),
        ("p25", percentile(25)),
        ("lowest", min),
        ("sum of", sum),
        ("standard deviation of", lambda v: float(np.std(v, ddof=1))),
    ],
)
@pytest.mark.parametrize(
    ("metric", "experiment", "name"),
    [("val_rmse", 2, HOUSE_NAME), ("f1", 1, "churn"), ("val_accuracy", 3, "digits-cnn")],
)
def test_a_measure_is_numpys(
    words: str,
    fn: Callable[[list[float]], float],
    metric: str,
    experiment: int,
    name: str,
    ask: Ask,
) -> None:
    said = ask(f"{words} {metric} in {name}")
    column = next(column for column in said.columns if column.endswith(metric))
    assert said.column(column)[0] == pytest.approx(fn(values(metric, experiment)))


@pytest.mark.parametrize("experiment", [(1, "churn"), (3, "digits-cnn")])
def test_infinity_is_left_out_of_averages_and_said_so(
    experiment: tuple[int, str], ask: Ask
) -> None:
    number, name = experiment
    said = ask(f"average val_loss in {name}")
    assert said.column("mean val_loss") == [pytest.approx(np.mean(values("val_loss", number)))]
    assert "1 infinite left out" in said.notes


def test_infinity_is_left_out_of_medians(ask: Ask) -> None:
    said = ask("median val_loss in churn")
    assert said.column("median val_loss") == [pytest.approx(np.median(values("val_loss", 1)))]


def test_nan_is_left_out_of_averages_and_said_so(ask: Ask) -> None:
    said = ask("average val_loss in digits-cnn")
    assert "1 NaN left out" in said.notes


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("how many runs are there?", 28),
        ("how many runs in churn?", 12),
        ("number of failed runs", 3),
        ("how many runs did bob start in churn", 5),
        ("how many churn runs have f1 above 0.75", 3),
        ("how many experiments are there", 4),
        ("how many registered models are there?", 2),
        ("how many versions does churn-model have?", 3),
        ("how many users ran something last week?", 3),
        ("how many different models were used in churn", 3),
    ],
)
def test_a_count_is_a_single_number(question: str, count: int, ask: Ask) -> None:
    assert ask(question).number == count


@pytest.mark.parametrize(
    ("question", "group", "counts"),
    [
        ("how many runs by user?", "user", {"bob": 10, "carol": 10, "alice": 8}),
        ("runs per status", "status", {"FINISHED": 23, "FAILED": 3, "KILLED": 1, "RUNNING": 1}),
        ("runs per experiment", "experiment", {"churn": 12, "digits-cnn": 8, HOUSE_NAME: 8}),
        ("how many churn runs by model", "model", {"gbm": 7, "forest": 3, "logreg": 2}),
        ("runs by month", "month", {"2026-09": 4, "2026-10": 24}),
    ],
)
def test_groups_are_counted(question: str, group: str, counts: dict[str, int], ask: Ask) -> None:
    assert ask(question).pairs(group, "runs") == counts


@pytest.mark.parametrize(
    ("question", "group", "measure", "means"),
    [
        ("average f1 by model in churn", "model", "mean f1",
         {"gbm": 0.75, "forest": 0.7433333, "logreg": 0.625}),
        ("average f1 by early_stopping", "early_stopping", "mean f1",
         {"true": 0.726, "false": 0.7}),
        ("average val_accuracy by optimizer in digits-cnn", "optimizer", "mean val_accuracy",
         {"adam": 0.9366667, "sgd": 0.6333333}),
        ("average duration by model in price: house v2", "model", "mean duration_s",
         {"ridge": 60.0, "lasso": 120.0, "boost": 5250.0}),
        ("compare forest and gbm by f1", "model", "mean f1", {"gbm": 0.75, "forest": 0.7433333}),
    ],
)  # fmt: skip
def test_groups_are_averaged(
    question: str, group: str, measure: str, means: dict[str, float], ask: Ask
) -> None:
    assert ask(question).pairs(group, measure) == pytest.approx(means)


def test_the_best_group_is_named(ask: Ask) -> None:
    assert ask("which model has the best average f1?").column("model") == ["gbm"]
    assert ask("which optimizer is used most?").column("optimizer") == ["none"]


def test_a_share_is_a_percentage_of_all(ask: Ask) -> None:
    said = ask("what share of the runs failed?")
    assert said.rows("matching", "runs") == [(3, 28)]
    assert said.column("percent") == [pytest.approx(300 / 28)]


def test_a_trend_stands_in_the_order_of_time(ask: Ask) -> None:
    assert ask("runs by week since september").rows("week", "runs") == [
        ("2026-08-31", 2),
        ("2026-09-07", 2),
        ("2026-10-05", 7),
        ("2026-10-12", 3),
        ("2026-10-19", 9),
        ("2026-10-26", 5),
    ]


def test_two_periods_are_set_side_by_side(ask: Ask) -> None:
    said = ask("runs this week vs last week")
    assert said.pairs("period", "runs") == {"this week": 5, "last week": 9}


def test_keys_that_no_run_has_together_are_named(ask: Ask) -> None:
    assert "no run has r2 and optimizer together" in ask("average r2 by optimizer").words
