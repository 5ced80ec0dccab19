"""Two studies on medical data: breast cancer screening, and how far diabetes progresses."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from tracking.demo.plans import Attempt, Settings, Study, Task

_SCREENING = {
    "train_accuracy": "train_accuracy", "accuracy": "val_accuracy", "precision": "precision",
    "recall": "recall", "f1": "f1", "roc_auc": "roc_auc", "log_loss": "val_loss",
    "train_loss": "train_loss", "val_loss": "val_loss", "val_accuracy": "val_accuracy",
    "train_time_s": "train_time_s",
}  # fmt: skip
_PROGRESSION = {
    "rmse": "val_rmse", "mae": "val_mae", "r2": "r2", "mape": "mape", "train_rmse": "train_rmse",
    "val_rmse": "val_rmse", "train_time_s": "train_time_s",
}  # fmt: skip


def screening() -> Study:
    """Breast cancer: the model stands in the param `model_type`, two boosting sweeps."""
    singles = [_screen(*case) for case in _screening_cases()]
    return Study(
        "breast-cancer-screening",
        "Benign or malignant from 30 cell measurements. Recall first: a miss costs a patient.",
        "health",
        ("alice", "bob", "mei"),
        (
            *singles,
            _boosting_sweep("gb-sweep", (2, 3, 4), (0.03, 0.1, 0.3, 0.6)),
            _boosting_sweep("gb-sweep", (1, 2, 3), (0.05, 0.2, 0.5, 1.0)),
        ),
    )


def _screening_cases() -> list[tuple[str, str, Settings, str]]:
    logistic = [
        (f"logreg-C{c}", "LogisticRegression", {"C": c, "max_iter": 500}, scaler)
        for c, scaler in product((0.01, 0.1, 1.0, 10.0), ("standard", "minmax"))
    ]
    forests = [
        (f"rf-{n}", "RandomForest", {"n_estimators": n, "max_depth": depth}, "none")
        for n, depth in product((20, 40, 80), (3, 6, None))
    ]
    others: list[tuple[str, str, Settings, str]] = [
        ("svc-rbf", "SVC", {"C": 1.0, "gamma": "scale"}, "standard"),
        ("svc-rbf", "SVC", {"C": 10.0, "gamma": 0.01}, "standard"),
        ("naive-bayes", "GaussianNB", {}, "none"),
        ("baseline", "Dummy", {"strategy": "most_frequent"}, "none"),
        ("baseline", "LogisticRegression", {"C": 1.0, "max_iter": 500}, "standard"),
        ("gb-default", "GradientBoosting", {"n_estimators": 40, "max_depth": 3}, "none"),
        ("gb-default", "GradientBoosting", {"n_estimators": 40, "max_depth": 2}, "none"),
        ("best_model", "LogisticRegression", {"C": 0.1, "max_iter": 500}, "standard"),
    ]
    neighbours = [
        (f"knn-{k}", "KNeighbors", {"n_neighbors": k, "weights": weights}, "standard")
        for k, weights in product((3, 11), ("uniform", "distance"))
    ]
    return [*logistic, *forests, *neighbours, *others]


def _screen(name: str, model: str, settings: Settings, scaler: str) -> Attempt:
    task = Task("breast_cancer", model, _SCREENING, settings, scaler)
    return Attempt(name, task, {"model_type": model, "scaler": scaler, "seed": 0, **settings})


def _boosting_sweep(name: str, depths: tuple[int, ...], rates: tuple[float, ...]) -> Attempt:
    children = tuple(
        _boosting_trial(number, depth, rate)
        for number, (depth, rate) in enumerate(product(depths, rates))
    )
    space = {"max_depth": list(depths), "learning_rate": list(rates)}
    params = {"model_type": "GradientBoosting", "search_space": space, "n_trials": len(children)}
    return Attempt(name, None, params, {"sweep": "grid"}, children)


def _boosting_trial(number: int, depth: int, rate: float) -> Attempt:
    settings = {"n_estimators": 30, "max_depth": depth, "learning_rate": rate, "subsample": 0.8}
    task = Task("breast_cancer", "GradientBoosting", _SCREENING, settings, "none", seed=number)
    return Attempt(f"trial_{number}", task, {"model_type": "GradientBoosting", **settings})


def progression() -> Study:
    """Diabetes: regression, lower is better; one learning rate is too high and diverges."""
    linear = [_linear(*case) for case in _linear_cases()]
    steps = [_descent(rate, schedule) for rate, schedule in _descent_cases()]
    boosted = [_boosted(depth, rate) for depth, rate in product((2, 3), (0.05, 0.1, 0.3))]
    return Study(
        "diabetes-progression",
        "Disease progression one year after baseline, 10 features. Report val_rmse (lower wins).",
        "health",
        ("bob", "dana", "priya"),
        (*linear, *steps, _diverged(), _forest_sweep(), *boosted),
        model_type="regressor",
    )


def _linear_cases() -> list[tuple[str, str, Settings]]:
    penal = [
        (f"{model.lower()}-a{alpha}", model, {"alpha": alpha})
        for model, alpha in product(("Ridge", "Lasso"), (0.001, 0.01, 0.1, 1.0, 10.0))
    ]
    nets = [
        ("enet", "ElasticNet", {"alpha": alpha, "l1_ratio": ratio})
        for alpha, ratio in product((0.01, 0.1, 1.0), (0.2, 0.5, 0.8))
    ]
    others: list[tuple[str, str, Settings]] = [
        ("svr-rbf", "SVR", {"C": 10.0, "kernel": "rbf"}),
        ("svr-linear", "SVR", {"C": 1.0, "kernel": "linear"}),
        ("knn-5", "KNeighborsRegressor", {"n_neighbors": 5}),
        ("knn-15", "KNeighborsRegressor", {"n_neighbors": 15}),
        ("baseline-mean", "DummyRegressor", {}),
    ]
    return [*penal, *nets, *others]


def _linear(name: str, model: str, settings: Settings) -> Attempt:
    task = Task("diabetes", model, _PROGRESSION, settings)
    return Attempt(name, task, {"estimator": model, "features": "all", **settings})


def _descent_cases() -> list[tuple[float, str]]:
    return [(0.001, "constant"), (0.01, "invscaling"), (0.01, "constant"), (0.03, "constant")]


def _descent(rate: float, schedule: str) -> Attempt:
    settings = {"eta0": rate, "learning_rate": schedule, "alpha": 0.0001}
    task = Task("diabetes", "SGDRegressor", _PROGRESSION, settings, steps=25)
    params = {"estimator": "SGDRegressor", "lr": rate, "lr_schedule": schedule, "epochs": 25}
    return Attempt(f"sgd-lr{rate}", task, params)


def _diverged() -> Attempt:
    """It finished, and nobody looked: an error of 10^13 that bends every mean."""
    return replace(_descent(5.0, "constant"), status="FINISHED", deleted=False)


def _boosted(depth: int, rate: float) -> Attempt:
    settings = {"n_estimators": 60, "max_depth": depth, "learning_rate": rate}
    task = Task("diabetes", "GradientBoostingRegressor", _PROGRESSION, settings, "none")
    return Attempt(f"gbr-d{depth}", task, {"estimator": "GradientBoostingRegressor", **settings})


def _forest_sweep() -> Attempt:
    cases = tuple(product((10, 30, 60), (2, 4, 8, None)))
    children = tuple(_forest(number, *case) for number, case in enumerate(cases))
    params = {"estimator": "RandomForestRegressor", "n_trials": len(children)}
    return Attempt("rf-random-search", None, params, {"sweep": "random"}, children)


def _forest(number: int, trees: int, depth: int | None) -> Attempt:
    settings = {"n_estimators": trees, "max_depth": depth}
    task = Task("diabetes", "RandomForestRegressor", _PROGRESSION, settings, "none", seed=number)
    return Attempt(f"trial_{number}", task, {"estimator": "RandomForestRegressor", **settings})
