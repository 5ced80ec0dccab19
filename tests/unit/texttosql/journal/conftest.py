"""Journals of both kinds, on a clock that a test winds by hand, and replies to put in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from texttosql.cost import Cost
from texttosql.flow import Answer, ChartWish, Column, Draft, Question, Reply, ResultTable
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.sql import SqlJournal
from texttosql.plan import Plan, Ref, Sort
from texttosql.ports import Journal

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Clock:
    """Tells the time it was set to; every look moves it on by a second."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/deep/down/journal.db"


@pytest.fixture
def on_disk(address: str) -> Iterator[SqlJournal]:
    journal = SqlJournal.open(address, Clock())
    yield journal
    journal.close()


@pytest.fixture(params=["memory", "sqlite"])
def journal(request: pytest.FixtureRequest) -> Journal:
    if request.param == "memory":
        return MemoryJournal(Clock())
    on_disk: SqlJournal = request.getfixturevalue("on_disk")
    return on_disk


@pytest.fixture
def ask() -> Callable[..., Question]:
    def asked(text: str = "best run?", **more: str | datetime | None) -> Question:
        given: dict[str, str | datetime | None] = {
            "asked_at": NOON,
            "asked_by": "alice",
            "thread": "t1",
        }
        return Question(text=text, **(given | more))  # type: ignore[arg-type]  # a test's shorthand

    return asked


@pytest.fixture
def plan() -> Plan:
    score = Ref("metric", "val_äcc", "max")
    return Plan("list", show=(score,), sort=Sort(score, descending=True), limit=5)


@pytest.fixture
def draft(plan: Plan) -> Draft:
    return Draft(
        sql="SELECT name FROM runs WHERE name = 'x'",
        title="runs called x",
        engine="offline",
        assumptions=("deleted runs left out",),
        chart=ChartWish("bar"),
        plan=plan,
    )


@pytest.fixture
def answered(draft: Draft) -> Callable[[Question, str], Reply]:
    """A reply with a table of seven runs."""

    def reply(question: Question, turn_id: str) -> Reply:
        rows = tuple((f"run {n}", n / 10) for n in range(7))
        columns = (Column("name", "text"), Column("score", "real"))
        answer = Answer(
            headline="Best: run 6 (0.6).",
            table=ResultTable(columns, rows, truncated=False, elapsed_ms=1.0),
            chart=None,
            assumptions=("deleted runs left out", "3 NaN left out"),
            sql="SELECT name FROM runs WHERE name = :p0",
            params={"p0": "x"},
            suggestions=(),
            title=draft.title,
            engine="offline",
            cost=Cost(10, 20, 5, 0.25),
        )
        timings = {"interpret": 1.5}
        return Reply(question, "rows", turn_id, answer=answer, draft=draft, timings_ms=timings)

    return reply


@pytest.fixture
def column(address: str) -> Callable[[str], object]:
    """A column of the only turn in the journal on disk."""

    def read(name: str) -> object:
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
            ((value,),) = connection.execute(f"SELECT {name} FROM turns").fetchall()
        return value

    return read
