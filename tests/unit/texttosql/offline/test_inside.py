"""What is inside a run: its points by step, its params, metrics and tags, and which keys exist."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.offline.asking import Ask


@pytest.mark.parametrize(
    ("question", "metric", "points"),
    [
        ("val_loss curve of cnn-1", "val_loss", [(0, 0.5), (1, 0.2), (2, 0.35)]),
        ("show the val_accuracy history of cnn-1", "val_accuracy",
         [(0, 0.9), (1, 0.97), (2, 0.93)]),
        ("val_loss of gbm-1 by step", "val_loss", [(0, 0.6), (1, 0.3), (2, 0.41)]),
        ("val_accuracy at step 1 of cnn-1", "val_accuracy", [(1, 0.97)]),
    ],
)  # fmt: skip
def test_a_history_is_every_logged_point_by_step(
    question: str, metric: str, points: list[tuple[int, float]], ask: Ask
) -> None:
    assert ask(question).rows("step", metric) == points


def test_the_histories_of_two_runs_stand_one_after_the_other(ask: Ask) -> None:
    assert ask("val_loss of cnn-1 and cnn-2 by step").rows("run", "val_loss") == [
        ("cnn-1", 0.5), ("cnn-1", 0.2), ("cnn-1", 0.35),
        ("cnn-2", 0.6), ("cnn-2", 0.25), ("cnn-2", 0.22),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "kind", "found"),
    [
        ("params of gbm-2", "param", {
            "depth": "6", "early_stopping": "true", "lr": "0.05", "model": "gbm",
            "optimizer": "none"}),
        ("metrics of boost-1", "metric", {"r2": 0.78, "test_rmse": 35.5, "val_rmse": 31.0}),
        ("tags of boost-1", "tag", {"stage": "prod"}),
        ("parameters of the best run by r2", "param", {"model": "boost", "lr": "0.05",
                                                       "depth": "5"}),
    ],
)  # fmt: skip
def test_a_runs_details_are_one_row_each(
    question: str, kind: str, found: dict[str, object], ask: Ask
) -> None:
    assert ask(question).pairs(kind, "value") == found


def test_two_runs_are_compared_by_what_they_logged(ask: Ask) -> None:
    assert ask("compare cnn-1 and cnn-2").rows("run", "metric", "value") == [
        ("cnn-1", "val_accuracy", 0.93),
        ("cnn-1", "val_loss", 0.35),
        ("cnn-2", "val_accuracy", 0.96),
        ("cnn-2", "val_loss", 0.22),
    ]


@pytest.mark.parametrize(
    ("question", "kind", "counts"),
    [
        ("which metrics do digits-cnn runs have?", "metric", {"val_accuracy": 7, "val_loss": 7}),
        ("which params are logged in churn?", "param", {
            "depth": 12, "early_stopping": 12, "model": 12, "optimizer": 12, "lr": 9}),
        ("which tags are used?", "tag", {"stage": 13}),
        ("which users are there?", "user", {"alice": 8, "bob": 10, "carol": 10}),
        ("which datasets are used?", "dataset", {"houses": 8, "customers": 5}),
    ],
)  # fmt: skip
def test_the_names_in_use_are_listed_with_how_many_runs_have_them(
    question: str, kind: str, counts: dict[str, int], ask: Ask
) -> None:
    assert ask(question).pairs(kind, "runs") == counts


def test_all_metrics_are_listed_most_used_first(ask: Ask) -> None:
    said = ask("list all metrics")
    assert len(said.column("metric")) == 8
    assert said.rows("metric", "runs")[:2] == [("val_loss", 18), ("val_accuracy", 15)]


def test_the_experiments_are_listed_with_their_live_runs(ask: Ask) -> None:
    assert ask("list the experiments").pairs("experiment", "runs") == {
        "churn": 12, "digits-cnn": 8, "price: house v2": 8, "nothing-yet": 0,
    }  # fmt: skip


def test_a_deleted_experiment_is_shown_only_when_asked_for(ask: Ask) -> None:
    assert ask("which experiments are deleted?").column("experiment") == ["attic"]


@pytest.mark.parametrize(
    ("question", "act", "subject"),
    [
        ("top 5 churn runs by f1", "list", "runs"),
        ("average f1 by model", "summary", "runs"),
        ("val_loss curve of cnn-1", "history", "runs"),
        ("params of gbm-2", "detail", "runs"),
        ("list all metrics", "names", "runs"),
        ("list the experiments", "list", "experiments"),
        ("how many experiments are there", "summary", "experiments"),
        ("list the registered models", "list", "models"),
        ("how many registered models are there?", "summary", "models"),
        ("versions of churn-model", "list", "versions"),
        ("how many versions does churn-model have?", "summary", "versions"),
    ],
)
def test_the_plan_that_follow_ups_patch_says_what_was_understood(
    question: str, act: str, subject: str, ask: Ask
) -> None:
    plan = ask(question).plan
    assert (plan.act, plan.subject) == (act, subject)


def test_only_the_params_that_differ_between_runs_are_shown_when_those_are_asked_for(
    ask: Ask,
) -> None:
    said = ask("which params differ between forest-1 and forest-2")
    assert said.rows("run", "param", "value") == [
        ("forest-1", "depth", "3"),
        ("forest-1", "early_stopping", "false"),
        ("forest-2", "depth", "8"),
        ("forest-2", "early_stopping", "true"),
    ]


def test_what_changed_between_the_latest_runs_is_read_from_their_params_and_metrics(
    ask: Ask,
) -> None:
    said = ask("what changed between the last two runs of alice")
    latest = ask("last two runs of alice").runs
    assert set(said.column("run")) <= set(latest)
    assert {"param", "metric"} == set(said.column("kind"))


def test_runs_that_differ_in_nothing_are_said_to(ask: Ask) -> None:
    said = ask("which tags differ between gbm-1 and gbm-2")
    assert "they are the same in these runs" in said.words


def test_details_are_counted_as_what_they_are_and_not_as_runs(ask: Ask) -> None:
    said = ask("which params differ between forest-1 and forest-2")
    assert said.words.startswith("4 params: ")


def test_what_only_one_of_the_runs_has_differs_too(ask: Ask) -> None:
    said = ask("which tags are different between forest-2 and forest-3")
    assert said.rows("run", "tag", "value") == [("forest-2", "stage", "prod")]


def test_the_step_of_an_end_is_one_point(ask: Ask) -> None:
    said = ask("at what step did cnn-1 hit its max val_accuracy")
    assert said.rows("step", "val_accuracy") == [(1, 0.97)]
