"""Metrics of what a run took come last where one is chosen."""

from __future__ import annotations

import pytest

from texttosql.catalog import Catalog
from texttosql.effort import is_effort
from texttosql.offline.refusing import examples
from texttosql.schema import Schema


@pytest.mark.parametrize(
    "key",
    ["fit_time", "runtime", "train_time_s", "latency_ms", "system/gpu_0", "cost_usd", "epochs"],
)
def test_time_memory_and_cost_are_effort(key: str) -> None:
    assert is_effort(key)


@pytest.mark.parametrize(
    "key", ["sentiment_f1", "val_loss", "rmse", "r2", "accuracy", "costliness"]
)
def test_what_was_achieved_is_not(key: str) -> None:
    assert not is_effort(key)


def test_a_suggested_question_ranks_by_what_was_achieved() -> None:
    metrics = {"train_time_s": 90, "val_loss": 40}
    catalog = Catalog(Schema({}, "sqlite", None), metrics=metrics, runs=90)

    assert examples(catalog)[0] == "top 5 runs by val_loss"
