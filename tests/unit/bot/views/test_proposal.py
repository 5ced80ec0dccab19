"""A question becomes a template that asks the same and can ask more."""

from __future__ import annotations

import pytest

from bot.views.proposal import proposed
from tests.unit.bot.views.values import CATALOG, NASTY
from texttosql.templates import fill


@pytest.mark.parametrize(
    ("question", "template"),
    [
        (
            "top 5 runs of fraud by val_auc",
            "top {n=5} runs of {experiment=fraud} by {metric=val_auc}",
        ),
        ("runs of alice in the last 7 days", "runs of {user=alice} in the last {days=7} days"),
        ("Best F1 in fraud?", "Best {metric=f1} in {experiment=fraud}?"),
        (
            'fraud and "churn model v2", fraud',
            "{experiment=fraud} and {experiment_2=churn model v2}, {experiment=fraud}",
        ),
        ("runs of Top 5 (old)", "runs of {experiment=Top 5 (old)}"),
        ("effect of lr on val_auc", "effect of {param=lr} on {metric=val_auc}"),
        ("runs with {x}", "runs with {{x}}"),
    ],
)  # fmt: skip
def test_names_and_numbers_of_a_question_become_parameters(question: str, template: str) -> None:
    assert proposed(question, CATALOG) == template


def test_a_proposal_run_as_it_is_asks_the_same() -> None:
    question = 'top 5 runs of "churn model v2" by val_auc in the last 2 weeks'

    assert fill(proposed(question, CATALOG), {}) == question


def test_common_words_are_no_names_even_where_a_metric_is_called_so() -> None:
    assert proposed("runs by time", CATALOG) == "runs by time"


def test_without_the_stores_names_numbers_are_proposed() -> None:
    assert proposed("top 3 runs of fraud", None) == "top {n=3} runs of fraud"


def test_any_text_gives_a_template_that_can_be_filled_in() -> None:
    assert fill(proposed(NASTY, CATALOG), {}) == NASTY
