"""The demo's conversation, held with an assistant of the test's own."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo import QUESTIONS, Conversation
from texttosql.desk import Desk
from texttosql.errors import QueryTooSlow
from texttosql.flow import Answer, Chart, Column, Question, Reply, ResultTable
from texttosql.terminal import Screen

TABLE = ResultTable(
    (Column("run", "text"), Column("auc", "real")), (("a", 0.9), ("b", 0.8)), False, 1.0
)
CHART = Chart("bar", "run", ("auc",), None, "runs by auc")


class Two:
    """Answers everything with the same two runs; fails when asked to."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    def ask(self, question: Question) -> Reply:
        """Two runs and a chart, or an error for a question about errors."""
        self.questions.append(question)
        if "slow" in question.text:
            return Reply(question, "error", error=QueryTooSlow("Too slow.", "Narrow it."))
        answer = Answer("2 runs.", TABLE, CHART, (), "", {}, (), "runs", "test")
        return Reply(question, "rows", answer=answer)

    def close(self) -> None:
        """Holds nothing."""


class Stage:
    """A conversation and all that can be seen of it."""

    def __init__(self, charts: Path) -> None:
        self.assistant = Two()
        self.out, self.err = StringIO(), StringIO()
        desk = Desk(self.assistant, "the demo store", ZoneInfo("UTC"))
        to = Screen(self.out, self.err, False, ZoneInfo("UTC"))
        self.conversation = Conversation(desk, to, charts)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "charts")


def test_a_question_and_its_follow_up_are_asked_in_one_thread(stage: Stage) -> None:
    assert stage.conversation.hold(None) == 0
    asked = stage.assistant.questions
    assert [question.text for question in asked] == list(QUESTIONS)
    assert asked[0].thread == asked[1].thread
    assert asked[0].thread


def test_answers_are_printed_with_tables_and_the_paths_of_real_charts(
    stage: Stage, tmp_path: Path
) -> None:
    stage.conversation.hold(None)
    text = stage.out.getvalue()
    assert f"> {QUESTIONS[0]}\n\n2 runs.\n" in text
    first = tmp_path / "charts" / "chart-1.png"
    assert f"Chart: {first}" in text
    assert first.read_bytes().startswith(b"\x89PNG")


def test_typed_questions_go_on_until_the_end_of_input(stage: Stage) -> None:
    stage.conversation.hold(["one", "", "two"])
    assert [question.text for question in stage.assistant.questions[2:]] == ["one", "two"]


def test_new_starts_another_thread(stage: Stage) -> None:
    stage.conversation.hold(["one", "new", "two"])
    before, after = stage.assistant.questions[2:]
    assert before.thread != after.thread


def test_an_error_is_told_and_the_session_goes_on(stage: Stage) -> None:
    stage.conversation.hold(["slow one", "two"])
    assert "Too slow. Narrow it." in stage.err.getvalue()
    assert stage.assistant.questions[-1].text == "two"


def test_a_chart_that_cannot_be_written_costs_only_the_chart(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stage = Stage(tmp_path / "file")
    assert stage.conversation.hold(None) == 0
    assert "cannot be written" in stage.err.getvalue()
    assert "2 runs." in stage.out.getvalue()
