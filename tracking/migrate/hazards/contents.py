"""Hazards of the store as a whole: damage, orphans, what stays, what was put right, artifacts."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from tracking.migrate.hazards.hazard import SHOWN, Hazard
from tracking.migrate.prepared import Prepared
from tracking.migrate.shape import Shape
from tracking.migrate.source import Table, quoted

_ALIVE = "current_stage IS NOT 'Deleted_Internal'"
"""MLflow overwrites what a deleted version's address was with words that are none."""
ARTIFACTS = {
    ("experiments", "artifact_location"): None,
    ("runs", "artifact_uri"): None,
    ("logged_models", "artifact_location"): None,
    ("model_versions", "source"): _ALIVE,
    ("model_versions", "storage_location"): _ALIVE,
    ("trace_tags", "value"): "key = 'mlflow.artifactLocation'",
}
"""Columns that hold addresses of artifacts, and which of their rows do."""
_LOCAL = frozenset({"", "file"})
_REMEDIES = {
    "local": "The files stay where they are. Copy them to where the server on MySQL can read them,"
    " and rewrite these addresses; or keep the folder at the same path.",
    "mlflow-artifacts": "Nothing, if the server keeps its --artifacts-destination.",
    "models": "Nothing: it names another model version.",
    "runs": "Nothing: it names a run.",
}
_ELSEWHERE = "Nothing, if the server on MySQL reaches it with the same credentials."


def hazards(
    store: sqlite3.Connection, prepared: Prepared, tables: Mapping[str, Table], shape: Shape | None
) -> Iterator[Hazard]:
    """What was found, worst first."""
    yield from _damage(store, tables)
    yield from _orphans(store)
    yield from _left_out(store, tables, shape)
    yield from _upgraded(store, prepared)
    yield from _put_right(prepared)
    yield from _not_numbers(store, tables)
    yield from artifact_places(store, tables)


def _damage(store: sqlite3.Connection, tables: Mapping[str, Table]) -> Iterator[Hazard]:
    """SQLite's quick check of pages and constraints, and whether every index has every row.

    The full check takes five times as long, for what the copy does not lean on.
    """
    said = [str(row[0]) for row in store.execute(f"PRAGMA quick_check({SHOWN})")]
    said = [] if said == ["ok"] else said
    if not said:
        said += [told for table in tables.values() for told in _short_indexes(store, table)]
    if said:
        yield Hazard(
            "damaged", "SQLite finds the source damaged, or rows that its own checks refuse.",
            "Mend it first: `sqlite3 OLD.db .recover | sqlite3 NEW.db`, or put the rows right.",
            blocking=True, found=len(said), examples=tuple(said[:SHOWN]),
        )  # fmt: skip


def _short_indexes(store: sqlite3.Connection, table: Table) -> Iterator[str]:
    """Rows are read in the order of an index: one that lacks some would hide them."""
    name = quoted(table.name)
    rows = store.execute(f"SELECT count(*) FROM {name} NOT INDEXED").fetchone()[0]
    for _, index, *_, partial in store.execute(f"PRAGMA index_list({name})").fetchall():
        if not partial:
            query = f"SELECT count(*) FROM {name} INDEXED BY {quoted(index)}"
            found = store.execute(query).fetchone()[0]
            if found != rows:
                yield f"index {index} of {table.name} has {found:,} of {rows:,} rows"


def _orphans(store: sqlite3.Connection) -> Iterator[Hazard]:
    counts, rows = Counter[tuple[str, str]](), dict[tuple[str, str], list[int]]()
    for table, row, parent, _ in store.execute("PRAGMA foreign_key_check"):
        counts[table, parent] += 1
        if counts[table, parent] <= SHOWN:
            rows.setdefault((table, parent), []).append(row)
    for (table, parent), found in counts.items():
        examples = tuple(f"rowid {row}" for row in rows[table, parent])
        yield Hazard(
            "orphans", f"{found:,} row(s) point to rows of {parent} that are not there.",
            f"Nothing: they are copied as they are. To be rid of them: DELETE FROM {table} WHERE"
            " rowid IN (…), in the source, before the move.",
            blocking=False, table=table, found=found, examples=examples,
        )  # fmt: skip


def _left_out(
    store: sqlite3.Connection, tables: Mapping[str, Table], shape: Shape | None
) -> Iterator[Hazard]:
    for name in tables if shape else ():
        rows = store.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0]
        if shape and name not in shape and rows:
            yield Hazard(
                "not-mlflows", f"{rows:,} row(s) of a table that is not MLflow's are not copied.",
                "Nothing, unless it is yours; users and permissions of basic-auth move by"
                " themselves.",
                blocking=False, table=name, found=rows,
            )  # fmt: skip


def _upgraded(store: sqlite3.Connection, prepared: Prepared) -> Iterator[Hazard]:
    if not prepared.upgraded:
        return
    revision = prepared.revision_before or "none, as MLflow 0.9 made them"
    yield Hazard(
        "old-schema",
        f"The source has tables of revision {revision}.",
        f"Nothing: MLflow has brought the copy to {prepared.revision}; the source stays as it is.",
        blocking=False,
    )
    for name, before in prepared.rows_before.items():
        there = store.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        now = store.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0] if there else 0
        if now != before:
            yield Hazard(
                "changed-by-upgrade",
                f"It had {before:,} rows before MLflow's upgrade, now {now:,}.",
                "See MLflow's notes on its migrations; `mlflow db upgrade` does the same.",
                blocking=False, table=name, found=abs(now - before),
            )  # fmt: skip


def _put_right(prepared: Prepared) -> Iterator[Hazard]:
    if prepared.ids:
        given = list(prepared.ids.items())
        yield Hazard(
            "experiment-ids", f"{len(given):,} experiment id(s) do not fit into MySQL's INT.",
            "Nothing: they have new ones, everywhere; the target's table tracktalk_experiment_ids"
            " keeps which. Links and scripts that name an old id have to be changed.",
            blocking=False, table="experiments", column="experiment_id", found=len(given),
            examples=tuple(f"{old} → {new}" for old, new in given[:SHOWN]),
        )  # fmt: skip
    if prepared.infinities:
        yield Hazard(
            "infinities",
            f"{prepared.infinities:,} number(s) are infinite, which MySQL has no value for.",
            "Nothing: they are written as ±1.7976931348623157e308, which is MLflow's own form.",
            blocking=False, found=prepared.infinities,
        )  # fmt: skip


def _not_numbers(store: sqlite3.Connection, tables: Mapping[str, Table]) -> Iterator[Hazard]:
    for name in ("metrics", "latest_metrics"):
        if name in tables:
            found = store.execute(f"SELECT count(*) FROM {name} WHERE is_nan").fetchone()[0]
            if found:
                yield Hazard(
                    "nan", f"{found:,} value(s) are NaN, kept as 0 with is_nan = 1.",
                    "Nothing: MLflow does the same on MySQL.", blocking=False, table=name,
                    column="value", found=found,
                )  # fmt: skip


def artifact_places(store: sqlite3.Connection, tables: Mapping[str, Table]) -> Iterator[Hazard]:
    """Addresses of artifacts by scheme: moving the database moves no file."""
    for (table, column), rows in ARTIFACTS.items():
        if table not in tables:
            continue
        found: dict[str, list[str]] = {}
        counts: dict[str, int] = {}
        where = f"{column} IS NOT NULL" + (f" AND {rows}" if rows else "")
        for (value,) in store.execute(f"SELECT {column} FROM {table} WHERE {where}"):
            scheme = _scheme(str(value))
            counts[scheme] = counts.get(scheme, 0) + 1
            examples = found.setdefault(scheme, [])
            if len(examples) < 2:
                examples.append(str(value))
        for scheme, number in sorted(counts.items()):
            yield Hazard(
                "artifacts", f"{number:,} address(es) of artifacts are {scheme}.",
                _REMEDIES.get(scheme, _ELSEWHERE), blocking=False, table=table, column=column,
                found=number, examples=tuple(found[scheme]),
            )  # fmt: skip


def _scheme(value: str) -> str:
    """An address's scheme; a path, with or without a drive letter, is local."""
    found = urlsplit(value).scheme
    return "local" if found in _LOCAL or len(found) == 1 else found
