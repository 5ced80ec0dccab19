"""Which questions are the same, which are alike, and who is named as having verified one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.lessons import NOON, example
from texttosql.learning.example import same, similar


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("Best 5 runs by val_accuracy?", "best 5 runs by val_accuracy"),
        ("  best   5 runs by `val_accuracy` ! ", "best 5 runs by val_accuracy"),
        ("Could you please best run by f1, thanks", "best run by f1"),
        ("hi, Runs with recall > 0.9.", "runs with recall > 0.9"),
        ("runs in “fraud v2”", 'runs in "fraud v2"'),
        ("what’s alice’s best run", "What's alice's best run?"),
        ("please", "Please!"),
    ],
)
def test_manners_case_and_punctuation_make_no_other_question(asked: str, known: str) -> None:
    assert same(asked, example(known))


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("best 5 runs by f1", "best 6 runs by f1"),
        ("best run by val_f1", "best run by val_acc"),
        ("runs with recall > 0.9", "runs with recall < 0.9"),
        ("runs with recall >= 0.9", "runs with recall > 0.9"),
        ("runs with a loss of -1", "runs with a loss of 1"),
        ("runs with 5% loss", "runs with 5 loss"),
        ("mean lr per user", "mean LR per user"),
        ("f1 + recall", "f1 recall"),
        ("runs in 'Fraud A'", "runs in 'fraud a'"),
        ("best run by f1", "worst run by f1"),
        ("runs not in fraud", "runs in fraud"),
        ("a b", "b a"),
    ],
)
def test_a_number_a_sign_or_a_name_makes_another_question(asked: str, known: str) -> None:
    assert not same(asked, example(known))


def _alike(question: str, *known: str, limit: int = 3) -> list[str]:
    at = [NOON + timedelta(seconds=place) for place in range(len(known))]
    examples = [example(each, verified_at=when) for each, when in zip(known, at, strict=True)]
    return [each.question for each in similar(question, examples, limit)]


def test_the_likest_questions_come_first_and_strangers_not_at_all() -> None:
    found = _alike(
        "top 5 runs by validation accuracy",
        "how many runs failed",
        "top 5 runs by val_f1",
        "top 5 runs by validation_accuracy",
        "which users are there",
    )

    assert found == ["top 5 runs by validation_accuracy", "top 5 runs by val_f1"]


def test_no_more_than_wanted_are_found_and_none_among_none() -> None:
    known = [f"top {n} runs by f1" for n in range(9)]

    assert len(_alike("top 5 runs by f1", *known)) == 3
    assert _alike("top 5 runs by f1", *known, limit=1) == ["top 5 runs by f1"]
    assert _alike("top 5 runs by f1") == []
    assert _alike("", *known) == []


def test_of_two_that_are_as_like_the_newer_comes_first() -> None:
    assert _alike("Best run by f1", "best run by f1", "best run by f1!") == [
        "best run by f1!", "best run by f1",
    ]  # fmt: skip


def test_a_verifier_is_named_by_name_and_never_by_an_id() -> None:
    assert example().verifier == "bob"
    assert example(verified_as=None).verifier == "a colleague"
    assert example(verified_as=None, verified_by="alice").verifier == "alice"
