"""An SQLite store is read, never written, and never for longer than the deadline."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.queries import minted
from texttosql.errors import NotPermitted, QueryFailed, QueryTooSlow, WarehouseDown
from texttosql.flow import Cell, ResultTable
from texttosql.schema import ASKABLE
from texttosql.sqlite.opening import connect
from texttosql.sqlite.warehouse import SQLiteWarehouse

ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n, runs"
)


@pytest.fixture
def store(sqlite_store: Path) -> Path:
    """Three runs of which one has a NULL name."""
    with closing(sqlite3.connect(sqlite_store)) as connection:
        connection.execute("INSERT INTO experiments(experiment_id, name) VALUES (1, 'fraud')")
        connection.executemany(
            "INSERT INTO runs(run_uuid, name, experiment_id, start_time) VALUES (?, ?, 1, ?)",
            [("a", "första", 1_700_000_000_000), ("b", None, 2), ("c", "third", 3)],
        )
        connection.commit()
    return sqlite_store


@pytest.fixture
def warehouse(store: Path) -> Iterator[SQLiteWarehouse]:
    with closing(SQLiteWarehouse(store)) as opened:
        yield opened


def ask(warehouse: SQLiteWarehouse, sql: str, max_rows: int = 100, **params: Cell) -> ResultTable:
    return warehouse.run(minted(sql, "sqlite", max_rows, **params), 10)


def test_rows_come_with_names_kinds_and_parameters(warehouse: SQLiteWarehouse) -> None:
    table = ask(
        warehouse,
        "SELECT name AS who, start_time AS begun, 0.5 AS half FROM runs WHERE run_uuid < :p0"
        " ORDER BY run_uuid",
        p0="c",
    )
    assert table.names == ("who", "begun", "half")
    assert [column.kind for column in table.columns] == ["text", "integer", "real"]
    assert table.rows == (("första", 1_700_000_000_000, 0.5), (None, 2, 0.5))
    assert not table.truncated


def test_a_quoted_name_that_looks_like_a_parameter_stays_a_name(warehouse: SQLiteWarehouse) -> None:
    assert ask(warehouse, 'SELECT :p0 AS "a:p0"', p0=7).names == ("a:p0",)


def test_one_row_more_than_the_limit_is_known_as_cut(warehouse: SQLiteWarehouse) -> None:
    sql = "SELECT run_uuid FROM runs ORDER BY run_uuid"
    cut, whole = ask(warehouse, sql, 2), ask(warehouse, sql, 3)
    assert (cut.rows, cut.truncated) == ((("a",), ("b",)), True)
    assert (len(whole.rows), whole.truncated) == (3, False)


def test_an_empty_answer_keeps_its_columns(warehouse: SQLiteWarehouse) -> None:
    table = ask(warehouse, "SELECT run_uuid, start_time FROM runs WHERE 0")
    assert (table.names, table.rows) == (("run_uuid", "start_time"), ())


def test_blobs_and_broken_letters_become_text(warehouse: SQLiteWarehouse) -> None:
    assert ask(warehouse, "SELECT x'6162', CAST(x'61ff62' AS TEXT)").rows == (("ab", "a\ufffdb"),)


def test_the_schema_has_askable_tables_kinds_and_the_revision(warehouse: SQLiteWarehouse) -> None:
    schema = warehouse.schema()
    assert schema.tables.keys() == ASKABLE
    assert schema.tables["runs"]["start_time"] == "time"
    assert schema.tables["latest_metrics"]["value"] == "real"
    assert schema.tables["metrics"]["step"] == "integer"
    assert schema.tables["experiments"]["creation_time"] == "time"
    assert schema.revision
    assert schema.dialect == "sqlite"


def test_a_query_past_its_deadline_is_stopped_and_the_store_answers_again(
    warehouse: SQLiteWarehouse,
) -> None:
    with pytest.raises(QueryTooSlow) as error:
        warehouse.run(minted(ENDLESS, "sqlite"), 0.05)
    assert "0.05 s" in error.value.what
    assert ask(warehouse, "SELECT COUNT(*) FROM runs").rows == ((3,),)


def test_rehearsing_runs_nothing_and_tells_what_would_fail(warehouse: SQLiteWarehouse) -> None:
    warehouse.rehearse(minted(ENDLESS, "sqlite"), 5)
    with pytest.raises(QueryFailed):
        warehouse.rehearse(minted("SELECT nope FROM runs", "sqlite"), 5)
    with pytest.raises(NotPermitted):
        warehouse.rehearse(minted("SELECT * FROM webhooks", "sqlite"), 5)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO tags VALUES ('a', 'b', 'a')",
        "UPDATE runs SET name = 'x'",
        "DELETE FROM runs",
        "CREATE TABLE t (a INT)",
        "CREATE TEMP TABLE t AS SELECT 1",
        "CREATE TEMP VIEW v AS SELECT 1",
        "DROP TABLE runs",
        "ATTACH DATABASE '/tmp/other.db' AS other",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "BEGIN IMMEDIATE",
        "VACUUM",
        "SELECT load_extension('x')",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM pragma_table_info('runs')",
        "SELECT * FROM webhooks",
        "SELECT * FROM runs WHERE EXISTS (SELECT 1 FROM secrets)",
        "SELECT COUNT(*) FROM secrets",
        "SELECT zeroblob(1000000000)",
    ],
)
def test_nothing_but_reading_askable_tables_is_permitted(
    warehouse: SQLiteWarehouse, sql: str
) -> None:
    with pytest.raises(NotPermitted):
        ask(warehouse, sql)
    assert ask(warehouse, "SELECT COUNT(*), COUNT(name) FROM runs").rows == ((3, 2),)


def test_a_cte_is_counted_like_any_table(warehouse: SQLiteWarehouse) -> None:
    sql = "WITH named AS (SELECT name FROM runs WHERE name IS NOT NULL) SELECT COUNT(*) FROM named"
    assert ask(warehouse, sql).rows == ((2,),)


def test_the_drivers_words_go_to_the_log_under_the_reference(
    warehouse: SQLiteWarehouse, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(QueryFailed) as error:
        ask(warehouse, "SELECT nope FROM runs")
    assert error.value.reference
    assert error.value.reference in caplog.text
    assert "no such column: nope" in caplog.text
    assert "nope" not in str(error.value)


@pytest.mark.parametrize("value", [2**70, "\ud800"])
def test_a_parameter_sqlite_cannot_hold_fails_as_a_query(
    warehouse: SQLiteWarehouse, value: Cell
) -> None:
    with pytest.raises(QueryFailed):
        ask(warehouse, "SELECT :p0", p0=value)


def test_a_text_of_a_hundred_megabytes_fails_instead_of_eating_the_memory(
    warehouse: SQLiteWarehouse,
) -> None:
    grown = "replace(" * 5 + ":p0" + f", 'a', '{'a' * 40}')" * 5  # 40 to the fifth: 100 MB
    with pytest.raises(QueryFailed):
        ask(warehouse, f"SELECT length({grown})", p0="a")


def test_many_threads_ask_at_once_and_each_gets_its_own_rows(warehouse: SQLiteWarehouse) -> None:
    def doubled(number: int) -> Cell:
        return ask(warehouse, "SELECT :p0 * 2, COUNT(*) FROM runs", p0=number).rows[0][0]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(doubled, range(200))) == [2 * number for number in range(200)]


def test_after_closing_nothing_is_open_and_asking_says_so(store: Path) -> None:
    warehouse = SQLiteWarehouse(store)
    ask(warehouse, "SELECT 1")
    warehouse.close()
    warehouse.close()
    with pytest.raises(WarehouseDown, match="closed"):
        ask(warehouse, "SELECT 1")


def test_the_last_commit_of_a_wal_store_is_seen_while_its_writer_works(store: Path) -> None:
    with closing(sqlite3.connect(store)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("UPDATE runs SET name = 'renamed' WHERE run_uuid = 'a'")
        writer.commit()
        writer.execute("UPDATE runs SET name = 'unfinished' WHERE run_uuid = 'a'")
        with closing(SQLiteWarehouse(store)) as warehouse:
            sql = "SELECT name FROM runs WHERE run_uuid = 'a'"
            assert ask(warehouse, sql).rows == (("renamed",),)


def test_a_writer_can_commit_right_after_a_cut_answer(
    store: Path, warehouse: SQLiteWarehouse
) -> None:
    assert ask(warehouse, "SELECT * FROM runs", 1).truncated
    with closing(sqlite3.connect(store, timeout=0)) as writer:
        writer.execute("DELETE FROM runs WHERE run_uuid = 'c'")
        writer.commit()
    assert ask(warehouse, "SELECT COUNT(*) FROM runs").rows == ((2,),)


def test_reading_leaves_every_byte_as_it_was(store: Path) -> None:
    before = store.read_bytes()
    with closing(SQLiteWarehouse(store)) as warehouse:
        warehouse.schema()
        ask(warehouse, "SELECT * FROM runs")
    assert store.read_bytes() == before


def test_behind_the_authorizer_the_connection_itself_cannot_write(store: Path) -> None:
    with closing(connect(store)) as connection:
        assert connection.execute("PRAGMA query_only").fetchone() == (1,)
        connection.execute("PRAGMA query_only = OFF")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM runs")


def test_an_sqlite_store_is_opened_without_sqlalchemy_pymysql_or_mlflow(store: Path) -> None:
    script = (
        "import sys; from texttosql.warehouses import open_warehouse;"
        f"open_warehouse('sqlite:///{store}').schema();"
        "print(sorted({'sqlalchemy', 'pymysql', 'mlflow', 'pandas'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own interpreter
    assert done.stdout.strip() == "[]"


def test_sizes_are_known_of_every_askable_table_and_of_no_other(warehouse: SQLiteWarehouse) -> None:
    sizes = warehouse.sizes()
    assert (sizes["runs"], sizes["metrics"]) == (3, 0)
    assert set(sizes) <= ASKABLE
    assert set(warehouse.schema().tables) == set(sizes)


def test_a_table_without_rowids_is_left_out_of_the_sizes(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("DROP TABLE tags")
        connection.execute("CREATE TABLE tags (key, value, run_uuid PRIMARY KEY) WITHOUT ROWID")
    with closing(SQLiteWarehouse(store)) as warehouse:
        assert "tags" not in warehouse.sizes()
        assert warehouse.sizes()["runs"] == 3


def test_sizes_of_a_store_that_vanished_are_an_error(store: Path) -> None:
    with closing(SQLiteWarehouse(store)) as warehouse:
        store.unlink()
        with pytest.raises(WarehouseDown):
            warehouse.sizes()
