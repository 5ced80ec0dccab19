"""What in a store's change puts a verified example out of use, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.lessons import example
from texttosql.catalog import SMALL_STORE, Catalog, Experiment, KeyInfo, RegisteredModel
from texttosql.guard.mlflow_schema import default_schema
from texttosql.learning.example import Example
from texttosql.learning.outgrown import missing
from texttosql.schema import Schema

SCHEMA = default_schema("sqlite")
KEYS = {"lr": KeyInfo(3, numeric=True, values={"0.1": 3}, complete=True)}
STORE = Catalog(
    SCHEMA,
    experiments=(Experiment(1, "fraud", 3),),
    metrics={"val_accuracy": 3, "f1": 2},
    params=KEYS,
    tags=KEYS,
    models=(RegisteredModel("churn", (1,), {}),),
    runs=3,
)
_LIVE = "r.lifecycle_stage = 'active'"


def _with(rest: str) -> Example:
    return example(sql=f"SELECT r.name FROM runs AS r {rest}")


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (
            "JOIN latest_metrics AS m ON m.run_uuid = r.run_uuid AND m.key = 'val_acc'",
            "metric val_acc is not logged any more",
        ),
        (
            "JOIN metrics AS m ON m.run_uuid = r.run_uuid WHERE m.key IN ('auc', 'roc')",
            "metric auc is not logged any more",
        ),
        (
            f"JOIN params AS p ON p.run_uuid = r.run_uuid WHERE p.key = 'eta' AND {_LIVE}",
            "param eta is not logged any more",
        ),
        (
            f"JOIN tags AS t ON t.run_uuid = r.run_uuid WHERE t.key = 'team' AND {_LIVE}",
            "tag team is not logged any more",
        ),
        (
            f"JOIN experiments AS e ON e.name = 'churn' AND {_LIVE}",
            "experiment churn is not there any more",
        ),
        (f"WHERE r.experiment_id = 12 AND {_LIVE}", "experiment 12 is not there any more"),
        (
            "WHERE r.run_uuid IN (SELECT run_uuid FROM latest_metrics WHERE key = 'val_acc')",
            "metric val_acc is not logged any more",
        ),
        (
            "JOIN model_versions AS v ON v.run_id = r.run_uuid WHERE v.name = 'house'",
            "model house is not there any more",
        ),
        ("JOIN model_cards AS c ON c.run_uuid = r.run_uuid", "table model_cards is not there"),
        ("WHERE r.colour = 'red'", "column runs.colour is not there any more"),
    ],
)
def test_what_a_statement_needs_and_the_store_lacks_is_named(rest: str, why: str) -> None:
    assert (missing(_with(rest), STORE) or "").startswith(why)


@pytest.mark.parametrize(
    "rest",
    [
        "JOIN latest_metrics AS m ON m.run_uuid = r.run_uuid AND m.key = 'VAL_accuracy'",
        "JOIN latest_metrics AS m ON m.run_uuid = r.run_uuid WHERE m.key IN ('val_acc', 'f1')",
        "JOIN latest_metrics AS m ON m.run_uuid = r.run_uuid WHERE m.key = 'auc' OR m.key = 'f1'",
        "JOIN latest_metrics AS m ON m.run_uuid = r.run_uuid WHERE NOT m.key = 'val_acc'",
        "JOIN latest_metrics AS m ON m.run_uuid = r.run_uuid WHERE m.key <> 'val_acc'",
        "JOIN latest_metrics AS m ON m.run_uuid = r.run_uuid WHERE m.key LIKE 'auc%'",
        "JOIN params AS p ON p.run_uuid = r.run_uuid WHERE p.key = 'eta'",
        f"JOIN params AS p ON p.run_uuid = r.run_uuid WHERE p.key = 'lr' AND {_LIVE}",
        f"JOIN tags AS t ON t.run_uuid = r.run_uuid WHERE t.key = 'mlflow.note' AND {_LIVE}",
        "WHERE r.experiment_id = 12",
        "WHERE r.experiment_id = 12 AND r.lifecycle_stage IN ('active', 'deleted')",
        "WHERE r.name = 'val_acc'",
        "WHERE (",
    ],
)
def test_what_may_still_be_there_is_not_called_missing(rest: str) -> None:
    assert missing(_with(rest), STORE) is None


OF_QUERIES = (
    "SELECT COALESCE((SELECT m.value FROM latest_metrics AS m WHERE m.key = 'acc'), "
    "MAX(CASE WHEN x.key = '{}' THEN x.value END)) AS accuracy FROM latest_metrics AS x"
)
OF_JOINS = (
    "SELECT COALESCE(m.value, n.value) AS accuracy FROM runs AS r "
    "LEFT JOIN latest_metrics AS m ON m.run_uuid = r.run_uuid AND m.key = 'acc' "
    "LEFT JOIN latest_metrics AS n ON n.run_uuid = r.run_uuid AND n.key = '{}'"
)
UNITED = (
    "SELECT m.value FROM latest_metrics AS m WHERE m.key = 'acc' UNION "
    "SELECT m.value FROM latest_metrics AS m WHERE m.key = '{}'"
)


@pytest.mark.parametrize("either", [OF_QUERIES, OF_JOINS, UNITED])
def test_one_of_several_spellings_of_a_fact_is_enough(either: str) -> None:
    assert missing(example(sql=either.format("f1")), STORE) is None
    told = missing(example(sql=either.format("auc")), STORE)
    assert told == "metric acc is not logged any more"


def test_params_of_a_large_store_may_be_on_runs_that_were_not_looked_at() -> None:
    asked = _with(f"JOIN params AS p ON p.run_uuid = r.run_uuid WHERE p.key = 'eta' AND {_LIVE}")
    cut = {"lr": replace(KEYS["lr"], complete=False)}

    assert missing(asked, STORE) is not None
    assert missing(asked, replace(STORE, runs=SMALL_STORE + 1)) is None
    assert missing(asked, replace(STORE, params=cut)) is None


def test_a_table_of_the_statement_itself_is_not_looked_for_in_the_store() -> None:
    sql = "WITH best AS (SELECT r.name AS n FROM runs AS r) SELECT best.n FROM best"

    assert missing(example(sql=sql), STORE) is None


def test_a_store_without_a_table_any_more_says_so() -> None:
    smaller = Schema({t: c for t, c in SCHEMA.tables.items() if t != "datasets"}, "sqlite")
    asked = example(sql="SELECT d.name FROM datasets AS d")

    assert missing(asked, STORE) is None
    told = missing(asked, replace(STORE, schema=smaller))
    assert told == "table datasets is not there any more"
