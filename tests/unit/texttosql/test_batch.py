"""`eval`: threads stay apart, bad items become error lines, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO, StringIO, TextIOWrapper
from threading import Barrier
from typing import Any

from texttosql.batch import Tally, read_items, run, writer
from texttosql.errors import QueryTooSlow, WarehouseDown
from texttosql.flow import Declined, Question, Reply

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Echo:
    """Declines everything, and remembers what it was asked in which thread."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def ask(self, text: str, thread: str) -> Reply:
        """A reason that repeats the question; some questions fail."""
        self.heard.append((thread, text))
        question = Question(text, NOON)
        if text == "slow":
            return Reply(question, "error", error=QueryTooSlow("Too slow.", "Narrow it."))
        if text == "down":
            return Reply(question, "error", error=WarehouseDown("Gone.", "Start it."))
        return Reply(question, "refuse", declined=Declined(text, (), "echo"))


def predicted(lines: Iterable[str]) -> tuple[list[dict[str, Any]], Echo, Tally]:
    out, echo = StringIO(), Echo()
    tally = run(read_items(lines), echo.ask, writer(out))
    return [json.loads(line) for line in out.getvalue().splitlines()], echo, tally


def test_a_question_gets_one_line_under_its_id() -> None:
    found, _, _ = predicted(['{"id": "q1", "question": "how many runs?"}'])
    assert [(line["id"], line["outcome"]) for line in found] == [("q1", "refuse")]


def test_turns_get_numbered_ids_and_share_a_thread_that_others_do_not_see() -> None:
    found, echo, _ = predicted([
        '{"id": "t", "turns": [{"question": "a"}, {"question": "b"}]}',
        '{"id": "t", "question": "c"}',
    ])  # fmt: skip
    assert [line["id"] for line in found] == ["t.1", "t.2", "t"]
    threads = [thread for thread, _ in echo.heard]
    assert threads[0] == threads[1] != threads[2]


def test_bad_lines_become_errors_with_an_id_or_a_line_number_and_the_rest_is_asked() -> None:
    found, echo, tally = predicted([
        "no json",
        "",
        "[1]",
        '{"id": "q4"}',
        '{"id": "q5", "turns": []}',
        '{"id": "q6", "turns": [{"question": 7}, {"question": "fine"}]}',
        '{"question": "no id"}',
        '{"id": 8, "question": "number"}',
    ])  # fmt: skip
    assert [line["id"] for line in found] == [
        "line 1", "line 3", "q4", "q5", "q6.1", "q6.2", "line 7", "8",
    ]  # fmt: skip
    assert [text for _, text in echo.heard] == ["fine", "no id", "number"]
    assert tally.outcomes == {"error": 5, "refuse": 3}
    assert all(line["error"]["what"] for line in found)


def test_a_failed_question_does_not_end_the_batch() -> None:
    found, _, tally = predicted([
        '{"id": 1, "question": "slow"}',
        '{"id": 2, "question": "next"}',
    ])  # fmt: skip
    assert [line["outcome"] for line in found] == ["error", "refuse"]
    assert tally.reached


def test_a_store_that_is_gone_is_noticed() -> None:
    assert not predicted(['{"id": 1, "question": "down"}'])[2].reached


def test_each_prediction_is_written_before_the_next_question_is_asked() -> None:
    file = BytesIO()
    out = TextIOWrapper(file, encoding="utf-8")
    seen: list[int] = []

    def ask(text: str, _thread: str) -> Reply:
        seen.append(file.getvalue().count(b"\n"))
        return Reply(Question(text, NOON), "refuse", declined=Declined(text, (), "echo"))

    two = ['{"id": 1, "question": "a"}', '{"id": 2, "question": "b"}']
    run(read_items(two), ask, writer(out))
    assert seen == [0, 1]


def test_threads_side_by_side_keep_the_order_of_the_file_and_of_their_turns() -> None:
    meet = Barrier(2, timeout=20)
    heard: list[str] = []

    def put(text: str, thread: str) -> Reply:
        heard.append(text)
        if text in {"a", "x"}:
            meet.wait()  # nobody passes unless both are asked at once
        return Echo().ask(text, thread)

    lines = [
        '{"id": "t", "turns": [{"question": "a"}, {"question": "b"}, {"question": "c"}]}',
        '{"id": "u", "turns": [{"question": "x"}, {"question": "y"}]}',
        '{"id": "v", "question": "z"}',
    ]
    out = StringIO()
    run(read_items(lines), put, writer(out), at_once=2)

    ids = [json.loads(line)["id"] for line in out.getvalue().splitlines()]
    assert ids == ["t.1", "t.2", "t.3", "u.1", "u.2", "v"]
    assert [text for text in heard if text in "abc"] == ["a", "b", "c"]
