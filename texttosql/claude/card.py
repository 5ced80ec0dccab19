"""The schema card: the tables and columns that this store has, and how they belong together.

Written from the live schema, so that nothing stands on it that would be refused, and an older
store's card lacks what that store lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from texttosql.flow import ColumnKind
from texttosql.schema import Schema

_MARKS: Mapping[str, str] = {"time": ":ms", "integer": ":int", "real": ":real"}
_FIRST = (
    "runs", "experiments", "latest_metrics", "metrics", "params", "tags", "experiment_tags",
    "datasets", "inputs", "input_tags", "registered_models", "model_versions",
    "registered_model_aliases", "registered_model_tags", "model_version_tags", "logged_models",
)  # fmt: skip
"""The tables most questions need come first; the others follow by name."""

_PLUMBING = frozenset({
    "workspace", "entry_point_name", "source_version", "storage_location", "run_link", "span_id",
    "status_message", "dataset_profile", "dataset_source_type", "dataset_digest", "overrides",
    "db_payload_generation", "client_request_id", "assessment_metadata", "is_numeric_value",
    "last_updated_timestamp", "last_updated_timestamp_ms", "trace_timestamp_ms",
    "metric_timestamp_ms", "cache_read_input_tokens", "cache_creation_input_tokens",
    "cache_creation_input_tokens_above_1hr", "runs.source_type", "runs.source_name",
    "logged_model_metrics.experiment_id", "logged_model_params.experiment_id",
    "logged_model_tags.experiment_id", "assessments.experiment_id",
})  # fmt: skip
"""Columns that MLflow keeps for itself: or leaves empty: each would cost tokens."""

_SHARED = ("run_uuid", "experiment_id", "input_uuid", "model_id", "request_id")
"""Columns that mean the same wherever they stand."""

_JOINS: Mapping[str, tuple[str, ...]] = {
    "runs.run_uuid": (
        "inputs.destination_id", "model_versions.run_id", "logged_models.source_run_id",
    ),
    "datasets.dataset_uuid": ("inputs.source_id",),
    "registered_models.name": (
        "model_versions.name", "registered_model_aliases.name", "registered_model_tags.name",
        "model_version_tags.name",
    ),
    "model_versions.version (with name)": (
        "registered_model_aliases.version", "model_version_tags.version",
    ),
    "trace_info.request_id": ("assessments.trace_id",),
}  # fmt: skip
"""A column -> those that hold its values under other names, or under a name that others bear."""


def card(schema: Schema) -> str:
    """One line a table, then the joins; the same text for the same schema."""
    names = [name for name in _FIRST if schema.has(name)]
    names += sorted(set(schema.tables) - set(names))
    lines = [f"{name}({_columns(name, schema.tables[name])})" for name in names]
    return "\n".join((*lines, f"Joins: {'; '.join((_by_name(schema), *_joins(schema)))}"))


def _columns(table: str, columns: Mapping[str, ColumnKind]) -> str:
    return ", ".join(
        f"{name}{_MARKS.get(kind, '')}"
        for name, kind in columns.items()
        if name not in _PLUMBING and f"{table}.{name}" not in _PLUMBING
    )


def _by_name(schema: Schema) -> str:
    tables = schema.tables.values()
    shared = [name for name in _SHARED if sum(name in columns for columns in tables) > 1]
    return f"{', '.join(shared)} to the same name"


def _joins(schema: Schema) -> Iterator[str]:
    for column, others in _JOINS.items():
        there = [other for other in others if _there(schema, other)]
        if _there(schema, column.split(" ")[0]) and there:
            yield f"{column} = {', '.join(there)}"


def _there(schema: Schema, column: str) -> bool:
    table, name = column.split(".")
    return schema.has(table, name)
