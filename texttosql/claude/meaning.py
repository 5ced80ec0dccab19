"""What MLflow's tables mean, line by line, each for the stores that have what it speaks of."""

from __future__ import annotations

from texttosql.schema import Schema

_Line = tuple[str, str]

_LINES: tuple[_Line, ...] = (
    (
        "runs",
        (
            "Live only: every query over runs joins experiments and says r.lifecycle_stage ="
            " 'active' AND e.lifecycle_stage = 'active', unless deleted ones ('deleted') are asked"
            " for. Child runs count as runs."
        ),
    ),
    (
        "runs",
        (
            "runs.name is a run's name, user_id its maker, run_uuid its identity: names repeat."
            " status: RUNNING, SCHEDULED, FINISHED, FAILED (crashed), KILLED; a param called status"
            " is another thing. Times are epoch ms in UTC; a run happened at its start_time, took"
            " end_time - start_time, and has no end_time while it runs."
        ),
    ),
    (
        "latest_metrics",
        (
            "A run's metric is its last value: latest_metrics, one row a run and key. metrics has"
            " every step: only for curves, steps, epochs, best or worst ever reached, changes"
            " within a run."
        ),
    ),
    (
        "latest_metrics",
        (
            "NaN is value 0 with is_nan = 1: always say is_nan = 0, in both tables (= 1 where"
            " NaN is asked for). ±inf is ±1.797e308: averages, sums, spreads and medians say"
            " ABS(value) < 1e308; rankings, filters and lists keep it."
        ),
    ),
    (
        "latest_metrics",
        (
            "Best is low for loss, error, rmse, mae, mape, nll, perplexity, latency, time, cost,"
            " false positives, davies_bouldin, wer; else high; neg_ turns it round."
        ),
    ),
    (
        "params",
        (
            "params and tags: one row a run and key, value is text. Which model a run trains stands"
            " in a param or tag (model, model_type, estimator, algo, arch …): see in the names"
            " which key, in which experiments. Across experiments take the first a run has:"
            " COALESCE(p1.value, p2.value, t1.value) over LEFT JOINs."
        ),
    ),
    (
        "tags",
        (
            "Tags beginning with mlflow. are MLflow's own, left out of lists: mlflow.parentRunId (a"
            " child's parent run_uuid; a sweep's trials are its children), mlflow.note.content"
            " (note, description), mlflow.source.name, mlflow.source.git.commit, mlflow.user."
        ),
    ),
    (
        "inputs",
        (
            "A run's datasets: inputs with source_type = 'DATASET' AND destination_type = 'RUN';"
            " several a run, so COUNT(DISTINCT r.run_uuid). input_tags 'mlflow.data.context': train"
            " or test."
        ),
    ),
    (
        "model_versions",
        (
            "Registry: always model_versions.current_stage <> 'Deleted_Internal'. Stages"
            " (Production, Staging, Archived, 'None'), aliases (champion …) and tags are separate"
            " things. Latest = MAX(version). A version's metrics and params are its run's (run_id);"
            " who trained it is runs.user_id. model_tags of the names are of models or of versions"
            " (registered_model_tags, model_version_tags): if in doubt UNION both."
        ),
    ),
    (
        "logged_models",
        (
            "logged_models: models that runs saved, registered or not; lifecycle_stage = 'active';"
            " status 1 pending, 2 ready, 3 failed."
        ),
    ),
    (
        "trace_info",
        "trace_info: a row a trace; start timestamp_ms; status OK, ERROR, IN_PROGRESS.",
    ),
    (
        "assessments",
        "assessments judge traces (feedback, expectation); value is JSON text; only valid = 1.",
    ),
)


def meaning(schema: Schema) -> str:
    """The lines that this store's tables give rise to."""
    return "\n".join(f"* {text}" for table, text in _LINES if schema.has(table))
