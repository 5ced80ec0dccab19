"""Which runs are meant: by user, status, values, params, tags, datasets and parents."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.offline.asking import Ask
from tests.unit.texttosql.offline.small_runs import HOUSE_NAME


@pytest.mark.parametrize(
    ("question", "runs"),
    [
        ("failed runs", ["cnn-4", "gbm-4", "gbm-5"]),
        ("running runs", ["gbm-7"]),
        ("killed runs", ["gbm-6"]),
        ("failed runs in churn", ["gbm-4", "gbm-5"]),
        ("churn runs by carol", ["forest-3", "gbm-4", "gbm-5"]),
        ("alice's runs in digits-cnn", ["seed0", "seed0"]),
        ("churn runs with val_accuracy > 0.85", ["forest-2", "gbm-1", "gbm-2"]),
        ("churn runs with val_accuracy >= 0.85", ["forest-2", "forest-3", "gbm-1", "gbm-2"]),
        ("runs with val_rmse under 35", ["boost-1", "boost-2"]),
        (
            "churn runs with val_accuracy between 0.8 and 0.85",
            ["forest-1", "forest-3", "gbm-3"],
        ),
        ("runs with f1 above average in churn",
         ["forest-2", "forest-3", "gbm-1", "gbm-2", "gbm-3"]),
        ("runs with val_accuracy better than cnn-1", ["cnn-2"]),
        ("runs with lr > 0.05 in churn", ["gbm-1", "gbm-4", "gbm-5", "logreg-1"]),
        ("runs with lr of 1e-3", ["cnn-3", "gbm-6"]),
        ("churn runs with lr 0.10", ["gbm-1", "logreg-1"]),
        ("runs where val_loss < 0.4 and val_accuracy > 0.92", ["cnn-1", "cnn-2"]),
        ("runs with batch size 64", ["cnn-2", "cnn-3", "mlp-1"]),
        ("runs using adam", ["cnn-1", "cnn-2", "mlp-1", "seed0"]),
        ("runs with model != gbm in churn", [
            "forest-1", "forest-2", "forest-3", "logreg-1", "logreg-2"]),
        ("gbm or forest runs with f1 above 0.73", ["forest-2", "forest-3", "gbm-1", "gbm-2"]),
        ("early stopping runs in digits-cnn", ["cnn-1", "cnn-2", "seed0", "seed0"]),
        ("runs with early stopping off in digits-cnn", ["cnn-3", "cnn-4", "mlp-1"]),
        ("runs tagged prod", ["boost-1", "forest-2", "gbm-1", "gbm-2"]),
        ("runs with stage = prod in churn", ["forest-2", "gbm-1", "gbm-2"]),
        ("runs on the customers dataset", ["forest-1", "forest-2", "forest-3", "gbm-1", "gbm-2"]),
        ("children of sweep", ["cnn-1", "cnn-2", "cnn-3", "cnn-4"]),
        ("child runs of sweep with val_accuracy above 0.92", ["cnn-1", "cnn-2"]),
        ("nested runs", ["cnn-1", "cnn-2", "cnn-3", "cnn-4"]),
        ("runs missing val_loss in churn", ["gbm-5"]),
        ("runs named forest-2", ["forest-2"]),
        ("runs longer than 1 hour in churn", ["gbm-3", "gbm-6"]),
    ],
)  # fmt: skip
def test_the_runs_that_pass_are_listed_and_no_others(
    question: str, runs: list[str], ask: Ask
) -> None:
    assert sorted(map(str, ask(question).runs)) == runs


def test_params_that_are_no_numbers_are_left_out_of_numeric_comparisons(ask: Ask) -> None:
    """`depth` is also "auto", "9/10", "7,8" and "20x"; and as text "12" comes before "5"."""
    said = ask("churn runs with depth above 5")
    assert set(said.column("depth")) == {"6", "7", "8", "12"}
    below = ask("churn runs with depth at most 5")
    assert sorted(map(str, below.runs)) == ["forest-1", "gbm-1"]


def test_a_name_with_a_colon_and_spaces_is_found_whole(ask: Ask) -> None:
    said = ask(f"runs in {HOUSE_NAME}")
    assert len(said.runs) == 8
    assert set(said.column("experiment")) == {HOUSE_NAME}


@pytest.mark.parametrize("name", ["price house v2", "Price: House V2", '"price: house v2"'])
def test_a_name_may_be_written_loosely(name: str, ask: Ask) -> None:
    assert set(ask(f"runs in {name}").column("experiment")) == {HOUSE_NAME}


def test_my_runs_are_the_askers(ask: Ask) -> None:
    assert set(ask("my runs in churn", by="bob").column("user")) == {"bob"}


@pytest.mark.parametrize(
    "question", ["runs in churn", "runs in digits-cnn", "all runs", "best run by val_accuracy"]
)
def test_deleted_runs_are_left_out_unless_asked_for(question: str, ask: Ask) -> None:
    said = ask(question)
    assert {"gbm-8", "mlp-2", "boost-5", "dusty"}.isdisjoint(said.runs)
    assert "deleted runs left out" in said.notes


def test_deleted_runs_are_listed_when_asked_for(ask: Ask) -> None:
    said = ask("list the deleted runs")
    assert sorted(map(str, said.runs)) == ["boost-5", "dusty", "gbm-8", "mlp-2"]
    assert "deleted runs only" in said.notes


def test_deleted_runs_can_be_counted_in(ask: Ask) -> None:
    assert ask("how many runs are there?").number == 28
    assert ask("how many runs including deleted ones").number == 32


def test_nan_is_left_out_and_said_so(ask: Ask) -> None:
    said = ask("top 20 runs by r2")
    assert "boost-3" not in said.runs
    assert None not in said.column("r2")
    assert "1 NaN left out" in said.notes


def test_runs_with_nan_can_be_asked_for(ask: Ask) -> None:
    assert ask("runs with nan val_loss").runs == ["mlp-1"]


def test_runs_with_an_infinite_value_can_be_asked_for(ask: Ask) -> None:
    assert sorted(map(str, ask("runs with infinite val_loss").runs)) == ["cnn-4", "gbm-4"]


def test_an_infinite_loss_is_the_worst_one(ask: Ask) -> None:
    assert ask("worst run by val_loss in churn").runs == ["gbm-4"]


@pytest.mark.parametrize(
    ("question", "condition", "without"),
    [
        ("churn runs with f1 above 0.99", "f1 above 0.99", 12),
        ("failed runs in price: house v2", "failed", 8),
        ("alice's runs in september with f1 above 0.9", "f1 above 0.9", 2),
        ("churn runs yesterday", "yesterday", 12),
    ],
)
def test_an_empty_answer_says_which_condition_emptied_it(
    question: str, condition: str, without: int, ask: Ask
) -> None:
    said = ask(question)
    assert said.runs == []
    assert f"without “{condition}” it would be {without} runs" in said.words


def test_not_counting_deleted_ones_leaves_them_out(ask: Ask) -> None:
    with_words = ask("how many runs are there (not counting deleted)")
    assert with_words.rows("runs") == ask("how many runs are there").rows("runs")
