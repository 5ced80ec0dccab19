"""What the target's rows say of artifacts: by scheme and root, with the fate of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pymysql

from tracking.migrate import server
from tracking.migrate.addresses import Target
from tracking.migrate.artifacts import columns
from tracking.migrate.artifacts.columns import UriColumn
from tracking.migrate.artifacts.folders import Folders
from tracking.migrate.artifacts.moves import Found, Moves
from tracking.migrate.artifacts.places import LOCAL, NAMES, Place, place_of, scheme_of
from tracking.migrate.artifacts.roots import NEEDS
from tracking.migrate.hazards.hazard import SHOWN

MOVES = "moves"
MOVED = "has its new address"
UNSAYABLE = "blocked: the new root cannot say this name"
_STAYS = {
    "": "stays: relative to the folder somebody ran in; name that with --relative-to",
    LOCAL: "stays: no --from has it",
    "runs": "stays: names a run, whose own address counts",
    "models": "stays: names a model, whose own address counts",
    "mlflow-artifacts": "stays: the server's own root; its files need a --from and --written",
}
_STORED = "stays: it is not on this machine; the new server must be able to read it"
_NO_ADDRESS = "no address"
_GROUPS = 200
"""More roots than these are not told one by one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that point to one root and have one fate."""

    scheme: str
    root: str
    fate: str


@dataclass(slots=True)
class Survey:
    """What was read. `too_long` and `unsayable` hold examples; their counts are beside them."""

    rows: dict[Group, int] = field(default_factory=dict)
    by_column: dict[str, int] = field(default_factory=dict)
    """Rows to be rewritten, by column."""
    too_long: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    """By column: how many addresses will not fit, how many characters do, and one of them."""
    unsayable: list[str] = field(default_factory=list)


def survey(target: Target, moves: Moves, named: Folders) -> Survey:
    """Read every address; folders in them that move are put into `named`. Writes nothing."""
    made = Survey()
    try:
        with closing(server.connect(target)) as asker, closing(server.connect(target)) as stream:
            for column in columns.there(asker):
                fits = columns.longest(asker, column)
                for _, address in columns.addresses(stream, column):
                    _count(made, moves, named, column, fits, address)
    except pymysql.MySQLError as error:
        raise server.refused(target, error) from error
    return made


def mentions(target: Target, moves: Moves) -> dict[str, int]:
    """Rows of other columns that mention a folder that moves."""
    found: dict[str, int] = {}
    with closing(server.connect(target)) as asker:
        for move in moves.all:
            for text in {place.shown for place in move.written}:
                for name, count in columns.mentions(asker, text).items():
                    found[name] = found.get(name, 0) + count
    return found


def _count(
    made: Survey, moves: Moves, named: Folders, column: UriColumn, fits: int, address: str | None
) -> None:
    found = moves.find(address) if address else None
    if found is None:
        _add(made.rows, fate_of_staying(moves, address))
        return
    if column.files:
        _name(moves, named, column, found)
    scheme = scheme_of(address or "") or "relative"
    if found.address is None:
        made.unsayable += [str(address)] * (len(made.unsayable) < SHOWN)
    elif not found.moved:
        _add(made.by_column, column.name)
        _check_length(made, column, fits, found.address)
    _add(made.rows, Group(scheme, found.move.written[0].shown, _fate(found)))


def _name(moves: Moves, named: Folders, column: UriColumn, found: Found) -> None:
    # What was logged at the new root since was never here: it is not missing.
    if not found.moved or found.move.files.joinpath(*found.rest).exists():
        named.add(moves.all.index(found.move), "/".join(found.rest), column.name)


def _fate(found: Found) -> str:
    if found.address is None:
        return UNSAYABLE
    return MOVED if found.moved else MOVES


def _check_length(made: Survey, column: UriColumn, fits: int, address: str) -> None:
    if len(address) > fits:
        count = made.too_long.get(column.name, (0, fits, ""))[0]
        made.too_long[column.name] = (count + 1, fits, address)


def fate_of_staying(moves: Moves, address: str | None) -> Group:
    """What becomes of an address that lies in no folder that moves."""
    if not address:
        return Group("none", "", _NO_ADDRESS)
    scheme = scheme_of(address)
    needs = f"{_STORED}, with {NEEDS[scheme].package}" if scheme in NEEDS else _STORED
    fate = _STAYS.get(scheme, needs)
    place = place_of(address, moves.relative_to)
    root = _root(place) if place and scheme not in NAMES else ""
    return Group(scheme or "relative", root, fate)


def _root(place: Place) -> str:
    """The part of a place that many share: up to an experiment's number, or the bucket."""
    if place.scheme != LOCAL:
        return Place(place.scheme, place.host, ()).shown
    cut = next((n for n, part in enumerate(place.parts) if part.isdecimal()), None)
    parts = place.parts[: len(place.parts) - 1 if cut is None else cut]
    return Place(place.scheme, place.host, parts).shown


def _add(counts: dict[Any, int], key: object) -> None:  # Any: what is counted
    counts[key] = counts.get(key, 0) + 1


def told(made: Survey) -> Iterator[tuple[Group, int]]:
    """The groups, those that move first, then the largest."""
    order = sorted(made.rows.items(), key=lambda each: (each[0].fate != MOVES, -each[1]))
    yield from order[:_GROUPS]
    if rest := order[_GROUPS:]:
        yield Group("other", f"{len(rest)} more roots", "stays"), sum(count for _, count in rest)
