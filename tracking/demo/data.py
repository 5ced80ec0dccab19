"""The data sets, split once: those that ship with scikit-learn, and one made by it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets, model_selection, preprocessing  # type: ignore[import-untyped]  # untyped upstream

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Split:
    """Rows to learn from and rows to judge by."""

    x_train: Array
    x_val: Array
    y_train: Array
    y_val: Array


def _fraud() -> tuple[Array, Array]:
    x, y = datasets.make_classification(
        n_samples=3000, n_features=16, n_informative=8, weights=[0.96], class_sep=1.45,
        flip_y=0.006, random_state=7,
    )  # fmt: skip
    return x, y


def _raw(name: str) -> tuple[Array, Array]:
    if name == "fraud":
        return _fraud()
    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    return np.asarray(x, dtype=float), np.asarray(y)


@cache
def split(name: str, scaler: str) -> Split:
    """The named data set, a third held out, scaled by what the training rows show.

    `scaler`: none, standard or minmax. Classes keep their shares in both parts.
    """
    x, y = _raw(name)
    strata = None if name == "diabetes" else y
    x_train, x_val, y_train, y_val = model_selection.train_test_split(
        x, y, test_size=1 / 3, random_state=0, stratify=strata
    )
    if scaler == "none":
        return Split(x_train, x_val, y_train, y_val)
    scaling = {"standard": preprocessing.StandardScaler, "minmax": preprocessing.MinMaxScaler}
    fitted = scaling[scaler]().fit(x_train)
    return Split(fitted.transform(x_train), fitted.transform(x_val), y_train, y_val)
