"""Questions back, declined questions, errors, and the place held while working."""

from __future__ import annotations

import json

import pytest

from bot.render import Message, Rendered, render, working
from tests.unit.bot.render.judge import broken
from tests.unit.bot.render.results import ASKED, LOOK, named, names, words
from texttosql.errors import (
    InterpreterConfused,
    JournalError,
    NotPermitted,
    QueryFailed,
    QueryTooSlow,
    Refused,
    TextToSQLError,
    WarehouseDown,
)
from texttosql.flow import Clarification, Declined, Draft, Option, Question, Reply


def asked_back(*labels: str, turn: str | None = "t1") -> Rendered:
    options = tuple(Option(label, f"best by {label}") for label in labels)
    asked = Clarification("Best by which metric?", options, "offline")
    return render(Reply(ASKED, "clarify", turn, clarification=asked), LOOK)


def failed(error: TextToSQLError, **more: object) -> Message:
    given = Reply(ASKED, "error", "t1", error=error)
    for name, value in more.items():
        object.__setattr__(given, name, value)
    made = render(given, LOOK)
    assert [broken(tier) for tier in made.tiers] == [[], []]
    assert made.tiers[-1].blocks is None
    return made.tiers[0]


def test_a_question_back_is_buttons_that_name_their_turn_and_place() -> None:
    made = asked_back("auc", "val_loss").tiers[0]

    assert names(made) == ["option_0", "option_1"]
    assert named(made, "option_1")["text"]["text"] == "val_loss"
    assert json.loads(named(made, "option_1")["value"]) == {"t": "t1", "i": 1}
    assert made.text == "Best by which metric?\n1. auc\n2. val_loss"


def test_a_question_back_in_text_says_how_to_answer() -> None:
    alone = asked_back("auc").tiers[-1]

    assert alone.blocks is None
    assert alone.text.endswith("1. auc\nAsk again, for example: best by auc")


def test_options_too_long_for_a_button_are_written_out() -> None:
    label = "the highest value that was ever logged, " * 3
    made = asked_back("auc", label)

    assert all(broken(tier) == [] for tier in made.tiers)
    assert label.strip() in words(Message("", made.tiers[0].blocks))
    assert len(named(made.tiers[0], "option_1")["text"]["text"]) == 75


def test_without_a_turn_to_name_options_are_a_list() -> None:
    made = asked_back("auc", turn=None).tiers[0]

    assert names(made) == []
    assert "1. auc" in words(Message("", made.blocks))


def test_a_no_comes_with_questions_that_can_be_answered() -> None:
    declined = Declined("I can't see the future.", ("latest 10 runs", "how many runs?"), "offline")
    made = render(Reply(ASKED, "refuse", "t1", declined=declined), LOOK)

    assert names(made.tiers[0]) == ["suggest_0", "suggest_1"]
    asked = json.loads(named(made.tiers[0], "suggest_0")["value"])
    assert asked == {"t": "t1", "q": "latest 10 runs"}
    assert made.tiers[-1] == Message(
        "I can't see the future.\nYou could ask: latest 10 runs; how many runs?"
    )


@pytest.mark.parametrize("kind", [WarehouseDown, QueryTooSlow, JournalError])
def test_what_may_pass_can_be_tried_again(kind: type[TextToSQLError]) -> None:
    made = failed(kind("The store is away.", "Ask the operator.", reference="r-42"))

    assert names(made) == ["retry"]
    assert json.loads(named(made, "retry")["value"]) == {"t": "t1", "q": "top runs by auc"}
    assert "*The store is away.*\nAsk the operator." in words(made)
    assert "Reference `r-42`" in words(made)


def test_a_question_too_long_for_a_button_is_found_by_its_turn() -> None:
    made = failed(WarehouseDown("Away.", ""), question=Question("x" * 3000, ASKED.asked_at))

    assert json.loads(named(made, "retry")["value"]) == {"t": "t1"}


def test_what_nothing_can_find_again_has_no_button() -> None:
    long = Question("x" * 3000, ASKED.asked_at)

    assert names(failed(JournalError("Full.", "Wait."), question=long, turn_id=None)) == []


@pytest.mark.parametrize("kind", [NotPermitted, InterpreterConfused])
def test_what_stays_as_it_is_cannot_be_tried_again(kind: type[TextToSQLError]) -> None:
    assert names(failed(kind("No.", "Ask the operator."))) == []


def test_a_refusal_names_its_rule_and_lets_the_sql_be_mended() -> None:
    draft = Draft("SELECT SLEEP(9)", "nap", "sql")
    made = failed(Refused("function.not_allowed", "SLEEP() is not allowed.", "Try AVG()."))
    mended = failed(Refused("function.not_allowed", "No.", "Try AVG()."), draft=draft)

    assert "Rule `function.not_allowed`" in words(made)
    assert (names(made), names(mended)) == ([], ["edit_sql"])


def test_errors_hold_no_markup_from_data() -> None:
    made = failed(QueryFailed("No metric '<!channel> *x* *y*'.", ""))

    assert "<!" not in words(made)
    assert "`*x*`" in words(made)


def test_while_working_there_is_one_line() -> None:
    assert working("Reading 1.2 M rows of <@U1> …") == Message(
        "🔎 Reading 1.2 M rows of `&lt;@U1&gt;` …"
    )
