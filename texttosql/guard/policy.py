"""What a question may read, and how much: the guard's only setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from texttosql.flow import Dialect
from texttosql.schema import Schema


@dataclass(frozen=True, slots=True)
class OneOf:
    """Only rows whose `column` is one of `values`; none at all when there are none."""

    column: str
    values: tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """Only rows whose `column` occurs as `key` in the rows of `table` that its own scope leaves."""

    column: str
    table: str
    key: str


Predicate = OneOf | Within


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be asked: the tables and columns of `schema`, at most `max_rows` rows of an answer.

    `scopes`: table -> which of its rows exist for this asker; the guard puts each such table in
    as a filtered subquery. A `Within` must name a table of the schema. `max_length` is in
    characters; `max_depth` counts nested brackets. Twenty thousand characters are ten times the
    longest question seen; fifty levels are far from the depth at which a parser gives up.
    """

    schema: Schema
    dialect: Dialect = "mysql"
    max_rows: int = 10_000
    scopes: Mapping[str, Predicate] = field(default_factory=dict)
    max_length: int = 20_000
    max_tokens: int = 5_000
    max_depth: int = 50
    max_tables: int = 60


_BY_EXPERIMENT = (
    "experiments", "experiment_tags", "runs", "datasets", "logged_models", "logged_model_metrics",
    "logged_model_params", "logged_model_tags", "trace_info", "assessments",
)  # fmt: skip
_BY_PARENT: Mapping[str, Within] = {
    "metrics": Within("run_uuid", "runs", "run_uuid"),
    "latest_metrics": Within("run_uuid", "runs", "run_uuid"),
    "params": Within("run_uuid", "runs", "run_uuid"),
    "tags": Within("run_uuid", "runs", "run_uuid"),
    "inputs": Within("destination_id", "runs", "run_uuid"),
    "input_tags": Within("input_uuid", "inputs", "input_uuid"),
    "model_versions": Within("run_id", "runs", "run_uuid"),
    "model_version_tags": Within("name", "model_versions", "name"),
    "registered_models": Within("name", "model_versions", "name"),
    "registered_model_tags": Within("name", "model_versions", "name"),
    "registered_model_aliases": Within("name", "model_versions", "name"),
    "trace_tags": Within("request_id", "trace_info", "request_id"),
    "trace_request_metadata": Within("request_id", "trace_info", "request_id"),
}


def experiments_only(ids: Iterable[int]) -> dict[str, Predicate]:
    """Scopes for an asker who may see these experiments alone, for every askable table.

    A registered model is seen when a version of it came from a run that may be seen.
    """
    allowed = tuple(sorted(ids))
    return {**{table: OneOf("experiment_id", allowed) for table in _BY_EXPERIMENT}, **_BY_PARENT}
