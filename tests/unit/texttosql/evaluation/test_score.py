"""What is the same answer, and what is not: rows tell."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.evaluation.verdicts import asked
from texttosql import wire
from texttosql.cost import Cost
from texttosql.evaluation.files import Row
from texttosql.evaluation.score import Given, judge
from texttosql.flow import Cell

NOON_MS = 1_795_176_000_000  # 2026-11-20T12:00:00Z


def same(gold: list[Row], came: list[Row], *, ordered: bool = False) -> bool:
    """Whether an answer with these rows is right."""
    return judge(asked(gold="…", ordered=ordered), Given("rows", rows=tuple(came)), [gold]).right


def test_columns_may_come_in_another_order_with_others_between() -> None:
    assert same([("a", 1), ("b", 2)], [(2, "x", "b"), (1, "x", "a")])


def test_an_extra_or_a_missing_row_is_wrong() -> None:
    gold: list[Row] = [("a", 1), ("b", 2)]
    assert not same(gold, [("a", 1)])
    assert not same(gold, [("a", 1), ("b", 2), ("c", 3)])
    assert not same(gold, [("a", 1), ("b", 2), ("b", 2)])
    assert not same([], [("a", 1)])
    assert same([], [])


def test_a_missing_column_is_wrong() -> None:
    assert not same([("a", 1)], [("a",)])


def test_a_row_that_stands_twice_must_come_twice() -> None:
    assert not same([("a",), ("a",), ("b",)], [("a",), ("b",), ("b",)])


def test_right_columns_with_wrongly_paired_rows_are_wrong() -> None:
    assert not same([("a", 1), ("b", 2)], [("a", 2), ("b", 1)])


def test_order_counts_only_where_the_question_says_so() -> None:
    assert same([("a",), ("b",)], [("b",), ("a",)])
    assert not same([("a",), ("b",)], [("b",), ("a",)], ordered=True)


@pytest.mark.parametrize(
    ("gold", "came"),
    [
        ("0.01", 0.01),
        (0.9345678901, 0.9345679),
        ("1e-3", "0.001"),
        (NOON_MS, "2026-11-20T12:00:00Z"),
        ("2026-11-16", "2026-W47"),
        (1.7976931348623157e308, "∞"),
        (None, None),
    ],
)
def test_the_same_thing_written_otherwise_is_equal(gold: Cell, came: Cell) -> None:
    assert same([(gold,)], [(came,)])


@pytest.mark.parametrize(
    ("gold", "came"),
    [
        (0.25, 25.0),
        (100, 100.01),
        (None, 0),
        (None, ""),
        ("Alice", "alice"),
        (NOON_MS, "2026-11-20T12:00:01Z"),
        (1.7976931348623157e308, "-∞"),
    ],
)
def test_another_thing_is_not_equal(gold: Cell, came: Cell) -> None:
    assert not same([(gold,)], [(came,)])


def test_many_columns_of_the_same_values_are_matched_without_trying_every_order() -> None:
    gold: list[Row] = [tuple((row + at) % 7 for at in range(9)) for row in range(200)]
    came: list[Row] = [tuple(reversed(row)) + (1,) * 20 for row in gold]
    # Trying all 9! orders would take minutes.
    assert same(gold, came)
    assert not same([*gold[:-1], gold[0]], came)


def test_clarify_and_refuse_are_right_only_when_expected() -> None:
    assert judge(asked("clarify"), Given("clarify"), []).right
    assert not judge(asked("clarify"), Given("refuse"), []).right
    assert not judge(asked("refuse"), Given("rows", ("n",), ((1,),)), []).right
    assert not judge(asked(gold="…"), Given("clarify"), [[(1,)]]).right


def test_any_of_several_accepted_results_will_do() -> None:
    in_minutes = Given("rows", ("m",), ((2.0,),))
    assert judge(asked(gold="…"), in_minutes, [[(120_000,)], [(2,)]]).right


def test_a_question_without_a_prediction_is_a_miss() -> None:
    verdict = judge(asked("refuse"), None, [])
    assert (verdict.right, verdict.given.outcome) == (False, "missing")


def test_an_answer_is_read_from_its_line_with_the_reason_in_words() -> None:
    line = wire.bad_prediction("q", "No question.") | {"cost": {"usd": 0.5}, "engine": "claude"}
    given = Given.read(line)
    assert (given.outcome, given.error) == ("error", 'No question. Write {"id": …, "question": …}.')
    assert (given.engine, given.cost) == ("claude", Cost(usd=0.5))
