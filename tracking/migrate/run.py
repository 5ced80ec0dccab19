"""The run: the plan's own steps, one by one. It can be killed and run again at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pymysql

from tracking.errors import SchemaMismatch, TargetDown, TargetNotEmpty, TargetRefused
from tracking.migrate import copy, events, indexes, ledger, record, schema, server, shape, source
from tracking.migrate.addresses import Target
from tracking.migrate.copy import Pool, Terms
from tracking.migrate.ledger import Entry
from tracking.migrate.plan import Do, Plan, Step
from tracking.migrate.progress import Progress
from tracking.migrate.server import Connection, quoted, right_collation
from tracking.migrate.target import SEEDED, SERVERS_OWN
from tracking.status import MigrationStatus, Phase

PASSES = 3
"""How often what is missing is copied before somebody has to look after the server."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run under way."""

    plan: Plan
    connection: Connection
    progress: Progress
    indexing: Callable[[Plan], None]


def run(
    plan: Plan, folder: Path, progress: Progress, *, max_rate: float | None = None,
    indexing: Callable[[Plan], None] = lambda _plan: None,
) -> None:  # fmt: skip
    """Do what the plan says, up to its verification. `folder` is for what is on its way.

    `indexing` is called once the server is about to be busy by itself, making indexes.

    Raises TargetRefused when something blocks the plan, and TargetDown when the server stays away.
    """
    _refuse_if_blocked(plan)
    try:
        with closing(server.connect(plan.target, database=plan.found.exists)) as connection:
            alone(connection, plan.target)
            job = Job(plan, connection, progress, indexing)
            for step in plan.steps:
                if step.do in _ACTIONS:
                    _ACTIONS[step.do](job)
            with closing(Herald(plan.target)) as herald, progress.telling(herald):
                _copy(job, folder, max_rate)
    except pymysql.MySQLError as error:
        raise server.refused(plan.target, error) from error


def tell_target(target: Target, act: Callable[[], None], progress: Progress) -> None:
    """Do something that changes the status; the target's ledger, if there is one, hears it."""
    if ledger.status_in(target) is None:
        act()
        return
    with closing(Herald(target)) as herald, progress.telling(herald):
        act()


def _refuse_if_blocked(plan: Plan) -> None:
    if not plan.blocked:
        return
    first = plan.blocked[0]
    kind = TargetNotEmpty if first.name == "target-not-empty" else TargetRefused
    more = f" ({len(plan.blocked) - 1} more: see the plan)" if len(plan.blocked) > 1 else ""
    what = f"{first.what}{more}"
    raise kind(what, first.remedy)


def alone(connection: Connection, target: Target, *, wait: float = 0.0) -> None:
    """Only one run at a time writes into a target. The server forgets the lock with the session."""
    name = f"tracktalk-migrate-{target.database}"[:64]
    if server.one(connection, "SELECT GET_LOCK(%s, %s)", [name, wait])[0] != 1:
        raise busy(target)


def busy(target: Target) -> TargetRefused:
    """Somebody else is at work."""
    what = f"Another run is copying into {target.database} right now."
    return TargetRefused(what, "Watch it with `tracktalk migrate status`, or wait for its end.")


class Herald:
    """Tells the target's ledger the status, also after the server was started anew.

    A status that cannot be told just now is told the next time: the rows are what counts.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._connection: Connection | None = None

    def __call__(self, now: MigrationStatus) -> None:
        """Tell it."""
        try:
            self._connection = self._connection or server.connect(self._target)
            ledger.say(self._connection, now)
        except (pymysql.MySQLError, TargetDown):
            self.close()

    def close(self) -> None:
        """Hang up."""
        if self._connection:
            server.close(self._connection)
        self._connection = None


def _create_database(job: Job) -> None:
    name = quoted(job.plan.target.database)
    right = right_collation(job.plan.found.server)
    server.run(job.connection, f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE {right}")
    job.connection.select_db(job.plan.target.database)


def _set_collation(job: Job) -> None:
    name = quoted(job.plan.target.database)
    right = right_collation(job.plan.found.server)
    server.run(job.connection, f"ALTER DATABASE {name} CHARACTER SET utf8mb4 COLLATE {right}")


def _make_tables(job: Job) -> None:
    schema.make(job.plan.target, job.connection)


def _start_over(job: Job) -> None:
    """Empty tables that only hold what an earlier copy of ours put there; the ledger says so."""
    server.run(job.connection, server.UNCHECKED)
    server.run(job.connection, *(f"TRUNCATE TABLE {quoted(each)}" for each in _filled(job)))


def _drop_tables(job: Job) -> None:
    """Only tables without rows: MLflow's upgrade cannot go on where it was killed."""
    server.run(job.connection, server.UNCHECKED)
    server.run(job.connection, *(f"DROP TABLE {quoted(each)}" for each in job.plan.found.tables))


def _filled(job: Job) -> list[str]:
    return sorted(job.plan.found.filled | set(SEEDED))


def _open_ledger(job: Job) -> None:
    copied = job.plan.prepared
    entry = Entry(copied.id, str(copied.source), job.progress.status)
    ledger.begin(job.connection, entry, copied.ids)
    record.note(job.connection, events.planned(job.plan, job.progress.status.started_at))


def _get_ready(job: Job) -> None:
    indexes.make(job.plan.target, _unheard, _unheard)  # where this was cut short before
    made = shape.take(job.connection, ledger.OURS)
    _check_columns(job.plan, made)
    server.run(job.connection, server.UNCHECKED)
    # What MLflow puts into a fresh store by itself comes from the source, like all the rest.
    server.run(
        job.connection, *(f"DELETE FROM {quoted(table)}" for table in (*SEEDED, *SERVERS_OWN))
    )
    job.connection.commit()
    indexes.put_off(job.connection, indexes.large(job.plan.sizes))
    ledger.ready(job.connection, shape.to_json(made))


def _unheard(*_: object) -> None:
    """Tables without rows take no time that anybody would wait for."""


def _check_columns(plan: Plan, made: shape.Shape) -> None:
    """Every column of the copy has its place, and nothing has to be filled in besides."""
    for name, table in plan.tables.items():
        there = {field for field, of in made[name].fields.items() if not of.generated}
        have = set(source.names(table.stored))
        if there != have:
            odd = ", ".join(sorted(there ^ have))
            what = f"The table {name} has other columns in the target than in the source: {odd}."
            raise SchemaMismatch(what, "Give an empty database, so that MLflow makes its tables.")


_ACTIONS: Mapping[Do, Callable[[Job], None]] = {
    Do.CREATE_DATABASE: _create_database,
    Do.SET_COLLATION: _set_collation,
    Do.MAKE_TABLES: _make_tables,
    Do.START_OVER: _start_over,
    Do.OPEN_LEDGER: _open_ledger,
    Do.DROP_TABLES: _drop_tables,
    Do.GET_READY: _get_ready,
}


def _copy(job: Job, folder: Path, max_rate: float | None) -> None:
    """Copy until the ledger has every row: a crashed server may have lost what it had taken."""
    for _ in range(PASSES):
        done = _done(job.plan)
        there = sum(each.rows for chunks in done.values() for each in chunks)
        if there == job.plan.rows and not _indexes_missing(job.plan.target):
            job.progress.change(phase=Phase.COPYING, rows_copied=there, rows_total=there)
            return
        job.progress.begin(Phase.COPYING, total=job.plan.rows, before=there)
        record.keep(job.plan.target, events.begun(there))
        _copy_missing(job, folder, max_rate, done)
        _make_indexes(job)
        record.keep(job.plan.target, events.copied(job.plan.rows - there))
    if sum(each.rows for chunks in _done(job.plan).values() for each in chunks) < job.plan.rows:
        what = f"The server has lost rows {PASSES} times that it had said it took."
        raise TargetRefused(what, "See its log, then run again: it goes on where it stopped.")


def _done(plan: Plan) -> dict[str, list[ledger.Done]]:
    with closing(server.connect(plan.target)) as connection:
        ledger.check_ready(connection, plan.prepared.id)
        return ledger.done(connection)


def _indexes_missing(target: Target) -> bool:
    with closing(server.connect(target)) as connection:
        return bool(indexes.pending(connection))


def _make_indexes(job: Job) -> None:
    def begun(table: str) -> None:
        job.indexing(job.plan)
        job.progress.change(
            phase=Phase.INDEXING, table=table, rows_per_second=None, eta_seconds=None
        )

    target = job.plan.target
    server.patiently(
        lambda: indexes.make(target, begun, job.progress.change),
        lambda: server.close(server.awaited(lambda: server.connect(target))),
    )


def _copy_missing(
    job: Job, folder: Path, max_rate: float | None, done: Mapping[str, list[ledger.Done]]
) -> None:
    plan = job.plan
    how: copy.How = "load" if plan.found.loads else "insert"
    terms = Terms(how, plan.found.packet, plan.prepared.id, max_rate)
    with (
        closing(source.opened(plan.prepared.file)) as store,
        Pool(plan.target, terms, folder) as pool,
    ):
        _copy_tables(job, pool, store, done, [each for each in plan.steps if each.do is Do.COPY])
    job.progress.change(table=None, eta_seconds=0.0)


def _copy_tables(
    job: Job, pool: Pool, store: sqlite3.Connection, done: Mapping[str, list[ledger.Done]],
    steps: Sequence[Step],
) -> None:  # fmt: skip
    for step in steps:
        name = str(step.table)
        chunks = done.get(name, [])
        pool.copy(store, job.plan.tables[name], job.plan.sizes[name], chunks, job.progress.advance)
