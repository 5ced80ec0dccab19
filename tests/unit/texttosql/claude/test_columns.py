"""What the columns of a SELECT are is read from the SELECT."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.claude.catalogs import catalog
from texttosql.claude.columns import notes
from texttosql.flow import ColumnNote

STORE = catalog(metrics="auc val_loss loss", params={"loss": "hinge", "lr": "0.1"})
RUNS = "FROM runs r JOIN latest_metrics m ON m.run_uuid = r.run_uuid AND m.key = 'auc'"
LOW, HIGH, TIME = ColumnNote("real", higher_is_better=False), ColumnNote("real", True), "time"


def known(sql: str) -> dict[str, ColumnNote]:
    return notes(sql, STORE, lambda key: "loss" not in key)


def kinds(sql: str) -> dict[str, str]:
    return {name: note.kind for name, note in known(sql).items()}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT r.start_time AS t FROM runs r",
        "SELECT start_time AS t FROM runs",
        "SELECT MAX(r.start_time) AS t FROM runs r GROUP BY r.user_id",
        "SELECT x.t FROM (SELECT MIN(r.end_time) AS t FROM runs r) x",
        "WITH a AS (SELECT start_time AS s FROM runs), b AS (SELECT s AS t FROM a) SELECT t FROM b",
        "SELECT COALESCE(r.end_time, r.start_time) AS t FROM runs r",
        "SELECT CASE WHEN r.status = 'FAILED' THEN r.end_time END AS t FROM runs r",
        "SELECT LAG(r.start_time) OVER (ORDER BY r.start_time) AS t FROM runs r",
        "SELECT FIRST_VALUE(r.start_time) OVER (ORDER BY r.name) AS t FROM runs r",
        "SELECT v.creation_time AS t FROM model_versions v",
        "SELECT start_time AS t FROM runs UNION ALL SELECT creation_time FROM experiments",
        "SELECT x.* FROM (SELECT r.start_time AS t FROM runs r) x",
        "SELECT (SELECT 1) AS n, r.start_time AS t FROM runs AS r",
    ],
)  # fmt: skip
def test_a_time_is_followed_to_its_table(sql: str) -> None:
    assert kinds(sql).get("t") == TIME


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT r.end_time - r.start_time AS t FROM runs r",
        "SELECT (r.end_time - r.start_time) / 1000.0 AS t FROM runs r",
        "SELECT COUNT(r.start_time) AS t FROM runs r",
        "SELECT r.name AS t FROM runs r",
        "SELECT m.step AS t FROM metrics m",
        "SELECT 'start_time' AS t",
    ],
)
def test_what_is_made_of_times_is_none(sql: str) -> None:
    assert "t" not in kinds(sql)


@pytest.mark.parametrize(
    ("expression", "name", "note"),
    [
        ("m.value", "auc", HIGH),
        ("m.value", "AUC", HIGH),
        ("AVG(m.value)", "avg_auc", HIGH),
        ("ROUND(AVG(m.value), 3)", "mean_auc", HIGH),
        ("MAX(CASE WHEN m.key = 'val_loss' THEN m.value END)", "best_val_loss", LOW),
        ("MIN(m.value)", "min_val_loss", LOW),
        ("MEDIAN(m.value)", "median_auc", HIGH),
        ("m.value", "value", HIGH),
        ("AVG(m.value)", "average", HIGH),
    ],
)
def test_a_metrics_better_end_is_known(expression: str, name: str, note: ColumnNote) -> None:
    group = "" if expression == "m.value" else " GROUP BY r.user_id"
    assert known(f"SELECT {expression} AS {name} {RUNS}{group}")[name] == note


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("STDDEV_SAMP(m.value)", "std_auc"),
        ("COUNT(*)", "runs"),
        ("COUNT(*)", "auc"),
        ("m.value", "something"),
        ("r.name", "auc"),
    ],
)
def test_no_end_is_made_up(expression: str, name: str) -> None:
    assert name not in known(f"SELECT {expression} AS {name} {RUNS}")


def test_a_params_text_is_not_taken_for_the_metric_of_that_name() -> None:
    sql = "SELECT p.value AS loss FROM params p WHERE p.key = 'loss'"
    assert known(sql) == {}


def test_days_weeks_and_months_are_told_apart() -> None:
    day = "FROM_UNIXTIME(r.start_time / 1000, '%Y-%m-%d')"
    for name in ("day", "week", "month"):
        sql = f"WITH x AS (SELECT {day} AS {name} FROM runs r) SELECT {name} FROM x GROUP BY 1"
        assert kinds(sql) == {name: name}
    assert kinds("SELECT t.value AS day FROM tags t") == {}


@pytest.mark.parametrize("sql", ["", "SELECT", "DROP TABLE runs", "SELECT ((((", "(" * 5_000])
def test_what_is_no_query_has_no_columns(sql: str) -> None:
    assert known(sql) == {}
