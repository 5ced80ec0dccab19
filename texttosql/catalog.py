"""The names that live in a store right now: what a question's words can mean.

Read through the guard and the warehouse like any other query, and kept for a while (see `fresh`).
Bounded: in a large store, values and per-experiment keys come from the newest
runs of each experiment, so reading costs no more with 10^6 metric rows than with 10^5.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from texttosql.flow import Cell, ResultTable
from texttosql.schema import Schema

Run = Callable[[str], ResultTable]
"""Guard and warehouse in one: the rows of a statement."""

SMALL_STORE = 4_000  # runs up to which every run is looked at
NEWEST = 2_000  # runs that are looked at in a larger store: the newest of each experiment
LEAST = 5  # of them in each experiment, however many there are
VALUES_KEPT = 400  # values remembered for one param or tag
LONGEST_VALUE = 160  # characters; MariaDB groups longer texts on disk, and nobody types them
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment that is not deleted, and how many live runs it has."""

    id: int
    name: str
    runs: int


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A param or tag key: on how many live runs, its values, whether all are numbers.

    `values` maps value -> runs, most frequent first; `complete` says whether it has all.
    """

    runs: int
    numeric: bool
    values: Mapping[str, int]
    complete: bool


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A registered model: live versions in order, aliases (alias -> version), stages in use."""

    name: str
    versions: tuple[int, ...]
    aliases: Mapping[str, int]
    stages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalog:
    """A snapshot of the names. Counts are of live runs (neither run nor experiment deleted).

    `metrics_in`, `params_in` and `tags_in` map an experiment's id to the keys its runs have.
    `metric_max` maps a metric to its largest finite latest value: 0.93 or 93, a team's own scale.
    `first_ms` and `last_ms` bound the runs' start times, in epoch milliseconds.
    """

    schema: Schema
    experiments: tuple[Experiment, ...] = ()
    metrics: Mapping[str, int] = field(default_factory=dict)
    params: Mapping[str, KeyInfo] = field(default_factory=dict)
    tags: Mapping[str, KeyInfo] = field(default_factory=dict)
    users: Mapping[str, int] = field(default_factory=dict)
    run_names: Mapping[str, int] = field(default_factory=dict)
    models: tuple[RegisteredModel, ...] = ()
    registry_tags: Mapping[str, KeyInfo] = field(default_factory=dict)
    datasets: Mapping[str, int] = field(default_factory=dict)
    metrics_in: Mapping[int, frozenset[str]] = field(default_factory=dict)
    params_in: Mapping[int, frozenset[str]] = field(default_factory=dict)
    tags_in: Mapping[int, frozenset[str]] = field(default_factory=dict)
    metric_max: Mapping[str, float] = field(default_factory=dict)
    runs: int = 0
    first_ms: int = 0
    last_ms: int = 0


_LIVE = "r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'"
_RUNS = "runs AS r JOIN experiments AS e ON e.experiment_id = r.experiment_id"
_OWN_TAGS = "x.key NOT LIKE 'mlflow.%'"


def read_catalog(schema: Schema, run: Run) -> Catalog:
    """The names of a store. Raises WarehouseError, and Refused where a table may not be read."""
    experiments, (first, last) = _experiments(run)
    total = sum(experiment.runs for experiment in experiments)
    looked_at = _looked_at(experiments)
    metrics, metrics_in, metric_max = _metrics(run, looked_at)
    params, params_in = _keys(run, "params", "x.key IS NOT NULL", looked_at)
    tags, tags_in = _keys(run, "tags", _OWN_TAGS, looked_at)
    return Catalog(
        schema=schema,
        experiments=experiments,
        metrics=metrics,
        params=params,
        tags=tags,
        users=_counts(run, "r.user_id"),
        run_names=_counts(run, "r.name"),
        models=_models(schema, run),
        registry_tags=_registry_tags(schema, run),
        datasets=_datasets(schema, run),
        metrics_in=metrics_in,
        params_in=params_in,
        tags_in=tags_in,
        metric_max=metric_max,
        runs=total,
        first_ms=first,
        last_ms=last,
    )


def _looked_at(experiments: Sequence[Experiment]) -> str:
    """The runs whose names are read: all of a small store's, the newest of a large one's."""
    newest = _share([experiment.runs for experiment in experiments if experiment.runs])
    return (
        "(SELECT n.run_uuid, n.experiment_id FROM (SELECT r.run_uuid, r.experiment_id, "
        "ROW_NUMBER() OVER (PARTITION BY r.experiment_id ORDER BY r.start_time DESC) AS place "
        f"FROM {_RUNS} WHERE {_LIVE}) AS n WHERE n.place <= {newest}) AS s"
    )


def _share(runs: Sequence[int]) -> int:
    """How many runs of each experiment may be looked at, so that they are NEWEST in all.

    What a small experiment leaves of its share goes to the larger ones.
    """
    left = SMALL_STORE if sum(runs) <= SMALL_STORE else NEWEST
    for place, count in enumerate(sorted(runs)):
        share = left // (len(runs) - place)
        if share < count:
            return max(share, LEAST)
        left -= count
    return max(runs, default=LEAST)


def _experiments(run: Run) -> tuple[tuple[Experiment, ...], tuple[int, int]]:
    """The live experiments, and the first and the last start of a live run (0 without runs)."""
    rows = run(
        "SELECT e.experiment_id, e.name, COUNT(r.run_uuid) AS n, MIN(r.start_time) AS a, "
        "MAX(r.start_time) AS z FROM experiments AS e "
        "LEFT JOIN runs AS r ON r.experiment_id = e.experiment_id "
        "AND r.lifecycle_stage = 'active' WHERE e.lifecycle_stage = 'active' "
        "GROUP BY e.experiment_id, e.name ORDER BY n DESC, e.experiment_id"
    ).rows
    found = tuple(Experiment(_int(i), str(name), _int(count)) for i, name, count, _, _ in rows)
    first = min((_int(start) for *_, start, _ in rows if start is not None), default=0)
    return found, (first, max((_int(start) for *_, start in rows), default=0))


def _metrics(
    run: Run, looked_at: str
) -> tuple[dict[str, int], dict[int, frozenset[str]], dict[str, float]]:
    everywhere = run("SELECT DISTINCT m.key FROM latest_metrics AS m").rows
    rows = run(
        f"SELECT s.experiment_id, x.key, COUNT(*) AS n, "
        f"MAX(CASE WHEN ABS(x.value) < 1e308 THEN x.value END) AS top FROM {looked_at} "
        "JOIN latest_metrics AS x ON x.run_uuid = s.run_uuid GROUP BY s.experiment_id, x.key"
    ).rows
    counts: dict[str, int] = {str(key): 0 for (key,) in everywhere}
    tops: dict[str, float] = {}
    for _, key, count, top in rows:
        counts[str(key)] = counts.get(str(key), 0) + _int(count)
        if top is not None:
            tops[str(key)] = max(float(top), tops.get(str(key), float("-inf")))
    keys_in = _keys_in((experiment, key) for experiment, key, _, _ in rows)
    return _most_first(counts), keys_in, tops


def _keys(
    run: Run, table: str, condition: str, looked_at: str
) -> tuple[dict[str, KeyInfo], dict[int, frozenset[str]]]:
    found = run(
        f"SELECT s.experiment_id, x.key, SUBSTR(x.value, 1, {LONGEST_VALUE + 1}) AS v, "
        f"COUNT(*) AS n FROM {looked_at} JOIN {table} AS x ON x.run_uuid = s.run_uuid "
        f"WHERE {condition} GROUP BY s.experiment_id, x.key, v"
    )
    values: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for _, key, value, count in found.rows:
        values[str(key)][str(value)] += _int(count)
    infos = {key: _key_info(counts, whole=not found.truncated) for key, counts in values.items()}
    return infos, _keys_in((experiment, key) for experiment, key, _, _ in found.rows)


def _key_info(values: Mapping[str, int], *, whole: bool = True) -> KeyInfo:
    short = {value: count for value, count in values.items() if len(value) <= LONGEST_VALUE}
    kept = dict(list(_most_first(short).items())[:VALUES_KEPT])
    numeric = all(_NUMBER.fullmatch(value) for value in values)
    complete = whole and len(kept) == len(values)
    return KeyInfo(sum(values.values()), numeric, kept, complete)


def _keys_in(pairs: Iterable[tuple[Cell, Cell]]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for experiment, key in pairs:
        found[_int(experiment)].add(str(key))
    return {experiment: frozenset(keys) for experiment, keys in found.items()}


def _counts(run: Run, column: str) -> dict[str, int]:
    rows = run(
        f"SELECT {column}, COUNT(*) AS n FROM {_RUNS} WHERE {_LIVE} "
        f"AND {column} IS NOT NULL GROUP BY {column} ORDER BY n DESC"
    ).rows
    return {str(name): _int(count) for name, count in rows if name != ""}


def _models(schema: Schema, run: Run) -> tuple[RegisteredModel, ...]:
    if not schema.has("registered_models") or not schema.has("model_versions"):
        return ()
    names = run("SELECT m.name FROM registered_models AS m ORDER BY m.name").rows
    versions = _by_name(
        run(
            "SELECT v.name, v.version, v.current_stage FROM model_versions AS v "
            "WHERE v.current_stage <> 'Deleted_Internal' ORDER BY v.name, v.version"
        )
    )
    aliases: Mapping[Cell, Sequence[tuple[Cell, ...]]] = {}
    if schema.has("registered_model_aliases"):
        aliases = _by_name(
            run("SELECT a.name, a.alias, a.version FROM registered_model_aliases AS a")
        )
    return tuple(
        RegisteredModel(
            name=str(name),
            versions=tuple(_int(version) for version, _ in versions.get(name, ())),
            aliases={str(alias): _int(version) for alias, version in aliases.get(name, ())},
            stages=frozenset(str(s) for _, s in versions.get(name, ()) if s not in {None, "None"}),
        )
        for (name,) in names
    )


def _by_name(found: ResultTable) -> dict[Cell, list[tuple[Cell, ...]]]:
    """The rows without their first cell, under that first cell."""
    grouped: dict[Cell, list[tuple[Cell, ...]]] = defaultdict(list)
    for name, *rest in found.rows:
        grouped[name].append(tuple(rest))
    return grouped


def _registry_tags(schema: Schema, run: Run) -> dict[str, KeyInfo]:
    """The tags of registered models and of their versions, together."""
    values: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for table in ("registered_model_tags", "model_version_tags"):
        if schema.has(table):
            rows = run(
                f"SELECT x.key, x.value, COUNT(*) AS n FROM {table} AS x "
                f"WHERE {_OWN_TAGS} GROUP BY x.key, x.value"
            ).rows
            for key, value, count in rows:
                values[str(key)][str(value)] += _int(count)
    return {key: _key_info(found) for key, found in values.items()}


def _datasets(schema: Schema, run: Run) -> dict[str, int]:
    if not (schema.has("datasets") and schema.has("inputs")):
        return {}
    rows = run(
        "SELECT d.name, COUNT(*) AS n FROM datasets AS d JOIN inputs AS i "
        "ON i.source_id = d.dataset_uuid JOIN runs AS r ON r.run_uuid = i.destination_id "
        "JOIN experiments AS e ON e.experiment_id = r.experiment_id "
        f"WHERE {_LIVE} GROUP BY d.name ORDER BY n DESC"
    ).rows
    return {str(name): _int(count) for name, count in rows}


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _int(cell: Cell) -> int:
    return int(cell) if cell is not None else 0
