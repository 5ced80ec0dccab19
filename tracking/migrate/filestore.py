"""A FileStore's folder (`mlruns/`) becomes an SQLite store, compared with it; then that can move.

MLflow's own migration does the work, on a file that gets its name only when it is whole. What it
leaves out or changes is found by reading both through MlflowClient. The folder is never written.
Each step is kept with a fingerprint of the folder: run again, it goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pydantic import TypeAdapter, ValidationError

from tracking.errors import AddressError, SourceBusy
from tracking.migrate.child import Child
from tracking.migrate.telling import many

Say = Callable[[str], None]
"""Hears what is being done."""

_ARTIFACTS = "artifacts"
_TRASH, _MODELS = ".trash", "models"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that MLflow's migration left out or changed."""

    section: str
    item: str
    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Converted:
    """The SQLite store that the folder became.

    `twice`: points of metrics that had been logged twice, and are there once. `counts`: how much
    was compared, by section. `differences` may be cut; `differing` is their true number.
    """

    file: Path
    fingerprint: str
    twice: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    differing: int | None = None
    differences: tuple[Difference, ...] = ()


def mlruns_in(address: str) -> Path:
    """The folder with the experiments: the one named, or `mlruns` in it. Raises AddressError."""
    bare = address.removeprefix("file://")
    folder = Path(unquote(bare) if bare != address else address).expanduser()
    for each in (folder / "mlruns", folder):
        if each.is_dir() and any(_of_a_store(inner) for inner in each.iterdir()):
            return each.resolve()
    what = f"{folder} holds no FileStore: no folder of an experiment is in it."
    raise AddressError(what, "Name the folder mlruns, or the one that it lies in.")


def _of_a_store(folder: Path) -> bool:
    known = folder.name.isdecimal() or folder.name in {_TRASH, _MODELS}
    return folder.is_dir() and known


def folder_of(mlruns: Path, workspace: Path) -> Path:
    """Where its SQLite file is kept."""
    name = hashlib.sha256(str(mlruns).encode()).hexdigest()[:12]
    return workspace / f"filestore-{name}"


def convert(mlruns: Path, folder: Path, say: Say) -> Converted:
    """The folder as an SQLite store, compared with it. What was done before is not done again.

    Raises SchemaMismatch when MLflow cannot do it, SourceBusy when somebody writes meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    say("looking at every file of the folder")
    seen = fingerprint(mlruns)
    made = _kept(folder)
    if made is None or made.fingerprint != seen or not made.file.exists():
        made = _make(mlruns, folder, seen, say)
    if made.differing is None:
        made = _compare(mlruns, made, say)
        _keep(folder, made)
    return made


def fingerprint(mlruns: Path) -> str:
    """A hash of the names, sizes and times of all files that are no artifacts."""
    digest = hashlib.sha256()
    for path, size, changed in _files(str(mlruns)):
        digest.update(f"{path}\0{size}\0{changed}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir():
            if entry.name != _ARTIFACTS:
                yield from _files(entry.path)
        else:
            seen = entry.stat()
            yield entry.path, seen.st_size, seen.st_mtime_ns


def _make(mlruns: Path, folder: Path, seen: str, say: Say) -> Converted:
    file, part = folder / "mlflow.db", folder / "mlflow.db.part"
    for left in (_note(folder), *folder.glob("mlflow.db*")):
        left.unlink(missing_ok=True)
    say("MLflow makes an SQLite store of it")
    told = folder / "mlflow.db.read"
    asked = {"source": str(mlruns), "file": str(part), "told": str(told)}
    answer = Child("tracking.migrate.filestore_converting", asked).answer(
        "MLflow cannot make an SQLite store of the folder", Heard(told, say).listen
    )
    if fingerprint(mlruns) != seen:
        what = f"Somebody wrote to {mlruns} while it was read."
        raise SourceBusy(what, "End whoever logs there, then ask again.")
    _settle(part)
    part.rename(file)
    made = Converted(file, seen, json.loads(answer)["twice"])
    _keep(folder, made)
    return made


class Heard:
    """Says how many runs were read, from a file that tells: once for each further tenth of them."""

    def __init__(self, file: Path, say: Say) -> None:
        self._file, self._say, self._tenth = file, say, 0

    def listen(self) -> None:
        """Look, and say it if there is something new."""
        with suppress(OSError, ValueError):  # not begun, or being written at this moment
            read, runs = map(int, self._file.read_text(encoding="ascii").split())
            if 10 * read // runs > self._tenth:
                self._tenth = 10 * read // runs
                self._say(f"MLflow has read {read:,} of {runs:,} runs")


def _settle(file: Path) -> None:
    """Have the file alone hold all: MLflow's migration may leave some of it in a log beside it."""
    with closing(sqlite3.connect(file)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.execute("PRAGMA journal_mode = DELETE")


def _compare(mlruns: Path, made: Converted, say: Say) -> Converted:
    say("comparing both through MLflow")
    asked = {"source": str(mlruns), "file": str(made.file)}
    answer: dict[str, Any] = json.loads(  # Any: JSON
        Child("tracking.migrate.filestore_reading", asked).answer("MLflow cannot read the folder")
    )
    return Converted(
        made.file, made.fingerprint, made.twice, answer["counts"], answer["differing"],
        tuple(Difference(**each) for each in answer["differences"]),
    )  # fmt: skip


def _note(folder: Path) -> Path:
    return folder / "filestore.json"


def _keep(folder: Path, made: Converted) -> None:
    draft = folder / ".filestore.json"
    draft.write_text(json.dumps(asdict(made), default=str), encoding="utf-8")
    draft.replace(_note(folder))


def _kept(folder: Path) -> Converted | None:
    with suppress(OSError, ValidationError):  # none, or another version's
        return TypeAdapter(Converted).validate_json(_note(folder).read_bytes())
    return None


def to_text(made: Converted) -> str:
    """What became of the folder, for people."""
    return "\n".join(_lines(made)) + "\n"


def _lines(made: Converted) -> Iterator[str]:
    told = ", ".join(f"{count:,} {section}" for section, count in made.counts.items() if count)
    yield f"MLflow made {made.file} of the folder."
    yield f"Compared through MLflow, all of them: {told or 'nothing was there'}."
    if made.twice:
        twice = many(made.twice, "point")
        yield f"{twice} logged twice, and kept once: tables hold no point twice."
    if not made.differing:
        yield "Both are the same."
        return
    yield f"{many(made.differing, 'difference')}:"
    for each in made.differences[:20]:
        yield f"  - {each.section} {each.item} {each.what}".rstrip()
        yield f"      in the folder: {each.expected}"
        yield f"      in the store:  {each.found}"
    if made.differing > 20:
        yield f"  … and {made.differing - 20:,} more"
