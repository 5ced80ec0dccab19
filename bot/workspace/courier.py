"""Envelopes reach the app: by HTTP where it has an endpoint, else over one of its WebSockets.

What is not acknowledged goes again. Every call is short and may come from any thread; deadlines
are kept by `run`, in a thread that whoever serves the workspace starts and stops.
"""

from __future__ import annotations

import itertools
import json
import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition, RLock

from bot.workspace.envelopes import QUEUE_LIVES, Connection, Envelope
from bot.workspace.http_delivery import Outcome, deliver
from bot.workspace.people import APP_ID, Json

REFRESH_GRACE = 10.0
"""Seconds a connection has to leave after it was asked to refresh."""
_MOST_CONNECTIONS = 10
_POSTERS = 16


class Courier:
    """The connections of the app, and the envelopes that were given to it."""

    def __init__(
        self, lock: RLock, secret: str, ack_within: float, retry_after: tuple[float, ...]
    ) -> None:
        self.envelopes: list[Envelope] = []
        self.connections: list[Connection] = []
        self.http_endpoint: str | None = None
        self.on_change: Callable[[], None] = lambda: None
        self.ack_within = ack_within
        self._alarm = Condition(lock)
        self._secret = secret
        self._retry_after = retry_after
        self._turns = itertools.count()
        self._by_id: dict[str, Envelope] = {}
        self._open: list[Envelope] = []
        self._posting: ThreadPoolExecutor | None = None
        self._timers: list[tuple[float, Callable[[], None]]] = []
        self._stopped = False

    @property
    def connected(self) -> bool:
        """Whether the app can be reached now."""
        return bool(self.http_endpoint or self.connections)

    def send(self, envelope: Envelope) -> None:
        """Take an envelope, and deliver it if the app can be reached."""
        with self._alarm:
            self.envelopes.append(envelope)
            self._open.append(envelope)
            lives = QUEUE_LIVES if envelope.type == "events_api" else self.ack_within
            envelope.due = time.monotonic() + lives
            self._try(envelope)

    def again(self, envelope: Envelope) -> None:
        """Deliver an envelope once more, acknowledged or not, as Slack does now and then."""
        with self._alarm:
            envelope.state, envelope.retry_reason, envelope.acked_at = "waiting", "timeout", None
            if envelope not in self._open:
                self._open.append(envelope)
            self._try(envelope)

    def ack(self, envelope_id: str, answer: Json) -> None:
        """The app has it. Acknowledged after a retry was planned, the retry is dropped."""
        with self._alarm:
            envelope = self._by_id.get(envelope_id)
            if envelope is not None and envelope.acked_at is None:
                envelope.acked_at, envelope.answer = time.time(), answer
                self._close(envelope, given_up=False)

    def attach(self, connection: Connection) -> None:
        """A new connection: greet it, and hand over what has been waiting."""
        with self._alarm:
            if len(self.connections) >= _MOST_CONNECTIONS:
                connection.send(json.dumps(_disconnect("too_many_websockets")))
                connection.close()
                return
            self.connections.append(connection)
            connection.send(json.dumps(_hello(len(self.connections))))
            self.flush()

    def detach(self, connection: Connection) -> None:
        """A connection is gone: what it had not acknowledged goes over another."""
        with self._alarm:
            if connection in self.connections:
                self.connections.remove(connection)
            lost = [e for e in self._open if e.state == "sent" and e.connection == connection.id]
            for envelope in lost:
                self._retry(envelope, "connection_lost")
            self.on_change()

    def flush(self) -> None:
        """Hand over what waits for a first delivery; called when the app can be reached again."""
        with self._alarm:
            for envelope in [e for e in self._open if e.state == "waiting" and not e.planned]:
                self._try(envelope)
            self.on_change()

    def drop(self) -> int:
        """Close every connection without a word, as a network does; how many there were."""
        with self._alarm:
            gone = tuple(self.connections)
            for connection in gone:
                connection.close()
                self.detach(connection)
            return len(gone)

    def refresh(self, reason: str) -> int:
        """Ask every connection to make way for a new one; how many were asked."""
        with self._alarm:
            for connection in self.connections:
                connection.send(json.dumps(_disconnect(reason)))
                connection.leave_by = time.monotonic() + REFRESH_GRACE
            self._alarm.notify_all()
            return len(self.connections)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Make this call once, after so many seconds, while `run` runs."""
        with self._alarm:
            self._timers.append((time.monotonic() + seconds, call))
            self._alarm.notify_all()

    def run(self) -> None:
        """Keep every deadline until `stop`."""
        with self._alarm:
            while not self._stopped:
                self._alarm.wait(self._keep_deadlines())

    def stop(self) -> None:
        """End `run`, and wait for the HTTP deliveries under way."""
        with self._alarm:
            self._stopped = True
            self._alarm.notify_all()
        if self._posting is not None:
            self._posting.shutdown(cancel_futures=True)

    def _keep_deadlines(self) -> float:
        now = time.monotonic()
        for envelope in [e for e in self._open if e.due <= now]:
            self._overdue(envelope)
        for connection in [c for c in self.connections if c.leave_by <= now]:
            connection.close()
            self.detach(connection)
        for timer in [timer for timer in self._timers if timer[0] <= now]:
            self._timers.remove(timer)
            timer[1]()
        return max(0.0, min(self._next_deadline() - now, 60.0))

    def _next_deadline(self) -> float:
        leaving = (connection.leave_by for connection in self.connections)
        timers = (due for due, _ in self._timers)
        return min(itertools.chain((e.due for e in self._open), leaving, timers), default=math.inf)

    def _overdue(self, envelope: Envelope) -> None:
        if envelope.state == "sent":
            self._retry(envelope, "timeout")
        elif envelope.planned:
            envelope.planned = False
            envelope.due = time.monotonic() + QUEUE_LIVES
            self._try(envelope)
        else:
            self._close(envelope, given_up=True)

    def _try(self, envelope: Envelope) -> None:
        if self.http_endpoint:
            envelope.stamp("http")
            envelope.due = math.inf
            self._post(envelope, self.http_endpoint)
        elif (connection := self._next_connection()) is not None:
            envelope.stamp(connection.id)
            envelope.due = time.monotonic() + self.ack_within
            self._by_id[envelope.id] = envelope
            connection.send(envelope.as_json())
        self._alarm.notify_all()

    def _next_connection(self) -> Connection | None:
        """In turn, over those that are to stay while there are any."""
        live = [c for c in self.connections if not c.leaving] or self.connections
        return live[next(self._turns) % len(live)] if live else None

    def _retry(self, envelope: Envelope, reason: str) -> None:
        done = envelope.attempts - 1
        if envelope.type != "events_api" or done >= len(self._retry_after):
            self._close(envelope, given_up=True)
            return
        envelope.state, envelope.retry_reason, envelope.planned = "waiting", reason, True
        envelope.due = time.monotonic() + self._retry_after[done]
        self._alarm.notify_all()

    def _close(self, envelope: Envelope, *, given_up: bool) -> None:
        envelope.state = "given up" if given_up else "acked"
        envelope.due, envelope.planned = math.inf, False
        if envelope in self._open:
            self._open.remove(envelope)
        self.on_change()

    def _post(self, envelope: Envelope, address: str) -> None:
        if self._posting is None:
            self._posting = ThreadPoolExecutor(_POSTERS, thread_name_prefix="workspace-http")
        attempt = envelope.id
        self._by_id[attempt] = envelope
        work = self._posting.submit(deliver, address, envelope, self._secret, self.ack_within)
        work.add_done_callback(lambda done: self._posted(attempt, done))

    def _posted(self, attempt: str, done: Future[Outcome]) -> None:
        if done.cancelled():
            return
        outcome = done.result()
        with self._alarm:
            envelope = self._by_id[attempt]
            if outcome.ok:
                self.ack(attempt, outcome.answer)
            elif envelope.id == attempt and not envelope.closed:
                self._retry(envelope, outcome.reason)


def _hello(number: int) -> Json:
    info = {"host": "workspace", "approximate_connection_time": 18060}
    about = {"app_id": APP_ID}
    return {
        "type": "hello", "num_connections": number, "debug_info": info, "connection_info": about,
    }  # fmt: skip


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "workspace"}}
