"""What every worklist promises, whatever database it is in: run on SQLite here, on MySQL there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from texttosql.worklist import MOST_ATTEMPTS, Job, Load, Work

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
LONG = 600.0
JOB = Job("C1:17.42", "ask", "t1", "ann", "C1", {"text": "läufe 🚀?", "n": [1]}, "0" * 14, NOON)


def job(key: str, *, after: int = 0, thread: str | None = "t1", place: str = "C1") -> Job:
    """A job accepted `after` seconds past noon."""
    moment = NOON + timedelta(seconds=after)
    return replace(JOB, key=key, thread=thread, place=place, accepted_at=moment)


def loaded(
    work: Work, *, since: datetime = NOON, asked_by: str = "ann", place: str = "C1",
    kinds: tuple[str, ...] = ("ask",),
) -> Load:  # fmt: skip
    """How much there is to do, of ann's questions in C1 unless said otherwise."""
    return work.load(asked_by=asked_by, place=place, since=since, kinds=kinds)


def at_once(act: Callable[[int], object], count: int = 12) -> list[object]:
    """What `act` gives for 0, 1, … when threads do it together."""
    start, found = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        start.wait(timeout=30)
        found[number] = act(number)  # type: ignore[call-overload]  # a list of what act gives

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return list(found)


class WorklistPromises:
    """Inherited by a test class whose module has a fixture `work`: a `Work` with nothing in it."""

    def test_a_message_is_accepted_once_whoever_brings_it(self, work: Work) -> None:
        assert work.accept(JOB, "a", LONG, event_id="E1")
        assert not work.accept(JOB, "a", LONG, event_id="E1")
        assert not work.accept(JOB, "b", LONG, event_id="E2")

    def test_an_event_is_accepted_once_whatever_its_key(self, work: Work) -> None:
        assert work.accept(job("k1"), "a", LONG, event_id="E1")
        assert not work.accept(job("k2"), "a", LONG, event_id="E1")
        assert work.accept(job("k3"), "a", LONG)
        assert work.accept(job("k4"), "a", LONG)

    def test_of_many_who_accept_at_once_one_is_told_yes(self, work: Work) -> None:
        told = at_once(lambda n: work.accept(JOB, f"owner {n}", LONG, event_id=f"E{n % 2}"))
        assert sorted(map(bool, told)) == [False] * 11 + [True]

    def test_an_event_is_claimed_once(self, work: Work) -> None:
        assert sum(map(bool, at_once(lambda _: work.claim("E1")))) == 1
        assert work.claim("E2")

    def test_what_a_living_owner_has_is_not_taken(self, work: Work) -> None:
        work.accept(JOB, "a", LONG)
        assert work.take_abandoned("b", LONG, 10) == ()

    def test_what_a_dead_owner_left_is_taken_with_all_that_was_known_of_it(
        self, work: Work
    ) -> None:
        work.accept(JOB, "a", 0)
        work.note_message(JOB.key, "17.43")
        (taken,) = work.take_abandoned("b", LONG, 10)
        assert taken == replace(JOB, message_ts="17.43", attempts=2)
        assert work.take_abandoned("c", LONG, 10) == ()

    def test_a_lease_runs_out_by_itself(self, work: Work) -> None:
        work.accept(JOB, "a", 1.0)
        assert work.take_abandoned("b", LONG, 10) == ()
        give_up = time.monotonic() + 30
        while not (taken := work.take_abandoned("b", LONG, 10)):
            assert time.monotonic() < give_up
        assert [each.key for each in taken] == [JOB.key]

    def test_a_sign_of_life_keeps_what_is_unfinished(self, work: Work) -> None:
        work.accept(job("mine"), "a", 0)
        work.accept(job("another's"), "b", 0)
        work.renew("a", LONG)
        assert [each.key for each in work.take_abandoned("c", LONG, 10)] == ["another's"]

    def test_who_lost_a_job_does_not_get_it_back_by_a_sign_of_life(self, work: Work) -> None:
        work.accept(JOB, "a", 0)
        work.take_abandoned("b", 0, 10)
        work.renew("a", LONG)
        assert len(work.take_abandoned("c", LONG, 10)) == 1

    def test_an_owner_who_leaves_gives_up_all_that_is_unfinished(self, work: Work) -> None:
        work.accept(job("done"), "a", LONG)
        work.accept(job("open"), "a", LONG)
        work.done("done")
        work.release("a")
        assert [each.key for each in work.take_abandoned("b", LONG, 10)] == ["open"]

    def test_one_abandoned_job_is_taken_by_one_of_many(self, work: Work) -> None:
        for number in range(20):
            work.accept(job(f"k{number}"), "dead", 0)
        found = at_once(lambda n: work.take_abandoned(f"owner {n}", LONG, 20))
        keys = [each.key for taken in found for each in taken]  # type: ignore[attr-defined]  # jobs
        assert sorted(keys) == sorted(f"k{number}" for number in range(20))

    def test_the_oldest_are_taken_first_and_no_more_than_wanted(self, work: Work) -> None:
        for after in (3, 1, 2):
            work.accept(job(f"k{after}", after=after), "dead", 0)
        assert [each.key for each in work.take_abandoned("b", LONG, 2)] == ["k1", "k2"]

    def test_a_job_that_nobody_survives_is_given_up_and_still_handed_out(self, work: Work) -> None:
        work.accept(JOB, "a", 0)
        told = [work.take_abandoned("b", 0, 10)[0] for _ in range(MOST_ATTEMPTS + 1)]
        assert [each.given_up for each in told] == [False] * (MOST_ATTEMPTS - 1) + [True] * 2

    def test_a_question_waits_for_the_earlier_ones_of_its_thread(self, work: Work) -> None:
        first, second = job("z", after=1), job("a", after=2)
        work.accept(second, "a", LONG)
        work.accept(job("elsewhere", thread="t2"), "a", LONG)
        assert not work.waiting_before(second)
        work.accept(first, "a", LONG)
        assert work.waiting_before(second)
        assert not work.waiting_before(first)
        work.done("z")
        assert not work.waiting_before(second)

    def test_what_an_owner_has_itself_is_not_waited_for_when_it_asks(self, work: Work) -> None:
        work.accept(job("first"), "a", LONG)
        second = job("second", after=1)
        work.accept(second, "a", LONG)
        assert not work.waiting_before(second, "a")
        assert work.waiting_before(second, "b")

    def test_questions_outside_threads_do_not_wait(self, work: Work) -> None:
        work.accept(job("first", thread=None), "a", LONG)
        second = job("second", thread=None, after=1)
        work.accept(second, "a", LONG)
        assert not work.waiting_before(second)

    def test_the_load_counts_by_asker_and_by_place_from_a_moment_on(self, work: Work) -> None:
        for after in (0, 10, 20):
            work.accept(job(f"k{after}", after=after), "a", LONG)
        work.accept(job("other", after=20, place="C2"), "a", LONG)
        since = NOON + timedelta(seconds=10)
        assert loaded(work, since=since) == Load(of_asker=3, in_place=2, unfinished=4)
        assert loaded(work, since=since, asked_by="bob", place="C2") == Load(0, 1, 4)

    def test_the_load_counts_what_is_unfinished_of_any_kind(self, work: Work) -> None:
        for key in ("k1", "k2", "k3"):
            work.accept(job(key), "a", LONG)
        work.done("k2")
        assert loaded(work, kinds=("another",)) == Load(0, 0, 2)

    def test_only_what_is_finished_and_old_is_forgotten(self, work: Work) -> None:
        work.accept(job("open"), "a", LONG)
        work.accept(job("done"), "a", LONG)
        work.claim("E1")
        work.done("done")
        assert work.forget(datetime.now(UTC) - timedelta(days=1)) == 0
        assert work.forget(datetime.now(UTC) + timedelta(days=1)) == 2
        assert loaded(work).unfinished == 1
        assert not work.accept(job("open"), "a", LONG)
        assert work.claim("E1")

    def test_many_threads_lose_and_double_nothing(self, work: Work) -> None:
        def live(number: int) -> int:
            owner = f"owner {number}"
            for turn in range(5):
                work.accept(job(f"{number}-{turn}", thread=f"t{number}"), owner, LONG)
                work.renew(owner, LONG)
                work.take_abandoned(owner, LONG, 5)
                work.done(f"{number}-{turn}")
            return number

        assert at_once(live, 50) == list(range(50))
        assert loaded(work, since=NOON) == Load(250, 250, 0)
