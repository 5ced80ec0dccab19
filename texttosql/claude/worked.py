"""Worked examples: questions and their SQL, in a store nobody has.

Each shows one thing that models get wrong without it. Names are invented, so that none is taken
for the asker's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from texttosql.claude.idioms import spelled
from texttosql.flow import Dialect
from texttosql.schema import Schema


@dataclass(frozen=True, slots=True)
class Worked:
    """A question and its SQL; `needs` are tables without which it is left out."""

    question: str
    sql: str
    needs: tuple[str, ...] = ()


_LIVE = "r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'"
_RUNS = "runs r JOIN experiments e USING (experiment_id)"
_AUC = "JOIN latest_metrics m ON m.run_uuid = r.run_uuid AND m.key = 'val_auc' AND m.is_nan = 0"
_FINITE = f"{_AUC} AND ABS(m.value) < 1e308"

_COMMON: tuple[Worked, ...] = (
    Worked(
        "top 5 churn runs by val auc",
        "SELECT r.name AS run, m.value AS val_auc, r.start_time AS started,"
        f" r.run_uuid AS run_id FROM {_RUNS} {_AUC} WHERE {_LIVE} AND e.name = 'churn'"
        " ORDER BY m.value DESC, r.start_time DESC LIMIT 5",
    ),
    Worked(
        "which run of each experiment has the lowest rmse (one winner or ties; overall: without"
        " PARTITION BY; top n of each: ROW_NUMBER, place <= n)",
        "SELECT experiment, run, rmse, run_id FROM (SELECT e.name AS experiment, r.name AS run,"
        " m.value AS rmse, r.run_uuid AS run_id, RANK() OVER (PARTITION BY r.experiment_id"
        f" ORDER BY m.value) AS place FROM {_RUNS} JOIN latest_metrics m"
        " ON m.run_uuid = r.run_uuid AND m.key = 'rmse' AND m.is_nan = 0"
        f" WHERE {_LIVE}) x WHERE place = 1 ORDER BY rmse",
    ),
    Worked(
        "average val_auc by model last week",
        f"SELECT p.value AS model, AVG(m.value) AS avg_val_auc, COUNT(*) AS runs FROM {_RUNS}"
        f" {_FINITE} JOIN params p ON p.run_uuid = r.run_uuid AND p.key = 'model' WHERE {_LIVE}"
        " AND r.start_time >= 1771200000000 AND r.start_time < 1771804800000"
        " GROUP BY p.value ORDER BY avg_val_auc DESC",
    ),
    Worked(
        "failure rate this week vs last week",
        "SELECT CASE WHEN r.start_time >= 1771804800000 THEN 'this week' ELSE 'last week' END"
        " AS period, SUM(r.status = 'FAILED') AS matching, COUNT(*) AS runs,"
        f" 100.0 * SUM(r.status = 'FAILED') / COUNT(*) AS percent FROM {_RUNS} WHERE {_LIVE}"
        " AND r.start_time >= 1771200000000 AND r.start_time < 1772409600000 GROUP BY period",
    ),
    Worked(
        "churn runs with lr below 0.01, with val_auc and duration (a join a key; LEFT where a run"
        " may lack it)",
        "SELECT r.name AS run, p.value AS lr, m.value AS val_auc,"
        " (r.end_time - r.start_time) / 1000.0 AS duration_s, r.run_uuid AS run_id"
        f" FROM {_RUNS} JOIN params p ON p.run_uuid = r.run_uuid AND p.key = 'lr' LEFT {_AUC}"
        f" WHERE {_LIVE} AND e.name = 'churn' AND CASE WHEN p.value REGEXP {{numeric}}"
        " THEN CAST(p.value AS {double}) END < 0.01",
    ),
    Worked(
        "val_loss curve of mlp-7 with the change at each step (first step to reach 0.5:"
        " MIN(CASE WHEN h.value <= 0.5 THEN h.step END); best ever: MIN(h.value); by run)",
        "SELECT h.step, h.value AS val_loss, h.value - LAG(h.value) OVER (PARTITION BY h.run_uuid"
        f" ORDER BY h.step) AS change, r.run_uuid AS run_id FROM {_RUNS} JOIN metrics h"
        " ON h.run_uuid = r.run_uuid AND h.key = 'val_loss' AND h.is_nan = 0"
        f" WHERE {_LIVE} AND r.name = 'mlp-7' ORDER BY run_id, h.step",
    ),
    Worked(
        "which params differ between a-1 and b-2",
        "SELECT r.name AS run, p.key AS param, p.value AS value FROM runs r JOIN params p"
        " ON p.run_uuid = r.run_uuid WHERE r.lifecycle_stage = 'active' AND r.name IN"
        " ('a-1', 'b-2') AND NOT EXISTS (SELECT 1 FROM runs s JOIN params q"
        " ON q.run_uuid = s.run_uuid WHERE s.lifecycle_stage = 'active' AND s.name IN"
        " ('a-1', 'b-2') AND s.name <> r.name AND q.key = p.key AND q.value = p.value)"
        " ORDER BY param, run",
    ),
    Worked(
        "trials per sweep",
        "SELECT s.name AS parent, COUNT(*) AS runs, s.run_uuid AS run_id"
        f" FROM {_RUNS} JOIN tags t ON t.run_uuid = r.run_uuid AND t.key = 'mlflow.parentRunId'"
        f" JOIN runs s ON s.run_uuid = t.value AND s.lifecycle_stage = 'active' WHERE {_LIVE}"
        " GROUP BY s.run_uuid, s.name",
    ),
    Worked(
        "val_auc of churn-model's champion",
        "SELECT v.version, m.value AS val_auc, v.run_id FROM registered_model_aliases a"
        " JOIN model_versions v ON v.name = a.name AND v.version = a.version"
        " AND v.current_stage <> 'Deleted_Internal' LEFT JOIN latest_metrics m"
        " ON m.run_uuid = v.run_id AND m.key = 'val_auc' AND m.is_nan = 0"
        " WHERE a.name = 'churn-model' AND a.alias = 'champion'",
        ("registered_model_aliases", "model_versions"),
    ),
)

_OF_DIALECT: Mapping[Dialect, tuple[Worked, ...]] = {
    "mysql": (
        Worked(
            "median val_auc per user",
            "SELECT user, AVG(v) AS median_val_auc FROM (SELECT r.user_id AS user, m.value AS v,"
            " ROW_NUMBER() OVER (PARTITION BY r.user_id ORDER BY m.value) AS place,"
            f" COUNT(*) OVER (PARTITION BY r.user_id) AS n FROM {_RUNS} {_FINITE}"
            f" WHERE {_LIVE}) x WHERE place IN (FLOOR((n + 1) / 2), FLOOR((n + 2) / 2))"
            " GROUP BY user",
        ),
    ),
    "sqlite": (
        Worked(
            "median and 90th percentile of val_auc per user",
            "SELECT r.user_id AS user, MEDIAN(m.value) AS median_val_auc, PERCENTILE(m.value, 0.9)"
            f" AS p90_val_auc FROM {_RUNS} {_FINITE} WHERE {_LIVE} GROUP BY r.user_id",
        ),
    ),
}

_ANSWERS = (
    (
        "which churn run is best? (val_auc and val_f1 are logged)",
        (
            '{"kind":"clarification","question":"Best by which metric?","options":[{"label":'
            '"val_auc","question":"which churn run is best by val_auc?"},{"label":"val_f1",'
            '"question":"which churn run is best by val_f1?"}]}'
        ),
    ),
    (
        "delete the failed runs",
        (
            '{"kind":"declined","reason":"I only read: I can list failed runs, not delete them.",'
            '"suggestions":["list the failed runs"]}'
        ),
    ),
)


def worked_sql(schema: Schema) -> tuple[Worked, ...]:
    """The examples with SQL for this kind of store, as far as it has their tables."""
    dialect = schema.dialect
    return tuple(
        Worked(one.question, spelled(one.sql, dialect), one.needs)
        for one in (*_COMMON, *_OF_DIALECT[dialect])
        if all(schema.has(table) for table in one.needs)
    )


def worked(schema: Schema) -> str:
    """All examples as the prompt shows them: the SQL alone, or the whole answer."""
    shown = [(one.question, one.sql) for one in worked_sql(schema)]
    return "\n".join(f"Q: {question}\n{answer}" for question, answer in (*shown, *_ANSWERS))
