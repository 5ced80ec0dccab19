"""The askable tables of the newest MLflow, for checking SQL when there is no store at hand.

Taken from a SQLite file that `mlflow db upgrade` of MLflow 3.17.2 made; a test compares it with
the installed MLflow. A real store's own schema comes from its warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from texttosql.flow import ColumnKind, Dialect
from texttosql.schema import Schema

REVISION = "dc11669786a5"

_TABLES: Mapping[str, str] = {
    "assessments": (
        "assessment_id:text trace_id:text name:text assessment_type:text value:text "
        "error:text created_timestamp:time last_updated_timestamp:time source_type:text "
        "source_id:text run_id:text span_id:text rationale:text overrides:text valid:integer "
        "assessment_metadata:text experiment_id:integer trace_timestamp_ms:time "
        "aggregate_value:real is_numeric_value:integer"
    ),
    "datasets": (
        "dataset_uuid:text experiment_id:integer name:text digest:text "
        "dataset_source_type:text dataset_source:text dataset_schema:text "
        "dataset_profile:text"
    ),
    "experiment_tags": ("key:text value:text experiment_id:integer"),
    "experiments": (
        "experiment_id:integer name:text artifact_location:text lifecycle_stage:text "
        "creation_time:time last_update_time:time workspace:text"
    ),
    "input_tags": ("input_uuid:text name:text value:text"),
    "inputs": (
        "input_uuid:text source_type:text source_id:text destination_type:text "
        "destination_id:text step:integer"
    ),
    "latest_metrics": (
        "key:text value:real timestamp:time step:integer is_nan:integer run_uuid:text"
    ),
    "logged_model_metrics": (
        "model_id:text metric_name:text metric_timestamp_ms:time metric_step:integer "
        "metric_value:real experiment_id:integer run_id:text dataset_uuid:text "
        "dataset_name:text dataset_digest:text"
    ),
    "logged_model_params": ("model_id:text experiment_id:integer param_key:text param_value:text"),
    "logged_model_tags": ("model_id:text experiment_id:integer tag_key:text tag_value:text"),
    "logged_models": (
        "model_id:text experiment_id:integer name:text artifact_location:text "
        "creation_timestamp_ms:time last_updated_timestamp_ms:time status:integer "
        "lifecycle_stage:text model_type:text source_run_id:text status_message:text"
    ),
    "metrics": ("key:text value:real timestamp:time run_uuid:text step:integer is_nan:integer"),
    "model_version_tags": ("key:text value:text name:text version:integer workspace:text"),
    "model_versions": (
        "name:text version:integer creation_time:time last_updated_time:time description:text "
        "user_id:text current_stage:text source:text run_id:text status:text "
        "status_message:text run_link:text storage_location:text workspace:text"
    ),
    "params": ("key:text value:text run_uuid:text"),
    "registered_model_aliases": ("alias:text version:integer name:text workspace:text"),
    "registered_model_tags": ("key:text value:text name:text workspace:text"),
    "registered_models": (
        "name:text creation_time:time last_updated_time:time description:text workspace:text"
    ),
    "runs": (
        "run_uuid:text name:text source_type:text source_name:text entry_point_name:text "
        "user_id:text status:text start_time:time end_time:time source_version:text "
        "lifecycle_stage:text artifact_uri:text experiment_id:integer deleted_time:time"
    ),
    "tags": ("key:text value:text run_uuid:text"),
    "trace_info": (
        "request_id:text experiment_id:integer timestamp_ms:time execution_time_ms:integer "
        "status:text client_request_id:text request_preview:text response_preview:text "
        "db_payload_generation:integer trace_name:text session_id:text input_tokens:integer "
        "output_tokens:integer total_tokens:integer cache_read_input_tokens:integer "
        "cache_creation_input_tokens:integer cache_creation_input_tokens_above_1hr:integer "
        "input_cost:real output_cost:real total_cost:real"
    ),
    "trace_request_metadata": ("key:text value:text request_id:text"),
    "trace_tags": ("key:text value:text request_id:text"),
}
"""Table -> its columns in their order, each with its kind."""


def _columns(words: str) -> dict[str, ColumnKind]:
    pairs = (word.split(":") for word in words.split())
    return {name: cast("ColumnKind", kind) for name, kind in pairs}


def default_schema(dialect: Dialect) -> Schema:
    """MLflow's askable tables as they are after the newest migration."""
    tables = {table: _columns(words) for table, words in _TABLES.items()}
    return Schema(tables=tables, dialect=dialect, revision=REVISION)


_KNOWN = {table: tuple(_columns(words)) for table, words in _TABLES.items()}


def columns_of(table: str) -> tuple[str, ...]:
    """The columns MLflow gives this table, whether listed by a policy or not."""
    return _KNOWN.get(table, ())
