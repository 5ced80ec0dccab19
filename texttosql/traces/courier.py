"""Carries turns to MLflow in a thread of its own: who answers hands them over and goes on.

There is room for so many; what comes on top is dropped. When MLflow takes nothing, it is left
alone for a while and what comes meanwhile is dropped, too. All that is dropped is counted, and
an outage is told to the log once, at its beginning, and once more at its end.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from texttosql.errors import TextToSQLError
from texttosql.flow import Reply, Verdict
from texttosql.rescue import rescued
from texttosql.traces.spans import Trace, trace_of

ROOM = 1_000
PAUSE = 30.0
"""Seconds that MLflow is left alone after it took nothing."""
PATIENCE = 10.0
"""Seconds that closing waits: importing MLflow and delivering one turn take about three."""

_log = logging.getLogger(__name__)


class Recorder(Protocol):
    """Who writes to MLflow; called by one thread."""

    def turn(self, trace: Trace, /) -> None:
        """Keep a trace. Raises TextToSQLError."""
        ...

    def feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None, /
    ) -> None:
        """Keep it with its turn's trace. Raises TextToSQLError."""
        ...


class Traces:
    """`Tracing` to a recorder. `there` tells at once whether anybody is.

    `clock` gives seconds, of which differences are used; `wall` nanoseconds since 1970.
    """

    def __init__(
        self,
        recorder: Recorder,
        *,
        there: Callable[[], bool],
        room: int = ROOM,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], int] = time.time_ns,
    ) -> None:
        self._recorder, self._there = recorder, there
        self._room, self._pause = room, pause
        self._clock, self._wall = clock, wall
        self._jobs: deque[Callable[[], None]] = deque()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._down_until: float | None = None
        self._lost = 0

    @property
    def lost(self) -> int:
        """How many turns and verdicts were dropped so far."""
        return self._lost

    def turn(self, reply: Reply, /) -> None:
        """Hand over a turn that ended now; one without an id is not kept."""
        turn_id, ended = reply.turn_id, self._wall()
        if turn_id is None:
            return
        try:
            # Made here: a trace is small, and the reply may hold a hundred thousand rows.
            trace = rescued(lambda: trace_of(reply, turn_id, ended))
        except TextToSQLError:
            self._lost += 1
            return
        self._hand_over(lambda: self._recorder.turn(trace))

    def feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None = None
    ) -> None:
        """Hand over a verdict."""
        self._hand_over(lambda: self._recorder.feedback(turn_id, verdict, by, correction))

    def close(self, seconds: float = PATIENCE) -> None:
        """Deliver what is left, at most for so long; the rest is dropped. May be called twice."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(seconds)
        with self._wake:
            left = len(self._jobs)
            self._jobs.clear()
            self._lost += left
        if left:
            _log.warning("%d turns were not traced: there was no time left to.", left)

    def _hand_over(self, job: Callable[[], None]) -> None:
        with self._wake:
            if self._closed or len(self._jobs) >= self._room:
                self._lost += 1
                return
            self._jobs.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._carry, name="traces", daemon=True)
                self._thread.start()
            self._wake.notify()

    def _carry(self) -> None:
        while (job := self._next()) is not None:
            if not self._delivered(job):
                self._lost += 1

    def _next(self) -> Callable[[], None] | None:
        """The next thing to deliver; None when there is none and never will be."""
        with self._wake:
            while not self._jobs and not self._closed:
                self._wake.wait()
            return self._jobs.popleft() if self._jobs else None

    def _delivered(self, job: Callable[[], None]) -> bool:
        if self._down_until is not None and self._clock() < self._down_until:
            return False
        try:
            problem = None if self._there() else "nobody answers there."
            if problem is None:
                rescued(job)
        except TextToSQLError as error:
            problem = error.what
        self._note(problem)
        return problem is None

    def _note(self, problem: str | None) -> None:
        """Begin, go on with, or end an outage."""
        if problem is None:
            if self._down_until is not None:
                _log.warning("MLflow takes traces again; %d were lost until now.", self._lost)
            self._down_until = None
            return
        if self._down_until is None:
            _log.warning("MLflow takes no traces: %s Answers do not depend on it.", problem)
        self._down_until = self._clock() + self._pause
