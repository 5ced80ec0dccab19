"""The copy of the source, made ready: MLflow's newest tables, and only values that MySQL can hold.

What can be put right without losing anything is put right here, in the copy, and told: experiment
ids that do not fit get new ones, an infinity gets MLflow's own number for it. Whatever copies and
compares afterwards sees this copy alone.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tracking.errors import SchemaMismatch
from tracking.migrate import ids, schema, snapshot, source, ties
from tracking.migrate.snapshot import Told

NEXT = "next"
"""The folder, within that of the copy, where a newer one is made."""
INFINITE = 1.7976931348623157e308
"""MLflow's number for infinity: MySQL has none."""
_SINCE_REVISIONS = frozenset({"experiment_tags", "latest_metrics", "registered_models"})
"""Tables that came when every store had a revision already. Without one there is but MLflow 0.9."""
_WRITE_REVISION = (
    "Let the MLflow that the server runs make a new store (`mlflow db upgrade sqlite:///new.db`),"
    " write what its alembic_version holds into that table of a copy of the source, and move the"
    " copy."
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A copy that is ready, in a file. `id` names this very copy.

    `rows_before` are the rows by table before MLflow's upgrade, where there was one.
    """

    file: Path
    id: str
    source: Path
    revision_before: str | None
    revision: str
    ids: Mapping[int, int] = field(default_factory=dict)
    infinities: int = 0
    rows_before: Mapping[str, int] = field(default_factory=dict)

    @property
    def upgraded(self) -> bool:
        """Whether MLflow had to bring the copy to its newest tables."""
        return self.revision_before != self.revision


def prepare(
    original: Path, folder: Path, *, ids_given: Mapping[int, int] | None = None,
    told: Told = lambda _done, _all: None,
) -> Prepared:  # fmt: skip
    """Take a copy into a folder and make it ready. Raises SourceError, SchemaMismatch.

    `ids_given`: experiment ids that were given new ones before; they keep them.
    """
    file = _file(folder)
    _note(folder).unlink(missing_ok=True)
    snapshot.take(original, file, told)
    with snapshot.readable(original):
        before, counts = _revision_of(file), _counts(file)
        _check_revision(original, before, counts)
        if before != schema.head():
            with ties.aside(file):
                schema.upgrade_copy(file)
        given, infinities = _put_right(file, ids_given or {})
    made = Prepared(
        file, secrets.token_hex(8), original, before, schema.head(), given, infinities,
        counts if before != schema.head() else {},
    )  # fmt: skip
    _note(folder).write_text(_to_json(made), encoding="utf-8")
    return made


def _put_right(file: Path, ids_given: Mapping[int, int]) -> tuple[dict[int, int], int]:
    """Which experiment ids became which, and how many infinities there were."""
    with closing(sqlite3.connect(file)) as store:
        store.execute("PRAGMA journal_mode = DELETE")
        given = ids.remap(store, ids_given)
        infinities = _tame(store)
        store.commit()
    return given, infinities


def kept(folder: Path, wanted: str) -> Prepared | None:
    """The copy of that id, if it is still in the folder: a copy goes on where it stopped."""
    found = _noted(folder)
    return found if found and found.id == wanted and found.file.exists() else None


def _noted(folder: Path) -> Prepared | None:
    try:
        return _from_json(folder, _note(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError):  # none, or one whose making was cut short
        return None


def of_target(folder: Path, wanted: str) -> Prepared | None:
    """The copy that a target was filled from, if it is still there.

    It may still lie where a newer copy is made: a pass was killed before that had taken its place.
    """
    if found := kept(folder, wanted):
        return found
    newer = _noted(folder / NEXT)
    return take_place(folder) if newer and newer.id == wanted else None


def take_place(folder: Path) -> Prepared | None:
    """The newer copy becomes the one that the target is. Killed halfway, it can be done again."""
    newer = folder / NEXT
    # The note goes last: as long as it lies there, the copy that it speaks of is here or there.
    _note(folder).unlink(missing_ok=True)
    if _file(newer).exists():
        _file(newer).replace(_file(folder))
    _note(newer).replace(_note(folder))
    return _noted(folder)


def forget(folder: Path) -> None:
    """Throw the copy in a folder away."""
    _note(folder).unlink(missing_ok=True)
    _file(folder).unlink(missing_ok=True)


def _file(folder: Path) -> Path:
    return folder / "snapshot.db"


def _note(folder: Path) -> Path:
    return folder / "snapshot.json"


def _to_json(made: Prepared) -> str:
    return json.dumps({
        "id": made.id,
        "source": str(made.source),
        "revision_before": made.revision_before,
        "revision": made.revision,
        "ids": [[old, new] for old, new in made.ids.items()],
        "infinities": made.infinities,
        "rows_before": dict(made.rows_before),
    })  # fmt: skip


def _from_json(folder: Path, text: str) -> Prepared:
    told = json.loads(text)
    return Prepared(
        file=_file(folder),
        id=told["id"],
        source=Path(told["source"]),
        revision_before=told["revision_before"],
        revision=told["revision"],
        ids=dict(told["ids"]),
        infinities=told["infinities"],
        rows_before=told["rows_before"],
    )


def _revision_of(file: Path) -> str | None:
    with closing(source.opened(file)) as store:
        return source.revision(store)


def _counts(file: Path) -> dict[str, int]:
    with closing(source.opened(file)) as store:
        return {
            name: store.execute(f"SELECT count(*) FROM {source.quoted(name)}").fetchone()[0]
            for name in source.tables(store)
        }


def _check_revision(original: Path, revision: str | None, counts: Mapping[str, int]) -> None:
    if "experiments" not in counts or "runs" not in counts:
        what = f"{original} is no MLflow store: it has no experiments and runs."
        raise SchemaMismatch(what, "Name the file that the MLflow server's backend store is.")
    if not schema.known(revision):
        what = f"{original} has tables of revision {revision}, which MLflow here does not know."
        raise SchemaMismatch(what, "Install the MLflow that the server runs, or a newer one.")
    if revision is None and counts.keys() & _SINCE_REVISIONS:
        what = f"{original} has no alembic_version: which revision its tables are of is not known."
        raise SchemaMismatch(what, _WRITE_REVISION)


def _tame(store: sqlite3.Connection) -> int:
    """Write infinities as MLflow does; says how many there were."""
    found = 0
    for table in source.tables(store).values():
        for column in table.stored:
            if column.kind is source.Kind.REAL:
                found += _tame_column(store, table.name, source.quoted(column.name))
    return found


def _tame_column(store: sqlite3.Connection, table: str, column: str) -> int:
    changed = 0
    for infinite, number in ((float("inf"), INFINITE), (-float("inf"), -INFINITE)):
        changed += store.execute(
            f"UPDATE {source.quoted(table)} SET {column} = ? WHERE {column} = ?", (number, infinite)
        ).rowcount
    return changed
