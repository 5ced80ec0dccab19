"""Every file that cannot be asked is told apart, in one line with a remedy."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.queries import minted
from texttosql.errors import (
    ExitCode,
    NotAnMLflowStore,
    QueryFailed,
    SchemaTooOld,
    WarehouseDown,
    WarehouseError,
)
from texttosql.sqlite.warehouse import SQLiteWarehouse

EVERYTHING = minted("SELECT COUNT(*) FROM runs", "sqlite")


def _ask(path: Path) -> None:
    with closing(SQLiteWarehouse(path, busy_timeout=0.05)) as warehouse:
        warehouse.schema()
        warehouse.run(EVERYTHING, 5)


def why(path: Path) -> WarehouseError:
    """The error that opening, reading the schema or asking gives."""
    with pytest.raises(WarehouseError) as error:
        _ask(path)
    assert error.value.fix
    assert error.value.exit_code == ExitCode.NO_CONNECTION
    return error.value


def test_a_missing_file_is_named_and_not_made(tmp_path: Path) -> None:
    error = why(tmp_path / "none.db")
    assert isinstance(error, WarehouseDown)
    assert f"no file {tmp_path}/none.db" in error.what
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_runs_is_no_database(tmp_path: Path) -> None:
    error = why(tmp_path)
    assert isinstance(error, WarehouseDown)
    assert "migrate-filestore" in error.fix


@pytest.mark.parametrize(
    ("content", "state"),
    [(b"", "is empty"), (b"hello, world: no database", "is no SQLite database")],
)
def test_a_file_of_another_kind_is_no_store(tmp_path: Path, content: bytes, state: str) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    error = why(path)
    assert isinstance(error, NotAnMLflowStore)
    assert state in error.what


@contextmanager
def unprivileged() -> Iterator[None]:
    """As an account that may not read everything: root reads through every mode."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_file_without_the_right_to_read_it_says_so(sqlite_store: Path) -> None:
    sqlite_store.chmod(0)
    with unprivileged():
        error = why(sqlite_store)
    assert isinstance(error, WarehouseDown)
    assert "may not be read" in error.what


def test_a_locked_file_says_who_to_wait_for(sqlite_store: Path) -> None:
    with closing(sqlite3.connect(sqlite_store, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        error = why(sqlite_store)
    assert isinstance(error, WarehouseDown)
    assert "locked" in error.what


def test_a_corrupt_file_is_called_damaged(sqlite_store: Path) -> None:
    content = bytearray(sqlite_store.read_bytes())
    content[100:] = os.urandom(len(content) - 100)
    sqlite_store.write_bytes(content)
    error = why(sqlite_store)
    assert isinstance(error, WarehouseDown)
    assert "damaged" in error.what
    assert "backup" in error.fix


def test_a_file_cut_in_half_is_called_damaged(sqlite_store: Path) -> None:
    with closing(sqlite3.connect(sqlite_store)) as writer:
        writer.executemany(
            "INSERT INTO runs(run_uuid) VALUES (?)", ((f"{number:032}",) for number in range(9_000))
        )
        writer.commit()
    os.truncate(sqlite_store, sqlite_store.stat().st_size // 2)
    assert "damaged" in why(sqlite_store).what


def test_a_database_of_another_program_lists_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as shop:
        shop.executescript("CREATE TABLE orders (id); CREATE TABLE customers (id);")
    error = why(path)
    assert isinstance(error, NotAnMLflowStore)
    assert "customers, orders" in error.what


def test_a_database_without_tables_is_called_empty(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript("CREATE TABLE t (a); DROP TABLE t;")
    assert "it is empty" in why(path).what


def test_a_store_without_latest_metrics_is_too_old_and_says_how_to_upgrade(
    sqlite_store: Path,
) -> None:
    with closing(sqlite3.connect(sqlite_store)) as store:
        store.executescript(
            "DROP TABLE latest_metrics; UPDATE alembic_version SET version_num = '7ac759974ad8'"
        )
    error = why(sqlite_store)
    assert isinstance(error, SchemaTooOld)
    assert error.revision == "7ac759974ad8"
    assert "7ac759974ad8" in error.what
    assert "lacks latest_metrics" in error.what
    assert "mlflow db upgrade sqlite:///copy.db" in error.fix


def test_a_missing_column_is_named(sqlite_store: Path) -> None:
    with closing(sqlite3.connect(sqlite_store)) as store:
        store.executescript(
            "DROP TABLE metrics; CREATE TABLE metrics (key, value, timestamp, run_uuid);"
        )
    assert "metrics.is_nan, metrics.step" in why(sqlite_store).what


def test_an_old_store_with_all_that_is_needed_is_asked_as_it_is(sqlite_store: Path) -> None:
    with closing(sqlite3.connect(sqlite_store)) as store:
        store.executescript(
            "DROP TABLE logged_models; DROP TABLE assessments; DROP TABLE alembic_version;"
        )
    with closing(SQLiteWarehouse(sqlite_store)) as warehouse:
        schema = warehouse.schema()
    assert not schema.has("logged_models")
    assert schema.has("runs", "name")
    assert schema.revision is None


def test_a_store_that_vanishes_later_is_missed(sqlite_store: Path) -> None:
    with closing(SQLiteWarehouse(sqlite_store)) as warehouse:
        sqlite_store.unlink()
        with pytest.raises(WarehouseDown, match="no file"):
            warehouse.run(EVERYTHING, 5)


def test_an_odd_file_name_is_opened_as_it_is_written(sqlite_store: Path, tmp_path: Path) -> None:
    odd = sqlite_store.rename(tmp_path / "a?mode=rwc#50%41 é'.db")
    with closing(SQLiteWarehouse(odd)) as warehouse:
        assert warehouse.run(EVERYTHING, 5).rows == ((0,),)


def test_a_failing_function_is_a_failed_query(sqlite_store: Path) -> None:
    with (
        closing(SQLiteWarehouse(sqlite_store)) as warehouse,
        pytest.raises(QueryFailed),
    ):
        warehouse.run(minted("SELECT 'a' REGEXP '('", "sqlite"), 5)
