"""Words and names in the one form in which they are compared: folded, in pieces, abbreviated.

The abbreviations are the trade's, none of them from any one store. They only decide which names
are shown to the model first; it reads the real ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

_PIECE = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_ALIKE = {
    "acc": "accuracy", "accu": "accuracy", "validation": "val", "valid": "val", "training": "train",
    "trn": "train", "testing": "test", "tst": "test", "holdout": "test", "eval": "eval",
    "evaluation": "eval", "opt": "optimizer", "optim": "optimizer", "optimiser": "optimizer",
    "prec": "precision", "rec": "recall", "auroc": "rocauc", "auprc": "prauc", "aupr": "prauc",
    "batchsize": "bs", "learningrate": "lr", "eta": "lr", "lr0": "lr", "f1score": "f1",
    "fscore": "f1", "ppl": "perplexity", "perp": "perplexity", "algo": "algorithm",
    "alg": "algorithm", "arch": "architecture", "clf": "classifier", "dur": "duration",
    "temp": "temperature", "mem": "memory", "lat": "latency", "neighbours": "neighbor",
    "xgboost": "xgb", "lightgbm": "lgbm", "lgb": "lgbm", "catboost": "cat", "ds": "dataset",
    "logloss": "logloss", "r2score": "r2", "svc": "svm", "svr": "svm", "env": "environment",
    "prio": "priority", "prod": "production", "stg": "staging", "ver": "version",
    "regularisation": "regularization", "sec": "second", "secs": "second", "s": "second",
    "colour": "color", "sched": "scheduler", "emb": "embedding", "dim": "dimension",
    "mins": "minute", "min": "min", "wd": "wd", "gbm": "gb", "gbt": "gb", "gbdt": "gb",
}  # fmt: skip
_PHRASES = {
    ("learning", "rate"): "lr", ("batch", "size"): "bs", ("roc", "auc"): "rocauc",
    ("auc", "roc"): "rocauc", ("pr", "auc"): "prauc", ("average", "precision"): "ap",
    ("area", "under", "curve"): "auc", ("f", "1"): "f1", ("f1", "score"): "f1",
    ("r", "2"): "r2", ("r", "squared"): "r2", ("log", "loss"): "logloss",
    ("root", "mean", "squared", "error"): "rmse", ("mean", "squared", "error"): "mse",
    ("mean", "absolute", "error"): "mae", ("mean", "absolute", "percentage", "error"): "mape",
    ("false", "positive", "rate"): "fpr", ("true", "positive", "rate"): "tpr",
    ("false", "negative", "rate"): "fnr", ("negative", "log", "likelihood"): "nll",
    ("cross", "entropy"): "ce", ("weight", "decay"): "wd", ("random", "forest"): "rf",
    ("logistic", "regression"): "logreg", ("linear", "regression"): "linreg",
    ("gradient", "boosting"): "gb", ("gradient", "boosted"): "gb", ("xg", "boost"): "xgb",
    ("light", "gbm"): "lgbm", ("decision", "tree"): "dt", ("gaussian", "mixture"): "gmm",
    ("k", "neighbor"): "knn", ("k", "nearest", "neighbor"): "knn", ("kneighbor",): "knn",
    ("support", "vector"): "svm", ("naive", "bayes"): "nb", ("elastic", "net"): "enet",
    ("multi", "layer", "perceptron"): "mlp", ("number", "of"): "n", ("num",): "n",
    ("random", "state"): "seed", ("random", "seed"): "seed", ("drop", "out"): "dropout",
    ("conv", "net"): "cnn", ("vision", "transformer"): "vit", ("extra", "tree"): "et",
}  # fmt: skip
_LONGEST_PHRASE = max(map(len, _PHRASES))

STOP = frozenset(
    """
    a about above all also and any are as at average avg be been below best better between bottom
    but by can chart compare count did do does each ever every experiment experiments for from get
    give got had has have her highest his how i in is it its last latest least list logged lowest
    many max me mean median metric metrics min more most much my n new newest no not number of on
    one only or our out over param params parameter per percent please pls run runs show since so
    than that the their them then there these they this those to top trained under up us use used
    user users using value values vs was we were what when where which while who whose with worst
    yesterday today week month day year year's past
""".split()
)
"""Words that say how a question is asked, not what about: no name is near because of them."""


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Small letters without accents or full-width forms."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def pieces(text: str) -> tuple[str, ...]:
    """`valLoss/epoch-2` -> val, loss, epoch, 2."""
    found = (part for word in _PIECE.findall(text) for part in _CAMEL.split(word))
    return tuple(folded(part) for part in found)


@lru_cache(maxsize=65_536)
def canonical(words: tuple[str, ...]) -> tuple[str, ...]:
    """Pieces as the trade abbreviates them: learning, rate -> lr; validation -> val."""
    plain = [_ALIKE.get(word) or _alike(_singular(word)) for word in words]
    found: list[str] = []
    at = 0
    while at < len(plain):
        length = next(_phrases_at(plain, at), 0)
        found.append(_PHRASES[tuple(plain[at : at + length])] if length else plain[at])
        at += max(length, 1)
    return tuple(found)


def _phrases_at(words: Sequence[str], at: int) -> Iterator[int]:
    for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
        if tuple(words[at : at + length]) in _PHRASES:
            yield length


def _alike(word: str) -> str:
    return _ALIKE.get(word, word)


def _singular(word: str) -> str:
    if word[-1:] == "s" and word[:-1].isdigit():
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word


def chained(word: str, parts: Sequence[str]) -> bool:
    """Whether a word is made of the beginnings of all parts: logreg of logistic, regression."""
    if not parts:
        return not word
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(word, parts[0], strict=False))
    shared = sum(1 for _ in alike)
    return any(chained(word[length:], parts[1:]) for length in range(shared, 0, -1))
