"""A run and an experiment at a glance: what is true of them, and in which order it is told."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.texttosql.offline.small_runs import ATTIC, CHURN, EMPTY, HOUSE, HOUSE_NAME, ms
from tests.unit.texttosql.offline.small_runs import run_id as id_of
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql import card
from texttosql.offline.directions import higher_is_better
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse


def _house(path: Path) -> Storehouse:
    return Storehouse(
        open_warehouse(f"sqlite:///{path}"), max_rows=500, deadline=20, ttl=3_600,
        clock=time.monotonic,
    )  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storehouse]:
    with closing(_house(new_small_store(tmp_path_factory.mktemp("card") / "mlflow.db"))) as opened:
        yield opened


def _run(house: Storehouse, name: str) -> card.RunCard:
    found = card.run_card(house, id_of(name), higher_is_better)
    assert found is not None
    return found


def _experiment(house: Storehouse, wanted: int | str) -> card.ExperimentCard:
    found = card.experiment_card(house, wanted, higher_is_better)
    assert found is not None
    return found


def _metric(found: card.RunCard, name: str) -> card.Metric:
    return next(metric for metric in found.metrics if metric.name == name)


def test_a_run_tells_who_when_where_and_with_what(house: Storehouse) -> None:
    found = _run(house, "gbm-2")
    assert (found.run_id, found.name, found.status) == (id_of("gbm-2"), "gbm-2", "FINISHED")
    assert (found.experiment_id, found.experiment, found.user) == (CHURN, "churn", "alice")
    assert (found.started_ms, found.duration_ms) == (ms("2026-10-07T08:00"), 55 * 60_000)
    assert not found.deleted
    assert found.params == (
        ("depth", "6"), ("early_stopping", "true"), ("lr", "0.05"), ("model", "gbm"),
        ("optimizer", "none"),
    )  # fmt: skip


def test_a_metric_has_its_place_among_the_live_runs_that_have_a_number(house: Storehouse) -> None:
    found = _run(house, "gbm-2")
    accuracy, loss, f1 = (_metric(found, name) for name in ("val_accuracy", "val_loss", "f1"))
    assert (accuracy.value, accuracy.rank, accuracy.of) == (0.90, 1, 8)
    assert (loss.value, loss.higher_is_better, loss.rank) == (0.38, False, 1)
    assert (f1.value, f1.rank, f1.of) == (0.76, 3, 8)


def test_what_most_runs_log_comes_first(house: Storehouse) -> None:
    assert [metric.name for metric in _run(house, "gbm-2").metrics][:2] == [
        "val_loss",
        "val_accuracy",
    ]


def test_numbers_that_are_none_have_no_place(house: Storehouse) -> None:
    found = _run(house, "gbm-4")
    f1, loss = _metric(found, "f1"), _metric(found, "val_loss")
    assert math.isnan(f1.value)
    assert loss.value > 1e308
    assert (f1.rank, loss.rank) == (None, None)


def test_a_run_that_still_runs_has_no_duration(house: Storehouse) -> None:
    found = _run(house, "gbm-7")
    assert (found.status, found.ended_ms, found.duration_ms) == ("RUNNING", None, None)


@pytest.mark.parametrize("name", ["gbm-8", "dusty"])
def test_a_deleted_run_and_one_of_a_deleted_experiment_say_so(house: Storehouse, name: str) -> None:
    assert _run(house, name).deleted


def test_a_live_run_of_a_deleted_experiment_is_told_as_deleted(tmp_path: Path) -> None:
    path = new_small_store(tmp_path / "mlflow.db")
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("UPDATE runs SET lifecycle_stage = 'active'")
    with closing(_house(path)) as house:
        assert _run(house, "dusty").deleted
        assert not _run(house, "gbm-8").deleted


def test_what_a_run_took_comes_after_what_it_achieved(tmp_path: Path) -> None:
    path = new_small_store(tmp_path / "mlflow.db")
    with closing(sqlite3.connect(path)) as store, store:
        store.execute(
            "INSERT INTO latest_metrics (run_uuid, key, value, is_nan, timestamp, step)"
            " SELECT run_uuid, 'train_seconds', 1, 0, 0, 0 FROM runs"
        )
    with closing(_house(path)) as house:
        assert _run(house, "gbm-2").metrics[-1].name == "train_seconds"
        assert "train_seconds" not in {each.metric for each in _experiment(house, CHURN).best}


@pytest.mark.parametrize("run_id", ["f" * 32, "", "' OR '1'='1", "x" * 65, "y" * 300_000, "gbm-2"])
def test_there_is_no_card_of_a_run_that_is_not_there(house: Storehouse, run_id: str) -> None:
    assert card.run_card(house, run_id, higher_is_better) is None


def test_a_run_with_hundreds_of_keys_is_cut_and_says_by_how_much(tmp_path: Path) -> None:
    path, run = new_small_store(tmp_path / "mlflow.db"), id_of("cnn-1")
    with closing(sqlite3.connect(path)) as store, store:
        store.executemany(
            "INSERT INTO params (run_uuid, key, value) VALUES (?, ?, 'x')",
            [(run, f"p{n:03}") for n in range(100)],
        )
        store.executemany(
            "INSERT INTO latest_metrics (run_uuid, key, value, is_nan, timestamp, step)"
            " VALUES (?, ?, 1, 0, 0, 0)",
            [(run, key) for key in (*(f"system/gpu{n}" for n in range(30)), "fit_seconds")],
        )
    with closing(_house(path)) as house:
        found = _run(house, "cnn-1")
    assert (len(found.params), found.more_params) == (card.PARAMS, 5 + 100 - card.PARAMS)
    assert (len(found.metrics), found.more_metrics) == (card.METRICS, 2 + 31 - card.METRICS)
    assert [metric.name for metric in found.metrics[:2]] == ["val_loss", "val_accuracy"]


def test_an_experiment_tells_its_runs_its_newest_and_its_best(house: Storehouse) -> None:
    found = _experiment(house, CHURN)
    assert (found.experiment_id, found.name, found.deleted) == (CHURN, "churn", False)
    assert (found.runs, found.failed, found.users) == (12, 2, 3)
    assert (found.last_run, found.last_ms) == ("gbm-7", ms("2026-10-28T08:00"))
    assert found.last_run_id == id_of("gbm-7")
    best = {each.metric: each for each in found.best}
    assert len(best) == card.MAIN
    assert (best["val_loss"].run, best["val_loss"].value) == ("gbm-2", 0.38)
    assert (best["val_accuracy"].run_id, best["val_accuracy"].ties) == (id_of("gbm-2"), 0)


def test_a_tie_for_the_best_is_told(tmp_path: Path) -> None:
    path = new_small_store(tmp_path / "mlflow.db")
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("UPDATE latest_metrics SET value = 0.9 WHERE key = 'val_accuracy'")
    with closing(_house(path)) as house:
        (best,) = (b for b in _experiment(house, CHURN).best if b.metric == "val_accuracy")
    assert (best.run, best.ties) == ("logreg-1", 7)


@pytest.mark.parametrize("wanted", [HOUSE, str(HOUSE), HOUSE_NAME])
def test_an_experiment_is_found_by_id_and_by_name(house: Storehouse, wanted: int | str) -> None:
    assert _experiment(house, wanted).experiment_id == HOUSE


@pytest.mark.parametrize(
    "wanted", [99, "99", "nowhere", "churn' OR '1'='1", "", "\\", "y" * 300_000]
)
def test_there_is_no_card_of_an_experiment_that_is_not_there(
    house: Storehouse, wanted: int | str
) -> None:
    assert card.experiment_card(house, wanted, higher_is_better) is None


def test_an_empty_and_a_deleted_experiment_have_cards(house: Storehouse) -> None:
    empty, attic = _experiment(house, EMPTY), _experiment(house, ATTIC)
    assert (empty.runs, empty.failed, empty.last_run, empty.best) == (0, 0, None, ())
    assert (empty.deleted, attic.deleted) == (False, True)
