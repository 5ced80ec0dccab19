"""The tables a store has and which of them may be asked: the ground the guard stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from texttosql.flow import ColumnKind, Dialect

ASKABLE = frozenset({
    "experiments", "experiment_tags", "runs", "metrics", "latest_metrics", "params", "tags",
    "datasets", "inputs", "input_tags",
    "registered_models", "registered_model_tags", "registered_model_aliases",
    "model_versions", "model_version_tags",
    "logged_models", "logged_model_metrics", "logged_model_params", "logged_model_tags",
    "trace_info", "trace_tags", "trace_request_metadata", "assessments",
})  # fmt: skip
"""MLflow tables that hold experiments and their results. Secrets, webhooks, users, jobs and
gateway tables are left out on purpose: no question about experiments needs them."""

NEEDED = frozenset({"experiments", "runs", "metrics", "latest_metrics", "params", "tags"})
"""Without these a database is not an MLflow store that can be asked."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What a store really has: table name -> column name -> kind, only askable tables.

    `revision` is the alembic revision MLflow wrote. Names are as MLflow spells them (lower case).
    """

    tables: Mapping[str, Mapping[str, ColumnKind]]
    dialect: Dialect
    revision: str | None = None

    def has(self, table: str, column: str | None = None) -> bool:
        """Whether the store has this table (and column)."""
        columns = self.tables.get(table)
        return columns is not None and (column is None or column in columns)
