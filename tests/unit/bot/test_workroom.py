"""The workroom: order within a thread, threads side by side, and nothing dies with anyone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.workroom import Workroom
from texttosql.journal.database import Database
from texttosql.journal.work import SqlWork
from texttosql.worklist import MOST_ATTEMPTS, Job

SECONDS = 5.0
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Answers:
    """Answers jobs as a test lets it, and tells which were begun and which are done."""

    def __init__(self, work: SqlWork) -> None:
        self._work = work
        self._changed = threading.Condition()
        self._held: set[str] = set()
        self.begun: list[str] = []
        self.jobs: list[Job] = []

    def __call__(self, job: Job) -> None:
        """Answer, once the job is no longer held."""
        with self._changed:
            self.begun.append(job.key)
            self.jobs.append(job)
            self._changed.notify_all()
            self._changed.wait_for(lambda: job.key not in self._held, SECONDS)
        if job.kind == "broken":
            raise ZeroDivisionError
        self._work.done(job.key)

    def hold(self, *keys: str) -> None:
        """Let these take until `let_go`."""
        self._held.update(keys)

    def let_go(self) -> None:
        """Let everything go on."""
        with self._changed:
            self._held.clear()
            self._changed.notify_all()

    def have_begun(self, *keys: str) -> bool:
        """Whether these are begun, in this order, waiting a while for them."""
        with self._changed:
            return self._changed.wait_for(lambda: self.begun == list(keys), SECONDS)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[SqlWork]:
    database = Database.open(f"sqlite:///{tmp_path}/journal.db")
    yield SqlWork(database)
    database.close()


@pytest.fixture
def answers(work: SqlWork) -> Answers:
    return Answers(work)


@contextmanager
def at_work(
    work: SqlWork, answers: Answers, owner: str = "me", *, size: int = 4, lease: float = 10.0
) -> Iterator[Workroom]:
    """A workroom that is stopped afterwards."""
    room = Workroom(work, answers, owner=owner, size=size, lease=lease)
    room.start()
    try:
        yield room
    finally:
        answers.let_go()
        room.stop(SECONDS)
        room.release()


def job(key: str, thread: str | None = "t1", *, kind: str = "ask", after: int = 0) -> Job:
    """A job accepted `after` seconds past noon."""
    accepted = NOON + timedelta(seconds=after)
    return Job(key, kind, thread, "ann", "C1", {}, key, accepted)


def test_questions_of_one_thread_are_answered_in_order(work: SqlWork, answers: Answers) -> None:
    with at_work(work, answers) as room:
        answers.hold("a")
        for number, key in enumerate("abc"):
            _accept(work, room, job(key, after=number))
        assert answers.have_begun("a")
        answers.let_go()

        assert answers.have_begun("a", "b", "c")


def test_questions_of_different_threads_do_not_wait(work: SqlWork, answers: Answers) -> None:
    with at_work(work, answers) as room:
        answers.hold("slow")
        _accept(work, room, job("slow", "t1"))
        assert answers.have_begun("slow")
        _accept(work, room, job("quick", "t2", after=1))
        _accept(work, room, job("of no thread", None, after=2))

        assert _until(lambda: set(answers.begun) == {"slow", "quick", "of no thread"})


def test_a_job_that_is_put_twice_is_worked_on_once(work: SqlWork, answers: Answers) -> None:
    with at_work(work, answers) as room:
        answers.hold("a")
        _accept(work, room, job("a"))
        assert answers.have_begun("a")
        room.put(job("a"))
        answers.let_go()
        _accept(work, room, job("b", after=1))

        assert answers.have_begun("a", "b")


def test_an_answer_that_breaks_does_not_hold_up_its_thread(work: SqlWork, answers: Answers) -> None:
    with at_work(work, answers) as room:
        _accept(work, room, job("a", kind="broken"))
        _accept(work, room, job("b", after=1))

        assert answers.have_begun("a", "b")


def test_what_a_dead_process_left_is_taken_over_in_order(work: SqlWork, answers: Answers) -> None:
    for number, key in enumerate("ab"):
        assert work.accept(job(key, after=number), "a process that died", 0)
    with at_work(work, answers):
        assert answers.have_begun("a", "b")

    assert [each.attempts for each in answers.jobs] == [2, 2]


def test_what_five_processes_did_not_survive_is_handed_on_as_given_up(
    work: SqlWork, answers: Answers
) -> None:
    assert work.accept(job("a"), "first", 0)
    for number in range(MOST_ATTEMPTS - 1):
        assert work.take_abandoned(f"heir {number}", 0, 1)
    with at_work(work, answers):
        assert answers.have_begun("a")

    assert answers.jobs[0].given_up


def test_what_somebody_is_working_on_is_not_taken_over(work: SqlWork, answers: Answers) -> None:
    others = Answers(work)
    with at_work(work, answers, lease=0.6) as room, at_work(work, others, "other", lease=0.6):
        answers.hold("long")
        _accept(work, room, job("long"), lease=0.6)
        assert answers.have_begun("long")
        _pass(0.9)  # longer than its lease, which is renewed

        assert others.begun == []


def test_a_thread_whose_earlier_question_another_process_has_waits(
    work: SqlWork, answers: Answers
) -> None:
    assert work.accept(job("theirs"), "another process", 60)
    with at_work(work, answers) as room:
        _accept(work, room, job("mine", after=1))
        _accept(work, room, job("elsewhere", "t2", after=2))
        assert answers.have_begun("elsewhere")
        work.done("theirs")

        assert answers.have_begun("elsewhere", "mine")


def test_stopping_finishes_what_was_accepted(work: SqlWork, answers: Answers) -> None:
    with at_work(work, answers, size=1) as room:
        for number, key in enumerate("abc"):
            _accept(work, room, job(key, f"t{number}", after=number))

    assert answers.begun == ["a", "b", "c"]
    assert work.take_abandoned("x", 1, 9) == ()


def test_what_cannot_be_finished_in_time_is_left_to_others_at_once(
    work: SqlWork, answers: Answers
) -> None:
    room = Workroom(work, answers, owner="me", size=1)
    answers.hold("slow")
    _accept(work, room, job("slow"))
    _accept(work, room, job("next", after=1))
    assert answers.have_begun("slow")
    release = threading.Timer(0.1, answers.let_go)
    release.start()
    room.stop(0.02)
    room.release()

    assert answers.begun == ["slow"]  # which was finished, for it was begun
    assert [each.key for each in work.take_abandoned("heir", 10, 5)] == ["next"]
    release.join()


def _accept(work: SqlWork, room: Workroom, new: Job, *, lease: float = 10.0) -> None:
    assert work.accept(new, "me", lease)
    room.put(new)


def _pass(seconds: float) -> None:
    ends = time.monotonic() + seconds
    assert _until(lambda: time.monotonic() >= ends)


def _until(happened: Callable[[], bool]) -> bool:
    ends = time.monotonic() + SECONDS
    while not happened() and time.monotonic() < ends:
        threading.Event().wait(0.005)
    return happened()
