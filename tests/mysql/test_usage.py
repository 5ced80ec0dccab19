"""What was spent, on a real server: the same figures as in memory, and nothing lost between two."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

import pytest

from tests.support.servers import MySQLServer
from tests.support.spendings import NOON, WoundClock, ask, cents, keep_a_week, rounded
from texttosql.cost import Cost, SpentBy
from texttosql.journal.database import Database
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.memory_usage import MemoryUsage
from texttosql.journal.sql import SqlJournal
from texttosql.journal.usage import SqlUsage

pytestmark = pytest.mark.mysql


@pytest.fixture
def database(mysql_server: MySQLServer, mysql_name: str) -> Iterator[Database]:
    mysql_server.execute(f"CREATE DATABASE {mysql_name}")
    opened = Database.open(mysql_server.url(mysql_name))
    yield opened
    opened.close()
    mysql_server.execute(f"DROP DATABASE {mysql_name}")


def test_the_server_adds_up_as_memory_does(database: Database) -> None:
    clock = WoundClock()
    keep_a_week(SqlJournal(database, clock), clock)
    memory = MemoryJournal(clock)
    keep_a_week(memory, clock)
    there, here = SqlUsage(database), MemoryUsage(memory)
    begin, end = NOON + timedelta(days=1), NOON + timedelta(days=5)

    for by in (None, *get_args(SpentBy)):
        groups = rounded(there.summary(begin, end, by=by))
        assert groups == rounded(here.summary(begin, end, by=by))
        assert sum(each.turns for each in groups) == 104
    assert there.summary(begin, by="user", limit=2)[1:] == there.summary(begin, by="user")[1:2]
    for asked_by, place in ((None, None), ("çem 🚀", None), (None, "T1/C1"), ("bob", "T1/C2")):
        spent = there.spent(begin, asked_by=asked_by, place=place, running_since=begin)
        assert spent == pytest.approx(
            here.spent(begin, asked_by=asked_by, place=place, running_since=begin)
        )
        assert spent > 0
    for whose in ("user", "channel"):
        assert there.dearest(begin, whose) == pytest.approx(here.dearest(begin, whose))


def test_many_who_spend_on_one_turn_at_once_lose_nothing(database: Database) -> None:
    journal = SqlJournal(database)
    turn_id = ask(journal, cents(1, model="sonnet"))

    def spend() -> None:
        for _ in range(20):
            journal.note_cost(turn_id, Cost(1, 2, 3, 0.01, 4, 1, 10.0, "haiku"))

    spenders = [threading.Thread(target=spend) for _ in range(8)]
    for spender in spenders:
        spender.start()
    for spender in spenders:
        spender.join()

    turn = journal.turn(turn_id)
    assert turn is not None
    assert (turn.cost.calls, turn.cost.input_tokens, turn.cost.model) == (161, 260, "haiku")
    assert turn.cost.usd == pytest.approx(1.61)
