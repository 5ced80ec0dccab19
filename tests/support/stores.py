"""MLflow stores for the tests: an empty one in milliseconds, and the same rows on MySQL.

MLflow itself makes the schema (`mlflow db upgrade`, 5-10 s) once per MLflow and server version;
the result is kept under .tracktalk/test-templates/ of the checkout and cloned from there.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import pymysql

from tests.support.servers import MySQLServer, locked

TEMPLATES = Path(__file__).parents[2] / ".tracktalk" / "test-templates"
BATCH = 5_000
NOT_COPIED = frozenset({"alembic_version"})
"""The target was made by MLflow: its revision is its own."""

_TABLE_COLLATION = re.compile(r" DEFAULT CHARSET=\w+( COLLATE=\w+)?")


def sqlite_template(folder: Path = TEMPLATES) -> Path:
    """An empty MLflow store of the installed version. Copy it; never write to it."""
    folder.mkdir(parents=True, exist_ok=True)
    template = folder / f"mlflow-{version('mlflow')}.db"
    with locked(folder):
        if not template.exists():
            unfinished = template.with_suffix(".part")
            unfinished.unlink(missing_ok=True)
            _upgrade(f"sqlite:///{unfinished}")
            unfinished.rename(template)
    return template


def new_sqlite_store(path: Path) -> Path:
    """An empty MLflow store of its own at `path`."""
    shutil.copyfile(sqlite_template(), path)
    return path


@dataclass(frozen=True, slots=True)
class MySQLStores:
    """Makes MLflow databases on the test server from one kept schema."""

    server: MySQLServer
    ddl: tuple[str, ...]

    def create(self, name: str, collation: str = "utf8mb4_bin") -> str:
        """An empty MLflow store in a new database; returns its address as root."""
        url = self.server.create_database(name, collation)
        self.server.execute("SET SESSION foreign_key_checks = 0", *self.ddl, database=name)
        self._copy(sqlite_template(), name, frozenset())
        return url

    def copy(self, store: Path, name: str, collation: str = "utf8mb4_bin") -> str:
        """A new database with every row of an MLflow SQLite store; returns its address as root."""
        url = self.create(name, collation)
        self._copy(store, name, NOT_COPIED)
        return url

    def _copy(self, store: Path, name: str, leave_out: frozenset[str]) -> None:
        with closing(self.server.connect(name)) as connection:
            copy_rows(store, connection, leave_out)


def mysql_stores(server: MySQLServer, folder: Path = TEMPLATES) -> MySQLStores:
    """The maker of MLflow databases on `server`; the first ever call takes about 10 s."""
    folder.mkdir(parents=True, exist_ok=True)
    release = re.sub(r"[^\w.]+", "-", str(server.execute("SELECT VERSION()")[0][0]))
    kept = folder / f"mlflow-{version('mlflow')}-{release}-triggers.json"
    with locked(folder):
        if not kept.exists():
            unfinished = kept.with_suffix(".part")
            unfinished.write_text(json.dumps(_schema_by_mlflow(server)))
            unfinished.rename(kept)
    return MySQLStores(server, tuple(json.loads(kept.read_text())))


def copy_rows(
    store: Path,
    connection: pymysql.Connection[pymysql.cursors.Cursor],
    leave_out: frozenset[str] = NOT_COPIED,
) -> None:
    """Replace the rows of every table of an MLflow MySQL database by those of a SQLite store.

    NaN and infinities survive: MLflow keeps them as flags and finite numbers. Columns that only
    one side has, and generated ones, are left out.
    """
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as source:
        names = source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = [str(row[0]) for row in names if row[0] not in leave_out]
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION foreign_key_checks = 0, unique_checks = 0")
            cursor.execute("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'")
            for table in tables:
                _copy_table(source, cursor, table)
        connection.commit()


def _copy_table(source: sqlite3.Connection, cursor: pymysql.cursors.Cursor, table: str) -> None:
    wanted = _writable_columns(cursor, table)
    columns = [
        row[1]
        for row in source.execute(f'PRAGMA table_xinfo("{table}")')
        if row[1] in wanted and row[6] == 0
    ]
    if not columns:
        return
    cursor.execute(f"DELETE FROM `{table}`")
    quoted = ", ".join(f'"{name}"' for name in columns)
    rows = source.execute(f'SELECT {quoted} FROM "{table}"')
    names = ", ".join(f"`{name}`" for name in columns)
    marks = ", ".join(["%s"] * len(columns))
    cursor.execute("BEGIN")
    for batch in _batches(rows):
        cursor.executemany(f"INSERT INTO `{table}` ({names}) VALUES ({marks})", batch)
    cursor.execute("COMMIT")


def _batches(rows: Iterator[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _writable_columns(cursor: pymysql.cursors.Cursor, table: str) -> set[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
        " AND table_name = %s AND extra NOT LIKE '%%GENERATED%%'",
        (table,),
    )
    return {str(row[0]) for row in cursor.fetchall()}


def _schema_by_mlflow(server: MySQLServer) -> list[str]:
    name = "mlflow_template"
    _upgrade(server.create_database(name))
    tables = [str(row[0]) for row in server.execute("SHOW TABLES", database=name)]
    made = [server.execute(f"SHOW CREATE TABLE `{table}`", database=name) for table in tables]
    triggers = [row[0] for row in server.execute("SHOW TRIGGERS", database=name)]
    shown = [server.execute(f"SHOW CREATE TRIGGER `{each}`", database=name) for each in triggers]
    server.execute(f"DROP DATABASE `{name}`")
    statements = [_TABLE_COLLATION.sub("", str(rows[0][1])) for rows in made]
    return [*statements, *(str(rows[0][2]) for rows in shown)]


def _upgrade(url: str) -> None:
    command = [sys.executable, "-m", "mlflow", "db", "upgrade", url]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own interpreter
    if done.returncode:
        msg = f"mlflow db upgrade failed:\n{done.stderr[-2000:]}"
        raise RuntimeError(msg)
