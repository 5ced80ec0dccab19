"""What leaves for Slack, one after the other in each channel and never faster than Slack takes it.

A channel is a lane: its sendings keep their order, and after one that posts a message the lane
rests for a second (Slack's limit is about one chat.postMessage a second in a channel). Lanes do
not wait for each other.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from texttosql.errors import TextToSQLError
from texttosql.rescue import rescued

GAP = 1.0
"""Seconds between two posts in one channel: docs.slack.dev, "Rate limits"."""
SENDERS = 8

Clock = Callable[[], float]


Act = Callable[[], bool]
"""Sends something; True when that put a new message into the channel."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Something to send, not before that moment of the clock."""

    act: Act
    not_before: float


class Outbox:
    """Lanes of sendings and the threads that empty them. `clock` gives seconds."""

    def __init__(self, clock: Clock, *, gap: float = GAP, senders: int = SENDERS) -> None:
        self._clock, self._gap = clock, gap
        self._changed = threading.Condition()
        self._lanes: defaultdict[str, deque[Sending]] = defaultdict(deque)
        self._free_at: dict[str, float] = {}
        self._due: list[tuple[float, int, str]] = []
        self._order = itertools.count()
        self._busy = 0
        self._open = True
        self._threads = [
            threading.Thread(target=self._send_all, name=f"sender-{i}", daemon=True)
            for i in range(senders)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, lane: str, act: Act, *, after: float = 0) -> None:
        """Send by `act`, in this lane's turn; not before `after` seconds from now."""
        with self._changed:
            waiting = self._lanes[lane]
            waiting.append(Sending(act, self._clock() + after))
            if len(waiting) == 1:
                self._enter(lane)
                self._changed.notify_all()  # one could be who drains, and nobody would send it

    def drain(self, seconds: float) -> bool:
        """Wait until all is sent; False when that takes longer than `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy and not self._lanes, seconds)

    def close(self) -> None:
        """Stop the threads; what was not sent stays unsent."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=5)

    def _enter(self, lane: str) -> None:
        first = self._lanes[lane][0]
        when = max(first.not_before, self._free_at.get(lane, first.not_before))
        heapq.heappush(self._due, (when, next(self._order), lane))

    def _send_all(self) -> None:
        while (taken := self._take()) is not None:
            lane, sending = taken
            self._leave(lane, posted=_sent(sending))

    def _take(self) -> tuple[str, Sending] | None:
        """The next sending that is due; None when the outbox is closed. Its lane stays closed."""
        with self._changed:
            while self._open:
                if self._due and self._due[0][0] <= self._clock():
                    lane = heapq.heappop(self._due)[2]
                    self._busy += 1
                    return lane, self._lanes[lane][0]
                self._changed.wait(self._due[0][0] - self._clock() if self._due else None)
            return None

    def _leave(self, lane: str, *, posted: bool) -> None:
        with self._changed:
            self._busy -= 1
            if posted:
                self._free_at[lane] = self._clock() + self._gap
            self._lanes[lane].popleft()
            if self._lanes[lane]:
                self._enter(lane)
            else:
                del self._lanes[lane]
                self._forget_the_rested()
            self._changed.notify_all()

    def _forget_the_rested(self) -> None:
        """A channel that may post again needs no note: there are more channels than memory."""
        now = self._clock()
        for lane in [each for each, free in self._free_at.items() if free <= now]:
            del self._free_at[lane]


def _sent(sending: Sending) -> bool:
    try:
        return rescued(sending.act)
    except TextToSQLError:
        return True  # logged by rescued(); whether something was posted is not known
