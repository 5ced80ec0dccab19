"""The inbox: a wish is accepted once, and one that is turned away may be made again later."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.inbox import Asked, Inbox, asked_in
from bot.settings import from_env
from bot.target import Target
from bot.workroom import Workroom
from texttosql.errors import JournalError
from texttosql.flow import Question
from texttosql.journal.database import Database
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.work import SqlWork
from texttosql.worklist import Job

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ASKED = Asked("message:T1:C1:10.0", "U1", Target("T1", "C1", "10.0"), "how many runs?")


class Counter:
    """`inbox.Answers` that keeps what it is told."""

    def __init__(self) -> None:
        self.expected: list[Job] = []
        self.turned_away: list[str] = []

    def expect(self, job: Job) -> None:
        """A job was accepted."""
        self.expected.append(job)

    def turn_away(self, asked: Asked, sentence: str) -> None:
        """A wish was not."""
        assert asked.key
        self.turned_away.append(sentence)


class Desk:
    """An inbox whose clock a test winds, over a worklist on disk."""

    def __init__(self, folder: Path, **limits: str) -> None:
        self.database = Database.open(f"sqlite:///{folder}/journal.db")
        self.work, self.answers, self.now = SqlWork(self.database), Counter(), NOON
        self.workroom = Workroom(self.work, lambda job: self.work.done(job.key), owner="me", size=1)
        environ = {
            "TRACKTALK_STORE": "sqlite:///x.db", "SLACK_BOT_TOKEN": "b", "SLACK_APP_TOKEN": "a",
        }  # fmt: skip
        self._settings = from_env({**environ, **limits})
        self.journal = MemoryJournal()
        self.inbox = self.another()

    def another(self) -> Inbox:
        """An inbox as another process has it, which remembers nothing of this one's."""
        return Inbox(
            self._settings, self.journal, self.work, self.workroom, self.answers, owner="me",
            clock=lambda: self.now,
        )  # fmt: skip

    def close(self) -> None:
        """Finish what was accepted."""
        self.workroom.stop(5)
        self.database.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, TRACKTALK_USER_LIMIT="1")
    yield made
    made.close()


def test_a_wish_that_arrives_twice_is_accepted_once(desk: Desk) -> None:
    again = Asked(ASKED.key, ASKED.user, ASKED.target, ASKED.text, event_id="Ev2")

    assert desk.inbox.take(ASKED)
    assert not desk.inbox.take(again)
    assert [job.key for job in desk.answers.expected] == [ASKED.key]
    assert desk.answers.turned_away == []


def test_what_another_process_accepted_is_not_accepted_here(desk: Desk) -> None:
    assert desk.work.accept(Job(ASKED.key, "ask", None, "U1", "T1/C1", {}, "t", NOON), "it", 10)

    assert not desk.inbox.take(ASKED)
    assert desk.answers.expected == []


def test_the_last_question_allowed_is_not_turned_away_when_it_arrives_again(desk: Desk) -> None:
    assert desk.inbox.take(ASKED)

    assert not desk.another().take(ASKED)
    assert desk.answers.turned_away == []


def test_who_was_turned_away_is_told_once_and_may_come_again(desk: Desk) -> None:
    option = Asked("option:turn", "U1", ASKED.target, "best by accuracy?")
    assert desk.inbox.take(ASKED)
    assert not desk.inbox.take(option)
    assert not desk.inbox.take(option)
    assert len(desk.answers.turned_away) == 1

    desk.now += timedelta(seconds=61)
    assert desk.inbox.take(option)


def test_buttons_that_ask_nothing_are_not_counted(desk: Desk) -> None:
    page = Asked("click:1", "U1", ASKED.target, kind="replay", turn="turn")

    assert desk.inbox.take(page)
    assert desk.inbox.take(ASKED)
    assert desk.inbox.take(Asked("click:2", "U1", ASKED.target, kind="csv", turn="turn"))


def test_a_wish_survives_its_job_word_for_word(desk: Desk) -> None:
    wish = Asked(
        "view:V1", "U1", Target("T1", "C1", "10.0", "11.0", "view:V1"), "läufe 🚀?", "sql",
        follows="before", quiet=True, lead="<@U1> edited", response_url="http://hooks.example/1",
        more={"sql": "SELECT 1", "title": "one"},
    )  # fmt: skip
    assert desk.inbox.take(wish)

    assert asked_in(desk.answers.expected[0]) == wish


def test_what_cannot_be_noted_is_not_accepted(desk: Desk, tmp_path: Path) -> None:
    desk.database.close()
    (tmp_path / "journal.db").unlink()
    (tmp_path / "journal.db").mkdir()

    with pytest.raises(JournalError):
        desk.inbox.take(ASKED)
    assert desk.answers.expected == []


def test_a_reply_under_the_bots_own_message_waits_until_its_thread_is_noted(desk: Desk) -> None:
    turn = desk.journal.begin(Question("how many runs?", NOON))
    noting = threading.Timer(0.1, desk.journal.note_thread, [turn, "T1/C1/10.0"])
    noting.start()

    assert desk.inbox.is_in("T1/C1/10.0", began_it=True)
    noting.join()


def test_a_thread_that_the_bot_was_never_asked_in_is_not_its_own(desk: Desk) -> None:
    assert not desk.inbox.is_in("T1/C1/10.0", began_it=False)
