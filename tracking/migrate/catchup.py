"""Catching up: what changed in the source since it was copied comes into the target, pass by pass.

The old server may stay up meanwhile. Each pass takes a new copy of the source, finds what differs
from the one before, and brings only that over. A pass that is killed is done again: the copy that
the target was filled from stays in its folder until the next one has taken its place.

    DIR/snapshot.db        the copy that the target is, or was before the pass that is under way
    DIR/next/snapshot.db   the newer one
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import monotonic

import pymysql

from tracking.errors import SchemaMismatch, SourceError, TargetRefused
from tracking.migrate import (
    changes,
    ledger,
    prepared,
    record,
    replay,
    schema,
    server,
    shape,
    source,
    whole,
)
from tracking.migrate.artifacts import rewriting
from tracking.migrate.changes import Changes, Count
from tracking.migrate.handover import Handover
from tracking.migrate.ledger import Entry
from tracking.migrate.link import Link
from tracking.migrate.moving import Move, sole
from tracking.migrate.plan import mlflow_shape
from tracking.migrate.prepared import Prepared
from tracking.migrate.progress import HEARTBEAT, Progress
from tracking.migrate.record import Event, Kind
from tracking.migrate.run import Herald, tell_target
from tracking.migrate.server import Connection
from tracking.migrate.target import Found, look
from tracking.migrate.verify.differ import Askers
from tracking.migrate.verify.tables import Tables
from tracking.migrate.verify.verify import expected_shape
from tracking.status import Phase

FREEZE = 30.0
"""Seconds: a pass that took less is short enough to be the last one, while nothing may write."""
NO_BETTER = 0.8
"""A pass that took more than this share of the one before: they do not get shorter any more."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass that came to its end. `counts` has the tables in which something had changed."""

    copy: Prepared
    seconds: float
    counts: Mapping[str, Count]

    @property
    def changes(self) -> int:
        """Rows that were touched."""
        return sum(count.all for count in self.counts.values())


Told = Callable[[Pass], None]
"""Hears of each pass."""


@dataclass(frozen=True, slots=True)
class Work:
    """A target that only we write into, until this is closed."""

    move: Move
    link: Link
    progress: Progress
    tables: frozenset[str]
    packet: int

    @property
    def connection(self) -> Connection:
        """The one that holds our lock."""
        return self.link.connection


def catch_up(move: Move, progress: Progress, *, freeze: float = FREEZE, told: Told) -> None:
    """Pass after pass, until one is short enough or they get no shorter. Raises TrackingError."""
    with at_work(move, progress) as work:
        last = one_pass(work)
        told(last)
        while last.seconds > freeze:
            before, last = last, one_pass(work)
            told(last)
            if last.seconds > NO_BETTER * before.seconds:
                break
    tell_target(move.target, partial(progress.change, phase=Phase.CAUGHT_UP, table=None), progress)


def follow(move: Move, progress: Progress, every: float, told: Told, over: threading.Event) -> None:
    """A pass every so many seconds, until it is over. Raises TrackingError."""
    with at_work(move, progress) as work:
        while not over.is_set():
            told(one_pass(work))
            rest = monotonic() + every
            while monotonic() < rest and not over.wait(min(HEARTBEAT, rest - monotonic())):
                progress.change()
    tell_target(move.target, partial(progress.change, phase=Phase.CAUGHT_UP, table=None), progress)


@contextmanager
def at_work(move: Move, progress: Progress) -> Iterator[Work]:
    """Get ready for passes. Raises TargetDown, TargetRefused, SchemaMismatch."""
    found = look(move.target, frozenset(mlflow_shape() or ()))
    check(move, found)
    try:
        with (
            sole(move),
            closing(Link(move.target)) as link,
            closing(Herald(move.target)) as herald,
            progress.telling(herald),
        ):
            tables = frozenset(expected_shape(link.connection) or found.tables)
            base = prepared.of_target(move.folder, _entry(link.connection).snapshot)
            # Without it the comparison with the target finds whatever is missing.
            whole.check(link.connection, base, tables)
            yield Work(move, link, progress, tables, found.packet)
    except pymysql.MySQLError as error:
        raise server.refused(move.target, error) from error


def one_pass(work: Work) -> Pass:
    """Bring the target to what the source is now; a server that is started anew is waited for."""
    begun, counts = monotonic(), dict[str, Count]()
    work.progress.begin(Phase.CATCHING_UP)
    copy = _newer(work, work.link.patiently(ledger.experiment_ids))
    work.link.patiently(partial(_bring, work, copy, counts, begun))
    base = prepared.of_target(work.move.folder, copy.id)
    assert base is not None  # noqa: S101  # for mypy: it was put there just now
    return Pass(base, monotonic() - begun, counts)


def _bring(
    work: Work, copy: Prepared, counts: dict[str, Count], begun: float, connection: Connection
) -> None:
    """All that a newer copy has changed; it may be begun again at any time."""
    folder, snapshot = work.move.folder, _entry(connection).snapshot
    if snapshot == copy.id:
        return  # it had arrived; only the answer had not
    # Before any row with such an id: a pass that is killed must not give it another one.
    ledger.know_ids(connection, copy.ids)
    base = prepared.of_target(folder, snapshot)
    if base and not whole.has_all_of(connection, base, work.tables):
        base = None  # a crash took rows that were there: the target itself is asked
    old = base.file if base else None
    with changes.opened(folder / "changes.db", copy.file, old, work.tables) as found:
        _find(work, found, copy, base)
        _check_same_store(work.move, found)
        counts.update(found.counts)
        work.progress.begin(Phase.CATCHING_UP, total=found.all)
        replay.replay(connection, found, work.packet, work.progress.advance)
        if counts:
            told = {"seconds": monotonic() - begun, "counts": to_object(counts)}
            record.note(connection, Event(Kind.CAUGHT_UP, told))
        ledger.move_on(connection, copy.id, dict(whole.chunks(copy.file, found.tables)))


def _check_same_store(move: Move, found: Changes) -> None:
    """A file that another one has taken the place of would take every run out of the target."""
    gone = found.counts["runs"].deleted if "runs" in found.counts else 0
    if gone and not found.remaining("runs"):
        what = f"Of the runs that were copied ({gone:,}), none is in {move.source} any more."
        fix = (
            "Put the right file back. If this is the right one, begin anew:"
            " `tracktalk migrate rollback`, then `tracktalk migrate run`."
        )
        raise SourceError(what, fix)


def _newer(work: Work, given: Mapping[int, int]) -> Prepared:
    """A new copy of the source; while it is taken, it is told that work goes on."""
    move = work.move
    try:
        return prepared.prepare(
            move.source, move.folder / prepared.NEXT, ids_given=given,
            told=lambda _done, _all: work.progress.change(),
        )  # fmt: skip
    except sqlite3.IntegrityError as error:
        what = (
            "An id that was given to an experiment with a long one is now another's in the source."
        )
        fix = "Begin anew: `tracktalk migrate rollback`, then `tracktalk migrate run`."
        raise SourceError(what, fix) from error


def to_object(counts: Mapping[str, Count]) -> dict[str, dict[str, int]]:
    """Counts by table, ready to be JSON."""
    return {name: asdict(count) for name, count in counts.items()}


def written_since(move: Move, base: Prepared, ids: Mapping[int, int]) -> int:
    """How many rows of the source are not as they were in a copy of it."""
    copy = prepared.prepare(move.source, move.folder / prepared.NEXT, ids_given=ids)
    names = frozenset(mlflow_shape() or ())
    found = changes.how_many(move.folder / "changes.db", copy.file, base.file, names)
    prepared.forget(move.folder / prepared.NEXT)
    return found


def check(move: Move, found: Found) -> None:
    """Whether passes make sense here. Raises TargetRefused, SchemaMismatch."""
    if found.entry is None or not found.entry.shape:
        what = f"Nothing has been copied into {move.target.database} yet."
        raise TargetRefused(what, "Begin with `tracktalk migrate run`.")
    if Path(found.entry.source) != move.source:
        what = f"{move.target.database} is the target of a move from {found.entry.source}."
        raise TargetRefused(what, "Name that source, or another database.")
    if found.handover:
        raise already_over(move, found.handover)
    if found.revision != schema.head():
        what = f"The target's tables are of revision {found.revision}, MLflow here has newer ones."
        raise SchemaMismatch(what, "Run `tracktalk migrate plan`: it says what has to be done.")
    with closing(server.connect(move.target)) as connection:
        if rewriting.latest(connection) is not None:
            what = "Artifacts have new addresses in the target: a pass would bring old ones back."
            fix = "Do `tracktalk migrate artifacts rewrite --undo`; rewrite after the cutover."
            raise TargetRefused(what, fix)


def already_over(move: Move, done: Handover) -> TargetRefused:
    """The target is MLflow's own."""
    what = f"{move.target.database} was handed over to MLflow on {done.at}."
    if done.rolled_back:
        what = f"{move.target.database} is what it was when it was rolled back to SQLite."
        return TargetRefused(what, "Begin anew with `tracktalk migrate run`.")
    fix = "A copy would overwrite what was logged since. To go back: tracktalk migrate rollback."
    return TargetRefused(what, fix)


def _entry(connection: Connection) -> Entry:
    entry = ledger.read(connection)
    connection.commit()  # or the next look would see this moment again
    assert entry is not None  # noqa: S101  # for mypy: check() has seen it
    return entry


def _find(work: Work, found: Changes, copy: Prepared, base: Prepared | None) -> None:
    if base:
        changes.between(found, lambda name: work.progress.change(table=name))
        return
    with closing(source.opened(copy.file)) as store, closing(Askers(work.move.target)) as askers:
        there = shape.take(work.connection, ledger.OURS)
        both = Tables(
            work.move.target, work.connection, store, there, expected_shape(work.connection)
        )
        sizes = {name: source.size(store, table) for name, table in found.tables.items()}
        work.progress.begin(Phase.CATCHING_UP, total=sum(size.rows for size in sizes.values()))
        for name, table in found.tables.items():
            moved = partial(work.progress.advance, name)
            found.note(name, both.differing(askers, table, sizes[name], moved))
