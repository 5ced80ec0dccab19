"""The journal on a real server: made, shared, upgraded and failing as plainly as on SQLite."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from tests.support.servers import MySQLServer
from texttosql.errors import ExitCode, JournalError
from texttosql.flow import (
    Answer,
    ChartWish,
    Clarification,
    Column,
    Draft,
    Option,
    Question,
    Reply,
    ResultTable,
    Turn,
)
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.sql import SqlJournal
from texttosql.journal.tables import METADATA, VERSION_TABLE
from texttosql.plan import Plan, Ref
from texttosql.ports import Journal

pytestmark = pytest.mark.mysql

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PLAN = Plan("list", show=(Ref("metric", "val_äcc"),))
WRITER = """
import sys
from datetime import UTC, datetime
from texttosql.flow import Question
from texttosql.journal.sql import SqlJournal

journal = SqlJournal.open(sys.argv[1])
for number in range(25):
    journal.begin(Question(f"{sys.argv[2]} {number}", datetime.now(UTC)))
journal.close()
"""


@pytest.fixture
def address(mysql_server: MySQLServer, mysql_name: str) -> Iterator[str]:
    """An empty database whose own character set could not hold an emoji."""
    mysql_server.execute(f"CREATE DATABASE {mysql_name} CHARACTER SET latin1")
    yield mysql_server.url(mysql_name)
    mysql_server.execute(f"DROP DATABASE {mysql_name}")


@pytest.fixture
def journal(address: str) -> Iterator[SqlJournal]:
    opened = SqlJournal.open(address)
    yield opened
    opened.close()


def _keep(journal: Journal, question: Question) -> None:
    """An answered turn, one that asks back, and one that nobody finished."""
    draft = Draft("SELECT '🚀'", "runs 🚀", "offline", ("latest",), ChartWish("bar"), plan=PLAN)
    rows = (("ü🚀", float("inf"), None, 2**60),)
    columns = tuple(Column(f"c{n}", "text") for n in range(4))
    table = ResultTable(columns, rows, truncated=True, elapsed_ms=1.0)
    answer = Answer(
        "One: ü🚀.", table, None, ("x",), "SELECT :p0", {"p0": "🚀"}, (), "t", "offline"
    )
    asked = Clarification("Which?", (Option("a", "best a?", PLAN), Option("b", "b?")), "offline")
    journal.finish(Reply(question, "rows", journal.begin(question), answer=answer, draft=draft))
    journal.finish(Reply(question, "clarify", journal.begin(question), clarification=asked))
    journal.begin(question)


def _told(turns: tuple[Turn, ...]) -> list[Turn]:
    """The turns without their ids and ends, which no two journals share."""
    return [replace(turn, id="", finished_at=None) for turn in turns]


@pytest.mark.parametrize("text", ["best läufe 🚀?", "a\x00b\\'\";--%s :p0", "x" * 10_000])
def test_the_server_gives_back_what_memory_does(journal: SqlJournal, text: str) -> None:
    question = Question(text, NOON, "U1", "17.42", "prod")
    memory = MemoryJournal()
    _keep(journal, question)
    _keep(memory, question)

    assert _told(journal.history()) == _told(memory.history())
    assert _told(journal.thread("17.42", "prod")) == _told(memory.thread("17.42", "prod"))
    assert len(journal.thread("17.42", "prod")) == 2


def test_names_differ_by_case_and_words_do_not(journal: SqlJournal) -> None:
    journal.begin(Question("Best ÉPOCH 100%", NOON, "u1", "t"))

    assert len(journal.history(asked_by="u1", words="époch 0%")) == 1
    assert journal.history(asked_by="U1") == ()
    assert journal.history(words="%x") == ()


def test_a_name_longer_than_the_column_still_finds_its_thread(journal: SqlJournal) -> None:
    journal.begin(Question("q", NOON, "ü" * 400, "🚀" * 400))

    assert len(journal.history(thread="🚀" * 400, asked_by="ü" * 400)) == 1


def test_a_statement_longer_than_a_plain_text_column_is_kept(journal: SqlJournal) -> None:
    question = Question("q", NOON, thread="t")
    draft = Draft(f"SELECT '{'y' * 100_000}'", "long", "claude")
    error = JournalError("a", "b")
    journal.finish(Reply(question, "error", journal.begin(question), error=error, draft=draft))

    assert journal.thread("t", "default")[0].draft == draft


def test_the_migrations_make_the_tables_the_program_uses(
    journal: SqlJournal, address: str, mysql_server: MySQLServer, mysql_name: str
) -> None:
    assert journal.history() == ()
    engine = create_engine(address)
    with engine.connect() as connection:
        # Types are not compared: Alembic takes a MEDIUMTEXT for another type than TEXT(4000000).
        opts = {"version_table": VERSION_TABLE, "compare_type": False}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, METADATA) == []
    engine.dispose()

    ((collation, kind),) = mysql_server.execute(
        "SELECT table_collation, engine FROM information_schema.tables"
        f" WHERE table_schema = '{mysql_name}' AND table_name = 'turns'"
    )
    assert (collation, kind) == ("utf8mb4_bin", "InnoDB")


def test_several_processes_make_and_share_one_journal(
    address: str, mysql_server: MySQLServer, mysql_name: str
) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, address, f"writer{n}"])  # noqa: S603  ours
        for n in range(3)
    ]

    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    counted = mysql_server.execute(f"SELECT count(*), count(DISTINCT id) FROM {mysql_name}.turns")
    assert counted == ((75, 75),)


def test_many_threads_at_once_lose_nothing(journal: SqlJournal) -> None:
    def work(number: int) -> None:
        for _ in range(5):
            journal.begin(Question("q", NOON, thread=f"t{number}"))

    workers = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(journal.history(limit=1_000)) == 80


def test_a_connection_the_server_dropped_is_replaced(
    journal: SqlJournal, mysql_server: MySQLServer, mysql_name: str
) -> None:
    journal.begin(Question("before", NOON))
    idle = mysql_server.execute(
        f"SELECT id FROM information_schema.processlist WHERE db = '{mysql_name}'"
    )
    assert idle
    mysql_server.execute(*(f"KILL {connection}" for (connection,) in idle))

    journal.begin(Question("after", NOON))

    assert [turn.question for turn in journal.history()] == ["after", "before"]


def test_an_upgrade_cut_off_halfway_is_taken_up_again(
    address: str, mysql_server: MySQLServer, mysql_name: str
) -> None:
    SqlJournal.open(address).close()
    mysql_server.execute(
        "DROP INDEX turns_user ON turns", f"DELETE FROM {VERSION_TABLE}", database=mysql_name
    )

    journal = SqlJournal.open(address)

    assert journal.history() == ()
    journal.close()
    assert len(mysql_server.execute("SHOW INDEX FROM turns", database=mysql_name)) == 9


def test_an_upgrade_from_the_first_version_that_was_cut_off_is_taken_up_again(
    address: str, mysql_server: MySQLServer, mysql_name: str
) -> None:
    first = SqlJournal.open(address)
    turn_id = first.begin(Question("old?", NOON, thread="t"))
    first.close()
    mysql_server.execute(
        f"UPDATE {VERSION_TABLE} SET version_num = '0001'",
        "DROP INDEX turns_place ON turns",
        "ALTER TABLE turns DROP COLUMN follows",
        "DROP INDEX work_event ON work",
        "DROP TABLE favourites",
        "UPDATE turns SET usd = 0.25",
        "DROP INDEX charges_user ON charges",
        database=mysql_name,
    )

    journal = SqlJournal.open(address)

    assert [turn.question for turn in journal.history()] == ["old?"]
    journal.close()
    tables = mysql_server.execute("SHOW TABLES", database=mysql_name)
    assert {str(row[0]) for row in tables} == {*METADATA.tables, VERSION_TABLE}
    unique = mysql_server.execute(
        "SHOW INDEX FROM work WHERE Key_name = 'work_event' AND Non_unique = 0",
        database=mysql_name,
    )
    assert len(unique) == 1
    paid = mysql_server.execute("SELECT turn_id, usd FROM charges", database=mysql_name)
    assert [(str(turn), usd) for turn, usd in paid] == [(turn_id, 0.25)]


def test_a_turn_is_begun_once_judged_and_found_by_its_place(journal: SqlJournal) -> None:
    question = Question("läufe 🚀?", NOON, "ann", place="T1/C1")
    turn_id = journal.begin(question)
    assert journal.begin(question, turn_id) == turn_id
    error = JournalError("a", "b")
    journal.finish(Reply(question, "error", turn_id, error=error, follows="0earlier"))
    journal.note_thread(turn_id, "t9")
    journal.note_feedback(turn_id, "down", "ann", "🚀 falsch")
    journal.note_feedback(turn_id, "down", "ann")

    (turn,) = journal.history(visible_to=("bob", "T1/C1"), place="T1/C1")

    assert (turn.id, turn.follows, turn.thread, turn.feedback) == (
        turn_id, "0earlier", "t9", "down",
    )  # fmt: skip
    assert journal.turn(turn_id) == turn
    assert journal.thread("t9", "default", before=turn_id) == ()
    assert journal.history(visible_to=("bob", "T1/C2")) == ()


def test_a_newer_schema_is_left_alone_and_said(
    address: str, mysql_server: MySQLServer, mysql_name: str
) -> None:
    SqlJournal.open(address).close()
    mysql_server.execute(f"UPDATE {mysql_name}.{VERSION_TABLE} SET version_num = '9999'")

    with pytest.raises(JournalError, match="newer than this program"):
        SqlJournal.open(address)


def test_a_missing_database_and_a_wrong_password_are_told_apart(
    address: str, mysql_server: MySQLServer
) -> None:
    with pytest.raises(JournalError, match="does not exist on that server") as missing:
        SqlJournal.open(mysql_server.url("no_such_database"))
    wrong = address.replace(mysql_server.password, "wr0ng-word")
    with pytest.raises(JournalError, match="turned the login away") as denied:
        SqlJournal.open(wrong)

    assert "CREATE DATABASE" in missing.value.fix
    assert denied.value.exit_code == ExitCode.NO_CONNECTION
    assert "wr0ng-word" not in f"{denied.value}"


def test_a_journal_may_share_a_database_with_an_mlflow_store(
    mysql_store: str, mysql_server: MySQLServer, mysql_name: str
) -> None:
    before = mysql_server.execute(f"SELECT version_num FROM {mysql_name}.alembic_version")

    SqlJournal.open(mysql_store).close()

    after = mysql_server.execute(f"SELECT version_num FROM {mysql_name}.alembic_version")
    assert before == after
