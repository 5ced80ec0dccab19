"""Signs of life: none for a quick answer, a status and then a message for a slow one."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.patience import MESSAGE_AFTER, STATUS_AFTER, Patience, Wait
from tests.support.clocks import HandClock

SECONDS = 5.0


class Signs:
    """The signs that were given; each is a stage's name and its kind."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.all: list[str] = []

    def status(self, wait: Wait) -> None:
        self._note(f"status {wait.stage}")

    def message(self, wait: Wait) -> None:
        self._note(f"message {wait.stage}")

    def has(self, *signs: str) -> bool:
        """Whether these are all of them, waiting a while for them."""
        with self._changed:
            return self._changed.wait_for(lambda: self.all == list(signs), SECONDS)

    def _note(self, sign: str) -> None:
        with self._changed:
            self.all.append(sign)
            self._changed.notify_all()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def patience(clock: HandClock) -> Iterator[Patience]:
    made = Patience(clock)
    yield made
    made.close()


def test_a_slow_answer_shows_a_status_and_later_a_message(
    patience: Patience, clock: HandClock
) -> None:
    signs = Signs()
    wait = patience.begin("waiting", signs.status, signs.message)
    _at(STATUS_AFTER, patience, clock)
    assert signs.has("status waiting")

    wait.stage = "reading"
    _at(MESSAGE_AFTER, patience, clock)
    assert signs.has("status waiting", "message reading")


def test_a_quick_answer_shows_neither(patience: Patience, clock: HandClock) -> None:
    signs = Signs()
    patience.begin("waiting", signs.status, signs.message).over = True
    _at(10.0, patience, clock)

    assert signs.all == []


def test_an_answer_after_the_status_shows_no_message(patience: Patience, clock: HandClock) -> None:
    signs = Signs()
    wait = patience.begin("waiting", signs.status, signs.message)
    _at(STATUS_AFTER, patience, clock)
    assert signs.has("status waiting")
    wait.over = True
    _at(10.0, patience, clock)

    assert signs.all == ["status waiting"]


def test_a_sign_that_fails_keeps_no_other_from_being_given(
    patience: Patience, clock: HandClock
) -> None:
    def broken(_: Wait) -> None:
        raise ZeroDivisionError

    signs = Signs()
    patience.begin("first", broken, broken)
    patience.begin("second", signs.status, signs.message)
    _at(10.0, patience, clock)

    assert signs.has("status second", "message second")


def _at(now: float, patience: Patience, clock: HandClock) -> None:
    """Wind the clock, and wait until all that is due by then has been seen to."""
    last = threading.Event()
    clock.now = now - STATUS_AFTER
    patience.begin("the last that is due", lambda _: last.set(), _ignore)
    clock.now = now
    patience.begin("a reason to look at the clock", _ignore, _ignore)
    assert last.wait(SECONDS)


def _ignore(_: Wait) -> None:
    """No sign."""
