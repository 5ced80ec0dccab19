"""A team's store small enough to know by heart: 32 runs, so that a test can name the right rows.

A run is a line and the indented ones below it: name, experiment, user, status, start (UTC),
minutes, params, and after `|` what it logged. `loss=0.9>0.3>0.4` is a metric's history by steps,
the last being the latest; `@` marks a tag, `^name` the parent, `<name` a dataset. DELETED runs had
finished.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

CHURN, HOUSE, DIGITS, ATTIC, EMPTY = 1, 2, 3, 4, 5
HOUSE_NAME = "price: house v2"
EXPERIMENTS = (
    (CHURN, "churn", "active"),
    (HOUSE, HOUSE_NAME, "active"),
    (DIGITS, "digits-cnn", "active"),
    (ATTIC, "attic", "deleted"),
    (EMPTY, "nothing-yet", "active"),
)
RUNS = """
logreg-1 1 alice FINISHED 2026-09-03T09:00 10 model=logreg lr=0.1 optimizer=sgd
    early_stopping=false depth=auto
    | train_accuracy=0.80 val_accuracy=0.78 test_accuracy=0.77 f1=0.61 val_loss=0.90>0.70>0.55
    @stage=dev
logreg-2 1 bob FINISHED 2026-09-04T09:00 12 model=logreg lr=0.01 optimizer=sgd
    early_stopping=true depth=auto
    | train_accuracy=0.82 val_accuracy=0.79 test_accuracy=0.80 f1=0.64 val_loss=0.95>0.60>0.52
    @stage=dev
forest-1 1 alice FINISHED 2026-09-10T10:00 30 model=forest optimizer=none early_stopping=false
    depth=3
    | train_accuracy=0.95 val_accuracy=0.84 test_accuracy=0.83 f1=0.70 val_loss=0.47 @stage=dev
    <customers
forest-2 1 bob FINISHED 2026-09-11T10:00 35 model=forest optimizer=none early_stopping=true
    depth=8
    | train_accuracy=0.99 val_accuracy=0.86 test_accuracy=0.82 f1=0.74 val_loss=0.44 @stage=prod
    <customers
forest-3 1 carol FINISHED 2026-10-05T10:00 40 model=forest optimizer=none early_stopping=false
    depth=12
    | train_accuracy=1.00 val_accuracy=0.85 test_accuracy=0.84 f1=0.79 val_loss=0.49 <customers
gbm-1 1 alice FINISHED 2026-10-06T08:00 50 model=gbm lr=0.1 optimizer=none early_stopping=true
    depth=5
    | train_accuracy=0.93 val_accuracy=0.88 test_accuracy=0.87 f1=0.77 val_loss=0.60>0.30>0.41
    @stage=prod <customers
gbm-2 1 alice FINISHED 2026-10-07T08:00 55 model=gbm lr=0.05 optimizer=none early_stopping=true
    depth=6
    | train_accuracy=0.94 val_accuracy=0.90 test_accuracy=0.86 f1=0.76 val_loss=0.62>0.39>0.38
    @stage=prod <customers
gbm-3 1 bob FINISHED 2026-10-08T08:00 61 model=gbm lr=0.01 optimizer=none early_stopping=true
    depth=6
    | train_accuracy=0.90 val_accuracy=0.83 test_accuracy=0.81 f1=0.72 val_loss=0.70>0.50>0.48
    @stage=dev
gbm-4 1 carol FAILED 2026-10-09T08:00 2 model=gbm lr=5 optimizer=none early_stopping=false
    depth=7,8
    | f1=nan val_loss=inf
gbm-5 1 carol FAILED 2026-10-09T09:00 3 model=gbm lr=9 optimizer=none early_stopping=false
    depth=9/10
gbm-6 1 bob KILLED 2026-10-10T09:00 120 model=gbm lr=0.001 optimizer=none early_stopping=false
    depth=7
    | train_accuracy=0.70 val_loss=0.80
gbm-7 1 bob RUNNING 2026-10-28T08:00 - model=gbm lr=0.02 optimizer=none early_stopping=true
    depth=20x
    | val_loss=0.99
gbm-8 1 alice DELETED 2026-10-11T09:00 20 model=gbm lr=0.03 optimizer=none early_stopping=true
    depth=9
    | val_accuracy=0.99 f1=0.99 val_loss=0.01
ridge-1 2 bob FINISHED 2026-10-12T06:00 1 model=ridge alpha=1.0
    | val_rmse=41.5 test_rmse=44.0 r2=0.61 @stage=dev <houses
ridge-2 2 bob FINISHED 2026-10-12T07:00 1 model=ridge alpha=0.1
    | val_rmse=40.5 test_rmse=43.0 r2=0.63 @stage=dev <houses
lasso-1 2 carol FINISHED 2026-10-18T21:30 2 model=lasso alpha=10
    | val_rmse=52.0 test_rmse=51.0 r2=0.40 <houses
lasso-2 2 carol FINISHED 2026-10-18T22:30 2 model=lasso alpha=0.5
    | val_rmse=47.0 test_rmse=48.0 r2=0.52 <houses
boost-1 2 alice FINISHED 2026-10-20T12:00 90 model=boost lr=0.1 depth=4
    | val_rmse=31.0 test_rmse=35.5 r2=0.78 @stage=prod <houses
boost-2 2 alice FINISHED 2026-10-23T12:00 95 model=boost lr=0.05 depth=5
    | val_rmse=32.5 test_rmse=33.0 r2=0.80 @stage=dev <houses
boost-3 2 bob FINISHED 2026-10-25T22:30 80 model=boost lr=0.2 depth=4
    | val_rmse=36.0 test_rmse=38.0 r2=nan <houses
boost-4 2 bob FINISHED 2026-10-25T23:30 85 model=boost lr=0.3 depth=4
    | val_rmse=38.0 test_rmse=39.0 r2=0.70 <houses
boost-5 2 alice DELETED 2026-10-26T12:00 85 model=boost lr=0.3 depth=3
    | val_rmse=10.0 test_rmse=11.0 r2=0.99
sweep 3 carol FINISHED 2026-10-21T10:00 200
    | @mlflow.note.content=all_the_convolutions
cnn-1 3 carol FINISHED 2026-10-21T10:05 40 model=cnn lr=0.1 optimizer=adam early_stopping=true
    batch_size=32
    | val_accuracy=0.90>0.97>0.93 val_loss=0.50>0.20>0.35 ^sweep
cnn-2 3 carol FINISHED 2026-10-21T10:50 45 model=cnn lr=0.01 optimizer=adam early_stopping=true
    batch_size=64
    | val_accuracy=0.88>0.94>0.96 val_loss=0.60>0.25>0.22 ^sweep
cnn-3 3 carol FINISHED 2026-10-21T11:40 50 model=cnn lr=0.001 optimizer=sgd early_stopping=false
    batch_size=64
    | val_accuracy=0.50>0.70>0.91 val_loss=0.90>0.60>0.40 ^sweep
cnn-4 3 carol FAILED 2026-10-21T12:30 5 model=cnn lr=1 optimizer=sgd early_stopping=false
    batch_size=128
    | val_accuracy=0.10 val_loss=0.70>inf ^sweep
seed0 3 alice FINISHED 2026-10-27T09:00 15 model=mlp lr=0.01 optimizer=adam early_stopping=true
    batch_size=32
    | val_accuracy=0.92 val_loss=0.30 @stage=dev
seed0 3 alice FINISHED 2026-10-27T10:00 16 model=mlp lr=0.01 optimizer=sgd early_stopping=true
    batch_size=32
    | val_accuracy=0.89 val_loss=0.45 @stage=dev
mlp-1 3 bob FINISHED 2026-10-28T06:00 14 model=mlp lr=0.1 optimizer=adam early_stopping=false
    batch_size=64
    | val_accuracy=nan val_loss=nan
mlp-2 3 bob DELETED 2026-10-28T07:00 14 model=mlp lr=0.1 optimizer=adam early_stopping=false
    batch_size=64
    | val_accuracy=0.98 val_loss=0.05
dusty 4 alice FINISHED 2026-05-01T09:00 10 model=logreg lr=0.1
    | val_accuracy=0.995 f1=0.995
"""

VERSIONS = """
churn-model 1 Archived alice forest-2 2026-09-12T10:00 READY
churn-model 2 Production alice gbm-1 2026-10-06T12:00 READY champion
churn-model 3 None bob gbm-2 2026-10-08T12:00 READY challenger
churn-model 4 Deleted_Internal bob gbm-3 2026-10-09T12:00 READY
house-price 1 Staging alice boost-1 2026-10-21T12:00 READY champion
house-price 2 None alice boost-2 2026-10-24T12:00 FAILED_REGISTRATION
"""
"""Model, version, stage, user, its run, when, status, alias."""


@dataclass(frozen=True, slots=True)
class Run:
    """One line of RUNS; `metrics` maps a key to its values by step."""

    id: str
    name: str
    experiment: int
    user: str
    status: str
    start: int
    end: int | None
    deleted: bool
    params: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    parent: str = ""
    dataset: str = ""


def ms(text: str) -> int:
    """Epoch milliseconds of a UTC time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def runs() -> list[Run]:
    """Every run there is, deleted ones included."""
    lines = re.sub(r"\n +", " ", RUNS.strip()).splitlines()
    return [_run(place, line) for place, line in enumerate(lines)]


def run_id(name: str) -> str:
    """The id of the first run of that name."""
    return next(run.id for run in runs() if run.name == name)


def _run(place: int, line: str) -> Run:
    params, _, logged = line.partition("|")
    name, experiment, user, status, start, minutes, *pairs = params.split()
    begun = ms(start)
    return Run(
        hashlib.md5(str(place).encode(), usedforsecurity=False).hexdigest(),
        name, int(experiment), user,
        status="FINISHED" if status == "DELETED" else status,
        start=begun,
        end=None if minutes == "-" else begun + int(minutes) * 60_000,
        deleted=status == "DELETED",
        params=dict(pair.split("=") for pair in pairs),
        metrics={key: _history(text) for key, text in _pairs(logged, "")},
        tags={key[1:]: text.replace("_", " ") for key, text in _pairs(logged, "@")},
        parent=_marked(logged, "^"),
        dataset=_marked(logged, "<"),
    )  # fmt: skip


def _pairs(logged: str, mark: str) -> Iterator[tuple[str, str]]:
    for word in logged.split():
        key, equals, text = word.partition("=")
        if equals and key.startswith("@") == bool(mark):
            yield key, text


def _marked(logged: str, mark: str) -> str:
    return next((word[1:] for word in logged.split() if word.startswith(mark)), "")


def _history(text: str) -> list[float]:
    return [float(value) for value in text.split(">")]
