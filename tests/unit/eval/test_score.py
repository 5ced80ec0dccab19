from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.eval.report import Tally, report
from tests.eval.run import open_store
from tests.eval.score import (
    Asked,
    Expect,
    Given,
    Row,
    Verdict,
    judge,
    read_predictions,
    read_questions,
    same_rows,
)

NOON_MS = 1_795_176_000_000  # 2026-11-20T12:00:00Z


def asked(expect: Expect = "rows", **more: str) -> Asked:
    return Asked(id="q", category="top", text="best run?", expect=expect, **more)  # type: ignore[arg-type] # strings only


def test_columns_may_come_in_another_order_with_others_between() -> None:
    gold = [("a", 1), ("b", 2)]
    predicted = [(2, "x", "b"), (1, "x", "a")]
    assert same_rows(gold, predicted)


def test_an_extra_or_a_missing_row_is_wrong() -> None:
    gold = [("a", 1), ("b", 2)]
    assert not same_rows(gold, [("a", 1)])
    assert not same_rows(gold, [("a", 1), ("b", 2), ("c", 3)])
    assert not same_rows(gold, [("a", 1), ("b", 2), ("b", 2)])
    assert not same_rows([], [("a", 1)])
    assert same_rows([], [])


def test_a_row_that_stands_twice_must_come_twice() -> None:
    assert not same_rows([("a",), ("a",), ("b",)], [("a",), ("b",), ("b",)])


def test_right_columns_with_wrongly_paired_rows_are_wrong() -> None:
    assert not same_rows([("a", 1), ("b", 2)], [("a", 2), ("b", 1)])


def test_one_predicted_column_does_not_serve_two_gold_columns() -> None:
    assert not same_rows([(1, 1)], [(1, 2)])
    assert same_rows([(1, 1)], [(1, 1)])


def test_a_mapping_is_found_behind_a_misleading_first_candidate() -> None:
    gold = [("a", 1, 2), ("b", 2, 1)]
    predicted = [(2, 1, "a"), (1, 2, "b")]
    assert same_rows(gold, predicted)


def test_order_counts_only_when_asked_for() -> None:
    gold, turned = [("a",), ("b",)], [("b",), ("a",)]
    assert same_rows(gold, turned)
    assert not same_rows(gold, turned, ordered=True)
    assert same_rows(gold, gold, ordered=True)


@pytest.mark.parametrize(
    ("gold", "came"),
    [
        ("0.01", 0.01),
        (0.9345678901, 0.9345679),
        (3, 3.0),
        ("1e-3", "0.001"),
        (0.0, 1e-10),
        (NOON_MS, "2026-11-20T12:00:00Z"),
        (NOON_MS, "2026-11-20 12:00:00"),
        (NOON_MS + 250, "2026-11-20T12:00:00.250+00:00"),
        ("2026-11-16", "2026-W47"),
        ("2026-11-16", "2026-11-16 00:00:00"),
        ("2026-11", "2026-11-01"),
        (1.7976931348623157e308, "∞"),
        (None, None),
        (True, 1),
    ],
)
def test_the_same_thing_written_otherwise_is_equal(gold: object, came: object) -> None:
    assert same_rows([(gold,)], [(came,)])  # type: ignore[list-item] # any cell


@pytest.mark.parametrize(
    ("gold", "came"),
    [
        (0.25, 25.0),
        (0.9345, 0.9346),
        (100, 100.01),
        (None, 0),
        (None, ""),
        ("Alice", "alice"),
        (NOON_MS, "2026-11-20T12:00:01Z"),
        (NOON_MS, NOON_MS + 60_000),
        ("12345678901234567890123456789012", "12345678901234567890123456789013"),
        ("2026-11-16", "2026-11-17"),
        (1.7976931348623157e308, "-∞"),
    ],
)
def test_another_thing_is_not_equal(gold: object, came: object) -> None:
    assert not same_rows([(gold,)], [(came,)])  # type: ignore[list-item] # any cell


def test_many_columns_of_the_same_values_are_matched_without_trying_every_order() -> None:
    gold = [tuple((row + at) % 7 for at in range(9)) for row in range(200)]
    predicted: list[Row] = [tuple(reversed(row)) + (1,) * 20 for row in gold]
    # Trying all 9! orders would take minutes.
    assert same_rows(gold, predicted)
    assert not same_rows([*gold[:-1], gold[0]], predicted)


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


def test_threads_are_unrolled_with_numbered_ids() -> None:
    thread = {
        "id": "t1",
        "category": "follow-up",
        "turns": [
            {"question": "how many runs?", "gold": "SELECT 1"},
            {"question": "delete them", "expect": "refuse"},
        ],
    }
    first, second = read_questions([json.dumps(thread), "\n"])
    assert (first.id, first.gold, first.expect) == ("t1.1", "SELECT 1", "rows")
    assert (second.id, second.expect, second.category) == ("t1.2", "refuse", "follow-up")


def test_a_question_that_expects_rows_needs_gold() -> None:
    with pytest.raises(ValueError, match="q7 expects rows but has no gold"):
        read_questions(['{"id": "q7", "category": "x", "question": "how many?"}'])


def test_predictions_are_read_with_their_error_in_words(tmp_path: Path) -> None:
    line = {
        "id": "q",
        "outcome": "error",
        "columns": None,
        "rows": None,
        "error": {"what": "Store down.", "fix": "Start it.", "reference": "r1"},
    }
    path = tmp_path / "predictions.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert read_predictions(path)["q"].error == "Store down. Start it."


def verdict(expect: Expect, outcome: str, *, right: bool) -> Verdict:
    return Verdict(asked(expect), Given(outcome), (), right)


def test_precision_counts_every_answer_and_abstention_only_what_had_rows() -> None:
    tally = Tally.of([
        verdict("rows", "rows", right=True),
        verdict("rows", "rows", right=False),
        verdict("rows", "clarify", right=False),
        verdict("refuse", "rows", right=False),
        verdict("refuse", "refuse", right=True),
    ])  # fmt: skip
    assert (tally.accuracy, tally.precision, tally.abstained) == (0.4, 1 / 3, 1)


def test_the_report_shows_each_miss_with_what_was_expected_and_what_came() -> None:
    given = Given("rows", ("run",), (("b",),), sql="SELECT name\nFROM runs")
    text = report([judge(asked(gold="…"), given, [[("a",)]])])
    assert "[q] top: best run?" in text
    assert "expected: 1 rows: ('a',)" in text
    assert "came:     1 rows: ('b',) of (run)" in text
    assert "SELECT name FROM runs" in text


def test_gold_queries_have_the_statistics_that_sqlite_lacks(tmp_path: Path) -> None:
    (tmp_path / "store.db").touch()
    store = open_store(str(tmp_path / "store.db"))
    values = "(SELECT 2 AS x UNION ALL SELECT 4 UNION ALL SELECT 9 UNION ALL SELECT NULL)"
    row = store.execute(f"SELECT median(x), stddev_pop(x), stddev_samp(x) FROM {values}").fetchone()
    one = store.execute("SELECT stddev_samp(1), sqrt(9)").fetchone()
    store.close()
    assert row == pytest.approx((4, 2.94392, 3.60555), abs=1e-4)
    assert one == (None, 3)
