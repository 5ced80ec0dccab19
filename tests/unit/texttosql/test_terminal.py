"""What a person reads on a terminal and in a pipe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from texttosql.errors import QueryFailed
from texttosql.flow import (
    Answer,
    Clarification,
    Declined,
    Option,
    Question,
    Reply,
    ResultTable,
    Turn,
)
from texttosql.terminal import Screen, error_line, show, show_history

MakeTable = Callable[..., ResultTable]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASKED = Question("q", NOON)


def on(*, pretty: bool = False) -> Screen:
    return Screen(StringIO(), StringIO(), pretty, ZoneInfo("Europe/Berlin"))


def printed(to: Screen) -> tuple[str, str]:
    assert isinstance(to.out, StringIO)
    assert isinstance(to.err, StringIO)
    return to.out.getvalue(), to.err.getvalue()


def rows(table: ResultTable, *, pretty: bool = False) -> str:
    answer = Answer("Said.", table, None, ("deleted runs left out",), "", {}, (), "runs", "offline")
    to = on(pretty=pretty)
    show(Reply(ASKED, "rows", answer=answer), to)
    return printed(to)[0]


def test_an_answer_is_its_headline_its_table_and_what_was_assumed(make_table: MakeTable) -> None:
    text = rows(make_table("run:text auc:real", [("a", 0.93456), ("bb", 0.5)]))
    assert text.splitlines() == [
        "Said.",
        "",
        "run       auc",
        "-----  ------",
        "a      0.9346",
        "bb        0.5",
        "",
        "Deleted runs left out.",
    ]


def test_a_single_number_needs_no_table(make_table: MakeTable) -> None:
    assert rows(make_table("runs:integer", [(12,)])) == "Said.\n\nDeleted runs left out.\n"


@pytest.mark.parametrize("pretty", [True, False])
def test_a_hostile_cell_cannot_steer_the_terminal(pretty: bool, make_table: MakeTable) -> None:
    table = make_table("run:text auc:real", [("a\x1b]0;x\x07\u202e[red]b", 0.5), ("c", 0.4)])
    text = rows(table, pretty=pretty)
    assert "a]0;x[red]b" in text
    assert not {"\x07", "\u202e"} & set(text)


def test_a_terminal_shows_a_screenful_and_a_pipe_gets_everything(make_table: MakeTable) -> None:
    table = make_table("run:text", [(f"run-{i}",) for i in range(100)])
    assert "run-99" not in rows(table, pretty=True)
    assert "… and 60 more rows" in rows(table, pretty=True)
    assert "run-99" in rows(table)


def test_a_terminal_shows_short_run_ids_and_a_pipe_whole_ones(make_table: MakeTable) -> None:
    table = make_table("run:text run_id:text", [("a", "0123456789abcdef" * 2), ("b", "f" * 32)])
    assert "01234567\n" in rows(table, pretty=True).replace(" ", "")
    assert "0123456789abcdef" * 2 in rows(table)


def test_names_that_look_like_numbers_are_printed_as_they_are(make_table: MakeTable) -> None:
    assert "1e-05" in rows(make_table("lr:text f1:real", [("1e-05", 0.5), ("007", 0.4)]))
    assert "007" in rows(make_table("lr:text f1:real", [("1e-05", 0.5), ("007", 0.4)]))


def test_the_ways_out_of_an_ambiguity_are_numbered() -> None:
    options = (Option("val_f1", "best val_f1?"), Option("test_f1", "best test_f1?"))
    to = on()
    show(Reply(ASKED, "clarify", clarification=Clarification("Which f1?", options, "x")), to)
    assert printed(to)[0] == (
        "Which f1?\n  1. val_f1\n  2. test_f1\n\nAsk again, for example: best val_f1?\n"
    )


def test_a_reason_why_not_comes_with_what_can_be_asked() -> None:
    to = on()
    show(Reply(ASKED, "refuse", declined=Declined("I only read.", ("how many runs?",), "x")), to)
    assert printed(to)[0] == "I only read.\n\nYou could ask:\n  - how many runs?\n"


def test_an_error_is_one_line_of_talk_and_no_data() -> None:
    to = on()
    error = QueryFailed("The store turned it down.", "Try again.", reference="ab12")
    show(Reply(ASKED, "error", error=error), to)
    assert printed(to) == ("", "The store turned it down. Try again. (reference ab12)\n")


def test_a_reference_leads_to_its_log() -> None:
    error = QueryFailed("It failed.", "Try again.", reference="ab12")
    assert error_line(error, Path("/log")) == "It failed. Try again. (reference ab12 in /log)"


def test_history_is_a_table_in_the_teams_zone() -> None:
    to = on()
    turns = [
        Turn("t2", "and f1?", NOON, "clarify", "kim", thread="T"),
        Turn("t1", "best run?", NOON, None),
    ]
    show_history(turns, to)
    lines = printed(to)[0].splitlines()
    assert lines[0].split() == ["when", "who", "thread", "question", "outcome", "rows"]
    assert lines[2].split() == ["2026-11-20", "13:00", "kim", "T", "and", "f1?", "clarify", "–"]
    assert "unfinished" in lines[3]
