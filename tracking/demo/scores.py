"""What a fitted model is worth: every score by its own name, undefined ones as NaN."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import metrics  # type: ignore[import-untyped]  # untyped upstream

from tracking.demo.data import Array, Split

Scores = dict[str, float]


def classification(model: Any, split: Split) -> Scores:
    """Accuracy and its kin on the held-out rows; probabilities where the model gives them.

    Precision of a model that never says yes is 0/0, and is reported as that: NaN.
    """
    said = model.predict(split.x_val)
    truth = split.y_val
    binary = len(np.unique(truth)) == 2
    average = "binary" if binary else "macro"
    undefined: dict[str, Any] = {"average": average, "zero_division": np.nan}
    found = {
        "accuracy": metrics.accuracy_score(truth, said),
        "train_accuracy": metrics.accuracy_score(split.y_train, model.predict(split.x_train)),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, said),
        "precision": metrics.precision_score(truth, said, **undefined),
        "recall": metrics.recall_score(truth, said, **undefined),
        "f1": metrics.f1_score(truth, said, **undefined),
        "f1_macro": metrics.f1_score(truth, said, average="macro", zero_division=0.0),
    }
    found["accuracy_percent"] = 100 * found["accuracy"]
    return {**found, **_likelihoods(model, split), **(_ranking(model, split) if binary else {})}


def _likelihoods(model: Any, split: Split) -> Scores:
    if not hasattr(model, "predict_proba"):
        return {}
    chances = model.predict_proba(split.x_val)
    of_truth = chances[np.arange(len(chances)), np.searchsorted(model.classes_, split.y_val)]
    with np.errstate(divide="ignore"):
        # Not clipped, so a model that was certain and wrong is infinitely surprised.
        nll = float(np.mean(-np.log(of_truth)))
    return {"nll": nll, "log_loss": metrics.log_loss(split.y_val, chances)}


def _ranking(model: Any, split: Split) -> Scores:
    confidence = _confidence(model, split.x_val)
    said = model.predict(split.x_val)
    (_, false_alarms), (misses, _) = metrics.confusion_matrix(split.y_val, said)
    return {
        "roc_auc": metrics.roc_auc_score(split.y_val, confidence),
        "pr_auc": metrics.average_precision_score(split.y_val, confidence),
        "fpr": false_alarms / np.sum(split.y_val == 0),
        "cost": 250.0 * misses + 4.0 * false_alarms,
    }


def _confidence(model: Any, rows: Array) -> Array:
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(rows)[:, 1])
    return np.asarray(model.decision_function(rows))


def loss(model: Any, rows: Array, truth: Array) -> float:
    """Log loss where the model gives probabilities, hinge loss where it gives margins."""
    if hasattr(model, "predict_proba"):
        return float(metrics.log_loss(truth, model.predict_proba(rows), labels=model.classes_))
    return float(metrics.hinge_loss(truth, model.decision_function(rows), labels=model.classes_))


def regression(model: Any, split: Split) -> Scores:
    """Errors on the held-out rows, in the target's unit; r2 and mape have none."""
    said = model.predict(split.x_val)
    return {
        "rmse": rmse(split.y_val, said),
        "train_rmse": rmse(split.y_train, model.predict(split.x_train)),
        "mae": metrics.mean_absolute_error(split.y_val, said),
        "r2": metrics.r2_score(split.y_val, said),
        "mape": metrics.mean_absolute_percentage_error(split.y_val, said),
    }


def rmse(truth: Array, said: Array) -> float:
    """Root mean squared error; infinite when the square overflows."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.sqrt(np.mean((truth - said) ** 2)))


def clustering(rows: Array, labels: Array, truth: Array) -> Scores:
    """Silhouette and Davies-Bouldin need two clusters or more: NaN with fewer."""
    kept = labels >= 0
    clusters = len(np.unique(labels[kept]))
    defined = 2 <= clusters < np.sum(kept)
    within, to = rows[kept], labels[kept]
    return {
        "silhouette": metrics.silhouette_score(within, to) if defined else np.nan,
        "davies_bouldin": metrics.davies_bouldin_score(within, to) if defined else np.nan,
        "ari": metrics.adjusted_rand_score(truth, labels),
        "n_clusters": clusters,
        "noise_ratio": float(np.mean(~kept)),
    }
