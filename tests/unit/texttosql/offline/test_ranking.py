"""Best, worst and top: which way a metric is better, and which metric is meant."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.offline.asking import Ask


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("best run in churn by val_loss", "gbm-2"),
        ("best run by val_rmse", "boost-1"),
        ("best run by test_rmse", "boost-2"),
        ("which run has the lowest val_loss in churn?", "gbm-2"),
    ],
)
def test_the_best_run_by_a_loss_or_an_error_is_the_lowest_one(
    question: str, best: str, ask: Ask
) -> None:
    assert ask(question).runs == [best]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("best run by f1", "forest-3"),
        ("best run by r2", "boost-2"),
        ("which run has the highest val_accuracy in churn?", "gbm-2"),
    ],
)
def test_the_best_run_by_a_score_is_the_highest_one(question: str, best: str, ask: Ask) -> None:
    assert ask(question).runs == [best]


def test_that_lower_is_better_is_said(ask: Ask) -> None:
    assert "lower val_loss is better" in ask("best run in churn by val_loss").notes


def test_the_worst_runs_by_an_error_are_the_highest(ask: Ask) -> None:
    assert ask("worst 2 runs by val_rmse").runs == ["lasso-1", "lasso-2"]


def test_top_k_gives_k_runs_in_order(ask: Ask) -> None:
    assert ask("top 3 runs by f1 in churn").rows("run", "f1") == [
        ("forest-3", 0.79),
        ("gbm-1", 0.77),
        ("gbm-2", 0.76),
    ]


def test_a_run_counts_with_its_latest_value_not_its_best(ask: Ask) -> None:
    """gbm-1 once had the lowest val_loss, 0.30, and cnn-1 the highest val_accuracy, 0.97."""
    assert ask("best run in churn by val_loss").column("val_loss") == [0.38]
    assert ask("best run by val_accuracy in digits-cnn").rows("run", "val_accuracy") == [
        ("cnn-2", 0.96)
    ]


def test_the_best_ever_value_is_found_in_the_history(ask: Ask) -> None:
    said = ask("best val_accuracy ever reached in digits-cnn")
    assert said.rows("run", "max val_accuracy") == [("cnn-1", 0.97)]
    lowest = ask("lowest val_loss ever in churn")
    assert lowest.rows("run", "min val_loss") == [("gbm-1", 0.3)]


@pytest.mark.parametrize("words", ["per experiment", "for each experiment", "in each experiment"])
def test_the_best_run_of_each_experiment_is_one_row_each(words: str, ask: Ask) -> None:
    said = ask(f"best run by val_loss {words}")
    assert said.rows("experiment", "run") == [("churn", "gbm-2"), ("digits-cnn", "cnn-2")]


def test_the_best_run_of_each_user(ask: Ask) -> None:
    said = ask("best run per user by f1")
    assert said.rows("user", "run") == [
        ("alice", "gbm-1"),
        ("bob", "forest-2"),
        ("carol", "forest-3"),
    ]


@pytest.mark.parametrize(
    ("question", "metric", "best"),
    [
        ("best run in churn by vall_acuracy", "val_accuracy", "gbm-2"),
        ("best run in digits-cnn by vla_accuracy", "val_accuracy", "cnn-2"),
        ("best run by tran_accuracy", "train_accuracy", "forest-3"),
        ("best run in churn by val_los", "val_loss", "gbm-2"),
    ],
)
def test_a_typo_in_a_metrics_name_is_read_as_the_nearest_one(
    question: str, metric: str, best: str, ask: Ask
) -> None:
    assert ask(question).rows("run") == [(best,)]
    assert metric in ask(question).columns


@pytest.mark.parametrize("words", ["test accuracy", "test_accuracy", "Test Accuracy", "test acc"])
def test_a_metric_may_be_written_in_words(words: str, ask: Ask) -> None:
    assert ask(f"best run by {words}").rows("run", "test_accuracy") == [("gbm-1", 0.87)]


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("best run by accuracy", {"train_accuracy", "val_accuracy", "test_accuracy"}),
        ("top 5 runs by rmse", {"val_rmse", "test_rmse"}),
    ],
)
def test_metrics_that_fit_equally_are_asked_about(
    question: str, options: set[str], ask: Ask
) -> None:
    said = ask(question)
    assert said.outcome == "clarify"
    assert set(said.options) == options


@pytest.mark.parametrize(
    ("reply", "best"),
    [("val_accuracy", "cnn-2"), ("the test_accuracy", "gbm-1"), ("train_accuracy", "forest-3")],
)
def test_naming_one_of_the_options_answers(reply: str, best: str, talk: Ask) -> None:
    assert talk("best run by accuracy", reply).runs == [best]


def test_an_options_number_answers(ask: Ask) -> None:
    options = ask("best run by accuracy", thread="by number").options
    said = ask("2", thread="by number")
    assert options[1] in said.columns


def test_each_option_is_a_question_that_answers(ask: Ask) -> None:
    asked = ask("best run by accuracy").reply.clarification
    assert asked is not None
    for option in asked.options:
        assert option.label in ask(option.question).columns


def test_best_without_a_metric_is_asked_about_and_a_metric_answers(talk: Ask) -> None:
    assert {"f1", "val_loss"} <= set(talk("best run in churn").options)
    assert talk("best run in churn", "f1").runs == ["forest-3"]


def test_runs_of_one_name_are_asked_about(talk: Ask) -> None:
    assert talk("params of seed0").outcome == "clarify"
    said = talk("params of seed0", "the latest seed0")
    assert ("optimizer", "sgd") in said.rows("param", "value")


@pytest.mark.parametrize(
    ("question", "run"),
    [
        ("longest run in churn", "gbm-6"),
        ("fastest run in digits-cnn", "cnn-4"),
        ("oldest run", "logreg-1"),
        ("the latest run", "gbm-7"),
        ("latest run in price: house v2", "boost-4"),
    ],
)
def test_runs_are_ranked_by_time_too(question: str, run: str, ask: Ask) -> None:
    assert ask(question).runs == [run]


def test_a_run_that_has_not_ended_has_no_duration(ask: Ask) -> None:
    assert "gbm-7" not in ask("top 20 longest runs in churn").runs


@pytest.mark.parametrize("order", ["sorted from lowest", "lowest first", "best first"])
def test_an_order_by_its_end_sorts_by_the_metric_and_chooses_none(order: str, ask: Ask) -> None:
    said = ask(f"runs with val_loss between .37 and .45, {order}")
    losses = [float(str(cell)) for cell in said.column("val_loss")]
    assert losses == sorted(losses)
    assert len(losses) > 2


def test_how_many_hours_it_took_is_a_column_of_the_one_run(ask: Ask) -> None:
    said = ask("longest run in churn and how many hours it took")
    assert len(said.runs) == 1


def test_a_verb_of_spending_in_a_condition_adds_nothing_up(ask: Ask) -> None:
    assert "forest-1" in ask("which runs burned more than 0.4 val_loss").runs


def test_the_latest_of_all_is_a_run_even_with_its_experiment(ask: Ask) -> None:
    assert ask("most recent failure and its experiment").runs == ask("latest failed run").runs
