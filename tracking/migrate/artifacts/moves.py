"""Which folder goes where, and what its address becomes: checked here, before anything is read.

files    the folder as it lies here    /mnt/old/mlruns
written  how the rows call it          /home/alice/mlruns   (else: as it lies here)
to       where its files go            s3://team/mlflow
becomes  what the rows will say        mlflow-artifacts:/   (else: where the files go)
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from tracking.errors import AddressError
from tracking.migrate.artifacts.places import (
    LOCAL,
    NAMES,
    Place,
    place_of,
    scheme_of,
    written_under,
)


@dataclass(frozen=True, slots=True)
class Move:
    """A folder and its way. `written`: the places that are this folder, in the rows' eyes."""

    files: Path
    written: tuple[Place, ...]
    to: str
    becomes: str

    def rest(self, place: Place) -> tuple[str, ...] | None:
        """The path from this folder to a place in it."""
        found = (place.rest_under(root) for root in self.written)
        return next((rest for rest in found if rest is not None), None)

    def address(self, rest: tuple[str, ...]) -> str | None:
        """What a place in the folder is called afterwards; None when that cannot be said."""
        return written_under(self.becomes, rest)


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a folder that moves. `address` is None where the new root cannot say its name.

    `moved`: the row has its new address already, or had no other.
    """

    move: Move
    rest: tuple[str, ...]
    address: str | None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Moves:
    """All folders that move; of nested ones the inner has the say.

    `relative_to`: the folder in which somebody ran who wrote addresses like `./mlruns`.
    """

    all: tuple[Move, ...]
    relative_to: Path | None = None

    def find(self, address: str) -> Found | None:
        """What happens to an address; None when it lies in none of the folders."""
        place = place_of(address, self.relative_to)
        if place is None:
            return None
        for move in self.all:
            if (rest := move.rest(place)) is not None:
                new = move.address(rest)
                # The same place keeps its spelling: a rewriting must have a reason.
                same = new is not None and place_of(new) == place
                return Found(move, rest, address if same else new, moved=same)
        return self._moved(address, place)

    def _moved(self, address: str, place: Place) -> Found | None:
        for move in self.all:
            root = place_of(move.becomes)
            if root and (rest := place.rest_under(root)) is not None:
                return Found(move, rest, address, moved=True)
        return None

    def to_json(self) -> str:
        """As one line, to be recognised again."""
        told = [[str(m.files), [w.shown for w in m.written], m.to, m.becomes] for m in self.all]
        return json.dumps([told, str(self.relative_to or "")], ensure_ascii=False)


def moves(
    folders: Sequence[str], to: Sequence[str], written: Sequence[str] = (),
    becomes: Sequence[str] = (), relative_to: Path | None = None,
) -> Moves:  # fmt: skip
    """The moves that options ask for, one of each list together. Raises AddressError."""
    _check_counts(folders, to, written, becomes)
    base = relative_to.resolve() if relative_to else None
    rows = zip_longest(folders, to, written, becomes)
    made = [_move(folder, goal, old, new, base) for folder, goal, old, new in rows]
    _check_apart(made)
    made.sort(key=lambda move: -max(len(each.parts) for each in move.written))
    return Moves(tuple(made), base)


def _check_counts(
    folders: Sequence[str], to: Sequence[str], written: Sequence[str], becomes: Sequence[str]
) -> None:
    for name, given in (("--to", to), ("--written", written), ("--becomes", becomes)):
        if len(given) != len(folders) and (given or name == "--to"):
            what = f"There are {len(folders)} --from and {len(given)} {name}."
            raise AddressError(what, f"Give one {name} for each --from, in the same order.")


def _move(
    folder: str, to: str, written: str | None, becomes: str | None, base: Path | None
) -> Move:
    files = _folder(folder)
    goal = _goal(to)
    old = _written(written, base) if written else ()
    return Move(files.resolve(), old or _places(files), goal, (becomes or goal).rstrip("/") or "/")


def _places(folder: Path) -> tuple[Place, ...]:
    """A folder by its name, and by the one it has behind its symbolic links."""
    both = dict.fromkeys((folder.absolute(), folder.resolve()))
    found = (place_of(each.as_uri()) for each in both)
    return tuple(place for place in found if place)


def _folder(address: str) -> Path:
    place = place_of(address, Path.cwd())
    if place is None or place.scheme != LOCAL or place.host:
        what = f"{address} is no folder of this machine: artifacts are copied from a local folder."
        raise AddressError(what, "Mount it here, or let the store's own tools copy it.")
    # A path of a command line is meant as it stands: only addresses are percent-encoded.
    path = Path(place.shown if address.startswith(f"{LOCAL}:") else address).expanduser()
    if not path.is_dir():
        what = f"There is no folder {path}."
        raise AddressError(what, "Name the folder in which the artifacts lie.")
    return path


def _goal(address: str) -> str:
    scheme, place = scheme_of(address), place_of(address)
    if scheme in NAMES:
        what = f"{address} is a name, no place for files."
        raise AddressError(what, "Name a folder, or a root like s3://bucket/mlflow.")
    if scheme == LOCAL and place and place.host:
        what = f"{address} is a folder of another machine."
        raise AddressError(what, "Mount it here, and name it as it is called here.")
    if scheme and not (scheme == LOCAL and not address.startswith(f"{LOCAL}:")):
        return address.rstrip("/")
    # MLflow refuses addresses with .. in them.
    return os.path.abspath(Path(address).expanduser())  # noqa: PTH100  # resolve() follows links


def _written(address: str, base: Path | None) -> tuple[Place, ...]:
    place = place_of(address, base)
    if place is None:
        what = f"{address} is relative, and nobody says to what."
        raise AddressError(what, "Name the folder the server ran in with --relative-to.")
    return (place,)


def _check_apart(made: Sequence[Move]) -> None:
    """No file may be copied over one that is still to be copied."""
    for goal in (place.resolve() for move in made if (place := local_path(move.to))):
        for files in (move.files for move in made):
            if goal.is_relative_to(files):
                what = f"{goal} lies in {files}: the copy would become part of what is copied."
                raise AddressError(what, "Choose a root outside of it.")
            if files.is_relative_to(goal) and _in_itself(files, files.relative_to(goal)):
                what = f"{files} lies in {goal} and holds a folder of its own name."
                raise AddressError(what, "Choose another root: files would be written over.")


def _in_itself(files: Path, way: Path) -> bool:
    return (files / way.parts[0]).exists()


def local_path(root: str) -> Path | None:
    """The folder of a root on this machine; None for any other kind of root."""
    if scheme_of(root) != LOCAL:
        return None
    if not root.startswith(f"{LOCAL}:"):
        return Path(root)
    place = place_of(root)
    return Path(place.shown) if place and not place.host else None
