"""Each kind of plan gives the rows it means, through the guard and a real store."""

from __future__ import annotations

import math

import pytest

from tests.unit.texttosql.compose.plans import (
    CHURN,
    DIGITS,
    F1,
    LOSS,
    MODEL,
    PLANS,
    field,
    mean,
    passes,
    top,
)
from tests.unit.texttosql.compose.running import Place
from tests.unit.texttosql.offline.asking import BERLIN
from tests.unit.texttosql.offline.small_runs import runs
from tests.unit.texttosql.offline.small_store import INFINITE
from texttosql.compose import compose, count_sql, left_out_sql
from texttosql.flow import Cell
from texttosql.guard import approve
from texttosql.plan import Measure, Op, Plan, Ref, Sort, Window

RUNS = {
    "top by a metric": ["forest-3", "gbm-1", "gbm-2"],
    "lowest by a metric": ["gbm-2", "gbm-1", "forest-2"],
    "by the history's least": ["cnn-1", "cnn-2", "seed0"],
    "by the history's greatest": ["cnn-1", "cnn-2"],
    "by the first value": ["seed0", "cnn-1"],
    "by the history's mean": ["seed0", "cnn-1", "cnn-2"],
    "by duration": ["gbm-6", "gbm-3", "gbm-2"],
    "by a param that is a number": ["cnn-4", "mlp-1", "cnn-1"],
    "by a param of mixed text": ["forest-3", "forest-2", "gbm-6"],
    "the next two": ["gbm-2", "forest-2"],
    "best of each user": ["gbm-1", "forest-2", "forest-3"],
    "two of each experiment": ["gbm-2", "gbm-1", "cnn-2", "seed0"],
    "above a number": ["seed0", "cnn-3", "cnn-2", "cnn-1"],
    "a param in a list": ["lasso-2", "lasso-1", "ridge-2", "ridge-1"],
    "a param not in a list": ["logreg-2", "logreg-1"],
    "a name that contains": ["boost-1", "forest-1"],
    "a name that starts": ["ridge-2", "ridge-1"],
    "a name with a percent sign": [],
    "nan": ["mlp-1"],
    "infinite": ["cnn-4", "gbm-4"],
    "a metric missing": ["gbm-5"],
    "a tag there": ["boost-2", "boost-1", "ridge-2", "ridge-1"],
    "no parent": ["mlp-1", "seed0", "seed0", "sweep"],
    "children of a run": ["cnn-4", "cnn-3", "cnn-2", "cnn-1"],
    "above the mean": ["gbm-3", "gbm-2", "gbm-1", "forest-3", "forest-2"],
    "better than a run": ["cnn-2"],
    "on a dataset": ["gbm-2", "gbm-1", "forest-3", "forest-2", "forest-1"],
    "deleted only": ["mlp-2", "boost-5", "gbm-8", "dusty"],
    "a version by stage": ["gbm-1"],
    "versions by their runs' metric": ["gbm-1", "gbm-2", "forest-2"],
    "deleted versions": ["gbm-3"],
}


@pytest.mark.parametrize("name", RUNS)
def test_a_list_has_the_right_runs_in_order(name: str, small: Place) -> None:
    assert [run for (run,) in small.rows(PLANS[name], "run")] == RUNS[name]


ROWS: dict[str, tuple[tuple[str, ...], list[tuple[Cell, ...]]]] = {
    "how many": (("runs",), [(28,)]),
    "how many by two": (("user", "status", "runs"), [
        ("alice", "FINISHED", 8), ("bob", "FINISHED", 8), ("bob", "KILLED", 1),
        ("bob", "RUNNING", 1), ("carol", "FAILED", 3), ("carol", "FINISHED", 7)]),
    "percentile": (("p90 val_rmse", "runs"), [(48.5, 8)]),
    "share": (("user", "matching", "runs", "percent"), [
        ("alice", 0, 8, 0.0), ("bob", 0, 10, 0.0), ("carol", 3, 10, 30.0)]),
    "share of each group": (("status", "runs", "percent"), [
        ("FAILED", 2, 100 / 6), ("FINISHED", 8, 200 / 3), ("KILLED", 1, 100 / 12),
        ("RUNNING", 1, 100 / 12)]),
    "different values": (("distinct model",), [(8,)]),
    "two periods": (("period", "runs"), [("last week", 9), ("this week", 5)]),
    "only large groups": (("model", "runs"), [("boost", 4), ("cnn", 4), ("gbm", 7)]),
    "the largest group": (("model", "runs"), [("gbm", 7)]),
    "history": (("step", "val_loss"), [(0, 0.5), (1, 0.2), (2, 0.35)]),
    "history of the best": (("run", "step", "val_loss"), [
        ("gbm-2", 0, 0.62), ("gbm-2", 1, 0.39), ("gbm-2", 2, 0.38)]),
    "history of two metrics": (("metric", "step", "value"), [
        ("val_accuracy", 0, 0.88), ("val_accuracy", 1, 0.94), ("val_accuracy", 2, 0.96),
        ("val_loss", 0, 0.6), ("val_loss", 1, 0.25), ("val_loss", 2, 0.22)]),
    "history's peak": (("run", "step", "val_accuracy"), [("cnn-1", 1, 0.97)]),
    "history at a step": (("run", "val_accuracy"), [
        ("cnn-1", 0.97), ("cnn-2", 0.94), ("cnn-3", 0.7)]),
    "params of the best": (("param", "value"), [
        ("depth", "12"), ("early_stopping", "false"), ("model", "forest"),
        ("optimizer", "none")]),
    "metrics of a run": (("metric", "value"), [
        ("r2", 0.78), ("test_rmse", 35.5), ("val_rmse", 31.0)]),
    "tags of a run": (("tag", "value"), [("stage", "prod")]),
    "metric names": (("metric", "runs"), [
        ("val_loss", 11), ("f1", 9), ("train_accuracy", 9), ("test_accuracy", 8),
        ("val_accuracy", 8)]),
    "tag names": (("tag", "runs"), [("stage", 13)]),
    "experiments by runs": (("experiment", "runs"), [("churn", 12), ("digits-cnn", 8)]),
    "empty experiments": (("experiment",), [("nothing-yet",)]),
    "deleted experiments": (("experiment",), [("attic",)]),
    "how many experiments": (("experiments",), [(4,)]),
    "models": (("model", "versions", "latest version", "aliases"), [
        ("churn-model", 3, 3, 2), ("house-price", 2, 2, 1)]),
    "how many models": (("models",), [(2,)]),
    "versions of a model": (("version", "stage", "run"), [
        (3, "None", "gbm-2"), (2, "Production", "gbm-1"), (1, "Archived", "forest-2")]),
    "a version by alias": (("model", "version"), [("house-price", 1), ("churn-model", 2)]),
    "a version by tag": (("model", "version"), [("churn-model", 2)]),
    "a version by its model's tag": (("model", "version"), [
        ("house-price", 2), ("house-price", 1)]),
    "versions of a period": (("model", "version"), [
        ("house-price", 2), ("house-price", 1), ("churn-model", 3), ("churn-model", 2)]),
    "how many versions by model": (("model", "versions"), [
        ("churn-model", 3), ("house-price", 2)]),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_plan_gives_the_rows_it_means(name: str, small: Place) -> None:
    columns, rows = ROWS[name]
    found = small.rows(PLANS[name], *columns)
    assert len(found) == len(rows)
    for row, right in zip(found, rows, strict=True):
        assert row == tuple(
            pytest.approx(cell) if isinstance(cell, float) else cell for cell in right
        )


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_passes_the_guard_and_runs(name: str, small: Place) -> None:
    table = small.run(PLANS[name])
    assert len(set(table.names)) == len(table.names)


def test_an_infinity_is_ranked_but_not_averaged(small: Place) -> None:
    worst = top(LOSS, 1, CHURN)
    assert small.rows(worst, "run", "val_loss") == [("gbm-4", INFINITE)]
    ((average,),) = small.rows(mean(Measure("mean", LOSS), tests=(CHURN,)))
    assert average == pytest.approx(0.553)


def test_a_run_without_the_shown_metric_still_stands_in_the_list(small: Place) -> None:
    shown = small.pairs(PLANS["shown loosely"], "run", "f1")
    assert len(shown) == 12
    assert shown["gbm-5"] is None


def test_a_period_has_its_first_moment_and_not_its_last(small: Place) -> None:
    started = next(run.start for run in runs() if run.name == "boost-1")
    inside = Plan("list", window=Window(started, started + 1, "then"))
    before = Plan("list", window=Window(started - 1, started, "then"))
    assert small.rows(inside, "run") == [("boost-1",)]
    assert small.rows(before, "run") == []


def test_ties_stand_in_the_same_order_every_time(small: Place) -> None:
    plan = top(Ref("param", "batch_size"), 20, DIGITS)
    assert small.rows(plan) == small.rows(plan)


def test_how_many_runs_carry_nan_or_an_infinity_is_counted(small: Place) -> None:
    plan = Plan("list", tests=(DIGITS,), sort=Sort(LOSS, descending=False))
    for kind in ("nan", "inf"):
        sql = left_out_sql(plan, LOSS, kind, small.snapshot.catalog, BERLIN)
        assert small.storehouse.run(approve(sql, small.snapshot.policy)).rows == ((1,),)


def test_the_rows_of_a_list_are_counted_whatever_it_shows(small: Place) -> None:
    plan = Plan("list", tests=(passes(MODEL, "=", "gbm"),), sort=Sort(F1, descending=True), limit=2)
    sql = count_sql(plan, small.snapshot.catalog, BERLIN)
    assert small.storehouse.run(approve(sql, small.snapshot.policy)).rows == ((7,),)


HOSTILE = (
    "it's", 'a"b', "back\\slash", "`tick`", "%", "_", "; DROP TABLE runs --", ":p0", "🙂", "!",
    "' OR 1=1 --",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("op", ["=", "contains", "starts"])
def test_a_value_can_never_become_sql(op: Op, text: str, small: Place) -> None:
    table = small.run(Plan("list", tests=(passes(field("run"), op, text),)))
    assert table.rows == ()


@pytest.mark.parametrize("key", ["café au lait", "a/b: c", "x.y-z_1", "select", "100", "from runs"])
def test_a_name_that_mlflow_allows_can_head_a_column(key: str, small: Place) -> None:
    plan = Plan("list", show=(Ref("metric", key),), sort=Sort(Ref("param", key), descending=True))
    assert key in small.run(plan).names


def test_a_percent_sign_and_an_underscore_are_themselves_in_contains(small: Place) -> None:
    assert small.rows(Plan("list", tests=(passes(field("run"), "contains", "_"),))) == []


def test_the_columns_that_are_times_are_marked(small: Place) -> None:
    notes = compose(PLANS["all runs"], small.snapshot.catalog, BERLIN).columns
    assert notes["started"].kind == "time"
    weekly = compose(PLANS["by week"], small.snapshot.catalog, BERLIN).columns
    assert weekly["week"].kind == "week"


def test_a_mean_of_nothing_is_asked_for_in_vain(small: Place) -> None:
    with pytest.raises(ValueError, match="needs something"):
        small.run(mean(Measure("mean")))


def test_the_store_has_what_these_rows_are_read_from() -> None:
    """A guard on the fixture itself: what makes the questions above hard is really there."""
    found = runs()
    last = [values[-1] for run in found for values in run.metrics.values()]
    assert any(math.isnan(value) for value in last)
    assert any(math.isinf(value) for value in last)
    assert any(len(values) > 1 and min(values) < values[-1] for run in found
               for key, values in run.metrics.items() if key == "val_loss")  # fmt: skip
