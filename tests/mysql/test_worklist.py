"""The worklist, templates and favourites on a real server: as safe between many as on SQLite."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.servers import MySQLServer
from tests.unit.texttosql.journal.worklist import LONG, WorklistPromises, job, loaded
from texttosql.errors import TemplateError
from texttosql.journal.database import Database
from texttosql.journal.favourites import SqlFavourites
from texttosql.journal.templates import SqlTemplates
from texttosql.journal.work import SqlWork
from texttosql.templates import BUILT_IN, Template

pytestmark = pytest.mark.mysql

ROOT = Path(__file__).parents[2]
ACCEPT = """
import sys
from tests.unit.texttosql.journal.worklist import LONG, job
from texttosql.journal.database import Database
from texttosql.journal.work import SqlWork

work = SqlWork(Database.open(sys.argv[1]))
print(sum(work.accept(job(f"k{n}"), sys.argv[2], LONG, event_id=f"E{n}") for n in range(60)))
"""
MINE = Template("", "Läufe 🚀", "best by {metric}", owner="ann", place="C1", team="T1")


@pytest.fixture(scope="module")
def address(mysql_server: MySQLServer) -> Iterator[str]:
    """A database whose own character set could not hold an emoji."""
    mysql_server.execute("CREATE DATABASE t_worklist CHARACTER SET latin1")
    yield mysql_server.url("t_worklist")
    mysql_server.execute("DROP DATABASE t_worklist")


@pytest.fixture
def database(address: str, mysql_server: MySQLServer) -> Iterator[Database]:
    """The database with nothing in it."""
    opened = Database.open(address)
    tables = ("work", "events", "templates", "favourites")
    mysql_server.execute(*(f"DELETE FROM {table}" for table in tables), database="t_worklist")
    yield opened
    opened.close()


@pytest.fixture
def work(database: Database) -> SqlWork:
    return SqlWork(database)


def _process(address: str, owner: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ACCEPT, address, owner]
    return subprocess.Popen(  # noqa: S603  our own program text
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


class TestOnMySQL(WorklistPromises):
    def test_processes_that_get_the_same_messages_accept_each_once(
        self, work: SqlWork, address: str
    ) -> None:
        processes = [_process(address, f"p{n}") for n in range(3)]
        told = [process.communicate(timeout=60)[0] for process in processes]
        assert sum(map(int, told)) == 60
        assert loaded(work).unfinished == 60


def test_a_lease_is_as_long_as_was_said_whatever_the_servers_time_zone(
    work: SqlWork, mysql_server: MySQLServer, address: str
) -> None:
    work.accept(job("here"), "a", LONG)
    ((before,),) = mysql_server.execute("SELECT @@GLOBAL.time_zone")
    mysql_server.execute("SET GLOBAL time_zone = '+05:30'")
    elsewhere = Database.open(address)
    try:
        assert SqlWork(elsewhere).take_abandoned("b", LONG, 10) == ()
        SqlWork(elsewhere).release("a")
        assert [each.key for each in work.take_abandoned("b", LONG, 10)] == ["here"]
    finally:
        elsewhere.close()
        mysql_server.execute(f"SET GLOBAL time_zone = '{before}'")


def test_templates_are_kept_and_their_names_taken_once(database: Database) -> None:
    templates = SqlTemplates(database)
    saved = templates.save(MINE)
    assert templates.visible_to("ann", "C2", None) == (saved, *BUILT_IN)
    with pytest.raises(TemplateError, match="already"):
        templates.save(replace(MINE, name="LÄUFE 🚀"))
    other = templates.save(replace(MINE, name="Laufe 🚀"))
    with pytest.raises(TemplateError, match="already"):
        templates.edit(replace(other, name="läufe 🚀"), "ann")
    assert templates.delete(saved.id, "ann")


def test_favourites_are_kept_once(database: Database) -> None:
    favourites = SqlFavourites(database)
    for turn in ("0a", "0b"):
        favourites.add("ann", "läufe 🚀?", "prod", turn)
    (kept,) = favourites.of("ann")
    assert (kept.text, kept.store, kept.turn_id) == ("läufe 🚀?", "prod", "0b")
    favourites.remove("ann", "läufe 🚀?", "prod")
    assert favourites.of("ann") == ()
