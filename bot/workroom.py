"""Where accepted questions are worked on: one at a time in a thread, many threads at once.

Whoever accepts a question holds a lease on it and renews it while it lives. When a process dies
its leases run out, and another process, or the restarted one, takes its questions over.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from texttosql.errors import TextToSQLError
from texttosql.rescue import rescued
from texttosql.worklist import Job, Work

_log = logging.getLogger(__name__)

LEASE = 10.0
"""Seconds without a sign of life after which a question is taken over."""
_BEAT = 2.0
KEPT = timedelta(days=7)
"""How long it is remembered what was accepted: Slack redelivers within minutes."""
_BEATS_A_TIDY = 1800
_TAKEN_AT_ONCE = 20
_LOOK_AGAIN = 0.2


class Workroom:
    """Runs `answer` for each job, in order within a thread. `owner` is this process's name.

    `let_pass` is called before each: it may wait a moment for what is more urgent.
    """

    def __init__(
        self,
        work: Work,
        answer: Callable[[Job], None],
        *,
        owner: str,
        size: int,
        lease: float = LEASE,
        let_pass: Callable[[], None] = lambda: None,
    ) -> None:
        self._work, self._answer, self._let_pass = work, answer, let_pass
        self._owner, self._lease = owner, lease
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="worker")
        self._lock = threading.Condition()
        self._lanes: defaultdict[str, deque[Job]] = defaultdict(deque)
        self._stopped = threading.Event()
        self._beat = threading.Thread(target=self._live, name="lease", daemon=True)

    def start(self) -> None:
        """Begin to take over what others left behind."""
        self._beat.start()

    def put(self, job: Job) -> None:
        """Work on this job after the earlier ones of its thread."""
        lane = job.thread or job.key
        with self._lock:
            waiting = self._lanes[lane]
            if any(each.key == job.key for each in waiting):
                return
            waiting.append(job)
            first = len(waiting) == 1
        if first:
            self._pool.submit(self._work_on, lane)

    def stop(self, seconds: float) -> None:
        """Finish what was accepted, for at most so long; then only what is begun."""
        with self._lock:
            self._lock.wait_for(lambda: not self._lanes, seconds)
        self._stopped.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def release(self) -> None:
        """Give up every lease that is left."""
        self._guarded(lambda: self._work.release(self._owner))

    def _work_on(self, lane: str) -> None:
        self._let_pass()
        with self._lock:
            job = self._lanes[lane][0]
        if self._must_wait(job):
            # Another process has an earlier question of this thread.
            threading.Timer(_LOOK_AGAIN, self._submit, [lane]).start()
            return
        try:
            rescued(lambda: self._answer(job))
        except TextToSQLError as error:
            _log.warning("job %s was left: %s", job.key, error.what)
        self._next(lane)

    def _must_wait(self, job: Job) -> bool:
        try:
            return job.thread is not None and rescued(
                lambda: self._work.waiting_before(job, self._owner)
            )
        except TextToSQLError:
            return False  # the journal is out of reach: the answer itself will say so

    def _next(self, lane: str) -> None:
        with self._lock:
            waiting = self._lanes[lane]
            waiting.popleft()
            if not waiting:
                del self._lanes[lane]
                self._lock.notify_all()
                return
        self._submit(lane)

    def _submit(self, lane: str) -> None:
        if not self._stopped.is_set():
            self._pool.submit(self._work_on, lane)

    def _live(self) -> None:
        beats = itertools.count()
        while not self._stopped.is_set():
            self._guarded(self._renew_and_take)
            if next(beats) % _BEATS_A_TIDY == 0:
                self._guarded(lambda: self._work.forget(datetime.now(UTC) - KEPT))
            self._stopped.wait(min(_BEAT, self._lease / 3))

    def _renew_and_take(self) -> None:
        self._work.renew(self._owner, self._lease)
        for job in self._work.take_abandoned(self._owner, self._lease, _TAKEN_AT_ONCE):
            _log.warning("taking over %s, attempt %d", job.key, job.attempts)
            self.put(job)

    def _guarded(self, act: Callable[[], object]) -> None:
        try:
            rescued(act)
        except TextToSQLError as error:
            _log.warning("the worklist cannot be reached: %s", error.what)
