"""The guard's corpora, and a small store of fixed rows to try statements on.

`store.jsonl` holds about 1,300 rows for every askable table: deleted, failed and running runs,
NaN (value 0, is_nan 1) and infinite metrics, params that are no numbers, quotes and accents.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from texttosql.flow import ColumnKind, Dialect
from texttosql.guard import default_schema

FOLDER = Path(__file__).parent
_TYPES: dict[Dialect, dict[ColumnKind, str]] = {
    "mysql": {"text": "VARCHAR(500)", "integer": "BIGINT", "time": "BIGINT", "real": "DOUBLE"},
    "sqlite": {"text": "VARCHAR(500)", "integer": "INTEGER", "time": "BIGINT", "real": "FLOAT"},
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a corpus. `note`: its family when hostile, why it isn't run when ordinary."""

    dialect: Dialect
    sql: str
    note: str

    def __str__(self) -> str:
        shown = re.sub(r"[^\w*(),.=<>' -]", "?", self.sql, flags=re.ASCII)
        return f"{self.dialect} {shown[:90]}"


def statements(name: str) -> list[Statement]:
    """The corpus `name`: hostile or ordinary."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Statement(line["dialect"], line["sql"], line.get("family") or line.get("not_run", ""))
        for line in map(json.loads, lines)
    ]


def ddl(dialect: Dialect) -> Iterator[str]:
    """CREATE TABLE for each askable table."""
    quote = "`" if dialect == "mysql" else '"'
    for table, columns in default_schema(dialect).tables.items():
        words = [f"{quote}{name}{quote} {_TYPES[dialect][columns[name]]}" for name in columns]
        yield f"CREATE TABLE {table} ({', '.join(words)})"


def rows() -> Iterator[tuple[str, list[list[str | int | float | None]]]]:
    """The store's rows, table by table, in the columns' order."""
    for line in (FOLDER / "store.jsonl").read_text(encoding="utf-8").splitlines():
        found = json.loads(line)
        yield found["table"], found["rows"]


def sqlite_memory() -> sqlite3.Connection:
    """The store in memory."""
    connection = sqlite3.connect(":memory:")
    for statement in ddl("sqlite"):
        connection.execute(statement)
    for table, found in rows():
        marks = ", ".join("?" * len(found[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
    return connection
