"""A word that can mean several names means what it meant in verified answers, and says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.lessons import example
from tests.unit.texttosql.offline.asking import BERLIN, NOW, Said
from texttosql.assistant import Assistant
from texttosql.flow import Question
from texttosql.journal.memory import MemoryJournal
from texttosql.learning.example import Example
from texttosql.offline.engine import OfflineInterpreter
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse

AskKnowing = Callable[..., Said]


@pytest.fixture
def ask_knowing(small: Path) -> Iterator[AskKnowing]:
    """`ask_knowing(question, example, …)`: the reply of who knows these examples."""
    store = Storehouse(
        open_warehouse(f"sqlite:///{small}"), max_rows=100, deadline=20, ttl=600,
        clock=time.monotonic,
    )  # fmt: skip

    def ask(text: str, *known: Example) -> Said:
        mind = OfflineInterpreter(BERLIN, lambda _: known)
        assistant = Assistant(store, mind, MemoryJournal(), BERLIN, time.perf_counter)
        return Said(assistant.ask(Question(text, NOW, "alice")))

    with closing(store):
        yield ask


def _meaning(metric: str, question: str = "top 3 runs by accuracy") -> Example:
    sql = f"SELECT m.value AS score FROM latest_metrics AS m WHERE m.key = '{metric}'"
    return example(question, sql)


def test_what_a_word_meant_in_a_verified_answer_it_means_in_another_question(
    ask_knowing: AskKnowing,
) -> None:
    assert ask_knowing("average accuracy by user").outcome == "clarify"

    found = ask_knowing("average accuracy by user", _meaning("test_accuracy"))

    assert found.outcome == "rows"
    assert "mean test_accuracy" in found.columns
    assert "accuracy is test_accuracy, as in verified answers" in found.notes
    assert found.reply.draft is not None
    assert not found.reply.draft.sure


@pytest.mark.parametrize(
    "known",
    [
        [_meaning("test_accuracy"), _meaning("val_accuracy", "worst runs by accuracy")],
        [_meaning("test_accuracy", "top 3 runs by accuracy on the test set")],
        [_meaning("test_accuracy", "top 3 runs by test_accuracy")],
        [_meaning("val_rmse", "top 3 runs by rmse")],
        [_meaning("f1")],
    ],
    ids=["they disagree", "it was clear there", "it was named", "another word", "another metric"],
)
def test_where_verified_answers_do_not_tell_it_is_asked_back(
    ask_knowing: AskKnowing, known: list[Example]
) -> None:
    found = ask_knowing("average accuracy by user", *known)

    assert found.outcome == "clarify"
    assert found.options == ["val_accuracy", "train_accuracy", "test_accuracy"]


def test_a_word_that_is_clear_by_itself_is_read_as_it_stands(ask_knowing: AskKnowing) -> None:
    found = ask_knowing("average accuracy on the validation set", _meaning("test_accuracy"))

    assert found.columns[0] == "mean val_accuracy"
    assert not any("verified" in note for note in found.notes)
