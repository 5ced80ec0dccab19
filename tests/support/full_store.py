"""A small MLflow store with rows in every table, and with every kind of awkward value in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.support.stores import new_sqlite_store
from tracking.migrate import schema, shape, source
from tracking.migrate.shape import Field
from tracking.migrate.source import Column, Kind

ROWS = 12
AWKWARD = (
    "plain", "", " ", "trailing ", "tab\there", "two\nlines\r\n", "back\\slash \\N \\",
    "it's \"it\"", "NULL", "\\N", "ünïcode ß é", "emoji 🚀👩‍💻",
    "\x1funit\x1erecord\x10escape\x00nul", "\x1a%s %d {}",
)  # fmt: skip
REALS = (
    0.0, 1.0, -1.5, 0.1 + 0.2, 1 / 3, 1e15, 1e16, 123456789012345.6, 1e-4, 1e-5, 1.5e-15, 1e-16,
    1e22, 1.7976931348623157e308, -1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 1e100,
)  # fmt: skip
SINGLES = (0.0, 1.0, -1.5, 0.25)
"""What a single-precision column keeps: some of MLflow's are that on MySQL."""
JSONS = ('{"a": 1, "b": [1.5, null, "ü🚀"]}', "[]", '"text"', "{}")
_CHECKED = {
    "lifecycle_stage": "active", "status": "FINISHED", "source_type": "LOCAL", "is_nan": 0,
    "workspace": "default",
}  # fmt: skip
"""Columns whose values a check or a foreign key prescribes."""


def full_store(path: Path) -> Path:
    """Write a new store to `path`."""
    new_sqlite_store(path)
    fields = shape.kept(schema.head()) or {}
    with closing(sqlite3.connect(path)) as store:
        for name, table in source.tables(store).items():
            if name != "workspaces":
                columns = ", ".join(source.quoted(column.name) for column in table.stored)
                marks = ", ".join("?" * len(table.stored))
                rows = [_row(table.stored, fields[name].fields, n) for n in range(ROWS)]
                store.executemany(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', rows)
        store.commit()
    return path


def _row(
    columns: tuple[Column, ...], fields: dict[str, Field] | object, number: int
) -> tuple[object, ...]:
    assert isinstance(fields, dict)
    return tuple(_values(columns, fields, number))


def _values(columns: tuple[Column, ...], fields: dict[str, Field], number: int) -> Iterator[object]:
    for place, column in enumerate(columns):
        yield _value(column, fields[column.name], number, place)


def _value(  # noqa: PLR0911  # one for each kind of column
    column: Column, field: Field, number: int, place: int
) -> object:
    if column.name in _CHECKED and column.kind is not Kind.JSON and field.type != "int":
        return _CHECKED[column.name]
    if column.nullable and (number + place) % 5 == 0 and not column.name.endswith("id"):
        return None
    if column.kind is Kind.INTEGER:
        return number if field.type in {"int", "bigint"} else number % 2
    if column.kind is Kind.REAL:
        some = SINGLES if field.type == "float" else REALS
        return some[(number + place) % len(some)]
    if column.kind is Kind.JSON:
        return JSONS[number % len(JSONS)]
    if column.kind is Kind.BLOB:
        return bytes(range(number, number + 40)) + b"\xff\xfe\x00'\\"
    if column.kind is Kind.DATE:
        return f"2026-11-{number + 1:02}"
    return _text(column, field, number, place)


def _text(column: Column, field: Field, number: int, place: int) -> str:
    # The same in every table, so that foreign keys find their rows.
    if column.key or column.name.endswith(("id", "uuid", "name", "version", "hash", "name_key")):
        return f"{number}"
    text = f"{number} {AWKWARD[(number + place) % len(AWKWARD)]}"
    return text[: field.chars] if field.chars else text
