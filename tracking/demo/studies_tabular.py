"""Wine cultivars, iris clusters, card fraud, and what lies about: scratch runs and Default."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from tracking.demo.plans import Attempt, Names, Settings, Study, Task

_WINE = {
    "accuracy": "accuracy", "balanced_accuracy": "balanced_accuracy", "f1_macro": "f1_macro",
    "nll": "nll", "log_loss": "log_loss", "fold_accuracy": "cv_accuracy",
    "cv_accuracy_mean": "cv_accuracy_mean", "cv_accuracy_std": "cv_accuracy_std",
    "train_time_s": "train_time_s",
}  # fmt: skip
# One script reports percent under a capital letter. It happens.
# A vote of neighbours gives chances of exactly 0: its likelihood is not worth logging.
_WINE_VOTES = {**_WINE, "nll": ""}
_WINE_PERCENT = {**_WINE, "accuracy_percent": "Accuracy", "accuracy": ""}
_CLUSTERS = {
    key: key
    for key in ("silhouette", "davies_bouldin", "inertia", "ari", "n_clusters", "noise_ratio")
}
_FRAUD = {
    "precision": "precision", "recall": "recall", "f1": "f1", "roc_auc": "roc_auc",
    "pr_auc": "pr_auc", "fpr": "false_positive_rate", "train_loss": "train_loss",
    "val_loss": "val_loss", "log_loss": "val_loss", "cost": "cost_eur", "accuracy": "accuracy",
    "train_time_s": "train_time_s",
}  # fmt: skip


def wine() -> Study:
    """The model stands in the tag `model`; naive Bayes gives an infinite likelihood."""
    attempts = [_wine(*case) for case in _wine_cases()]
    return Study(
        "wine-cultivar",
        "Three cultivars from 13 chemical measurements, 5 folds. Tiny test set: mind the spread.",
        "research",
        ("dana", "mei", "priya", "carlos"),
        (*attempts, _neighbour_sweep()),
    )


def _wine_cases() -> list[tuple[str, str, Settings, str, bool]]:
    neighbours = [
        (f"knn-{k}", "KNeighbors", {"n_neighbors": k, "weights": weights}, scaler, False)
        for k, weights, scaler in product((1, 5, 15), ("uniform", "distance"), ("none", "standard"))
    ]
    trees = [
        (f"tree-d{depth}", "DecisionTree", {"max_depth": depth}, "none", depth == 2)
        for depth in (1, 2, 3, 4, 6)
    ]
    forests = [
        ("rf", "RandomForest", {"n_estimators": n, "max_depth": 4}, "none", n == 20)
        for n in (5, 10, 20, 40)
    ]
    logistic = [
        ("logreg", "LogisticRegression", {"C": c, "max_iter": 300}, "standard", c > 5)
        for c in (0.001, 0.01, 0.1, 1.0, 10.0)
    ]
    others: list[tuple[str, str, Settings, str, bool]] = [
        ("naive-bayes", "GaussianNB", {}, "none", False),
        ("naive-bayes", "GaussianNB", {"var_smoothing": 0.001}, "standard", False),
        ("lda", "LDA", {}, "standard", False),
        ("svc", "SVC", {"C": 1.0}, "standard", True),
        ("svc", "SVC", {"C": 1.0}, "none", True),
        ("baseline", "Dummy", {"strategy": "most_frequent"}, "none", False),
        ("baseline", "Dummy", {"strategy": "uniform"}, "none", False),
        ("best_model", "LDA", {}, "standard", False),
    ]
    return [*neighbours, *trees, *forests, *logistic, *others]


def _wine(name: str, model: str, settings: Settings, scaler: str, percent: bool) -> Attempt:
    plain = _WINE_VOTES if model == "KNeighbors" else _WINE
    names: Names = _WINE_PERCENT if percent else plain
    task = Task("wine", model, names, settings, scaler)
    params = {"preprocessing": scaler, "cv_folds": 5, **settings}
    return Attempt(name, task, params, {"model": model}, user="carlos" if percent else None)


def _neighbour_sweep() -> Attempt:
    children = []
    for number, k in enumerate((2, 3, 4, 7, 9, 11, 21, 31)):
        trial = _wine(f"trial_{number}", "KNeighbors", {"n_neighbors": k}, "standard", False)
        children.append(trial)
    params = {"search_space": {"n_neighbors": "int(2, 31)"}, "n_trials": len(children)}
    tags = {"model": "KNeighbors", "sweep": "optuna"}
    return Attempt("knn-optuna", None, params, tags, tuple(children))


def iris() -> Study:
    """Clustering: silhouette is undefined (NaN) when everything falls into one cluster."""
    means = [
        _cluster(f"kmeans-k{k}", "KMeans", {"n_clusters": k, "init": init, "n_init": 3})
        for k, init in product((2, 3, 4, 5, 6, 8), ("k-means++", "random"))
    ]
    density = [
        _cluster(f"dbscan-eps{eps}", "DBSCAN", {"eps": eps, "min_samples": points})
        for eps, points in product((0.3, 0.5, 0.65, 0.8, 2.5, 5.0), (5, 10))
    ]
    mixtures = [
        _cluster(f"gmm-{kind}", "GaussianMixture", {"n_components": k, "covariance_type": kind})
        for k, kind in product((2, 3, 4), ("full", "tied", "diag", "spherical"))
    ]
    return Study(
        "iris-clustering",
        "Can the species be found without labels? Silhouette for choice, ARI to look afterwards.",
        "research",
        ("priya", "alice", "dana"),
        (*means, *density, *mixtures, _agglomerative_sweep()),
        model_type="clusterer",
    )


def _cluster(name: str, algo: str, settings: Settings) -> Attempt:
    task = Task("iris", algo, _CLUSTERS, settings)
    return Attempt(name, task, {"algo": algo, "scaler": "standard", **settings})


def _agglomerative_sweep() -> Attempt:
    cases = enumerate(product((2, 3, 4), ("ward", "single")))
    children = tuple(
        _cluster(f"trial_{number}", "Agglomerative", {"n_clusters": k, "linkage": linkage})
        for number, (k, linkage) in cases
    )
    return Attempt("hclust-grid", None, {"algo": "Agglomerative"}, {"sweep": "grid"}, children)


def fraud() -> Study:
    """Imbalanced, synthetic (make_classification): a model that flags nothing has NaN precision."""
    singles = [_fraud(*case) for case in _fraud_cases()]
    silent = _fraud("flag-nothing", "Dummy", {"strategy": "most_frequent"}, "none")
    queued = _fraud("hgb-deep", "HistGradientBoosting", {"max_depth": 8, "max_iter": 60}, "none")
    return Study(
        "fraud-detection",
        "Card payments, 4 % fraud. Wanted: recall above 0.8 at a bearable false positive rate.",
        "risk",
        ("alice", "bob", "carlos", "mei"),
        (
            *singles,
            _fraud_sweep("gb-sweep", (2, 3), (0.05, 0.1, 0.2, 0.4, 0.8)),
            _fraud_sweep("gb-sweep-night", (3, 5), (0.03, 0.1, 0.3, 0.5, 1.0)),
            replace(silent, status="FINISHED", deleted=False),
            replace(silent, status="FINISHED", deleted=False),
            replace(queued, status="RUNNING", deleted=False, user="bob", days_ago=0.04),
            replace(queued, name="hgb-deep-2", status="SCHEDULED", user="bob", days_ago=0.02),
            replace(queued, name="hgb-deep-3", status="SCHEDULED", user="alice", days_ago=0.01),
        ),
    )


def _fraud_cases() -> list[tuple[str, str, Settings, str]]:
    logistic = [
        ("logreg", "LogisticRegression", {"C": c, "class_weight": weight}, "standard")
        for c, weight in product((0.001, 0.01, 0.1, 1.0), (None, "balanced"))
    ]
    forests = [
        (f"rf-{n}", "RandomForest", {"n_estimators": n, "class_weight": weight}, "none")
        for n, weight in product((10, 30, 60, 90), (None, "balanced"))
    ]
    boosted = [
        (
            name,
            "HistGradientBoosting",
            {"max_depth": d, "learning_rate": lr, "max_iter": 40},
            "none",
        )
        for (name, d), lr in product((("hgb-shallow", 2), ("hgb-deep", 8)), (0.05, 0.1, 0.3))
    ]
    descent = [
        (f"sgd-{loss}", "SGDClassifier", {"loss": loss, "alpha": alpha}, "standard")
        for loss, alpha in product(("log_loss", "modified_huber"), (0.0001, 0.001, 0.01))
    ]
    nets: list[tuple[str, str, Settings, str]] = [
        (
            f"mlp-{rate}",
            "MLPClassifier",
            {"learning_rate_init": rate, "batch_size": size},
            "standard",
        )
        for rate, size in product((0.0003, 0.001, 0.01), (64, 256))
    ]
    others: list[tuple[str, str, Settings, str]] = [
        ("naive-bayes", "GaussianNB", {}, "standard"),
        ("best_model", "HistGradientBoosting", {"max_depth": 8, "max_iter": 40,
                                                "learning_rate": 0.1}, "none"),
    ]  # fmt: skip
    return [*logistic, *forests, *boosted, *descent, *nets, *others]


def _fraud(name: str, model: str, settings: Settings, scaler: str) -> Attempt:
    steps = 12 if model in {"SGDClassifier", "MLPClassifier"} else 0
    task = Task("fraud", model, _FRAUD, settings, scaler, steps)
    renamed = {"learning_rate": "lr", "learning_rate_init": "lr"}
    params = {renamed.get(key, key): value for key, value in settings.items()}
    if steps:
        params["epochs"] = steps
    return Attempt(name, task, {"model": model, "sampling": "none", **params})


def _fraud_sweep(name: str, depths: tuple[int, ...], rates: tuple[float, ...]) -> Attempt:
    children = []
    for number, (depth, rate) in enumerate(product(depths, rates)):
        settings = {"max_depth": depth, "learning_rate": rate, "n_estimators": 20}
        trial = _fraud(f"trial_{number}", "GradientBoosting", dict(settings), "none")
        children.append(trial)
    params = {"model": "GradientBoosting", "search_space": {"lr": list(rates)}}
    return Attempt(name, None, params, {"sweep": "grid"}, tuple(children))


def scratch() -> Study:
    """A deleted experiment: its runs must not turn up unless asked for."""
    runs = [
        _wine(f"try-{k}", "KNeighbors", {"n_neighbors": k}, "none", False) for k in range(1, 13)
    ]
    note = "Mei's scratch pad, thrown away."
    return Study("scratch-mei", note, "research", ("mei",), tuple(runs), deleted=True)


def default() -> Study:
    """Somebody always forgets to name the experiment."""
    cases = (("naive-bayes", "GaussianNB"), ("lda", "LDA"), ("tree", "DecisionTree"), ("rf", "SVC"))
    runs = tuple(_wine(name, model, {}, "none", False) for name, model in cases)
    return Study("Default", "", "", ("bob", "priya"), runs)
