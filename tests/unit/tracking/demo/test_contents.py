from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ANCHOR_MS = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000)
DAY_MS = 86_400_000


class Store:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def number(self, sql: str) -> Any:
        return self.rows(sql)[0][0]


@pytest.fixture
def store(demo_store: Path) -> Iterator[Store]:
    with closing(sqlite3.connect(f"file:{demo_store}?mode=ro", uri=True)) as connection:
        yield Store(connection)


LIVE = "runs AS r JOIN experiments AS e USING (experiment_id) WHERE r.lifecycle_stage = 'active'"


def test_it_holds_at_least_300_live_runs_in_5_experiments_by_6_users(store: Store) -> None:
    found = store.rows(
        "SELECT count(*), count(DISTINCT experiment_id), count(DISTINCT r.user_id)"
        f" FROM {LIVE} AND e.lifecycle_stage = 'active'"
    )
    runs, experiments, users = found[0]
    assert runs >= 300
    assert experiments >= 5
    assert users == 6


def test_runs_spread_over_the_90_days_before_the_anchor_and_none_is_from_the_future(
    store: Store,
) -> None:
    ages = [(ANCHOR_MS - start) / DAY_MS for (start,) in store.rows("SELECT start_time FROM runs")]
    assert 0 <= min(ages) < 1
    assert 80 < max(ages) <= 90
    assert {int(age / 7) for age in ages} >= set(range(12))
    assert store.number("SELECT max(end_time) FROM runs") <= ANCHOR_MS
    assert store.number("SELECT count(*) FROM runs WHERE end_time < start_time") == 0


@pytest.mark.parametrize(
    ("status", "at_least"),
    [("FINISHED", 200), ("FAILED", 15), ("KILLED", 5), ("RUNNING", 5), ("SCHEDULED", 2)],
)
def test_runs_end_in_every_way_a_run_can(store: Store, status: str, at_least: int) -> None:
    found = store.number(f"SELECT count(*) FROM {LIVE} AND r.status = '{status}'")
    assert found >= at_least


def test_a_run_that_goes_on_or_waits_has_no_end_and_every_other_has_one(store: Store) -> None:
    odd = (
        "SELECT count(*) FROM runs WHERE (status IN ('RUNNING', 'SCHEDULED')) != (end_time IS NULL)"
    )
    assert store.number(odd) == 0


def test_some_failed_runs_have_no_metrics_and_some_have_a_part_of_their_curve(
    store: Store,
) -> None:
    without = store.number(
        f"SELECT count(*) FROM {LIVE} AND r.status = 'FAILED' AND NOT EXISTS"
        " (SELECT 1 FROM metrics AS m WHERE m.run_uuid = r.run_uuid)"
    )
    everything = store.number(f"SELECT count(*) FROM {LIVE} AND r.status = 'FAILED'")
    assert 5 <= without < everything


def test_metrics_have_histories_in_which_time_goes_on_with_the_steps(store: Store) -> None:
    curves = store.rows(
        "SELECT count(*), max(step) FROM metrics GROUP BY run_uuid, key HAVING count(*) > 5"
    )
    assert len(curves) > 200
    backwards = store.number(
        "SELECT count(*) FROM metrics AS a JOIN metrics AS b"
        " ON a.run_uuid = b.run_uuid AND a.key = b.key AND b.step = a.step + 1"
        " WHERE b.timestamp <= a.timestamp"
    )
    assert backwards == 0


def test_a_latest_metric_is_the_last_step_of_its_history(store: Store) -> None:
    wrong = store.number(
        "SELECT count(*) FROM latest_metrics AS l WHERE l.step !="
        " (SELECT max(step) FROM metrics AS m WHERE m.run_uuid = l.run_uuid AND m.key = l.key)"
    )
    assert wrong == 0


def test_nan_and_infinity_are_there_as_mlflow_stores_them(store: Store) -> None:
    assert store.number("SELECT count(*) FROM latest_metrics WHERE is_nan") >= 5
    assert store.number("SELECT count(*) FROM latest_metrics WHERE value > 1.79e308") >= 3


def test_deleted_runs_share_their_name_with_live_ones(store: Store) -> None:
    shared = store.number(
        "SELECT count(*) FROM runs AS d WHERE d.lifecycle_stage = 'deleted' AND EXISTS"
        " (SELECT 1 FROM runs AS r WHERE r.name = d.name AND r.lifecycle_stage = 'active')"
    )
    assert shared >= 10


def test_one_experiment_is_deleted(store: Store) -> None:
    deleted = store.rows("SELECT name FROM experiments WHERE lifecycle_stage = 'deleted'")
    assert deleted == [("scratch-mei",)]


def test_sweeps_have_a_parent_and_children_that_name_it(store: Store) -> None:
    families = store.rows(
        "SELECT t.value, count(*) FROM tags AS t JOIN runs AS p ON p.run_uuid = t.value"
        " JOIN runs AS c ON c.run_uuid = t.run_uuid AND c.experiment_id = p.experiment_id"
        " AND c.start_time > p.start_time AND c.user_id = p.user_id"
        " WHERE t.key = 'mlflow.parentRunId' GROUP BY t.value"
    )
    tagged = store.number("SELECT count(*) FROM tags WHERE key = 'mlflow.parentRunId'")
    assert len(families) >= 5
    assert sum(children for _, children in families) == tagged


def test_names_and_keys_are_as_untidy_as_a_teams(store: Store) -> None:
    metrics = {key for (key,) in store.rows("SELECT DISTINCT key FROM latest_metrics")}
    params = {key for (key,) in store.rows("SELECT DISTINCT key FROM params")}
    assert {"accuracy", "Accuracy", "val_acc", "val_accuracy"} <= metrics
    assert {"lr", "LR", "learning_rate", "status"} <= params
    spelled = {value for (value,) in store.rows("SELECT value FROM params")}
    assert {"[32,32]", "[32, 32]"} <= spelled


def test_runs_have_tags_notes_and_data_sets_for_training_and_test(store: Store) -> None:
    tags = {key for (key,) in store.rows("SELECT DISTINCT key FROM tags")}
    assert {"team", "stage", "priority", "dataset_version", "mlflow.note.content"} <= tags
    contexts = store.rows(
        "SELECT DISTINCT value FROM input_tags WHERE name = 'mlflow.data.context'"
    )
    assert {context for (context,) in contexts} == {"train", "test"}
    assert store.number("SELECT count(DISTINCT name) FROM datasets") >= 10


def test_the_registry_has_versions_aliases_stages_tags_and_a_withdrawn_version(
    store: Store,
) -> None:
    assert store.number("SELECT count(*) FROM registered_models") >= 4
    assert store.number("SELECT count(*) FROM model_versions") >= 15
    aliases = {alias for (alias,) in store.rows("SELECT alias FROM registered_model_aliases")}
    stages = {stage for (stage,) in store.rows("SELECT current_stage FROM model_versions")}
    assert {"champion", "challenger"} <= aliases
    assert {"Production", "Staging", "Archived", "None", "Deleted_Internal"} <= stages
    assert store.number("SELECT count(*) FROM registered_model_tags") > 3
    assert store.number("SELECT count(*) FROM model_version_tags") > 15


def test_every_live_version_was_made_by_a_live_run_that_ended_before_it(store: Store) -> None:
    versions = "SELECT count(*) FROM model_versions AS v"
    live = f"{versions} WHERE v.current_stage != 'Deleted_Internal'"
    joined = (
        f"{versions} JOIN runs AS r ON r.run_uuid = v.run_id"
        " WHERE r.status = 'FINISHED' AND r.lifecycle_stage = 'active'"
        " AND v.creation_time > r.end_time"
    )
    assert store.number(joined) == store.number(live) > 0


def test_the_planner_was_given_statistics(store: Store) -> None:
    assert store.number("SELECT count(*) FROM sqlite_stat1") > 0


def test_no_path_of_the_building_site_is_left_in_it(store: Store) -> None:
    places = ("SELECT artifact_uri FROM runs", "SELECT artifact_location FROM experiments",
              "SELECT source FROM model_versions",
              "SELECT artifact_location FROM logged_models")  # fmt: skip
    found = [path for sql in places for (path,) in store.rows(sql)]
    kept = [path for path in found if "/test-demo/artifacts-" in path or "REDACTED" in path]
    assert kept == found


READ_BACK = """
import sys, warnings
warnings.simplefilter("ignore")
import mlflow
from sklearn.datasets import load_digits
mlflow.set_tracking_uri(sys.argv[1])
runs = mlflow.MlflowClient().search_runs(["2"], max_results=5)
model = mlflow.sklearn.load_model("models:/digit-reader@champion")
x, y = load_digits(return_X_y=True)
print(len(runs), (model.predict(x / 16) == y).mean() > 0.95)
"""


def test_mlflow_itself_reads_it_and_the_champion_predicts(demo_store: Path) -> None:
    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", READ_BACK, f"sqlite:///{demo_store}"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.split() == ["5", "True"], done.stderr
