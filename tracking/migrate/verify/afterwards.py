"""A target that is MLflow's own by now: each row of the source is looked for in it.

What MLflow has written since the cutover is no difference, and is counted apart: rows that only
the target has, and rows that are otherwise than they were. Whether MLflow or somebody else has
changed a row cannot be told. What can be told is a difference: a row that is gone, for MLflow takes
one away only for somebody who asks for it; and a param that is otherwise, for MLflow changes none.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import pymysql

from tracking.migrate import ledger, schema, server, shape, source
from tracking.migrate.addresses import Target
from tracking.migrate.handover import Handover
from tracking.migrate.prepared import Prepared
from tracking.migrate.progress import Progress
from tracking.migrate.server import Connection
from tracking.migrate.target import SERVERS_OWN
from tracking.migrate.verify import structure, through_mlflow
from tracking.migrate.verify.differ import Askers, RowDifference
from tracking.migrate.verify.findings import MOST, Check, Finding, Proof, Since
from tracking.migrate.verify.tables import Tables
from tracking.migrate.verify.verify import COUNTS, ROWS, expected_shape, finding_of
from tracking.status import Phase

SOURCE = "source"
"""The check that nothing was written to the source after the handover."""
NEVER_CHANGED = frozenset({"params"})
"""Of a metric's point nothing can change: all of it is its key."""


def verify(
    copy: Prepared, target: Target, over: Handover, late: int | None, progress: Progress
) -> Proof:
    """Look for the copy's rows. `late`: how many rows of the source changed after the handover.

    Raises TargetDown, TargetRefused.
    """
    try:
        with (
            closing(server.connect(target)) as connection,
            closing(source.opened(copy.file)) as store,
        ):
            return _Afterwards(target, connection, store, progress).proof(over, late)
    except pymysql.MySQLError as error:
        raise server.refused(target, error) from error


class _Afterwards:
    def __init__(
        self, target: Target, connection: Connection, store: sqlite3.Connection, progress: Progress
    ) -> None:
        self._target, self._connection, self._store = target, connection, store
        self._progress = progress
        self._expected = expected_shape(connection)
        self._found = shape.take(connection, ledger.OURS)
        known = self._expected or self._found
        self._tables = {n: t for n, t in source.tables(store).items() if n in known}
        self._findings: list[Finding] = []
        self._differing: Counter[str] = Counter()
        self._added: Counter[str] = Counter()
        self._changed: Counter[str] = Counter()

    def proof(self, over: Handover, late: int | None) -> Proof:
        sizes = {n: source.size(self._store, each) for n, each in self._tables.items()}
        rows = sum(each.rows for each in sizes.values())
        self._progress.begin(Phase.VERIFYING, total=rows)
        checks = [self._structure()]
        apart = self._differing.total()
        both = Tables(self._target, self._connection, self._store, self._found, self._expected)
        with closing(Askers(self._target)) as askers:
            for name, table in self._tables.items():
                if both.comparable(table):
                    moved = partial(self._progress.advance, name)
                    for each in both.differing(askers, table, sizes[name], moved):
                        self._sort(table, each)
        lost = self._differing.total() - apart
        checks.append(Check(ROWS, not lost, f"{rows:,} rows of the source, each looked for"))
        checks += [_source(late), *_not_made(over)]
        return Proof(
            datetime.now(UTC), len(self._tables), rows, tuple(checks), tuple(self._findings),
            self._differing.total(), tuple(both.compared),
            Since(over.at, over.rolled_back, dict(self._added), dict(self._changed)),
        )  # fmt: skip

    def _structure(self) -> Check:
        revision = server.one(self._connection, "SELECT version_num FROM alembic_version")[0]
        if self._expected is None or revision != schema.head():
            why = f"MLflow has brought the tables to revision {revision}, the move to another"
            return Check(structure.CHECK, None, why)
        found = list(structure.compare(self._expected, self._found))
        self._findings += found
        self._differing["structure"] += len(found)
        return Check(structure.CHECK, not found, structure.covered(self._found))

    def _sort(self, table: source.Table, row: RowDifference) -> None:
        if row.expected is None:
            self._added[table.name] += 1
        elif table.name in SERVERS_OWN or (row.found and table.name not in NEVER_CHANGED):
            self._changed[table.name] += 1
        else:
            self._differing[table.name] += 1
            if self._differing[table.name] <= MOST:
                self._findings.append(finding_of(table, row))


def _source(late: int | None) -> Check:
    if late is None:
        return Check(SOURCE, None, "the copy that was made at the cutover is not here any more")
    if late:
        return Check(SOURCE, False, f"{late:,} of its rows changed after the cutover, only there")
    return Check(SOURCE, True, "as it was at the cutover")


def _not_made(over: Handover) -> list[Check]:
    why = f"MLflow's own since {over.at}: it may show more than the source holds"
    return [Check(name, None, why) for name in (COUNTS, through_mlflow.CHECK)]
