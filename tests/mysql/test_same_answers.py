"""One store, two databases: every dev question gets the same answer from SQLite and from MySQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.demo_fixture import demo_database
from tests.support.same_answers import (
    NOW,
    Both,
    assistant,
    difference,
    differences,
    ranks,
    same_rows,
)
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores
from texttosql.flow import Question

pytestmark = pytest.mark.mysql


@pytest.fixture(scope="module")
def both(mysql_server: MySQLServer, mysql_mlflow: MySQLStores) -> Iterator[Both]:
    """The demo store in its file, and its rows on the server, asked by an account that may read."""
    demo = demo_database()
    mysql_mlflow.copy(demo, "same_answers")
    with (
        closing(assistant(f"sqlite:///{demo}")) as sqlite,
        closing(assistant(mysql_server.reader_url("same_answers"))) as mysql,
    ):
        yield sqlite, mysql


@pytest.mark.parametrize("file", ["questions.jsonl", "threads.jsonl"])
def test_every_question_gets_the_same_answer_from_both(both: Both, file: str) -> None:
    different, answered = differences(both, file)

    assert different == {}
    assert answered > 60


def test_a_difference_in_rows_order_or_words_would_be_noticed(both: Both) -> None:
    top, top_of_others, bottom = (
        both[0].ask(Question(text, NOW))
        for text in ("top 5 runs by val_rmse", "top 4 runs by val_rmse", "worst 5 runs by val_rmse")
    )
    assert difference(top, top) is None
    assert difference(top, top_of_others)
    assert difference(top, bottom)
    assert ranks(top)
    assert same_rows([(1, "a"), (2, "b")], [(2, "b"), (1.0, "a")], ordered=False)
    assert not same_rows([(1, "a"), (2, "b")], [(2, "b"), (1, "a")], ordered=True)
    assert not same_rows([(1.0,)], [(1.000001,)], ordered=False)
