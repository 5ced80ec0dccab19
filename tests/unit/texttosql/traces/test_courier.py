"""Who answers never waits for traces: they are carried, dropped or given up, and counted."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from texttosql.errors import TextToSQLError
from texttosql.flow import Declined, Question, Reply, Verdict
from texttosql.traces import NoTraces, open_traces
from texttosql.traces.courier import Traces
from texttosql.traces.spans import Trace

ASKED = Question("best run?", datetime(2026, 11, 20, tzinfo=UTC))


def reply(turn_id: str | None) -> Reply:
    return Reply(ASKED, "refuse", turn_id, declined=Declined("No.", (), "offline"))


class Notebook:
    """`courier.Recorder` that keeps what it is told, fails while `down`, and waits at a gate."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.down: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.arrived = threading.Event()

    def turn(self, trace: Trace) -> None:
        """Note its turn."""
        self._note(trace.turn_id)

    def feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None
    ) -> None:
        """Note it whole."""
        self._note((turn_id, verdict, by, correction))

    def _note(self, what: object) -> None:
        self.arrived.set()
        self.gate.wait(10)
        if self.down:
            raise self.down
        self.told.append(what)


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def soon(true: Callable[[], bool]) -> bool:
    """Whether it becomes true within seconds."""
    until = time.monotonic() + 10
    while not true() and time.monotonic() < until:
        time.sleep(0.005)
    return true()


def test_what_is_handed_over_arrives_in_order() -> None:
    book = Notebook()
    traces = Traces(book, there=lambda: True)
    traces.turn(reply("a"))
    traces.feedback("a", "down", "kim", "val_f1")
    traces.turn(reply("b"))
    traces.close()
    assert book.told == ["a", ("a", "down", "kim", "val_f1"), "b"]
    assert traces.lost == 0


def test_a_turn_without_an_id_is_not_kept_and_begins_no_thread() -> None:
    before = threading.active_count()
    traces = Traces(Notebook(), there=lambda: True)
    traces.turn(reply(None))
    assert threading.active_count() == before
    traces.close()


def test_nobody_waits_for_a_recorder_that_hangs_and_what_has_no_room_is_dropped() -> None:
    book = Notebook()
    book.gate.clear()
    traces = Traces(book, there=lambda: True, room=3)
    traces.turn(reply("at the gate"))
    assert book.arrived.wait(10)
    for number in range(5):
        traces.turn(reply(f"{number}"))
    assert traces.lost == 2
    book.gate.set()
    traces.close()
    assert book.told == ["at the gate", "0", "1", "2"]


def test_closing_gives_up_on_what_takes_too_long(caplog: pytest.LogCaptureFixture) -> None:
    book = Notebook()
    book.gate.clear()
    traces = Traces(book, there=lambda: True)
    for number in range(3):
        traces.turn(reply(f"{number}"))
    assert book.arrived.wait(10)
    traces.close(seconds=0.05)
    assert traces.lost == 2
    assert "2 turns were not traced" in caplog.text
    book.gate.set()
    traces.close()
    assert book.told == ["0"]


def test_after_closing_nothing_is_taken() -> None:
    book = Notebook()
    traces = Traces(book, there=lambda: True)
    traces.close()
    traces.turn(reply("late"))
    traces.close()
    assert (book.told, traces.lost) == ([], 1)


def test_an_outage_is_told_once_and_tried_again_after_a_while(
    caplog: pytest.LogCaptureFixture,
) -> None:
    book, clock = Notebook(), Hand()
    book.down = TextToSQLError("The server is ill.", "Mend it.")
    traces = Traces(book, there=lambda: True, pause=30, clock=clock)
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            traces.turn(reply(f"{number}"))
        assert soon(lambda: traces.lost == 3)
        clock.now = 31
        traces.turn(reply("again"))
        assert soon(lambda: traces.lost == 4)
        book.down, clock.now = None, 40
        traces.turn(reply("too early"))
        assert soon(lambda: traces.lost == 5)
        clock.now = 62
        traces.turn(reply("well"))
        traces.close()
    assert book.told == ["well"]
    assert caplog.text.count("MLflow takes no traces: The server is ill.") == 1
    assert caplog.text.count("MLflow takes traces again; 5 were lost") == 1


def test_what_nobody_foresaw_loses_a_trace_and_not_the_courier() -> None:
    book = Notebook()
    book.down = ZeroDivisionError("a fault of ours")
    traces = Traces(book, there=lambda: True, pause=0)
    traces.turn(reply("a"))
    assert soon(lambda: traces.lost == 1)
    book.down = None
    traces.turn(reply("b"))
    traces.close()
    assert book.told == ["b"]


def test_where_nobody_is_the_recorder_is_not_even_asked() -> None:
    book = Notebook()
    traces = Traces(book, there=lambda: False)
    traces.turn(reply("a"))
    traces.close()
    assert (book.told, traces.lost) == ([], 1)
    assert not book.arrived.is_set()


def test_without_an_address_there_are_no_traces() -> None:
    for none in (open_traces(None), open_traces("")):
        assert isinstance(none, NoTraces)
        none.turn(reply("a"))
        none.feedback("a", "up", "kim")
        none.close()


def test_a_server_that_is_not_there_is_found_out_at_once() -> None:
    traces = open_traces("http://127.0.0.1:9")
    assert isinstance(traces, Traces)
    traces.turn(reply("a"))
    traces.feedback("a", "up", "kim")
    traces.close()
    # Both were looked at before closing gave up: MLflow's own client tries for minutes.
    assert traces.lost == 2
