"""A follow-up patches the answer before it: the rest of the question stays."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.offline.asking import Ask

TOP = "top 5 churn runs by f1"
TOP_RUNS = ["forest-3", "gbm-1", "gbm-2", "forest-2", "gbm-3"]


def test_only_alices_narrows_the_answer_before(talk: Ask) -> None:
    said = talk(TOP, "only alice's")
    assert said.runs == ["gbm-1", "gbm-2", "forest-1", "logreg-1"]
    assert set(said.column("user")) == {"alice"}


def test_another_user_takes_the_place_of_the_first(talk: Ask) -> None:
    assert talk("how many churn runs did alice make", "and bob?").number == 5


def test_a_condition_narrows_and_a_second_one_narrows_further(talk: Ask) -> None:
    said = talk("churn runs with f1 above 0.7", "only alice's", "only prod")
    assert sorted(map(str, said.runs)) == ["gbm-1", "gbm-2"]


def test_top_3_instead_keeps_the_order(talk: Ask) -> None:
    assert talk(TOP).runs == TOP_RUNS
    assert talk(TOP, "top 3 instead").runs == TOP_RUNS[:3]


@pytest.mark.parametrize(
    "words", ["what about val_loss", "and by val_loss?", "by val_loss instead"]
)
def test_another_metric_ranks_anew_in_its_own_direction(words: str, talk: Ask) -> None:
    assert talk("top 3 churn runs by f1", words).runs == ["gbm-2", "gbm-1", "forest-2"]


def test_what_about_f1_ranks_by_f1(talk: Ask) -> None:
    said = talk("top 3 churn runs by val_accuracy", "what about f1")
    assert said.runs == ["forest-3", "gbm-1", "gbm-2"]
    assert "f1" in said.columns


def test_last_month_replaces_the_period(talk: Ask) -> None:
    assert talk("how many runs this month").number == 24
    assert talk("how many runs this month", "last month").number == 4


@pytest.mark.parametrize("words", ["in september?", "and in september?", "what about september"])
def test_a_named_month_replaces_the_period(words: str, talk: Ask) -> None:
    said = talk("churn runs in october", words)
    assert sorted(map(str, said.runs)) == ["forest-1", "forest-2", "logreg-1", "logreg-2"]


def test_a_period_is_put_to_a_question_without_one(talk: Ask) -> None:
    assert talk("how many churn runs did alice make", "in october?").number == 2


def test_another_experiment_replaces_the_first(talk: Ask) -> None:
    assert talk("how many runs in churn", "and in digits-cnn?").number == 8


def test_as_a_bar_chart_keeps_the_rows_and_sets_the_wish(talk: Ask) -> None:
    said = talk(TOP, "as a bar chart")
    assert said.runs == TOP_RUNS
    assert said.reply.draft is not None
    assert said.reply.draft.chart.kind == "bar"


@pytest.mark.parametrize("words", ["how many is that?", "how many are there?", "how many"])
def test_how_many_is_that_counts_the_same_runs(words: str, talk: Ask) -> None:
    assert talk("churn runs with f1 above 0.75", words).number == 3


def test_a_param_is_put_beside_the_same_runs(talk: Ask) -> None:
    said = talk("top 3 churn runs by f1", "and the learning rates?")
    assert said.rows("run", "lr") == [("forest-3", None), ("gbm-1", "0.1"), ("gbm-2", "0.05")]


def test_a_new_bound_replaces_the_old_one(talk: Ask) -> None:
    assert talk("churn runs with f1 above 0.75", "above 0.78").runs == ["forest-3"]


def test_sorting_by_something_else_keeps_the_runs(talk: Ask) -> None:
    said = talk("churn runs with f1 above 0.75", "sort by duration")
    assert said.runs == ["gbm-2", "gbm-1", "forest-3"]


def test_another_measure_keeps_the_groups(talk: Ask) -> None:
    said = talk("average f1 by model in churn", "median instead")
    assert said.pairs("model", "median f1") == {"gbm": 0.76, "forest": 0.74, "logreg": 0.625}


def test_another_group_keeps_the_measure(talk: Ask) -> None:
    said = talk("average f1 by model in churn", "by user")
    assert said.pairs("user", "mean f1") == pytest.approx(
        {"carol": 0.79, "alice": 0.71, "bob": 0.7}
    )


def test_a_trend_is_narrowed(talk: Ask) -> None:
    said = talk("runs by week since september", "only bob's")
    assert said.column("runs") == [1, 1, 2, 2, 1, 3]


def test_its_params_are_those_of_the_best_run(talk: Ask) -> None:
    said = talk("best run in churn by f1", "its params")
    assert said.pairs("param", "value") == {
        "depth": "12",
        "early_stopping": "false",
        "model": "forest",
        "optimizer": "none",
    }


def test_a_status_is_asked_within_an_experiment(talk: Ask) -> None:
    assert sorted(map(str, talk("failed runs", "in churn").runs)) == ["gbm-4", "gbm-5"]


def test_too_widens_instead_of_replacing(talk: Ask) -> None:
    said = talk("failed runs", "and killed ones too")
    assert sorted(map(str, said.runs)) == ["cnn-4", "gbm-4", "gbm-5", "gbm-6"]


@pytest.mark.parametrize(
    ("words", "runs"),
    [
        ("exclude forest", ["gbm-1", "gbm-2", "gbm-3"]),
        ("without carol's", ["gbm-1", "gbm-2", "forest-2"]),
        ("not carol's", ["gbm-1", "gbm-2", "forest-2"]),
    ],
)
def test_an_exclusion_lets_the_next_ones_move_up(words: str, runs: list[str], talk: Ask) -> None:
    assert talk("top 3 churn runs by f1", words).runs == runs


def test_the_worst_turns_the_order_around(talk: Ask) -> None:
    assert talk("best run by val_rmse", "and the worst?").runs == ["lasso-1"]


def test_another_metrics_curve_is_of_the_same_run(talk: Ask) -> None:
    said = talk("val_loss curve of cnn-1", "val_accuracy instead")
    assert said.column("val_accuracy") == [0.9, 0.97, 0.93]


def test_an_average_is_over_the_runs_before(talk: Ask) -> None:
    said = talk("churn runs with f1 above 0.75", "average f1")
    assert said.column("mean f1") == [pytest.approx(2.32 / 3)]


def test_which_one_is_in_production_narrows_the_versions(talk: Ask) -> None:
    assert talk("versions of churn-model", "which one is in production").column("version") == [2]


def test_who_ran_them_groups_the_same_runs(talk: Ask) -> None:
    assert talk("failed runs", "who ran them?").rows("user", "runs") == [("carol", 3)]


def test_a_question_that_says_everything_starts_anew(talk: Ask) -> None:
    assert talk("top 3 churn runs by f1", "how many failed runs are there?").number == 3


def test_a_declined_question_does_not_break_the_thread(talk: Ask) -> None:
    assert talk(TOP, "delete the failed runs", "top 3 instead").runs == TOP_RUNS[:3]


def test_threads_do_not_hear_each_other(ask: Ask) -> None:
    ask(TOP, thread="one")
    ask("how many runs in digits-cnn", thread="two")
    assert ask("top 2 instead", thread="one").runs == TOP_RUNS[:2]
    assert ask("only bob's", thread="two").number == 1


@pytest.mark.parametrize(
    "second", ["ok remove those runs", "delete them", "drop them please", "drop the runs table"]
)
def test_removing_what_is_shown_is_a_change_and_no_narrowing(second: str, talk: Ask) -> None:
    assert talk("failed runs", second).outcome == "refuse"


def test_a_share_asked_again_in_full_is_the_same_share(talk: Ask) -> None:
    question = "share of churn runs by alice, in percent"
    assert talk(question, question).column("percent") == talk(question).column("percent")


def test_another_status_is_another_share_of_the_same_runs(talk: Ask) -> None:
    said = talk("what share of the churn runs failed?", "killed?")
    again = talk("what share of the churn runs were killed?")
    assert said.column("percent") == again.column("percent")
