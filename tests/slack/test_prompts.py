"""Whoever opens the conversation with the app is offered questions that this store can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.listeners.prompts import MOST, examples
from tests.demo_fixture import demo_database
from tests.support.house import House
from tests.support.stores import new_sqlite_store
from tests.unit.texttosql.offline.asking import Team
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.catalog import Catalog, Experiment, RegisteredModel

Json = Mapping[str, Any]
"""Arguments of a Web API call. `Any`: JSON."""


def _offered(house: House) -> list[Json]:
    method = "assistant.threads.setSuggestedPrompts"
    return [call.args for call in house.workspace.calls if call.method == method]


def test_opening_the_conversation_offers_questions_from_the_store(house: House) -> None:
    house.workspace.open_home("alice", "messages")

    (call,) = house.until(lambda: _offered(house), "suggested prompts")
    assert call["channel_id"] == house.workspace.dm("alice")
    assert "thread_ts" not in call
    questions = [prompt["message"] for prompt in call["prompts"]]
    assert "top 5 runs by f1 in fraud-detection" in questions
    assert "list registered models" in questions
    assert len(questions) == MOST


def test_a_suggested_question_is_answered(house: House) -> None:
    house.workspace.open_home("alice", "messages")
    (call,) = house.until(lambda: _offered(house), "suggested prompts")

    dm = house.workspace.dm("alice")
    ts = house.say("alice", dm, call["prompts"][0]["message"])

    assert "Best" in house.answer(dm, ts)["text"]


def test_an_app_of_the_older_kind_is_offered_them_in_its_thread(house: House) -> None:
    dm = house.workspace.dm("bob")
    thread = {"user_id": house.person("bob"), "channel_id": dm, "thread_ts": "1.000100"}

    house.workspace.installed = type(house.workspace.installed)(None)  # it may hear everything
    house.workspace.tell_app({"type": "assistant_thread_started", "assistant_thread": thread})

    (call,) = house.until(lambda: _offered(house), "suggested prompts")
    assert (call["channel_id"], call["thread_ts"]) == (dm, "1.000100")


def test_looking_at_another_channel_changes_no_prompts(house: House) -> None:
    house.workspace.look_at("alice", "fraud")
    house.workspace.open_home("alice", "messages")

    house.until(lambda: _offered(house), "suggested prompts")
    house.until(lambda: all(e.acked_at for e in house.workspace.envelopes), "every ack")
    assert len(_offered(house)) == 1


def _small(folder: Path) -> Path:
    return new_small_store(folder / "mlflow.db")


def _demo(_folder: Path) -> Path:
    return demo_database()


@pytest.mark.parametrize("store", [_demo, _small])
def test_every_example_has_an_answer_with_rows(
    store: Callable[[Path], Path], tmp_path: Path
) -> None:
    team = Team(store(tmp_path))
    found = examples(team.storehouse.snapshot().catalog)

    answers = {question: team.ask(question).reply.answer for _, question in found}
    team.close()

    assert len(answers) == MOST
    assert [q for q, answer in answers.items() if answer is None or not answer.table.rows] == []


def test_a_store_without_runs_has_no_examples(tmp_path: Path) -> None:
    team = Team(new_sqlite_store(tmp_path / "mlflow.db"))
    catalog = team.storehouse.snapshot().catalog
    team.close()

    assert examples(catalog) == ()


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The small store's names: a test changes those it is about."""
    team = Team(_small(tmp_path_factory.mktemp("small")))
    found = team.storehouse.snapshot().catalog
    team.close()
    return found


def _questions(catalog: Catalog) -> list[str]:
    return [question for _, question in examples(catalog)]


def _with(catalog: Catalog, experiment: str, *metrics: str) -> Catalog:
    """The catalog with one experiment that has these metrics, most logged first."""
    counts = {metric: 100 - place for place, metric in enumerate(metrics)}
    return replace(
        catalog, experiments=(Experiment(1, experiment, 9),), metrics=counts,
        metrics_in={1: frozenset(metrics)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("experiment", "metric", "question"),
    [
        ("fraud-detection", "f1", "top 5 runs by f1 in fraud-detection"),
        ("churn", "accuracy", 'top 5 runs by accuracy in "churn"'),
        ("last week", "runs", 'top 5 runs by "runs" in "last week"'),
        ("2024", "val/f1 (ep)", 'top 5 runs by "val/f1 (ep)" in "2024"'),
        ('say "hi"', "f1", 'top 5 runs by f1 in `say "hi"`'),
        ("モデル", "損失", 'top 5 runs by "損失" in "モデル"'),
    ],
)
def test_a_name_that_could_be_a_word_stands_in_quotes(
    catalog: Catalog, experiment: str, metric: str, question: str
) -> None:
    assert _questions(_with(catalog, experiment, metric))[0] == question


def test_the_metric_is_a_score_rather_than_a_loss_or_what_the_run_took(catalog: Catalog) -> None:
    metrics = ("train_time_s", "system/cpu", "epoch", "val_loss", "sentiment_f1")

    assert _questions(_with(catalog, "e-1", *metrics))[0] == "top 5 runs by sentiment_f1 in e-1"
    assert _questions(_with(catalog, "e-1", *metrics[:4]))[0] == "top 5 runs by val_loss in e-1"


def test_what_no_quotes_can_hold_is_passed_over(catalog: Catalog) -> None:
    unsayable = "a\nb"
    told = replace(
        _with(catalog, unsayable, "f1"), users={unsayable: 9, 'x"`“”': 8, "ann": 7}, models=()
    )

    assert _questions(told) == [
        "latest 10 runs by ann",
        "percentage of failed runs by experiment",
        "how many runs by experiment?",
    ]


def test_a_registry_without_versions_is_no_example(catalog: Catalog) -> None:
    empty = replace(catalog, models=(RegisteredModel("m", (), {}),))

    assert "list registered models" not in _questions(empty)
    assert "list registered models" in _questions(catalog)


def test_a_title_fits_its_button(catalog: Catalog) -> None:
    long = _with(catalog, "x" * 100, "f1")

    assert all(len(title) <= 75 for title, _ in examples(long))
