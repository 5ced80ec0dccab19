"""What teaches and what does not: each kind of turn, and who vouches for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.lessons import DRAFT, NOON
from texttosql.cost import Cost
from texttosql.errors import QueryFailed
from texttosql.flow import (
    Answer,
    Clarification,
    Column,
    Draft,
    Option,
    Question,
    Reply,
    ResultTable,
)
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.memory_examples import MemoryExamples
from texttosql.learning.example import VERIFIED
from texttosql.learning.lessons import Lessons, Teacher, corrects

BOB = Teacher("U0BOB00001", "bob")
ALICE, CAROL = "U0ALICE001", "U0CAROL001"
F1 = replace(DRAFT, sql="SELECT 1 AS f1", plan=None)
RIGHT = replace(DRAFT, sql="SELECT 2 AS f1", plan=None)


class Bench:
    """A journal in which a test writes turns, and what they teach."""

    def __init__(self) -> None:
        self.journal, self.examples = MemoryJournal(), MemoryExamples()
        self.lessons = Lessons(
            self.journal, self.examples, {"prod": "prod/1"}, lambda: NOON + timedelta(days=1)
        )

    def turn(
        self, text: str, draft: Draft | None = F1, *, after: str | None = None, by: str = ALICE,
        columns: str = "f1",
    ) -> str:  # fmt: skip
        """A turn that ended with rows, or without a draft in an error; its id."""
        asked = Question(text, NOON, by, "t1", "prod", place="T1/C1")
        turn_id = self.journal.begin(asked)
        ended = Reply(asked, "error", turn_id, error=QueryFailed("no", "no"), follows=after)
        if draft is not None:
            named = tuple(Column(each, "real") for each in columns.split())
            table = ResultTable(named, (), truncated=False, elapsed_ms=1)
            answer = Answer("", table, None, (), draft.sql, {}, (), "", draft.engine)
            ended = replace(ended, outcome="rows", answer=answer, error=None, draft=draft)
        self.journal.finish(ended)
        return turn_id

    def known(self, question: str, asker: str | None = None) -> str | None:
        """The SQL that answers a question, if it is known."""
        found = self.examples.asked("prod/1", question, asker)
        return found.sql if found else None


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_thumb_teaches_the_question_with_all_that_tells_of_it(bench: Bench) -> None:
    passing = "answered by the offline engine: Claude is down"
    told = (passing, "two independent readings agree", "latest f1")
    draft = replace(DRAFT, assumptions=told, cost=Cost(usd=1.0), sure=True)
    turn = bench.turn("best f1?", draft)

    learned = bench.lessons.praised(turn, BOB)

    assert learned is not None
    assert learned.draft == replace(DRAFT, assumptions=("latest f1",))
    assert (learned.scope, learned.store, learned.turn_id) == ("prod/1", "prod", turn)
    assert (learned.source, learned.verifier, learned.asked_by) == ("thumb", "bob", ALICE)
    assert (learned.asked_at, learned.verified_at) == (NOON, NOON + timedelta(days=1))
    assert learned.private_to is None
    assert bench.lessons.praised(turn, BOB) is None


def test_what_is_learned_alone_is_its_askers(bench: Bench) -> None:
    bench.lessons.praised(bench.turn("best f1?"), replace(BOB, alone=True))

    assert bench.known("best f1?") is None
    assert bench.known("best f1?", ALICE) == F1.sql


def test_what_has_no_rows_or_was_known_before_teaches_nothing(bench: Bench) -> None:
    assert bench.lessons.praised(bench.turn("best f1?", None), BOB) is None
    assert bench.lessons.praised(bench.turn("best f1?", replace(F1, engine=VERIFIED)), BOB) is None
    assert bench.lessons.praised("0nowhere", BOB) is None
    assert bench.examples.list_all() == ()


def test_a_follow_up_teaches_nothing_under_words_that_need_its_thread(bench: Bench) -> None:
    first = bench.turn("best f1?")
    follow = bench.turn("only the finished ones", RIGHT, after=first)

    assert bench.lessons.praised(follow, BOB) is None
    assert bench.lessons.adopted(follow, BOB) is None


# -- corrections -----------------------------------------------------------------------------


def test_a_correction_is_linked_to_the_question_it_is_about(bench: Bench) -> None:
    first = bench.turn("best score?")
    second = bench.turn("no, I meant f1", None, after=first)
    third = bench.turn("that's not right, only finished runs", RIGHT, after=second)

    learned = bench.lessons.praised(third, BOB)

    assert learned is not None
    assert (learned.question, learned.source, learned.turn_id) == (
        "best score?", "correction", third,
    )  # fmt: skip
    assert bench.known("best score?") == RIGHT.sql
    assert bench.known("no, I meant f1") is None


def test_somebody_elses_no_corrects_nothing_of_hers(bench: Bench) -> None:
    first = bench.turn("best score?")
    his = bench.turn("no, I meant f1", RIGHT, after=first, by="U0BOB00001")

    assert bench.lessons.praised(his, BOB) is None


def test_the_reading_that_came_with_a_thumb_down_corrects_in_its_own_words(bench: Bench) -> None:
    first = bench.turn("best score?")
    bench.journal.note_feedback(first, "down", CAROL, "reading: the best F1 there is")
    other = bench.turn("best recall", RIGHT, after=first, by=CAROL)
    asked = bench.turn("The best F1 there is!", RIGHT, after=first, by=CAROL)

    assert bench.lessons.praised(other, BOB) is None
    assert bench.known("best score?") is None
    assert bench.lessons.praised(asked, BOB) is not None
    assert bench.known("best score?") == RIGHT.sql


@pytest.mark.parametrize(
    "words",
    [
        "no, I meant validation accuracy", "wrong, use f1", "that's not right, only finished runs",
        "No - by f1", "nope i meant f1", "That’s wrong", "it should be recall", "sorry, f1",
        "Not what I asked: f1", "no not that one", "f1, i meant", "But I wanted f1",
    ],
)  # fmt: skip
def test_these_words_correct_the_answer_before(words: str) -> None:
    assert corrects(words)


@pytest.mark.parametrize(
    "words",
    [
        "only finished runs", "no chart please", "no runs before monday?", "and the worst?", "f1",
        "which lr should be used?", "notes of the best run", "wrongly labelled ones", "nothing",
        "what does it mean", "show those I wanted to rerun",
    ],
)  # fmt: skip
def test_these_words_ask_for_more(words: str) -> None:
    assert not corrects(words)


# -- choices, edits, templates ---------------------------------------------------------------


def test_a_chosen_option_teaches_the_question_it_stands_for(bench: Bench) -> None:
    asked = Question("best score?", NOON, ALICE, "t1", "prod")
    unclear = bench.journal.begin(asked)
    options = (Option("f1", "best run by f1"), Option("auc", "best run by auc"))
    back = Clarification("Which one?", options, "offline")
    bench.journal.finish(Reply(asked, "clarify", unclear, clarification=back))

    bench.lessons.praised(bench.turn("2", RIGHT, after=unclear), BOB)

    assert bench.known("best run by auc") == RIGHT.sql
    assert bench.known("best score?") is None


def test_edited_sql_with_the_same_columns_teaches_the_question_above_it(bench: Bench) -> None:
    first = bench.turn("best f1?", columns="run f1")
    edited = bench.turn("best f1?", replace(RIGHT, engine="sql"), after=first, columns="f1 run")

    learned = bench.lessons.edited(edited, BOB)

    assert learned is not None
    assert (learned.source, learned.verified_by) == ("edited", BOB.id)
    assert bench.known("best f1?") == RIGHT.sql
    assert bench.lessons.in_doubt(edited) is None


def test_edited_sql_with_other_columns_is_in_doubt_until_it_is_adopted(bench: Bench) -> None:
    first = bench.turn("best f1?", columns="run f1")
    edited = bench.turn("best f1?", replace(RIGHT, engine="sql"), after=first, columns="n")

    assert bench.lessons.edited(edited, BOB) is None
    assert bench.lessons.in_doubt(edited) == "best f1?"
    assert bench.known("best f1?") is None
    assert bench.lessons.adopted(edited, BOB) is not None
    assert bench.known("best f1?") == RIGHT.sql


def test_sql_that_mends_what_failed_has_no_columns_to_keep(bench: Bench) -> None:
    failed = bench.turn("best f1?", None)
    mended = bench.turn("best f1?", replace(RIGHT, engine="sql"), after=failed)

    assert bench.lessons.edited(mended, BOB) is not None


def test_edited_sql_of_a_follow_up_teaches_nothing(bench: Bench) -> None:
    first = bench.turn("best f1?")
    follow = bench.turn("only mine", F1, after=first)
    edited = bench.turn("only mine", replace(RIGHT, engine="sql"), after=follow)

    assert bench.lessons.edited(edited, BOB) is None
    assert bench.lessons.in_doubt(edited) is None


@pytest.mark.parametrize("text", ["Top 3 runs by f1", "top {n=3} runs by {metric=f1}"])
def test_a_template_that_asks_the_same_by_itself_vouches_for_the_answer(
    bench: Bench, text: str
) -> None:
    learned = bench.lessons.kept(bench.turn("top 3 runs by f1"), text, BOB)

    assert learned is not None
    assert learned.source == "template"


@pytest.mark.parametrize("text", ["top 4 runs by f1", "top {n} runs by f1", "top {n=5} runs by f1"])
def test_a_template_that_asks_something_else_teaches_nothing(bench: Bench, text: str) -> None:
    assert bench.lessons.kept(bench.turn("top 3 runs by f1"), text, BOB) is None


# -- taken back ------------------------------------------------------------------------------


def test_a_doubt_takes_back_what_its_turn_taught_whoever_taught_it(bench: Bench) -> None:
    turn = bench.turn("best f1?")
    bench.lessons.praised(turn, BOB)

    (taken,) = bench.lessons.doubted(turn, CAROL)

    assert taken.question == "best f1?"
    assert bench.known("best f1?") is None
    assert bench.lessons.doubted(turn, CAROL) == ()
    assert bench.lessons.praised(turn, BOB) is None


def test_a_doubt_about_a_verified_answer_takes_back_what_it_came_from(bench: Bench) -> None:
    bench.lessons.praised(bench.turn("best f1?"), BOB)
    other = bench.turn("best f1?", replace(RIGHT, engine=VERIFIED))
    verified = bench.turn("Best f1", replace(F1, engine=VERIFIED), by=CAROL)

    assert bench.lessons.doubted(other, CAROL) == ()
    assert len(bench.lessons.doubted(verified, CAROL)) == 1
    assert bench.known("best f1?") is None


def test_a_store_that_is_not_named_any_more_teaches_nothing_that_is_asked_for(
    bench: Bench,
) -> None:
    lessons = Lessons(bench.journal, bench.examples, {}, lambda: NOON)
    lessons.praised(bench.turn("best f1?"), BOB)

    assert bench.known("best f1?") is None
