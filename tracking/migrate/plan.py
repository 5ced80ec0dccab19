"""The plan: all that will be done, in order, and all that stands in the way. Writes nothing.

`run` carries out the steps of this very list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from enum import StrEnum

from tracking.migrate import indexes, ledger, schema, shape, snapshot, source
from tracking.migrate.addresses import Target
from tracking.migrate.hazards import find
from tracking.migrate.hazards.hazard import Hazard
from tracking.migrate.prepared import Prepared
from tracking.migrate.progress import duration
from tracking.migrate.server import right_collation
from tracking.migrate.shape import Shape
from tracking.migrate.source import Size, Table
from tracking.migrate.target import Found, look
from tracking.migrate.telling import many

ROWS_PER_SECOND = 100_000
"""What to expect; measured 60,000 to 180,000 against a server on the same two cores."""
BYTES_PER_SECOND = 30_000_000
"""What to expect of fat rows, with the same measure."""


class Do(StrEnum):
    """What a step does."""

    CREATE_DATABASE = "create database"
    SET_COLLATION = "set collation"
    START_OVER = "start over"
    OPEN_LEDGER = "open ledger"
    DROP_TABLES = "drop tables"
    MAKE_TABLES = "make tables"
    GET_READY = "get ready"
    COPY = "copy"
    MAKE_INDEXES = "make indexes"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class Step:
    """A thing to be done. `rows` are those still to be copied."""

    do: Do
    what: str
    table: str | None = None
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen. `prepared` is the copy of the source, `found` the target as it stands."""

    prepared: Prepared
    target: Target
    found: Found
    steps: tuple[Step, ...]
    hazards: tuple[Hazard, ...]
    sizes: Mapping[str, Size]
    tables: Mapping[str, Table]
    resumes: bool

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(each.rows for each in self.sizes.values())

    @property
    def bytes(self) -> int:
        """Of all values."""
        return sum(each.bytes for each in self.sizes.values())

    @property
    def seconds(self) -> float:
        """How long the copy may take."""
        rows = sum(step.rows for step in self.steps)
        share = rows / self.rows if self.rows else 0.0
        return max(rows / ROWS_PER_SECOND, share * self.bytes / BYTES_PER_SECOND)

    @property
    def blocked(self) -> tuple[Hazard, ...]:
        """What has to be put right first."""
        return tuple(hazard for hazard in self.hazards if hazard.blocking)


def mlflow_shape() -> Shape | None:
    """The tables MLflow makes on MySQL, where this revision of them is known beforehand."""
    return shape.kept(schema.head())


def plan(prepared: Prepared, target: Target) -> Plan:
    """Look at both ends, and say what will be done. Raises TrackingError."""
    with snapshot.readable(prepared.source), closing(source.opened(prepared.file)) as store:
        tables = source.tables(store)
        found = look(target, frozenset(mlflow_shape() or tables))
        ours = {name: table for name, table in tables.items() if name in (mlflow_shape() or tables)}
        sizes = {name: source.size(store, table) for name, table in ours.items()}
        hazards = find.hazards(store, prepared, target, found, tables, sizes, mlflow_shape())
    resumes = found.entry is not None and found.entry.ready_for(prepared.id)
    steps = tuple(_steps(target, found, sizes, resumes=resumes))
    return Plan(prepared, target, found, steps, tuple(hazards), sizes, ours, resumes)


def _steps(
    target: Target, found: Found, sizes: Mapping[str, Size], *, resumes: bool
) -> Iterator[Step]:
    right = right_collation(found.server)
    name = target.database
    if not found.exists:
        yield Step(Do.CREATE_DATABASE, f"make the database {name}, in {right}")
    elif not found.tables and found.collation != right:
        what = f"let {name} compare by {right} from now on (it has no tables yet)"
        yield Step(Do.SET_COLLATION, what)
    if not resumes:
        yield from _beginning(name, found)
    for table, size in sizes.items():
        if size.rows:
            yield Step(Do.COPY, f"copy {table}: {many(size.rows, 'row')}", table, size.rows)
    if large := indexes.large(sizes):
        what = f"make the secondary indexes and foreign keys of {', '.join(large)}"
        yield Step(Do.MAKE_INDEXES, f"{what}, put off until here")
    yield Step(Do.VERIFY, "compare every row of both sides, then read both through MLflow")


def _beginning(name: str, found: Found) -> Iterator[Step]:
    """An order in which it may be killed: the ledger, which says that all is ours, comes first."""
    if found.entry and found.filled:
        yield Step(Do.START_OVER, "empty the tables that an earlier copy has begun to fill")
    yield Step(Do.OPEN_LEDGER, f"open the ledger of this move ({ledger.MIGRATION})")
    if found.revision != schema.head():
        if found.entry and found.tables:
            yield Step(Do.DROP_TABLES, "drop the tables that an interrupted run has half made")
        yield Step(Do.MAKE_TABLES, f"let MLflow make its tables in {name} ({schema.head()})")
    yield Step(Do.GET_READY, "take note of how MLflow made its tables, and empty them")


def to_json(made: Plan) -> str:
    """The plan for programs."""
    return json.dumps({
        "source": str(made.prepared.source),
        "target": made.target.shown,
        "server": made.found.server.text,
        "revision": made.prepared.revision_before,
        "revision_after": made.prepared.revision,
        "resumes": made.resumes,
        "blocked": bool(made.blocked),
        "rows": made.rows,
        "bytes": made.bytes,
        "expected_seconds": round(made.seconds, 1),
        "tables": {name: asdict(size) for name, size in made.sizes.items()},
        "experiment_ids": {str(old): new for old, new in made.prepared.ids.items()},
        "steps": [asdict(step) for step in made.steps],
        "hazards": [asdict(hazard) for hazard in made.hazards],
    })  # fmt: skip


def to_text(made: Plan) -> str:
    """The plan for people."""
    return "\n".join(_lines(made)) + "\n"


def _lines(made: Plan) -> Iterator[str]:
    prepared = made.prepared
    yield f"From  {prepared.source}"
    yield f"To    {made.target.shown} ({made.found.server.text})"
    yield f"Size  {made.rows:,} rows in {len(made.sizes)} tables, {made.bytes:,} bytes of values"
    yield f"Time  about {duration(made.seconds)} for the copy, at {ROWS_PER_SECOND:,} rows/s"
    yield ""
    yield "What was done to a copy of the source (the source itself is never written):"
    yield f"  - one consistent copy was taken, revision {prepared.revision_before or 'none'}"
    if prepared.upgraded:
        yield f"  - MLflow brought the copy to {prepared.revision}"
    yield ""
    yield "What will be done:"
    yield from (f"  {number}. {step.what}" for number, step in enumerate(made.steps, start=1))
    yield ""
    yield from _told(made)


def _told(made: Plan) -> Iterator[str]:
    if not made.hazards:
        yield "Nothing stands in the way."
        return
    for title, blocking in (("In the way:", True), ("Worth knowing:", False)):
        some = [hazard for hazard in made.hazards if hazard.blocking is blocking]
        if some:
            yield title
            for hazard in some:
                yield from _hazard(hazard)
            yield ""
    yield "It cannot begin yet." if made.blocked else "Nothing of it stops the move."


def _hazard(hazard: Hazard) -> Iterator[str]:
    where = f" ({hazard.where})" if hazard.where else ""
    yield f"  * {hazard.name}{where}: {hazard.what}"
    yield from (f"      {example}" for example in hazard.examples)
    yield f"    → {hazard.remedy}"
