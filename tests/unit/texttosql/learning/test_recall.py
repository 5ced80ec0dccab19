"""What was verified is answered so, labelled, to whom it may be, while the store still has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.lessons import BEST, NOON, SQL, example, taught
from texttosql.catalog import Catalog
from texttosql.flow import Draft, Question, Turn
from texttosql.guard.mlflow_schema import default_schema
from texttosql.journal.memory_examples import MemoryExamples
from texttosql.learning.example import VERIFIED
from texttosql.learning.recall import Recall

TTL = 300.0
LATER = NOON + timedelta(hours=1)
STORE = Catalog(default_schema("sqlite"), metrics={"f1": 3, "f2": 1}, runs=3)
OF_F1 = "SELECT m.value FROM latest_metrics AS m WHERE m.key = 'f1'"
OF_AUC = OF_F1.replace("f1", "auc")


@pytest.fixture
def examples() -> MemoryExamples:
    return MemoryExamples()


@pytest.fixture
def recall(examples: MemoryExamples) -> Recall:
    return Recall(examples, "prod/1", ZoneInfo("Pacific/Auckland"), ttl=TTL)


def _asked(text: str = BEST, by: str | None = "U0CAROL001") -> Question:
    return Question(text, LATER, by, store="prod")


def test_an_exact_known_question_has_its_draft_with_who_verified_it_and_when(
    examples: MemoryExamples, recall: Recall
) -> None:
    kept = taught(examples)

    found = recall.verified(_asked(f"{BEST.upper()[0]}{BEST[1:]}?"), (), STORE)

    assert found is not None
    assert (found.sql, found.engine, found.plan) == (SQL, VERIFIED, kept.draft.plan)
    assert found.assumptions == ("verified by bob on 5 Mar 2026", "latest val_äcc")


def test_a_question_in_a_thread_is_read_after_what_was_said_there(
    examples: MemoryExamples, recall: Recall
) -> None:
    taught(examples)
    before = Turn("0before", "how many runs?", NOON, "rows", draft=Draft("SELECT 1", "", "offline"))

    assert recall.verified(_asked(), (before,), STORE) is None


def test_nothing_leaves_its_scope_or_its_private_place(
    examples: MemoryExamples, recall: Recall
) -> None:
    taught(examples, scope="prod/2")
    taught(examples, private_to="U0ALICE001")

    assert recall.verified(_asked(), (), STORE) is None
    assert recall.alike(_asked(), STORE) == recall.known(_asked()) == ()
    assert recall.verified(_asked(by="U0ALICE001"), (), STORE) is not None


def test_my_runs_are_shown_to_nobody_elses_engine(examples: MemoryExamples, recall: Recall) -> None:
    taught(examples, "my best run")

    assert recall.alike(_asked("my best run"), STORE) == ()
    assert recall.verified(_asked("my best run"), (), STORE) is None
    hers = _asked("my best run", "U0ALICE001")
    assert len(recall.alike(hers, STORE)) == 1
    assert recall.verified(hers, (), STORE) is not None


def test_last_week_is_no_answer_of_last_month_and_still_an_example(
    examples: MemoryExamples, recall: Recall
) -> None:
    kept = taught(examples, "runs of last week")

    assert recall.verified(_asked("runs of last week"), (), STORE) is None
    assert recall.alike(_asked("runs of last week"), STORE) == (kept,)


def test_what_the_store_has_outgrown_is_retired_when_it_is_asked_for(
    examples: MemoryExamples, recall: Recall
) -> None:
    gone = taught(examples, sql=OF_AUC)
    kept = taught(examples, "best 5 runs by f1", OF_F1)

    assert recall.verified(_asked(), (), STORE) is None
    assert recall.alike(_asked("best 5 runs by f1"), STORE) == (kept,)
    found = examples.get(gone.id)
    assert found is not None
    assert found.retired == "metric auc is not logged any more"


def test_names_that_were_read_before_an_example_was_verified_retire_nothing(
    examples: MemoryExamples, recall: Recall
) -> None:
    young = taught(examples, sql=OF_AUC, verified_at=LATER - timedelta(seconds=TTL))

    assert recall.verified(_asked(), (), STORE) is None
    assert recall.alike(_asked(), STORE) == ()
    assert examples.get(young.id) == young
    fresh = replace(STORE, metrics={"auc": 1})
    assert recall.verified(_asked(), (), fresh) is not None


def test_three_examples_are_shown_and_those_the_store_has_outgrown_make_room(
    examples: MemoryExamples, recall: Recall
) -> None:
    for number in range(6):
        sql = OF_AUC if number < 2 else OF_F1
        taught(examples, f"top {number} runs by f1", sql)

    found = recall.alike(_asked("top 0 runs by f1"), STORE)

    assert len(found) == 3
    assert {each.sql for each in found} == {OF_F1}


def test_a_withdrawn_example_is_out_of_use_at_once(
    examples: MemoryExamples, recall: Recall
) -> None:
    kept = taught(examples)
    examples.withdraw(kept.id, "carol", LATER)

    assert recall.verified(_asked(), (), STORE) is None
    assert recall.known(_asked()) == ()
    assert example().live
