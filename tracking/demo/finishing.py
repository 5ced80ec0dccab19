"""What MLflow's API does not let one say: past creation times, and ids that two builds share.

Run ids are drawn at random by MLflow; here each is replaced, wherever it stands, by one made
from its place in the recipe. Creation and deletion times move to when the story says they
happened. Then the file is analysed, packed and marked. Nothing else in the store is touched.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from tracking.demo.registry import Registered

_ID = re.compile(r"[0-9a-f]{32}")
# Table, its id, and an order that two builds share. Inputs come last: theirs is by others' ids.
_DRAWN = (
    ("runs", "run_uuid", "rowid"),
    ("logged_models", "model_id", "rowid"),
    ("datasets", "dataset_uuid", "experiment_id, name, digest"),
    ("inputs", "input_uuid", "rename(source_id), rename(destination_id)"),
)
_BINARY = {".pkl", ".skops", ".npy"}
Rename = Callable[[str], str]


def finish(
    database: Path, artifacts: tuple[Path, Path], registered: Sequence[Registered], marks: str
) -> None:
    """Rewrite ids, times and the artifact root (from, to); `marks` are the pragmas to set."""
    with closing(sqlite3.connect(database)) as connection:
        rename = _renaming(connection, artifacts)
        _rewrite(connection)
        _backdate(connection)
        _backdate_registry(connection, registered, rename)
        connection.commit()
        connection.executescript(f"{marks} ANALYZE; VACUUM;")
    _rewrite_files(artifacts[0], rename)


def _renaming(connection: sqlite3.Connection, artifacts: tuple[Path, Path]) -> Rename:
    known: dict[str, str] = {}
    before, after = (str(path) for path in artifacts)
    # MLflow puts Default's artifacts under the folder it happens to run in.
    (astray,) = connection.execute(
        "SELECT artifact_location FROM experiments WHERE experiment_id = 0"
    ).fetchone()

    def rename(text: str) -> str:
        moved = text.replace(before, after).replace(astray, f"{after}/0")
        return _ID.sub(lambda match: known.get(match.group(), match.group()), moved)

    connection.create_function("rename", 1, rename)
    for table, column, order in _DRAWN:
        rows = connection.execute(f"SELECT {column} FROM {table} ORDER BY {order}").fetchall()
        for number, (found,) in enumerate(rows):
            name = f"{table} {number}".encode()
            known[found[-32:]] = hashlib.md5(name, usedforsecurity=False).hexdigest()
    return rename


def _rewrite(connection: sqlite3.Connection) -> None:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for column in _text_columns(connection, table):
            connection.execute(
                f'UPDATE "{table}" SET "{column}" = rename("{column}")'
                f' WHERE typeof("{column}") = \'text\' AND "{column}" != rename("{column}")'
            )


def _text_columns(connection: sqlite3.Connection, table: str) -> list[str]:
    # Column 6 of table_xinfo: 0 for stored columns; generated ones cannot be written.
    columns = connection.execute(f'PRAGMA table_xinfo("{table}")')
    return [column[1] for column in columns if column[6] == 0]


def _backdate(connection: sqlite3.Connection) -> None:
    connection.executescript("""
        UPDATE runs SET deleted_time = coalesce(end_time, start_time) + 7200000
            WHERE lifecycle_stage = 'deleted';
        UPDATE experiments SET
            creation_time = coalesce((SELECT min(start_time) - 3600000 FROM runs AS r
                WHERE r.experiment_id = experiments.experiment_id),
                (SELECT min(start_time) - 7200000 FROM runs)),
            last_update_time = coalesce((SELECT max(coalesce(end_time, start_time)) FROM runs AS r
                WHERE r.experiment_id = experiments.experiment_id),
                (SELECT min(start_time) - 7200000 FROM runs));
    """)


def _backdate_registry(
    connection: sqlite3.Connection, registered: Sequence[Registered], rename: Rename
) -> None:
    for entry in registered:
        connection.execute(
            "UPDATE model_versions SET creation_time = ?, last_updated_time = ?"
            " WHERE name = ? AND version = ?",
            (entry.at_ms, entry.at_ms + 600_000, entry.model, entry.version),
        )
        connection.execute(
            "UPDATE logged_models SET creation_timestamp_ms = ?, last_updated_timestamp_ms = ?"
            " WHERE model_id = ?",
            (entry.at_ms - 3_600_000, entry.at_ms - 3_590_000, rename(entry.model_id)),
        )
    connection.execute("""
        UPDATE registered_models SET
            creation_time = (SELECT min(v.creation_time) FROM model_versions AS v
                WHERE v.name = registered_models.name),
            last_updated_time = (SELECT max(v.last_updated_time) FROM model_versions AS v
                WHERE v.name = registered_models.name)
    """)


def _rewrite_files(folder: Path, rename: Rename) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):  # a folder after what is in it
        if path.is_file() and path.suffix not in _BINARY:
            path.write_text(rename(path.read_text()))
        if path.name != rename(path.name):
            path.rename(path.with_name(rename(path.name)))
