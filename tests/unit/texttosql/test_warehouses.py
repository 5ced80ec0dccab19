"""An address leads to the right warehouse, or to one line that says what is wrong with it."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from texttosql.errors import SettingsError, WarehouseDown
from texttosql.flow import Cell
from texttosql.mysql.warehouse import MySQLWarehouse
from texttosql.sqlite.warehouse import SQLiteWarehouse
from texttosql.warehouses import cell, open_warehouse, result_columns


def test_an_sqlite_address_opens_the_file(sqlite_store: Path) -> None:
    for url in (f"sqlite:///{sqlite_store}", f"SQLite+pysqlite:///{sqlite_store}?timeout=3"):
        with closing(open_warehouse(url)) as warehouse:
            assert isinstance(warehouse, SQLiteWarehouse)
            assert warehouse.schema().has("runs")


def test_a_relative_address_starts_in_the_current_folder(
    sqlite_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sqlite_store.parent)
    with closing(open_warehouse(f"sqlite:///{sqlite_store.name}")) as warehouse:
        assert warehouse.schema().has("runs")


@pytest.mark.parametrize("scheme", ["mysql", "mysql+pymysql", "mariadb", "mariadb+pymysql"])
def test_a_server_is_not_called_before_the_first_query(scheme: str) -> None:
    with closing(open_warehouse(f"{scheme}://bot:secret@nowhere.invalid/mlflow")) as warehouse:
        assert isinstance(warehouse, MySQLWarehouse)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("", "none"),
        ("mlflow.db", "none"),
        ("sqlite://", "no file"),
        ("sqlite:///", "no file"),
        ("sqlite:///:memory:", "no file"),
        ("sqlite://host/x", "no file"),
        ("http://localhost:5000", "tracking server"),
        ("postgresql://u:secret@h/db", "'postgresql' cannot be asked"),
        ("mysql://u:secret@h", "names no database"),
        ("mysql://u:secret@h:port/db", "cannot be read"),
    ],
)
def test_an_address_that_is_none_is_a_setting_to_correct(url: str, what: str) -> None:
    with pytest.raises(SettingsError) as error:
        open_warehouse(url)
    assert what in error.value.what
    assert error.value.fix
    assert "secret" not in str(error.value)


def test_a_missing_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(WarehouseDown, match="no file"):
        open_warehouse(f"sqlite:///{tmp_path}/none.db")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, 1),
        (Decimal(5), 5),
        (Decimal("2.5000"), 2.5),
        (Decimal("2.0000"), 2.0),
        (b"ab\xff", "ab\ufffd"),
        (datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05"),  # noqa: DTZ001 - as drivers give it
        (datetime(2024, 1, 2, 3, 4, 5, 120_000), "2024-01-02 03:04:05.120000"),  # noqa: DTZ001
        (date(2024, 1, 2), "2024-01-02"),
        (timedelta(hours=30, seconds=1), "30:00:01"),
        (float("inf"), float("inf")),
        (None, None),
    ],
)
def test_a_drivers_value_becomes_one_of_ours(value: object, expected: Cell) -> None:
    found = cell(value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_columns_kind_is_what_its_cells_are() -> None:
    rows: list[tuple[Cell, ...]] = [(1, 1, "a", None, None), (None, 1.5, 2, None, 0.5)]
    kinds = [column.kind for column in result_columns(list("abcde"), rows)]
    assert kinds == ["integer", "real", "text", "text", "real"]
