"""The verification: every table, every row, every column; the structure; then MLflow's own eyes.

It needs a copy of the source and a target, however that one was filled, and writes nothing but
the run of the write test, which it removes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice

import pymysql

from tracking.errors import SchemaMismatch
from tracking.migrate import ledger, schema, server, shape, source
from tracking.migrate.addresses import Target
from tracking.migrate.hazards.hazard import short
from tracking.migrate.prepared import Prepared
from tracking.migrate.progress import Progress
from tracking.migrate.server import Connection, quoted
from tracking.migrate.shape import Shape
from tracking.migrate.source import Size, Table
from tracking.migrate.verify import structure, through_mlflow
from tracking.migrate.verify.canon import Values, alike
from tracking.migrate.verify.differ import Askers, RowDifference
from tracking.migrate.verify.findings import MOST, Check, Compared, Finding, Proof
from tracking.migrate.verify.tables import Tables
from tracking.status import Phase, Verification

COUNTS, ROWS = "counts", "rows"


@dataclass(frozen=True, slots=True)
class Terms:
    """How thorough it is: runs to read through MLflow (0: none), and whether to log one."""

    sample: int = through_mlflow.SAMPLE
    write: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What a run that comes right before has already."""

    sizes: Mapping[str, Size] = field(default_factory=dict)
    reader: through_mlflow.Reader = field(default_factory=through_mlflow.Reader)


@dataclass(slots=True)
class _Notes:
    """What is found, as it is found; no more than so many of each subject are kept."""

    findings: list[Finding] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    differing: int = 0
    compared: list[Compared] = field(default_factory=list)

    @contextmanager
    def check(self, name: str, covered: str) -> Iterator[None]:
        before, begun = self.differing, time.monotonic()
        yield
        seconds = time.monotonic() - begun
        self.checks.append(Check(name, self.differing == before, covered, seconds))

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.differing += 1
            self.findings.append(finding)

    def not_made(self, name: str, why: str) -> None:
        self.checks.append(Check(name, None, why))


def verify(
    prepared: Prepared, target: Target, progress: Progress, terms: Terms = Terms(),
    known: Known | None = None,
) -> Proof:  # fmt: skip
    """Compare the copy with the target. Raises TargetDown, TargetRefused."""
    known = known or Known()
    try:
        with (
            closing(server.connect(target)) as connection,
            closing(source.opened(prepared.file)) as store,
            closing(known.reader),
        ):
            work = _Verification(prepared, target, connection, store, progress, terms, known)
            return work.proof()
    except pymysql.MySQLError as error:
        raise server.refused(target, error) from error


class _Verification:
    def __init__(
        self, prepared: Prepared, target: Target, connection: Connection,
        store: sqlite3.Connection, progress: Progress, terms: Terms, known: Known,
    ) -> None:  # fmt: skip
        self._prepared, self._target, self._terms = prepared, target, terms
        self._connection, self._store, self._progress = connection, store, progress
        self._expected = expected_shape(connection)
        self._found = shape.take(connection, ledger.OURS)
        whole = self._expected or self._found
        self._tables = {n: t for n, t in source.tables(store).items() if n in whole}
        self._known, self._sizes = known, dict[str, Size]()
        self._notes = _Notes()

    def proof(self) -> Proof:
        self._progress.begin(Phase.VERIFYING)
        self._structure()
        reading = self._read()
        self._sizes = {name: self._size(table) for name, table in self._tables.items()}
        rows = sum(each.rows for each in self._sizes.values())
        self._progress.begin(Phase.VERIFYING, total=rows)
        self._counts()
        self._rows()
        if reading:
            self._through_mlflow()
        notes = self._notes
        return Proof(
            datetime.now(UTC), len(self._tables), rows, tuple(notes.checks), tuple(notes.findings),
            notes.differing, tuple(notes.compared),
        )  # fmt: skip

    def _structure(self) -> None:
        if self._expected is None:
            why = f"the tables of revision {schema.head()} are not kept here to compare with"
            self._notes.not_made(structure.CHECK, why)
            return
        covered = structure.covered(self._found)
        with self._notes.check(structure.CHECK, f"{covered}, counters"):
            self._notes.add(structure.compare(self._expected, self._found))
            if not self._notes.differing:
                self._notes.add(structure.counters(self._connection, self._expected))

    def _size(self, table: Table) -> Size:
        return self._known.sizes.get(table.name) or source.size(self._store, table)

    def _read(self) -> bool:
        """MLflow begins to read both stores, while the rows are compared."""
        why = ""
        if not self._terms.sample:
            why = "left out (--sample 0)"
        elif self._notes.differing:
            why = "the tables are not MLflow's: it would begin to change them"
        if why:
            self._notes.not_made(through_mlflow.CHECK, why)
            return False
        self._sample = through_mlflow.sample(self._prepared.file, self._terms.sample)
        write = self._terms.write
        self._known.reader.read(self._prepared.file, self._target, self._sample, write=write)
        return True

    def _counts(self) -> None:
        with self._notes.check(COUNTS, f"{len(self._tables)} tables"):
            for name, size in self._sizes.items():
                if name in self._found:
                    count = server.one(self._connection, f"SELECT COUNT(*) FROM {quoted(name)}")[0]
                    if count != size.rows:
                        self._notes.add([
                            Finding(COUNTS, name, "", f"{size.rows:,} rows", f"{count:,} rows")
                        ])  # fmt: skip

    def _rows(self) -> None:
        both = Tables(self._target, self._connection, self._store, self._found, self._expected)
        total = sum(each.rows for each in self._sizes.values())
        with (
            self._notes.check(ROWS, f"{total:,} rows, every column"),
            closing(Askers(self._target)) as askers,
        ):
            for name, table in self._tables.items():
                if both.comparable(table):
                    moved = partial(self._progress.advance, name)
                    found = both.differing(askers, table, self._sizes[name], moved)
                    self._notes.add(finding_of(table, each) for each in islice(found, MOST))
        self._notes.compared += both.compared

    def _through_mlflow(self) -> None:
        with self._notes.check(through_mlflow.CHECK, self._sample.covered):
            try:
                answer = self._known.reader.answer()
            except SchemaMismatch as error:
                self._notes.add(
                    [Finding(through_mlflow.CHECK, "store", "", "readable", error.what)]
                )
                return
            self._notes.add(through_mlflow.compare(answer))
        if unread := through_mlflow.unreadable(answer):
            why = f"MLflow can show on neither side: {', '.join(unread[:3])}"
            self._notes.not_made(f"{len(unread)} by rows only", why)
        if self._terms.write and not answer["written"]:
            why = "there is no active experiment to log a run into"
            self._notes.not_made(through_mlflow.WRITING, why)
        elif self._terms.write:
            with self._notes.check(through_mlflow.WRITING, "a run logged, read and removed"):
                self._notes.add(through_mlflow.written(answer))


def expected_shape(connection: Connection) -> Shape | None:
    """MLflow's own tables: as they were right after it had made them here, or as they are kept."""
    entry = ledger.read(connection)
    if entry and entry.shape:
        return shape.from_json(entry.shape)
    return shape.kept(schema.head())


def finding_of(table: Table, row: RowDifference) -> Finding:
    """A row that is not the same, in words."""
    names = source.names(table.key)
    key = ", ".join(f"{n}={short(v, 40)}" for n, v in zip(names, row.key, strict=True))
    if row.expected is None or row.found is None:
        return Finding(
            ROWS, table.name, key,
            "no such row" if row.expected is None else _values(table, row.expected),
            "missing" if row.found is None else _values(table, row.found),
        )  # fmt: skip
    both = zip(source.names(table.stored), row.expected, row.found, strict=True)
    apart = [(name, left, right) for name, left, right in both if not alike(left, right)]
    return Finding(
        ROWS, table.name, key,
        ", ".join(f"{name} = {short(left)}" for name, left, _ in apart),
        ", ".join(f"{name} = {short(right)}" for name, _, right in apart),
    )  # fmt: skip


def _values(table: Table, row: Values) -> str:
    shown = zip(source.names(table.stored), row, strict=True)
    return ", ".join(f"{name} = {short(value, 30)}" for name, value in shown if value is not None)


def told(proof: Proof, progress: Progress) -> None:
    """Put a verification's end into the status: verified, or what differs."""
    progress.change(
        phase=Phase.VERIFIED if proof.ok else Phase.DIFFERENCES,
        table=None,
        eta_seconds=None,
        last_verification=Verification(proof.at, proof.ok, proof.tables, proof.rows),
        differences=tuple(each.difference for each in proof.findings[:20]),
    )
