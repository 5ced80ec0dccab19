"""Task in, Outcome out: the fits really happen here, with scikit-learn, one thread, one seed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np
from sklearn import metrics, model_selection  # type: ignore[import-untyped]  # untyped upstream

from tracking.demo import scores
from tracking.demo.data import Split, split
from tracking.demo.plans import Outcome, Task

_ESTIMATORS = {
    "LogisticRegression": "linear_model.LogisticRegression",
    "RandomForest": "ensemble.RandomForestClassifier",
    "GradientBoosting": "ensemble.GradientBoostingClassifier",
    "HistGradientBoosting": "ensemble.HistGradientBoostingClassifier",
    "SVC": "svm.SVC",
    "GaussianNB": "naive_bayes.GaussianNB",
    "Dummy": "dummy.DummyClassifier",
    "KNeighbors": "neighbors.KNeighborsClassifier",
    "DecisionTree": "tree.DecisionTreeClassifier",
    "LDA": "discriminant_analysis.LinearDiscriminantAnalysis",
    "MLPClassifier": "neural_network.MLPClassifier",
    "SGDClassifier": "linear_model.SGDClassifier",
    "Ridge": "linear_model.Ridge",
    "Lasso": "linear_model.Lasso",
    "ElasticNet": "linear_model.ElasticNet",
    "SGDRegressor": "linear_model.SGDRegressor",
    "SVR": "svm.SVR",
    "KNeighborsRegressor": "neighbors.KNeighborsRegressor",
    "RandomForestRegressor": "ensemble.RandomForestRegressor",
    "GradientBoostingRegressor": "ensemble.GradientBoostingRegressor",
    "DummyRegressor": "dummy.DummyRegressor",
    "KMeans": "cluster.KMeans",
    "DBSCAN": "cluster.DBSCAN",
    "GaussianMixture": "mixture.GaussianMixture",
    "Agglomerative": "cluster.AgglomerativeClustering",
}
_CLUSTERERS = {"KMeans", "DBSCAN", "GaussianMixture", "Agglomerative"}
_DIGITS = 6  # machines differ in a float's last places; what is logged should not
Curves = dict[str, list[float]]


def train(task: Task, pace: float) -> Outcome:
    """Fit and score. A training that diverges keeps its curve up to the NaN, and has no scores."""
    rows = split(task.data, task.scaler)
    model = _estimator(task)
    seconds = _seconds(task, len(rows.x_train)) * pace
    if task.estimator in _CLUSTERERS:
        found, curves = _cluster(model, rows), Curves()
    else:
        found, curves = _supervised(task, model, rows)
    found["train_time_s"] = round(seconds, 1)
    return _renamed(task, found, curves, seconds, model)


def _estimator(task: Task) -> Any:
    module, name = _ESTIMATORS[task.estimator].rsplit(".", 1)
    model = getattr(import_module(f"sklearn.{module}"), name)(**task.settings)
    if "random_state" in model.get_params():
        model.set_params(random_state=task.seed)
    return model


def _seconds(task: Task, rows: int) -> float:
    rounds = task.settings.get("n_estimators") or task.settings.get("max_iter")
    return 5.0 + rows * (task.steps or min(int(str(rounds or 1)), 100)) / 150


def _cluster(model: Any, rows: Split) -> scores.Scores:
    labels = np.asarray(model.fit_predict(rows.x_train))
    found = scores.clustering(rows.x_train, labels, rows.y_train)
    if hasattr(model, "inertia_"):
        found["inertia"] = model.inertia_
    return found


def _supervised(task: Task, model: Any, rows: Split) -> tuple[scores.Scores, Curves]:
    regress = task.data == "diabetes"
    if task.steps:
        curves = _epochs(task, model, rows, regress=regress)
        if not np.isfinite(curves["train_rmse" if regress else "train_loss"][-1]):
            return {}, curves
    else:
        model.fit(rows.x_train, rows.y_train)
        curves = _stages(model, rows, regress=regress)
    found = scores.regression(model, rows) if regress else scores.classification(model, rows)
    if task.steps:
        found["epochs_run"] = task.steps
    if "fold_accuracy" in task.names:
        _add_folds(task, rows, found, curves)
    return found, curves


def _epochs(task: Task, model: Any, rows: Split, *, regress: bool) -> Curves:
    known: dict[str, Any] = {} if regress else {"classes": np.unique(rows.y_train)}
    order = np.random.default_rng(task.seed)
    curves: Curves = {}
    for _ in range(task.steps):
        shuffled = order.permutation(len(rows.x_train))
        try:
            model.partial_fit(rows.x_train[shuffled], rows.y_train[shuffled], **known)
            point = _errors(model, rows) if regress else _losses(model, rows)
        except ValueError:  # scikit-learn's word for weights that are no longer numbers
            point = dict.fromkeys(curves or _curve_keys(regress=regress), float("nan"))
        for key, value in point.items():
            curves.setdefault(key, []).append(value)
        if any(np.isnan(value) for value in point.values()):
            break
    return curves


def _curve_keys(*, regress: bool) -> tuple[str, ...]:
    return ("train_rmse", "val_rmse") if regress else ("train_loss", "val_loss", "val_accuracy")


def _losses(model: Any, rows: Split) -> dict[str, float]:
    return {
        "train_loss": scores.loss(model, rows.x_train, rows.y_train),
        "val_loss": scores.loss(model, rows.x_val, rows.y_val),
        "val_accuracy": float(metrics.accuracy_score(rows.y_val, model.predict(rows.x_val))),
    }


def _errors(model: Any, rows: Split) -> dict[str, float]:
    return {
        "train_rmse": scores.rmse(rows.y_train, model.predict(rows.x_train)),
        "val_rmse": scores.rmse(rows.y_val, model.predict(rows.x_val)),
    }


def _stages(model: Any, rows: Split, *, regress: bool) -> Curves:
    """One point after each tree, for the models that can tell; nothing for the others."""
    if regress and hasattr(model, "staged_predict"):
        train, val = model.staged_predict(rows.x_train), model.staged_predict(rows.x_val)
        return {
            "train_rmse": [scores.rmse(rows.y_train, said) for said in train],
            "val_rmse": [scores.rmse(rows.y_val, said) for said in val],
        }
    if not hasattr(model, "staged_predict_proba"):
        return {}
    train, val = (
        model.staged_predict_proba(rows.x_train),
        list(model.staged_predict_proba(rows.x_val)),
    )
    return {
        "train_loss": [float(metrics.log_loss(rows.y_train, chances)) for chances in train],
        "val_loss": [float(metrics.log_loss(rows.y_val, chances)) for chances in val],
        "val_accuracy": [
            float(np.mean(model.classes_[np.argmax(chances, axis=1)] == rows.y_val))
            for chances in val
        ],
    }


def _add_folds(task: Task, rows: Split, found: scores.Scores, curves: Curves) -> None:
    folds = model_selection.cross_val_score(_estimator(task), rows.x_train, rows.y_train, cv=5)
    curves["fold_accuracy"] = [float(fold) for fold in folds]
    found["cv_accuracy_mean"], found["cv_accuracy_std"] = float(folds.mean()), float(folds.std())


def _renamed(
    task: Task, found: Mapping[str, float], curves: Curves, seconds: float, model: Any
) -> Outcome:
    """Keys as the team logs them; a score that a curve already ends with is not logged twice."""
    drawn = {
        task.names[key]: [round(float(value), _DIGITS) for value in values]
        for key, values in curves.items()
        if task.names.get(key)
    }
    named = {
        task.names[key]: round(float(value), _DIGITS)
        for key, value in found.items()
        if task.names.get(key) and task.names[key] not in drawn
    }
    return Outcome(named, drawn, seconds, model)
