"""The Explain button stands where somebody can explain; what is explained says who wrote it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render import Message
from bot.render.answer import render
from bot.render.explained import explanation, not_explained
from tests.unit.bot.render.judge import broken
from tests.unit.bot.render.results import LOOK, answer, named, names, numbers, reply, table, words
from texttosql.errors import InterpreterDown
from texttosql.explaining.explanation import NOTHING_HELD, Explanation

EXPLAINING = replace(LOOK, explains=True)
CHECKED = "Written by Claude; every number was checked against the rows"


def tiers(*sentences: str, dropped: int = 0) -> tuple[Message, ...]:
    return explanation(Explanation(sentences, dropped=dropped)).tiers


def test_the_button_is_there_where_somebody_can_explain_and_names_the_turn() -> None:
    first, *_, text = render(reply(answer(numbers(3))), EXPLAINING).tiers

    assert named(first, "explain")["value"] == '{"t":"t1"}'
    assert named(first, "explain")["text"]["text"] == "Explain"
    assert broken(first) == []
    assert text.blocks is None


def test_the_button_is_not_there_where_nobody_can() -> None:
    first = render(reply(answer(numbers(3))), LOOK).tiers[0]
    assert "explain" not in names(first)


@pytest.mark.parametrize(("columns", "rows"), [("n:integer", [(4,)]), ("run:text", [])])
def test_there_is_nothing_to_explain_in_one_number_or_none(
    columns: str, rows: list[tuple[int]]
) -> None:
    first = render(reply(answer(table(columns, rows))), EXPLAINING).tiers[0]
    assert "explain" not in names(first)


def test_sentences_stand_a_line_each_and_say_who_wrote_them() -> None:
    rich, text = tiers("a leads with 0.9.", "b has 0.5.")

    assert rich.blocks is not None
    assert rich.blocks[0]["text"]["text"] == "a leads with 0.9.\nb has 0.5."
    assert words(rich).endswith(CHECKED)
    assert text == Message(f"a leads with 0.9.\nb has 0.5.\n{CHECKED}")


@pytest.mark.parametrize(("dropped", "told"), [(1, "1 sentence left"), (2, "2 sentences left")])
def test_what_was_left_out_is_told(dropped: int, told: str) -> None:
    assert all(told in words(tier) for tier in tiers("a leads.", dropped=dropped))


def test_nothing_that_held_is_one_sentence() -> None:
    rich, text = tiers(dropped=3)

    assert NOTHING_HELD in words(rich)
    assert text.text == NOTHING_HELD
    assert CHECKED not in words(rich)


@pytest.mark.parametrize(
    "nasty", ["<!channel> *x* `y` _z_ <https://a.b|c> @here & :tada:", "x" * 5000, "&" * 5000]
)
def test_slack_takes_any_sentence_and_sees_no_markup_in_it(nasty: str) -> None:
    for tier in tiers(nasty, nasty, nasty, dropped=9):
        assert broken(tier) == []
        assert "<" not in tier.text


def test_why_there_is_none_says_what_to_do_and_where_the_details_are() -> None:
    rich, text = not_explained(InterpreterDown("Claude is busy.", "Try.", reference="ab12")).tiers

    for tier in (rich, text):
        assert broken(tier) == []
        assert all(part in words(tier) for part in ("Claude is busy.", "Try.", "ab12"))
