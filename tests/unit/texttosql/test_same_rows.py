from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from texttosql.flow import Cell, Column, ResultTable
from texttosql.same_rows import rows_within, same_rows

Row = Sequence[Cell]
NOON_MS = 1_795_176_000_000  # 2026-11-20T12:00:00Z


def table(*rows: Row, cut: bool = False) -> ResultTable:
    columns = tuple(Column(f"c{at}", "text") for at in range(len(rows[0]) if rows else 1))
    return ResultTable(columns, tuple(tuple(row) for row in rows), cut, 0.0)


def test_columns_in_another_order_and_further_ones_are_the_same_answer_either_way_round() -> None:
    narrow, wide = table(("a", 1), ("b", 2)), table((2, "x", "b"), (1, "x", "a"))
    assert same_rows(narrow, wide)
    assert same_rows(wide, narrow)


def test_a_row_more_or_less_is_another_answer() -> None:
    assert not same_rows(table(("a",), ("b",)), table(("a",)))
    assert not same_rows(table(("a",), ("a",), ("b",)), table(("a",), ("b",), ("b",)))
    assert not same_rows(table(), table(("a",)))


def test_two_empty_answers_agree() -> None:
    assert same_rows(table(), table())


def test_right_columns_with_wrongly_paired_rows_are_another_answer() -> None:
    assert not same_rows(table(("a", 1), ("b", 2)), table(("a", 2), ("b", 1)))


def test_one_column_does_not_stand_for_two() -> None:
    assert not same_rows(table((1, 1)), table((1, 2)))
    assert same_rows(table((1, 1)), table((1, 1)))


def test_columns_are_laid_anew_behind_a_misleading_first_one() -> None:
    assert same_rows(table(("a", 1, 2), ("b", 2, 1)), table((2, 1, "a"), (1, 2, "b")))


def test_order_counts_only_when_asked_for() -> None:
    one, turned = table(("a", 1), ("b", 2)), table((2, "b"), (1, "a"))
    assert same_rows(one, turned)
    assert not same_rows(one, turned, ordered=True)
    assert same_rows(one, table((1, "a"), (2, "b")), ordered=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.01", 0.01),
        (0.9345678901, 0.9345679),
        ("1e-3", "0.001"),
        (NOON_MS, "2026-11-20T12:00:00Z"),
        (NOON_MS + 250, "2026-11-20 12:00:00"),
        ("2026-11-16", "2026-W47"),
        ("2026-11", "2026-11-01"),
        (1.7976931348623157e308, "∞"),
        (None, None),
    ],
)
def test_the_same_thing_written_otherwise_is_equal(one: Cell, other: Cell) -> None:
    assert same_rows(table((one,)), table((other,)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.25, 25.0),
        (0.9345, 0.9346),
        (None, 0),
        (None, ""),
        ("Alice", "alice"),
        (NOON_MS, NOON_MS + 60_000),
        ("12345678901234567890123456789012", "12345678901234567890123456789013"),
        (1.7976931348623157e308, "-∞"),
    ],
)
def test_another_thing_is_not_equal(one: Cell, other: Cell) -> None:
    assert not same_rows(table((one,)), table((other,)))


def test_a_cut_answer_agrees_with_the_whole_one_that_it_was_cut_from() -> None:
    whole = table(("a", 1), ("b", 2), ("c", 3))
    assert same_rows(table((3, "c"), (1, "a"), cut=True), whole)
    assert not same_rows(table((4, "d"), (1, "a"), cut=True), whole)


def test_a_cut_answer_has_more_rows_than_it_shows() -> None:
    cut = table(("a",), ("b",), cut=True)
    assert not same_rows(cut, table(("a",), ("b",)))
    assert not same_rows(cut, table(("a",)))


def test_two_cut_answers_agree_only_on_what_both_show() -> None:
    one = table(("a",), ("b",), cut=True)
    assert same_rows(one, table(("b",), ("a",), cut=True))
    assert not same_rows(one, table(("b",), ("c",), cut=True))
    assert same_rows(one, table(("a",), cut=True))


def test_an_ordered_cut_answer_begins_the_other() -> None:
    whole = table(("a",), ("b",), ("c",))
    assert same_rows(table(("a",), ("b",), cut=True), whole, ordered=True)
    assert not same_rows(table(("b",), ("c",), cut=True), whole, ordered=True)


def test_a_thousand_rows_of_twenty_shuffled_columns_are_recognised() -> None:
    shuffler = random.Random(7)
    rows = [
        [f"run-{row}-{at}" if at % 3 else row / 7 + at for at in range(20)] for row in range(1_000)
    ]
    places = shuffler.sample(range(20), 20)
    shuffled = [[row[place] for place in places] for row in shuffler.sample(rows, 1_000)]
    assert same_rows(table(*rows), table(*shuffled))
    assert not same_rows(table(*rows), table(*shuffled[1:], shuffled[1]))


def test_what_too_many_ways_of_laying_columns_leave_open_is_not_called_the_same() -> None:
    # Nine free bits and their parity: every eight of these ten columns look alike.
    bits = [tuple(number >> at & 1 for at in range(9)) for number in range(512)]
    parity = [(*row, sum(row) % 2) for row in bits]
    assert not same_rows(table(*parity), table(*((*row, sum(row[:7]) % 2) for row in bits)))


def test_wanted_rows_are_found_within_offered_columns_and_not_the_other_way_round() -> None:
    assert rows_within([("a",), ("b",)], [(1, "a"), (2, "b")])
    assert not rows_within([(1, "a"), (2, "b")], [("a",), ("b",)])
    assert not rows_within([("a",)], [("a",), ("b",)])
    assert rows_within([], [])
