"""The Slack bot under load: a process of its own, called over a real WebSocket by a workspace.

200 questions of 20 people in 10 channels come at once. Slack takes one message a second in a
channel, so the last of a channel's 20 answers cannot come before its 19th second: the bot's own
time is told beside the whole.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.measure import Figure
from tests.bench.stores import big_file
from tests.support.house import WORKING, House, Message, house, said

PEOPLE, CHANNELS, QUESTIONS, SLOW = 20, 10, 200, 50
ACK_GOAL_MS = 1000
_UNLIMITED = {"TRACKTALK_USER_LIMIT": "1000", "TRACKTALK_CHANNEL_LIMIT": "1000"}
_ASKED = (
    "top 5 runs by accuracy", "how many runs?", "average accuracy by user", "latest 10 runs",
    "how many runs failed?", "how many runs by experiment?",
)  # fmt: skip
_PATIENCE = 120.0


def crowd() -> tuple[list[Figure], list[str]]:
    """200 questions at once, with the default settings; and how many were lost or doubled."""
    with _open(f"sqlite:///{big_file()}") as (there, channels):
        began = time.time()
        asked = list(_ask(there, channels, QUESTIONS))
        _wait(there, asked)
        whole = [_final(there, *each) - sent for each, sent in asked]
        own = _own_times(there.folder / "journal.db", began)
        counts = [len(_answers(there, *each)) for each, _ in asked]
        acks = _acks(there)
    lost, twice = counts.count(0), sum(count > 1 for count in counts)
    told = f"{QUESTIONS} questions from {PEOPLE} people in {CHANNELS} channels at once"
    worst = f"the slowest acknowledgement {max(acks):.0f} ms"
    lines = [f"{told}: {lost} lost, {twice} answered twice; {worst}."]
    figures = [
        Figure("200 at once: event to final message", "SQLite", "s", tuple(whole)),
        Figure("200 at once: accepted to answer known", "SQLite", "ms", tuple(own)),
        Figure("200 at once: acknowledgement", "SQLite", "ms", acks, ACK_GOAL_MS),
    ]
    return figures, lines


def acknowledged_while_slow() -> tuple[list[Figure], list[str]]:
    """Clicks, commands and messages while 50 queries wait for a locked store."""
    with TemporaryDirectory() as folder:
        store = Path(shutil.copy(big_file(), folder))
        with _open(f"sqlite:///{store}") as (there, channels):
            first, _ = next(iter(_ask(there, channels, 1)))
            there.answer(*first)
            with _locked(store):
                slow = list(_ask(there, channels, SLOW))
                for place in channels:
                    there.workspace.command("alice", place, "/ask", "help")
                    there.workspace.command("bob", place, "/history")
                quick = _acks(there)
            _wait(there, slow)
    figure = Figure("acknowledgement while 50 are slow", "SQLite", "ms", quick, ACK_GOAL_MS)
    worst = f"The slowest acknowledgement while {SLOW} queries were held up: {max(quick):.0f} ms."
    return [figure], [worst]


@contextmanager
def _open(store: str) -> Iterator[tuple[House, list[str]]]:
    with (
        TemporaryDirectory() as folder,
        house(store, Path(folder), **_UNLIMITED) as there,
        there.process(),
    ):
        for number in range(PEOPLE):
            there.workspace.add_user(f"person{number}")
        yield there, [there.workspace.add_channel(f"bench{n}").id for n in range(CHANNELS)]


Asked = tuple[tuple[str, str], float]
"""A channel and a message's ts, and when it was said."""


def _ask(there: House, channels: Sequence[str], count: int) -> Iterator[Asked]:
    people = cycle(f"person{number}" for number in range(PEOPLE))
    turns = zip(people, cycle(channels), cycle(_ASKED), strict=False)
    for who, where, what in islice(turns, count):
        yield (where, there.say(who, where, f"@bot {what}")), time.time()


def _wait(there: House, asked: Sequence[Asked]) -> None:
    """Look now and then only: looking takes the workspace's time, which is measured too."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and not all(_answers(there, *each) for each, _ in asked):
        time.sleep(1)


def _answers(there: House, where: str, ts: str) -> list[Message]:
    return [m for m in there.replies(where, ts) if WORKING not in said(m)]


def _final(there: House, where: str, ts: str) -> float:
    """When the answer stood in the channel, in seconds since the epoch."""
    message = _answers(there, where, ts)[0]
    return float((message.get("edited") or message)["ts"])


def _own_times(journal: Path, began: float) -> list[float]:
    """Milliseconds from a question's acceptance to its answer, as the journal has them."""
    with closing(sqlite3.connect(journal)) as database:
        rows = database.execute(
            "SELECT finished_at - asked_at FROM turns WHERE asked_at >= ?", [began * 1000]
        )
        return [float(ms) for (ms,) in rows]


def _acks(there: House) -> tuple[float, ...]:
    """Milliseconds from sending an envelope to its acknowledgement."""
    return tuple(e.latency * 1000 for e in there.workspace.envelopes if e.latency is not None)


@contextmanager
def _locked(store: Path) -> Iterator[None]:
    with closing(sqlite3.connect(store, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield
        holder.execute("ROLLBACK")
