"""The constant, the tables and the migrations tell of one schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

import texttosql.journal.migrations
from tests.support.spendings import ask, cents
from texttosql.cost import FREE
from texttosql.flow import ChartWish, Draft, Question
from texttosql.journal.sql import SqlJournal
from texttosql.journal.tables import HEAD, METADATA, VERSION_TABLE
from texttosql.journal.upgrade import bring_up_to_date


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{tmp_path}/journal.db", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_known_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(texttosql.journal.migrations.__path__[0])))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_migrations_make_the_tables_the_program_uses(connection: Connection) -> None:
    bring_up_to_date(connection.engine)

    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    assert compare_metadata(context, METADATA) == []
    assert context.get_current_revision() == HEAD


def test_lookups_by_thread_user_and_time_use_an_index(connection: Connection) -> None:
    bring_up_to_date(connection.engine)

    def way(condition: str) -> str:
        query = f"EXPLAIN QUERY PLAN SELECT * FROM turns WHERE {condition}"
        return " ".join(str(row) for row in connection.exec_driver_sql(query))

    assert "turns_thread" in way("thread = 'a' AND store = 'b' ORDER BY id DESC LIMIT 9")
    assert "turns_user" in way("asked_by = 'a' ORDER BY id DESC LIMIT 9")
    assert "turns_asked_at" in way("asked_at >= 5")
    assert "turns_place" in way("place = 'a' ORDER BY id DESC LIMIT 9")


def test_lookups_of_the_worklist_use_an_index(connection: Connection) -> None:
    bring_up_to_date(connection.engine)

    def way(condition: str) -> str:
        query = f"EXPLAIN QUERY PLAN SELECT * FROM work WHERE {condition}"
        return " ".join(str(row) for row in connection.exec_driver_sql(query))

    assert "work_open" in way("finished_at IS NULL AND lease_until <= 5")
    assert "work_thread" in way("thread = 'a' AND finished_at IS NULL")
    assert "work_user" in way("asked_by = 'a' AND accepted_at >= 5")
    assert "work_place" in way("place = 'a' AND accepted_at >= 5")


def test_a_journal_of_the_first_version_keeps_its_turns_and_takes_new_ones(
    tmp_path: Path,
) -> None:
    address = f"sqlite:///{tmp_path}/journal.db"
    _first_version(address)

    journal = SqlJournal.open(address)

    (old,) = journal.thread("t1", "default")
    assert (old.question, old.place, old.follows, old.feedback) == ("old?", None, None, None)
    assert old.draft == Draft("SELECT 1", "one", "offline", ("latest",), ChartWish("bar"))
    journal.begin(Question("new?", datetime(2026, 3, 4, tzinfo=UTC), place="C1"))
    assert [turn.question for turn in journal.history()] == ["new?", "old?"]
    journal.close()


def _first_version(address: str) -> None:
    """A journal as the first release left it, with a turn whose draft has what it had then."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", texttosql.journal.migrations.__path__[0])
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        draft = {
            "sql": "SELECT 1", "title": "one", "engine": "offline", "assumptions": ["latest"],
            "chart": "bar",
        }  # fmt: skip
        connection.exec_driver_sql(
            "INSERT INTO turns (id, thread, store, question, asked_at, accepted_at, outcome, draft)"
            " VALUES ('0old', 't1', 'default', 'old?', 1, 1, 'rows', ?)", (json.dumps(draft),),
        )  # fmt: skip
    engine.dispose()


def test_what_turns_have_cost_before_counts_once_to_when_they_began(
    connection: Connection, tmp_path: Path
) -> None:
    bring_up_to_date(connection.engine)
    journal = SqlJournal.open(f"sqlite:///{tmp_path}/journal.db")
    turn_id = ask(journal, cents(25), by="ann", place="C1")
    ask(journal, FREE)
    journal.close()
    connection.exec_driver_sql("DELETE FROM charges")
    for _ in range(2):
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0004'")
        bring_up_to_date(connection.engine)

        charges = connection.exec_driver_sql("SELECT * FROM charges").all()
        assert [tuple(each) for each in charges] == [(turn_id, turn_id, "ann", "C1", 0.25)]


def test_an_upgrade_cut_off_halfway_is_taken_up_again(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/journal.db"
    SqlJournal.open(address).close()
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP INDEX turns_user")
        connection.exec_driver_sql(f"DELETE FROM {VERSION_TABLE}")
    engine.dispose()

    journal = SqlJournal.open(address)

    assert journal.history() == ()
    journal.close()
