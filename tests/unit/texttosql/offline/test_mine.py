"""Who "I" am: the names an asker may have in MLflow, and only those."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.texttosql.offline.asking import NOW, Team
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.flow import Question, Reply


def _mine(team: Team, asked_by: str | None, *known_as: str) -> Reply:
    question = Question("how many of my runs?", NOW, asked_by, known_as=known_as)
    return team.answer(question)


def _count(reply: Reply) -> object:
    return reply.answer.table.rows[0][0] if reply.answer else reply.outcome


@pytest.mark.parametrize(
    ("asked_by", "known_as"),
    [
        ("alice", ()),
        ("ALICE", ()),
        ("U0SLACK", ("Alice",)),
        ("U0SLACK", ("Alice Liddell", "alice@example.com")),
        (None, ("nobody", "alice")),
        ("alice", ("bob",)),
        ("U0SLACK", ("bob@example.com", "alice")),
    ],
)
def test_my_runs_are_those_of_the_first_name_that_mlflow_knows(
    team: Team, asked_by: str | None, known_as: tuple[str, ...]
) -> None:
    theirs = team.ask("how many runs by alice?").number

    assert _count(_mine(team, asked_by, *known_as)) == theirs


@pytest.mark.parametrize("known_as", [(), ("Alice Liddell",), ("",), ("@example.com",)])
def test_who_is_no_user_of_the_store_has_no_runs_guessed_for_them(
    team: Team, known_as: tuple[str, ...]
) -> None:
    declined = _mine(team, "U0SLACK", *known_as).declined

    assert declined is not None
    assert "None of this store's users has your name" in declined.reason
    assert team.ask(declined.suggestions[0]).outcome == "rows"


def test_alice_of_another_domain_is_another_alice(tmp_path: Path) -> None:
    path = new_small_store(tmp_path / "mlflow.db")
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("UPDATE runs SET user_id = 'alice@example.com' WHERE user_id = 'alice'")
    with closing(Team(path)) as team:
        assert _mine(team, "U1", "alice@example.org").outcome == "refuse"
        assert _mine(team, "U1", "Alice@Example.com").outcome == "rows"
        assert _mine(team, "U1", "alice").outcome == "rows"


def test_my_is_who_asks_now_and_not_who_asked_before(team: Team) -> None:
    bobs = team.ask("how many runs by bob?").number
    assert _count(_mine(team, "U1", "alice")) != bobs
    assert _count(_mine(team, "U2", "bob")) == bobs
