"""The outbox: order and rest within a channel, no waiting between channels, nothing left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.outbox import Outbox
from tests.support.clocks import HandClock

SECONDS = 5.0


class Sent:
    """What has left, in order, and who waits for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.all: list[str] = []

    def __call__(self, name: str, *, posts: bool = True) -> Callable[[], bool]:
        """A sending of this name."""

        def act() -> bool:
            with self._changed:
                self.all.append(name)
                self._changed.notify_all()
            return posts

        return act

    def has(self, *names: str) -> bool:
        """Whether these are all that leave, waiting a while for them."""
        with self._changed:
            return self._changed.wait_for(lambda: self.all == list(names), SECONDS)


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def outbox(clock: HandClock) -> Iterator[Outbox]:
    made = Outbox(clock, senders=2)
    yield made
    made.close()


def test_a_channel_gets_its_messages_in_order(clock: HandClock, sent: Sent) -> None:
    with _closing(Outbox(clock, gap=0)) as quick:
        for name in "abcdef":
            quick.put("C1", sent(name))

        assert sent.has(*"abcdef")


def test_a_channel_rests_a_second_after_a_post(
    outbox: Outbox, clock: HandClock, sent: Sent
) -> None:
    outbox.put("C1", sent("first"))
    assert outbox.drain(SECONDS)
    outbox.put("C1", sent("second"))
    clock.now = 0.9
    _nudge(outbox)
    assert sent.has("first")

    clock.now = 1.0
    _nudge(outbox)
    assert sent.has("first", "second")


def test_what_posts_nothing_costs_no_rest(outbox: Outbox, sent: Sent) -> None:
    outbox.put("C1", sent("update", posts=False))
    outbox.put("C1", sent("another"))

    assert sent.has("update", "another")


def test_a_resting_channel_holds_no_other_up(outbox: Outbox, sent: Sent) -> None:
    outbox.put("C1", sent("one"))
    outbox.put("C1", sent("one again"))
    outbox.put("C2", sent("two"))

    assert outbox.drain(0.05) is False
    assert set(sent.all) == {"one", "two"}


def test_what_is_put_off_waits_for_its_time(outbox: Outbox, clock: HandClock, sent: Sent) -> None:
    outbox.put("C1", sent("later"), after=4)
    _nudge(outbox)
    assert sent.all == []

    clock.now = 4.0
    _nudge(outbox)
    assert sent.has("later")


def test_a_sending_that_breaks_stops_neither_its_channel_nor_its_thread(
    clock: HandClock, sent: Sent
) -> None:
    def broken() -> bool:
        raise ZeroDivisionError

    with _closing(Outbox(clock, gap=0, senders=1)) as alone:
        alone.put("C1", broken)
        alone.put("C1", sent("next"))

        assert sent.has("next")


def test_draining_waits_for_what_is_being_sent(outbox: Outbox) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow() -> bool:
        begun.set()
        return go.wait(SECONDS)

    outbox.put("C1", slow)
    assert begun.wait(SECONDS)
    assert outbox.drain(0.02) is False
    go.set()

    assert outbox.drain(SECONDS) is True


def test_a_closed_outbox_sends_nothing_more(clock: HandClock, sent: Sent) -> None:
    outbox = Outbox(clock)
    outbox.put("C1", sent("some day"), after=1)
    outbox.close()
    clock.now = 2.0
    outbox.put("C2", sent("too late"))

    assert outbox.drain(0.02) is False
    assert sent.all == []


def _nudge(outbox: Outbox) -> None:
    """Let the senders look at the clock: they sleep by the real one. Waits until they have."""
    looked = threading.Event()

    def look() -> bool:
        looked.set()
        return False

    outbox.put(f"nudge {id(looked)}", look)
    assert looked.wait(SECONDS)


@contextmanager
def _closing(outbox: Outbox) -> Iterator[Outbox]:
    yield outbox
    outbox.close()
