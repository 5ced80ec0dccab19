from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from texttosql.claude.api.line import Line

SHORT = 0.1
HANGS = 10.0


class NameServer:
    """A resolver that answers when the test says so."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: object) -> list[Any]:
        self.asked.append(host)
        self.answers.wait()
        if host == "nowhere":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        if host == "no..name":
            host.encode("idna")  # raises, as socket.getaddrinfo does
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@pytest.fixture
def names() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.answers.set()


@pytest.fixture
def line(names: NameServer) -> Iterator[Line]:
    own = Line(names)
    yield own
    names.answers.set()
    own.within(HANGS, _all_looked_up)
    own.close()


async def _all_looked_up() -> None:
    # ASYNC110: threads set no event of the loop's.
    while any(thread.name == "claude-name" for thread in threading.enumerate()):  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def _look_up(host: str) -> list[Any]:
    return await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)


def test_what_is_done_in_time_gives_its_value(line: Line) -> None:
    async def soon() -> str:
        await asyncio.sleep(0)
        return "done"

    assert line.within(HANGS, soon) == "done"


def test_what_fails_raises_its_own_error(line: Line) -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        line.within(HANGS, fails)


def test_what_hangs_is_cancelled_at_the_deadline(line: Line) -> None:
    cancelled = threading.Event()

    async def hangs() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError):
        line.within(SHORT, hangs)
    assert cancelled.is_set()


def test_what_will_not_be_cancelled_is_left_alone(line: Line) -> None:
    """A library that waits in a thread of its own holds nobody up."""
    let_go = asyncio.Event()

    async def stubborn() -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    async def release() -> None:
        let_go.set()

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        line.within(SHORT, stubborn)
    assert time.monotonic() - began < HANGS
    line.within(HANGS, release)


def test_no_time_begins_nothing(line: Line) -> None:
    async def never() -> None:
        pytest.fail("it was begun")

    with pytest.raises(TimeoutError):
        line.within(0, never)


def test_a_dead_name_server_is_left_at_the_deadline(line: Line) -> None:
    with pytest.raises(TimeoutError):
        line.within(SHORT, lambda: _look_up("api.example"))


def test_questions_behind_a_dead_name_server_share_one_look_up(
    line: Line, names: NameServer
) -> None:
    for _ in range(5):
        with pytest.raises(TimeoutError):
            line.within(SHORT / 5, lambda: _look_up("api.example"))

    assert names.asked == ["api.example"]


def test_a_name_is_looked_up_again_after_an_answer(line: Line, names: NameServer) -> None:
    names.answers.set()

    assert line.within(HANGS, lambda: _look_up("api.example"))[0][4] == ("127.0.0.1", 443)
    assert line.within(HANGS, lambda: _look_up("api.example"))[0][4] == ("127.0.0.1", 443)
    assert len(names.asked) == 2


def test_a_name_that_is_not_known_says_so(line: Line, names: NameServer) -> None:
    names.answers.set()

    with pytest.raises(socket.gaierror):
        line.within(HANGS, lambda: _look_up("nowhere"))


def test_what_is_no_hosts_name_fails_at_once_and_each_time(line: Line, names: NameServer) -> None:
    names.answers.set()
    for _ in range(2):
        with pytest.raises(UnicodeError):
            line.within(HANGS, lambda: _look_up("no..name"))
