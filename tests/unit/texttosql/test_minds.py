"""What is known is answered first, what is certain next; a model that fails is stood in for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tests.support.doubles import Scripted
from texttosql.catalog import Catalog
from texttosql.cost import Cost
from texttosql.errors import InterpreterConfused, InterpreterDown, InterpreterError, TextToSQLError
from texttosql.flow import (
    Clarification,
    Declined,
    Draft,
    Found,
    Option,
    Question,
    Rehearse,
    ResultTable,
    Turn,
)
from texttosql.guard import default_schema
from texttosql.learning.example import Example
from texttosql.minds import Asked, Minds
from texttosql.plan import Plan

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CATALOG = Catalog(default_schema("sqlite"), runs=1)
SURE = Draft("SELECT 1", "one", "offline", sure=True)
UNSURE = Draft("SELECT 2", "two", "offline", assumptions=("read “acuracy” as accuracy",))
CLAUDES = Draft("SELECT 3", "three", "claude", cost=Cost(calls=1))
ASKED_BACK = Clarification("Which?", (Option("a", "how many a?"), Option("b", "how many b?")), "x")
NO = Declined("I did not understand “frobnicate”.", (), "offline")
SPENT = Cost(input_tokens=7, calls=1, usd=0.5)
TIMED_OUT = InterpreterDown("Claude had no answer within 25 seconds.", "Ask again.", spent=SPENT)


class Trial:
    """`flow.Trial` that has one thing against every draft, or nothing."""

    def __init__(self, error: TextToSQLError | None = None) -> None:
        self._error = error

    def __call__(self, draft: Draft, /) -> TextToSQLError | None:
        """The error it was made with."""
        assert draft.sql
        return self._error

    def rows(self, draft: Draft) -> ResultTable:
        """No rows."""
        assert draft.sql
        return ResultTable((), (), truncated=False, elapsed_ms=0)


class Model:
    """`minds.Reader` that has its answer ready, and keeps what it was asked."""

    def __init__(self, found: Found | InterpreterError = CLAUDES) -> None:
        self._found = found
        self.asked: list[Asked] = []

    def read(self, asked: Asked, /) -> Found:
        """The answer; an error is raised."""
        self.asked.append(asked)
        if isinstance(self._found, InterpreterError):
            raise self._found
        return self._found


class Heard:
    """`ports.Interpreter` that keeps what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def interpret(
        self, question: Question, turns: Sequence[Turn], catalog: Catalog, rehearse: Rehearse, /
    ) -> Found:
        """No reading."""
        assert turns
        assert catalog is CATALOG
        assert rehearse is not None
        self.texts.append(question.text)
        return NO


class Known:
    """`minds.Memory` of one verified answer, or of none."""

    def __init__(self, draft: Draft | None = None) -> None:
        self._draft = draft

    def verified(self, question: Question, turns: Sequence[Turn], catalog: Catalog) -> Draft | None:
        """The one it has."""
        assert question.text
        assert catalog is CATALOG
        assert isinstance(turns, tuple)
        return self._draft

    def alike(self, question: Question, catalog: Catalog) -> tuple[Example, ...]:
        """None."""
        assert question.text
        assert catalog is CATALOG
        return ()


def _ask(
    offline: Found,
    model: Model | None,
    *,
    known: Draft | None = None,
    trial: Trial | None = None,
    why_not: str | None = None,
    always: bool = False,
    text: str = "how many?",
    turns: tuple[Turn, ...] = (),
) -> Found:
    minds = Minds(Scripted(offline), model, Known(known), lambda _: why_not, always=always)
    return minds.interpret(Question(text, NOW), turns, CATALOG, trial or Trial())


def test_a_verified_answer_asks_no_engine() -> None:
    model = Model()
    verified = Draft("SELECT 9", "nine", "verified")

    assert _ask(UNSURE, model, known=verified, always=True) == verified
    assert model.asked == []


def test_a_verified_answer_that_no_longer_runs_is_passed_over() -> None:
    verified = Draft("SELECT 9", "nine", "verified")
    error = TextToSQLError("No.", "")

    assert _ask(SURE, Model(), known=verified, trial=Trial(error)) == SURE


def test_auto_takes_a_sure_reading_and_asks_claude_the_rest() -> None:
    model = Model()

    assert _ask(SURE, model) == SURE
    assert model.asked == []
    for reading in (UNSURE, ASKED_BACK, NO):
        assert _ask(reading, model) == CLAUDES
    assert [asked.other for asked in model.asked] == [UNSURE, None, None]


@pytest.mark.parametrize("text", [" ", "?", "👍", "…!"])
def test_a_question_without_a_word_is_not_worth_a_models_answer(text: str) -> None:
    model = Model()

    assert _ask(NO, model, text=text, always=True) == NO
    assert model.asked == []


def test_the_engine_claude_asks_also_where_offline_is_sure_and_hands_over_its_reading() -> None:
    model = Model()

    assert _ask(SURE, model, always=True) == CLAUDES
    assert model.asked[0].other == SURE


def test_without_a_model_the_offline_reading_stands_as_it_is() -> None:
    for reading in (SURE, UNSURE, ASKED_BACK, NO):
        assert _ask(reading, None) == reading


@pytest.mark.parametrize(
    "error",
    [TIMED_OUT, InterpreterConfused("Claude's SQL could not be used: no.", "", spent=SPENT)],
)
def test_a_model_that_fails_is_stood_in_for_and_the_answer_says_so(error: InterpreterError) -> None:
    for reading in (UNSURE, ASKED_BACK, NO):
        found = _ask(reading, Model(error))
        said = " ".join(
            found.assumptions
            if isinstance(found, Draft)
            else [found.question if isinstance(found, Clarification) else found.reason]
        )
        assert error.what.rstrip(".") in said
        assert found.cost == SPENT


def test_over_budget_no_model_is_asked_and_the_answer_says_so() -> None:
    model = Model()

    found = _ask(UNSURE, model, why_not="Today's budget is spent.")

    assert isinstance(found, Draft)
    assert found.assumptions[0] == "answered by the offline engine: Today's budget is spent"
    assert found.assumptions[1:] == UNSURE.assumptions
    assert model.asked == []


def test_an_option_that_was_chosen_is_put_in_full_words_and_not_contested() -> None:
    model = Model()
    back = Turn("t1", "how many?", NOW, "clarify", options=ASKED_BACK.options)

    for said in ("2", "the second one", "b", "I meant b, please.", "how many b?"):
        _ask(UNSURE, model, text=said, turns=(back,))

    assert {asked.question.text for asked in model.asked} == {"how many b?"}
    assert {asked.other for asked in model.asked} == {None}


@pytest.mark.parametrize("said", ["b, but only alice's", "not b", "how many runs have a or b?"])
def test_a_reply_that_says_more_than_an_option_is_read_as_it_is(said: str) -> None:
    model = Model()
    back = Turn("t1", "how many?", NOW, "clarify", options=ASKED_BACK.options)

    _ask(UNSURE, model, text=said, turns=(back,))

    assert [asked.question.text for asked in model.asked] == [said]


@pytest.mark.parametrize(("plan", "read"), [(None, "how many b?"), (Plan("list"), "2")])
def test_the_offline_engine_reads_in_full_what_another_engine_offered(
    plan: Plan | None, read: str
) -> None:
    offline = Heard()
    back = Turn("t1", "how?", NOW, "clarify", options=(Option("b", "how many b?", plan),) * 2)
    minds = Minds(offline, None, Known(), lambda _: None)

    minds.interpret(Question("2", NOW), (back,), CATALOG, Trial())

    assert offline.texts == [read]
