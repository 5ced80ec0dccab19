"""Verified examples on a real server: the same promises as on SQLite."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.support.lessons import ExamplesPromises
from tests.support.servers import MySQLServer
from texttosql.journal.database import Database
from texttosql.journal.examples import SqlExamples

pytestmark = pytest.mark.mysql


@pytest.fixture(scope="module")
def name(mysql_server: MySQLServer) -> Iterator[str]:
    """A database whose own character set could not hold an emoji."""
    name = f"t_examples_{secrets.token_hex(4)}"
    mysql_server.execute(f"CREATE DATABASE {name} CHARACTER SET latin1")
    yield name
    mysql_server.execute(f"DROP DATABASE {name}")


class TestOnMySQL(ExamplesPromises):
    @pytest.fixture
    def examples(self, name: str, mysql_server: MySQLServer) -> Iterator[SqlExamples]:
        database = Database.open(mysql_server.url(name))
        mysql_server.execute("DELETE FROM examples", database=name)
        yield SqlExamples(database)
        database.close()
