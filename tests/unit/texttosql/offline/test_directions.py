"""Which way a metric is better, by its name alone."""

from __future__ import annotations

import pytest

from texttosql.offline.directions import higher_is_better

HIGHER = (
    "accuracy", "val_accuracy", "f1", "f1_macro", "roc_auc", "r2", "precision_at_5", "recall",
    "ndcg", "neg_mean_squared_error", "neg_log_loss", "samples_per_second", "bleu", "valAccuracy",
)  # fmt: skip
LOWER = (
    "loss", "val_loss", "rmse", "test/rmse", "mean_absolute_error", "mape", "perplexity",
    "error_rate", "latency_ms", "log_loss", "valLoss", "wer",
)  # fmt: skip
SILENT = ("epoch", "widgets", "n_estimators_used", "zeta")


@pytest.mark.parametrize("key", HIGHER)
def test_a_score_should_rise(key: str) -> None:
    assert higher_is_better(key) is True


@pytest.mark.parametrize("key", LOWER)
def test_a_loss_an_error_or_a_wait_should_fall(key: str) -> None:
    assert higher_is_better(key) is False


@pytest.mark.parametrize("key", SILENT)
def test_a_name_that_does_not_say_is_not_guessed(key: str) -> None:
    assert higher_is_better(key) is None


@pytest.mark.parametrize(("key", "higher"), [("error_recall", True), ("accuracy_loss", False)])
def test_the_last_telling_piece_of_a_name_decides(key: str, higher: bool) -> None:
    assert higher_is_better(key) is higher
