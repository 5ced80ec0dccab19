"""Users, roles and permissions of MLflow's basic auth: from their file to the server, exactly.

One consistent copy is taken and brought to MLflow's newest tables; its rows go over in one
transaction; then every row and column of both sides is compared. The source is never written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pymysql

from tracking.errors import CopyMismatch, SchemaMismatch, TargetNotEmpty
from tracking.migrate import ledger, rows, schema, server, shape, snapshot, source
from tracking.migrate.addresses import Target
from tracking.migrate.hazards.hazard import short
from tracking.migrate.server import Connection, quoted, right_collation
from tracking.migrate.source import Table
from tracking.migrate.telling import many
from tracking.migrate.verify import structure
from tracking.migrate.verify.canon import Canon
from tracking.migrate.verify.differ import RowDifference, in_one_pass

REVISION = "alembic_version_auth"
_FIRST = "users"
_STORE = "alembic_version"
"""Only an MLflow store has it."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """What is in the target now. `there`: it had been before, and was only compared.

    `renamed`: permissions that name their experiment by its new id.
    """

    target: Target
    rows: Mapping[str, int]
    renamed: int = 0
    orphans: tuple[str, ...] = ()
    there: bool = False


def move(original: Path, target: Target, folder: Path, store: Target | None = None) -> Moved:
    """Copy and compare. `store`: where the MLflow store went, for experiments with new ids.

    Raises TargetNotEmpty for a target with other users, CopyMismatch when both are not the same.
    """
    file = folder / "auth.db"
    ids = _new_ids(store) if store else {}
    renamed = _prepare(original, file, ids)
    try:
        with (
            closing(sqlite3.connect(file, isolation_level=None)) as copy,
            closing(_in_database(target)) as connection,
        ):
            return replace(_Move(copy, target, connection).moved(), renamed=renamed)
    except pymysql.MySQLError as error:
        raise server.refused(target, error) from error


def _new_ids(store: Target) -> dict[int, int]:
    with closing(server.connect(store)) as connection:
        return ledger.experiment_ids(connection)


def _prepare(original: Path, file: Path, ids: Mapping[int, int]) -> int:
    """A copy with the newest tables and the new ids; how many permissions got such."""
    snapshot.take(original, file)
    with closing(source.opened(file)) as store:
        if _FIRST not in source.tables(store):
            what = f"{original} holds no users: it is no database of MLflow's basic auth."
            raise SchemaMismatch(what, "Name the file of database_uri in basic_auth.ini.")
    schema.upgrade_auth(f"sqlite:///{file}", [], "The copy of the source")
    with closing(sqlite3.connect(file)) as store:
        renamed = _remap(store, ids)
        store.commit()
    return renamed


def _remap(store: sqlite3.Connection, ids: Mapping[int, int]) -> int:
    """Permissions name experiments by their ids, as text: `7`, and of a scorer `7/its-name`."""
    before = store.total_changes
    for old, new in ids.items():
        for table in ("experiment_permissions", "scorer_permissions"):
            statement = f"UPDATE {table} SET experiment_id = ? WHERE experiment_id = ?"
            store.execute(statement, (str(new), str(old)))
        store.execute(
            "UPDATE role_permissions SET resource_pattern ="
            " ? || substr(resource_pattern, length(?) + 1)"
            " WHERE (resource_type = 'experiment' AND resource_pattern = ?)"
            " OR (resource_type = 'scorer' AND resource_pattern LIKE ? || '/%')",
            (str(new), str(old), str(old), str(old)),
        )
    return store.total_changes - before


def _in_database(target: Target) -> Connection:
    """A session in the target's database, which is made if it is not there."""
    connection = server.connect(target, database=False)
    right = right_collation(server.server_of(connection))
    name = quoted(target.database)
    query = "SELECT 1 FROM information_schema.schemata WHERE schema_name = %s"
    there = server.ask(connection, query, [target.database])
    if not there:
        server.run(connection, f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE {right}")
    connection.select_db(target.database)
    tables = {row[0] for row in server.ask(connection, "SHOW TABLES")} if there else set()
    if _STORE in tables:
        what = (
            f"{target.database} holds an MLflow store: it would take the users' tables for foreign."
        )
        raise TargetNotEmpty(what, "Give the users a database of their own.")
    if there and not tables:
        server.run(connection, f"ALTER DATABASE {name} CHARACTER SET utf8mb4 COLLATE {right}")
    return connection


class _Move:
    def __init__(self, copy: sqlite3.Connection, target: Target, connection: Connection) -> None:
        self._copy, self._target, self._connection = copy, target, connection
        self._tables = {n: t for n, t in source.tables(copy).items() if n != REVISION}

    def moved(self) -> Moved:
        filled = [name for name in self._there() if self._has_rows(name)]
        if not filled:
            self._make_tables()
            self._fill()
        self._check(filled)
        counts = {name: source.size(self._copy, each).rows for name, each in self._tables.items()}
        return Moved(self._target, counts, orphans=tuple(self._orphans()), there=bool(filled))

    def _there(self) -> list[str]:
        found = {row[0] for row in server.ask(self._connection, "SHOW TABLES")}
        return [name for name in (*self._tables, REVISION) if name in found]

    def _has_rows(self, table: str) -> bool:
        query = f"SELECT 1 FROM {quoted(table)} LIMIT 1"
        return table != REVISION and bool(server.ask(self._connection, query))

    def _make_tables(self) -> None:
        """Make them anew: empty ones may be what a killed run has left, half made."""
        server.run(self._connection, server.UNCHECKED)
        there = self._there()
        if there and REVISION not in there:  # MLflow makes that one first
            what = f"{self._target.database} has a table {there[0]} that MLflow has not made."
            raise TargetNotEmpty(what, "Give an empty database: nothing here is overwritten.")
        for table in there:
            server.run(self._connection, f"DROP TABLE {quoted(table)}")
        self._connection.commit()
        pinned = server.session(server.server_of(self._connection))
        schema.upgrade_auth(self._target.address, pinned, f"The database {self._target.database}")

    def _fill(self) -> None:
        """All rows in one transaction: they are there, or none is."""
        for name, table in self._tables.items():
            writer = rows.Writer(table.stored, rows.VALUES)
            begin = rows.insert_statement(name, table.stored, quoted)
            for piece in source.pieces(source.rows(self._copy, table), 1, _BATCH, _BATCH):
                text = begin + writer.write(piece)[:-1]  # the last comma is one too many
                self._connection.query(text.encode())
        self._connection.commit()

    def _check(self, filled: list[str]) -> None:
        found = shape.take(self._connection)
        missing = sorted(set(self._tables) - set(found))
        if missing:
            what = f"The target has no table {missing[0]}: an older MLflow made its tables."
            raise SchemaMismatch(what, "Give an empty database, so that MLflow makes its tables.")
        apart = [each for table in self._tables.values() for each in self._differing(table, found)]
        if apart and filled:
            what = f"{self._target.database} has other users or permissions: {_told(apart[0])}."
            raise TargetNotEmpty(what, "Give an empty database: nothing here is overwritten.")
        if apart:
            what = f"{len(apart):,} rows are not the same: {_told(apart[0])}."
            raise CopyMismatch(what, "Drop the database and run this again.")
        ours = {name: found[name] for name in self._tables}
        for finding in structure.counters(self._connection, ours):
            what = f"The next number of {finding.subject} is {finding.found}, and is taken."
            raise CopyMismatch(what, "Drop the database and run this again.")

    def _differing(self, table: Table, found: shape.Shape) -> Iterator[RowDifference]:
        canon = Canon(table, found[table.name].fields)
        collation = right_collation(server.server_of(self._connection))
        yield from in_one_pass(self._copy, self._connection, canon, collation)

    def _orphans(self) -> Iterator[str]:
        """Rows of users or roles that are gone: SQLite let them be, and they came along."""
        for table, row, parent, _ in self._copy.execute("PRAGMA foreign_key_check"):
            yield f"{table} row {row} names one of {parent} that is not there"


def _told(row: RowDifference) -> str:
    """Where it is, not what: hashes are nobody's business."""
    if row.found is None:
        what = "is missing"
    else:
        what = "is not in the source" if row.expected is None else "is another one"
    return f"{row.table} {short(row.key)} {what}"


def to_text(moved: Moved) -> str:
    """What was done, and what the server has to be told now."""
    return "\n".join(_lines(moved)) + "\n"


def _lines(moved: Moved) -> Iterator[str]:
    did = "were there already" if moved.there else "copied"
    total = sum(moved.rows.values())
    yield f"{many(total, 'row')} {did}, every column compared, in {moved.target.shown}:"
    yield from (f"  - {name}: {count:,}" for name, count in moved.rows.items() if count)
    if moved.renamed:
        yield f"{many(moved.renamed, 'permission')} followed an experiment to its new id."
    if moved.orphans:
        yield f"Belonging to nobody, as in the source: {many(len(moved.orphans), 'row')}, like"
        yield f"  - {moved.orphans[0]}"
    yield ""
    yield "The server's basic_auth.ini from now on (with the password; a % in it is written %%):"
    yield ""
    yield "[mlflow]"
    yield f"database_uri = {_line(moved.target)}"
    yield ""
    yield "Start the server with MLFLOW_AUTH_CONFIG_PATH naming that file. The old file stays as"
    yield "it was; users that are added there from now on are not in the new database."


def _line(target: Target) -> str:
    user, _, rest = target.shown.partition("@")
    return f"{user}:PASSWORD@{rest}".replace("%", "%%")
