"""What a report says, in words, in Markdown and as JSON."""

from __future__ import annotations

import json

from tests.unit.texttosql.evaluation.verdicts import asked, report, verdict
from texttosql import wire
from texttosql.cost import Cost
from texttosql.evaluation.report import as_markdown, as_object, as_text
from texttosql.evaluation.score import Given, judge

SPENT = Cost(900, 100, usd=0.0125, calls=1, model="claude-x")


def test_a_miss_is_shown_with_what_was_expected_and_what_came() -> None:
    given = Given("rows", ("run",), (("b",),), sql="SELECT name\nFROM runs")
    said = as_text(report(judge(asked(gold="…"), given, [[("a",)]])))
    assert "1 miss" in said
    assert "[q] top: best run?" in said
    assert "expected: 1 row: ('a',)" in said
    assert "came:     1 row: ('b',) of (run)" in said
    assert "SELECT name FROM runs" in said


def test_a_question_back_is_shown_with_its_words() -> None:
    given = Given("clarify", error="Which f1? train_f1 / val_f1")
    assert "came:     clarify: Which f1?" in as_text(report(judge(asked(gold="…"), given, [])))


def test_the_table_has_a_line_for_each_category_and_each_engine() -> None:
    right = verdict("rows", "rows", right=True, ms=12.4, engine="claude", cost=SPENT)
    missed = verdict("rows", "clarify", right=False, ms=3.0, engine="offline")
    said = as_text(report(right, missed))
    rows = [line.split() for line in said.splitlines()]
    top = ["top", "1", "2", "50.0%", "100.0%", "1", "3", "12", "1,000", "0.0125"]
    assert top in rows
    assert ["all", *top[1:]] in rows
    assert ["claude", "1", "1", "100.0%", "100.0%", "0", "12", "12", "1,000", "0.0125"] in rows
    assert ["fallback", "0", "1", "0.0%", "-", "1", "3", "3", "0", "0.0000"] in rows
    assert "q.jsonl on prod, engine claude (claude-x)" in said
    assert "no misses" in as_text(report(right))


def test_a_stand_ins_answers_are_never_called_accuracy() -> None:
    right = verdict("rows", "rows", right=True, cost=SPENT)
    stood_in = report(right, stand_in="http://127.0.0.1:8900")
    for said in (as_text(stood_in), as_markdown(stood_in)):
        assert "A stand-in at http://127.0.0.1:8900 answered" in said
        assert "agreement" in said
        assert "accuracy" not in said
        assert "precision" not in said
    found = as_object(stood_in)
    assert "accuracy" not in json.dumps(found)
    assert found["all"]["agreement"] == 1
    assert "accuracy" in as_text(report(right))


def test_json_has_every_figure_and_every_miss() -> None:
    given = Given("rows", ("n",), ((2,),), sql="SELECT 2", engine="offline", ms=1.5)
    found = as_object(report(judge(asked(gold="…", line=4), given, [[(1,)]])))
    assert json.loads(wire.line(found)) == found
    assert (found["all"]["accuracy"], found["categories"]["top"]["right"]) == (0, 0)
    (miss,) = found["misses"]
    assert (miss["line"], miss["expected"], miss["rows"]) == (4, [[1]], [[2]])


def test_a_miss_of_many_rows_is_kept_short() -> None:
    many = tuple((n,) for n in range(5_000))
    missed = report(judge(asked(gold="…"), Given("rows", ("n",), many), [many[:-1]]))
    (miss,) = as_object(missed)["misses"]
    assert (len(miss["rows"]), miss["came_rows"], miss["expected_rows"]) == (50, 5_000, 4_999)
    assert "5000 rows: (0,); (1,); (2,) …" in as_text(missed)
    assert len(as_text(missed)) < 2_000


def test_data_cannot_move_the_cursor_break_a_table_or_leave_its_code_block() -> None:
    name = "a\x1b[2J|b ``` # Heading"
    given = Given("rows", (name,), ((name,),), sql=name, error=None)
    missed = report(judge(asked(category=name, text=name), given, [[("x",)]]))
    assert "\x1b" not in as_text(missed)
    said = as_markdown(missed)
    assert said.count("```") == 2
    table = [line for line in said.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in table} == {11}
