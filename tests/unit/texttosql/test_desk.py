"""The desk: clocks, names, and that nothing which goes wrong with a turn is raised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from texttosql.desk import Desk, read_moment
from texttosql.errors import QueryTooSlow, SettingsError
from texttosql.flow import Declined, Question, Reply
from texttosql.rescue import Unforeseen, rescued

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Broken:
    """An assistant that raises what it is given."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def ask(self, question: Question) -> Reply:
        """Never answers, whatever the question."""
        self.asked = question
        raise self._error

    def close(self) -> None:
        """Holds nothing."""


class Heard:
    """An assistant that keeps the questions."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    def ask(self, question: Question) -> Reply:
        """Declines, having listened."""
        self.questions.append(question)
        return Reply(question, "refuse", declined=Declined("no", (), "test"))

    def close(self) -> None:
        """Holds nothing."""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T12:00:00Z", NOON),
        ("2026-11-20T13:00:00+01:00", NOON),
        ("2026-11-20T13:00", NOON),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=BERLIN)),
    ],
)
def test_a_time_without_an_offset_is_the_teams_own(text: str, moment: datetime) -> None:
    assert read_moment(text, BERLIN) == moment


def test_a_time_that_is_none_is_said_to_be_none() -> None:
    with pytest.raises(SettingsError, match="'yesterday' is no ISO time"):
        read_moment("yesterday", BERLIN)


def test_a_question_carries_who_when_where_and_its_thread() -> None:
    heard = Heard()
    Desk(heard, "prod", BERLIN, "kim", NOON).ask("best run?", "T")
    assert heard.questions == [Question("best run?", NOON, "kim", "T", "prod")]


def test_without_a_given_time_a_question_is_asked_now() -> None:
    heard = Heard()
    Desk(heard, "prod", BERLIN).ask("best run?")
    assert abs(datetime.now(UTC) - heard.questions[0].asked_at) < timedelta(minutes=1)


def test_an_unforeseen_fault_becomes_a_reply_with_a_reference(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reply = Desk(Broken(KeyError("secret detail")), "prod", BERLIN).ask("best run?")
    assert reply.outcome == "error"
    assert isinstance(reply.error, Unforeseen)
    assert "secret detail" not in str(reply.error)
    assert reply.error.reference
    assert reply.error.reference in caplog.text
    assert "secret detail" in caplog.text


def test_a_known_fault_stays_what_it_is() -> None:
    slow = QueryTooSlow("Too slow.", "Narrow the dates.")
    assert Desk(Broken(slow), "prod", BERLIN).ask("best run?").error is slow


def test_interruptions_are_not_rescued() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rescued(interrupted)
