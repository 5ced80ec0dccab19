"""Catalogs in a few words, for the tests of what is made from a store's names."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from texttosql.catalog import Catalog, Experiment, KeyInfo, RegisteredModel
from texttosql.guard import default_schema

_WORDS = (
    "train loss layer head drop batch warm decay norm opt mom beta gamma seed split encoder decoder"
    " attn conv pool stride kernel size rate schedule dim width depth"
).split()


def key(runs: int, values: str = "") -> KeyInfo:
    """A param or tag: on so many runs, with these values (words), the first most often."""
    words = values.split()
    counts = {value: len(words) - at for at, value in enumerate(words)}
    return KeyInfo(runs, all(word.replace(".", "").isdigit() for word in words), counts, True)


def catalog(
    experiments: str = "churn house-prices",
    metrics: str = "",
    params: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    users: str = "ann ben",
    runs: str = "",
    models: Sequence[RegisteredModel] = (),
    datasets: str = "",
) -> Catalog:
    """A small store; each experiment has every key unless a name is `key@experiment-number`."""
    made = tuple(Experiment(n, name, 30 - n) for n, name in enumerate(experiments.split(), 1))
    metric_places = [word.partition("@") for word in metrics.split()]
    everywhere = [experiment.id for experiment in made]
    metrics_in = {
        place: frozenset(name for name, _, only in metric_places if not only or int(only) == place)
        for place in everywhere
    }
    return Catalog(
        default_schema("sqlite"),
        made,
        {name: 20 for name, _, _ in metric_places},
        {name: key(20, values) for name, values in (params or {}).items()},
        {name: key(20, values) for name, values in (tags or {}).items()},
        dict.fromkeys(users.split(), 9),
        dict.fromkeys(runs.split(), 1),
        tuple(models),
        datasets=dict.fromkeys(datasets.split(), 5),
        metrics_in=metrics_in,
        params_in={place: frozenset(params or {}) for place in everywhere},
        tags_in={place: frozenset(tags or {}) for place in everywhere},
        runs=60,
    )


def crowded(params: int = 20_000) -> Catalog:
    """A store of thousands of keys, experiments and run names that look alike."""
    chance = random.Random(4)

    def name(at: int) -> str:
        return chance.choice("_-/").join(chance.choice(_WORDS) for _ in range(3)) + f"_{at}"

    keys = {name(at): key(chance.randint(1, 900), f"v{at} w{at} {at}") for at in range(params)}
    keys |= {"backbone": key(40, "resnet-50 vit-b16"), "learning_rate": key(35, "0.1 0.01")}
    metrics = {name(at): chance.randint(1, 900) for at in range(params // 10)} | {"val_auroc": 12}
    experiments = tuple(Experiment(at, name(at), 5) for at in range(params // 10))
    experiments = (*experiments, Experiment(999_999, "satellite-segmentation", 3))
    return Catalog(
        default_schema("sqlite"),
        experiments,
        metrics,
        keys,
        users={f"user{at}": 3 for at in range(300)},
        run_names={name(at): 1 for at in range(params)} | {"run_17": 2},
        params_in={999_999: frozenset({"backbone", "learning_rate"})},
        metrics_in={999_999: frozenset({"val_auroc"})},
        runs=50_000,
    )
