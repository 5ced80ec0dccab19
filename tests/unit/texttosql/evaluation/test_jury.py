"""Answers are judged as they come; a store that moves meanwhile makes no miss."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.unit.texttosql.evaluation.conftest import MakeGolds
from tests.unit.texttosql.evaluation.verdicts import asked, house
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql import wire
from texttosql.cost import FREE
from texttosql.evaluation.golds import Golds
from texttosql.evaluation.jury import Jury
from texttosql.wire import Json

COUNT = asked(gold="SELECT COUNT(*) FROM experiments")


def line(ident: str, *rows: list[int]) -> Json:
    """A prediction with these rows."""
    return wire.bad_prediction(ident, "") | {"outcome": "rows", "rows": list(rows), "error": None}


def test_verdicts_come_in_the_files_order_and_nobody_is_forgotten(golds: MakeGolds) -> None:
    other, last = asked("refuse", "r"), asked("clarify", "s")
    jury = Jury([COUNT, other, last], golds(), "q.jsonl")
    jury.hear(line("r"))
    jury.hear(line("q", [5]))
    found = [(v.asked.id, v.given.outcome, v.right) for v in jury.verdicts()]
    assert found == [("q", "rows", True), ("r", "rows", False), ("s", "missing", False)]
    assert [each["id"] for each in jury.predictions] == ["r", "q"]
    assert jury.verdicts()[0].given.cost == FREE


def test_an_answer_that_is_right_by_now_is_right(tmp_path: Path) -> None:
    path = new_small_store(tmp_path / "moving.db")
    with closing(house(f"sqlite:///{path}")) as opened:
        jury = Jury([COUNT], Golds(opened), "q.jsonl")
        with closing(sqlite3.connect(path)) as store, store:
            store.execute("INSERT INTO experiments (name, lifecycle_stage) VALUES ('n', 'active')")
        for rows, right in (([6], True), ([5], True), ([7], False)):
            jury.hear(line("q", rows))
            assert jury.verdicts()[0].right is right
