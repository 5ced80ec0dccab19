from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.eval.run import main

QUESTIONS = [
    {"id": "q1", "category": "count", "question": "how many?", "gold": "SELECT COUNT(*) FROM runs"},
    {"id": "q2", "category": "chat", "question": "hello", "expect": "refuse"},
]
RIGHT = {"id": "q1", "outcome": "rows", "columns": ["n"], "rows": [[2]]}
WRONG = {"id": "q1", "outcome": "rows", "columns": ["n"], "rows": [[3]]}
REFUSED = {"id": "q2", "outcome": "refuse"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE runs (name TEXT)")
        database.execute("INSERT INTO runs VALUES ('a'), ('b')")
        database.commit()
    return path


def lines(path: Path, *records: object) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def score(store: Path, questions: list[dict[str, str]], *given: object, more: str = "") -> int:
    asked = lines(store.with_name("questions.jsonl"), *questions)
    predicted = lines(store.with_name("predictions.jsonl"), *given)
    fixed = ["--questions", asked, "--predictions", predicted, "--store", f"sqlite:///{store}"]
    return main([*fixed, "--now", "2026-11-20T12:00:00Z", *more.split()])


def test_a_full_score_passes_every_bound(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bounds = "--fail-under 1 --fail-under-precision 1"
    assert score(store, QUESTIONS, RIGHT, REFUSED, more=bounds) == 0
    assert "no misses" in capsys.readouterr().out


def test_a_low_score_fails_only_under_a_bound(store: Path) -> None:
    assert score(store, QUESTIONS, WRONG, REFUSED) == 0
    assert score(store, QUESTIONS, WRONG, REFUSED, more="--fail-under 0.9") == 1
    assert score(store, QUESTIONS, WRONG, REFUSED, more="--fail-under-precision 0.9") == 1
    assert score(store, QUESTIONS, WRONG, REFUSED, more="--fail-under 0.5") == 0


def test_another_servers_own_gold_is_run_there(store: Path) -> None:
    other = store.with_name("other.db")
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE runs_there (name TEXT)")
        database.commit()
    own = {**QUESTIONS[0], "gold_mysql": "SELECT 2 FROM (SELECT COUNT(*) FROM runs_there) x"}
    there = f"--mysql-url sqlite:///{other} --fail-under 1"
    assert score(store, [own], RIGHT, more=there) == 0
    assert score(store, [own], WRONG, more=there) == 1


def test_a_broken_gold_query_is_named(store: Path) -> None:
    broken = {**QUESTIONS[0], "gold": "SELECT nothing"}
    with pytest.raises(SystemExit, match="The gold query of q1 fails"):
        score(store, [broken], RIGHT)
