"""Registered models: versions, stages, aliases and tags are separate things."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.offline.asking import Ask


@pytest.mark.parametrize(
    ("question", "versions"),
    [
        ("versions of churn-model", [3, 2, 1]),
        ("versions of house-price", [2, 1]),
        ("latest version of churn-model", [3]),
        ("which version of churn-model is champion?", [2]),
        ("champion of churn-model", [2]),
        ("which version of churn-model is challenger", [3]),
        ("versions in production", [2]),
        ("staging versions", [1]),
        ("archived versions of churn-model", [1]),
        ("model versions tagged approved = yes", [2]),
        ("deleted versions of churn-model", [4]),
    ],
)
def test_the_versions_meant_are_listed(question: str, versions: list[int], ask: Ask) -> None:
    assert ask(question).column("version") == versions


def test_deleted_versions_are_left_out(ask: Ask) -> None:
    assert 4 not in ask("versions of churn-model").column("version")


def test_a_version_is_shown_with_the_run_that_made_it(ask: Ask) -> None:
    assert ask("which run made version 2 of churn-model?").runs == ["gbm-1"]


def test_aliases_are_listed_with_their_versions(ask: Ask) -> None:
    said = ask("aliases of churn-model")
    assert said.pairs("alias", "version") == {"champion": 2, "challenger": 3}


def test_models_are_listed_with_their_versions(ask: Ask) -> None:
    said = ask("list the registered models")
    assert said.rows("model", "versions") == [("churn-model", 3), ("house-price", 2)]


def test_versions_of_a_period_are_those_created_in_it(ask: Ask) -> None:
    found = ask("versions registered in september").rows("model", "version")
    assert found == [("churn-model", 1)]


def test_how_many_counts_the_versions_before(talk: Ask) -> None:
    assert talk("versions of churn-model", "how many").number == 3


@pytest.mark.parametrize(
    "question", ["list registered models + number of versions", "models with their version counts"]
)
def test_models_are_listed_with_how_many_versions_each_has(question: str, ask: Ask) -> None:
    assert ask(question).pairs("model", "versions")["churn-model"] == 3
