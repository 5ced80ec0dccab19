from __future__ import annotations

import math

import pytest

from tracking.demo.plans import Outcome, Task
from tracking.demo.training import train

NAMES = {
    name: name
    for name in (
        "accuracy", "precision", "recall", "train_loss", "val_loss", "val_accuracy", "val_rmse",
        "train_rmse", "r2", "rmse", "nll", "silhouette", "train_time_s",
    )
}  # fmt: skip


def fit(data: str, estimator: str, steps: int = 0, **settings: object) -> Outcome:
    return train(Task(data, estimator, NAMES, settings, steps=steps), 1.0)


def test_a_real_fit_beats_guessing() -> None:
    fitted = fit("breast_cancer", "LogisticRegression")
    guessed = fit("breast_cancer", "Dummy", strategy="most_frequent")
    assert fitted.scores["accuracy"] > 0.9 > guessed.scores["accuracy"]
    assert not fitted.curves


def test_boosting_has_a_point_for_each_tree_and_learns() -> None:
    losses = fit("breast_cancer", "GradientBoosting", n_estimators=12).curves["train_loss"]
    assert len(losses) == 12
    assert losses == sorted(losses, reverse=True)


def test_partial_fits_have_a_point_for_each_epoch() -> None:
    outcome = fit("digits", "SGDClassifier", steps=4, loss="log_loss")
    assert len(outcome.curves["val_accuracy"]) == 4
    assert "val_accuracy" not in outcome.scores, "the curve's last point is the latest value"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # that is how it diverges
def test_a_diverging_net_ends_its_curve_with_nan_and_has_no_scores() -> None:
    outcome = fit("digits", "MLPClassifier", steps=9, solver="sgd", learning_rate_init=1e8)
    assert math.isnan(outcome.curves["val_loss"][-1])
    assert len(outcome.curves["val_loss"]) < 9
    assert "accuracy" not in outcome.scores


def test_a_model_that_never_says_yes_has_undefined_precision() -> None:
    silent = fit("fraud", "Dummy", strategy="most_frequent")
    assert math.isnan(silent.scores["precision"])
    assert silent.scores["recall"] == 0


def test_one_cluster_has_an_undefined_silhouette() -> None:
    assert math.isnan(fit("iris", "DBSCAN", eps=9.0).scores["silhouette"])
    assert 0 < fit("iris", "DBSCAN", eps=0.8).scores["silhouette"] < 1


def test_time_is_worked_out_from_the_work_so_that_builds_agree() -> None:
    long, short = fit("wine", "RandomForest", n_estimators=9), fit("wine", "GaussianNB")
    assert long.seconds > short.seconds
    assert fit("wine", "GaussianNB").seconds == short.seconds
