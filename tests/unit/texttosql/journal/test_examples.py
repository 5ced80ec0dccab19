"""Verified examples in memory and on disk: who finds them, and what puts them out of use."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select

from tests.support.lessons import BEST, NOON, PERIOD, ExamplesPromises, taught
from texttosql.journal.database import Database
from texttosql.journal.examples import SqlExamples
from texttosql.journal.memory_examples import MemoryExamples


@pytest.fixture
def on_disk(address: str) -> Iterator[SqlExamples]:
    database = Database.open(address)
    yield SqlExamples(database)
    database.close()


class TestInMemory(ExamplesPromises):
    @pytest.fixture
    def examples(self) -> MemoryExamples:
        return MemoryExamples()


class TestOnDisk(ExamplesPromises):
    @pytest.fixture
    def examples(self, on_disk: SqlExamples) -> SqlExamples:
        return on_disk


def test_another_process_sees_at_once_what_was_learned_and_withdrawn(
    on_disk: SqlExamples, address: str
) -> None:
    kept = taught(on_disk, draft=PERIOD)
    with closing(Database.open(address)) as database:
        other = SqlExamples(database)
        assert other.asked("prod/1", BEST, None) == kept
        other.withdraw(kept.id, "carol", kept.verified_at)

    assert on_disk.asked("prod/1", BEST, None) is None


class AsIfAlone(Database):
    """Sees nothing of what another process writes at the same moment."""

    def rows(self, _query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
        """Nothing."""
        return []


def test_of_two_that_are_taught_at_once_one_stays(on_disk: SqlExamples, address: str) -> None:
    with closing(AsIfAlone.open(address)) as database:
        later = taught(on_disk, verified_at=NOON + timedelta(seconds=1))
        taught(SqlExamples(database), sql="SELECT 1 AS n")

    assert on_disk.known("prod/1", None)[0] == later


def test_lookups_use_an_index(on_disk: SqlExamples, address: str) -> None:
    taught(on_disk)
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as journal:

        def way(condition: str) -> str:
            query = f"EXPLAIN QUERY PLAN SELECT * FROM examples WHERE {condition}"
            return " ".join(str(row) for row in journal.execute(query))

        assert "examples_question" in way("digest IN ('a', 'b') ORDER BY id DESC LIMIT 1")
        assert "examples_known" in way("scope = 'a' ORDER BY id DESC LIMIT 500")
        assert "examples_turn" in way("turn_id = 'a'")
