"""Every dev question gets the same answer before a move and after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.cli import main
from tests.demo_fixture import demo_database
from tests.support.same_answers import Both, assistant, differences
from tests.support.servers import MySQLServer

pytestmark = pytest.mark.mysql


@pytest.fixture(scope="module")
def both(mysql_server: MySQLServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The demo store in its file, and where the command has moved it to."""
    before, home = demo_database(), tmp_path_factory.mktemp("home")
    words = ["--source", f"sqlite:///{before}", "--target", mysql_server.url("moved_answers")]
    assert main(["migrate", "run", *words, "--sample", "0"], {"HOME": str(home)}) == 0
    with (
        closing(assistant(f"sqlite:///{before}")) as sqlite,
        closing(assistant(mysql_server.reader_url("moved_answers"))) as mysql,
    ):
        yield sqlite, mysql


@pytest.mark.parametrize("file", ["questions.jsonl", "threads.jsonl"])
def test_every_question_gets_the_same_answer_before_and_after(both: Both, file: str) -> None:
    different, answered = differences(both, file)

    assert different == {}
    assert answered > 60
