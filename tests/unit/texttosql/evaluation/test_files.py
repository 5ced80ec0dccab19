"""A team's own question file: what is right is read, what is wrong is told with its line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from texttosql.errors import SettingsError
from texttosql.evaluation.files import LONGEST_LINE, read_questions

COUNT = {"id": "q1", "question": "how many runs?", "gold": "SELECT COUNT(*) FROM runs"}


def told(*lines: object) -> str:
    """What is said about a file of these lines (text as it is, anything else as JSON)."""
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    with pytest.raises(SettingsError) as raised:
        read_questions(written, "q.jsonl")
    assert raised.value.exit_code == 2
    return raised.value.what


def test_a_line_needs_an_id_a_question_and_its_gold() -> None:
    (one,) = read_questions([json.dumps(COUNT), "", "  "])
    assert (one.id, one.text, one.expect, one.gold) == (
        "q1", "how many runs?", "rows", "SELECT COUNT(*) FROM runs",
    )  # fmt: skip
    assert (one.category, one.ordered, one.line) == ("questions", False, 1)


def test_gold_rows_may_be_given_as_they_are() -> None:
    line = {
        "id": 7, "question": "best run?", "category": "top", "ordered": True,
        "columns": ["run", "auc"], "rows": [["xgb", 0.9], ["mlp", None]],
    }  # fmt: skip
    (one,) = read_questions([json.dumps(line)])
    assert (one.id, one.rows, one.ordered) == ("7", (("xgb", 0.9), ("mlp", None)), True)
    (none,) = read_questions([json.dumps({"id": "e", "question": "?", "rows": []})])
    assert none.rows == ()


def test_threads_are_unrolled_with_numbered_ids() -> None:
    thread = {
        "id": "t1",
        "category": "counts",
        "turns": [
            {"question": "how many runs?", "gold": "SELECT 1"},
            {"question": "delete them", "expect": "refuse", "category": "follow-up"},
        ],
    }
    first, second = read_questions([json.dumps(thread)])
    assert (first.id, first.gold, first.category) == ("t1.1", "SELECT 1", "counts")
    assert (second.id, second.expect, second.category) == ("t1.2", "refuse", "follow-up")


WRONG: list[tuple[Any, str]] = [  # Any: a line as text, or what becomes JSON
    ("{broken", "It is no JSON"),
    ("[" * 50_000, "It is no JSON"),
    ("[1]", "It is no JSON object"),
    ("x" * (LONGEST_LINE + 1), "100,001 characters"),
    ({"question": "how many?", "gold": "SELECT 1"}, "It has no id"),
    ({**COUNT, "id": True}, "Its id is no short text"),
    ({**COUNT, "id": "x" * 101}, "Its id is no short text"),
    ({"id": "q1", "gold": "SELECT 1"}, "q1 has no question"),
    ({**COUNT, "question": ""}, "The question of q1 is no text"),
    ({**COUNT, "expect": "maybe"}, "What q1 expects is unknown"),
    ({**COUNT, "expect": ["rows"]}, "What q1 expects is unknown"),
    ({**COUNT, "ordered": "yes"}, "The ordered of q1 is neither true nor false"),
    ({**COUNT, "also": "SELECT 1"}, "The also of q1 is no list of SQL"),
    ({"id": "q1", "question": "how many?"}, "neither gold nor rows"),
    ({**COUNT, "rows": [[1]]}, "both gold and rows"),
    ({**COUNT, "expect": "refuse"}, "expects refuse and has right rows"),
    ({**COUNT, "gold": 7}, "The gold of q1 is no text"),
    ({"id": "q1", "question": "?", "rows": [1]}, "The rows of q1 are no list of lists"),
    ({"id": "q1", "question": "?", "rows": "x"}, "The rows of q1 are no list of lists"),
    ({"id": "q1", "question": "?", "rows": [[]]}, "The rows of q1 are no list of lists"),
    ({"id": "q1", "question": "?", "rows": [[10**400]]}, "The rows of q1 are no list of lists"),
    ({"id": "q1", "question": "?", "rows": [[1], [1, 2]]}, "not equally long"),
    ({"id": "q1", "question": "?", "rows": [[1]], "columns": ["a", "b"]}, "The columns of q1"),
    ({"id": "q1", "question": "?", "rows": [[1]], "columns": "n"}, "The columns of q1"),
    ({"id": "q1", "turns": []}, "The turns of q1 are no list"),
    ({"id": "q1", "turns": [7]}, "q1.1 is no JSON object"),
    ({"id": "q1", "turns": [{"question": "?"}]}, "q1.1 expects rows and has neither"),
    ({**COUNT, "expects": "clarify"}, "There is no key 'expects'. Did you mean expect?"),
    ({**COUNT, "order": True}, "There is no key 'order'. Did you mean ordered?"),
]


@pytest.mark.parametrize(("line", "what"), WRONG, ids=[what for _, what in WRONG])
def test_what_is_wrong_with_a_line_is_told_with_its_number(line: Any, what: str) -> None:
    said = told({**COUNT, "id": "fine"}, line)
    assert said.startswith("1 line of q.jsonl cannot be used:\n  - line 2: ")
    assert what in said
    assert len(said) < 400


def test_keys_of_ones_own_are_left_alone() -> None:
    assert read_questions([json.dumps({**COUNT, "owner": "kim", "ticket": 4, "note": "!"})])


def test_an_id_that_stands_twice_is_told_also_where_a_thread_makes_it() -> None:
    thread = {"id": "q", "turns": [{"question": "?", "gold": "SELECT 1"}]}
    said = told({**COUNT, "id": "q.1"}, COUNT, COUNT, thread)
    assert "line 3: q1 is the id of line 2 already" in said
    assert "line 4: q.1 is the id of line 1 already" in said


def test_all_faults_are_told_at_once_and_no_more_than_can_be_read() -> None:
    said = told(*["broken"] * 50)
    assert said.startswith("50 lines of q.jsonl")
    assert said.count("\n  - line") == 20
    assert "and 30 more" in said


def test_a_file_without_a_question_is_no_question_file() -> None:
    assert "There is no question" in told("", " ")


def test_what_stands_in_the_file_cannot_move_the_cursor() -> None:
    assert "\x1b" not in told({"id": "a\x1b[2Jb", "question": "?"})
