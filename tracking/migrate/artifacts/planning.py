"""The plan of a move of artifacts: what the rows say, what lies there, and what will happen.

Writes nothing. `run` copies the files that this plan counts, `rewrite` the rows that it counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from tabulate import tabulate

from tracking.migrate.addresses import Target
from tracking.migrate.artifacts import roots, survey
from tracking.migrate.artifacts.files import EXAMPLES, LOSSES, File, Oddities, files
from tracking.migrate.artifacts.folders import Folders
from tracking.migrate.artifacts.moves import Move, Moves
from tracking.migrate.artifacts.places import lost_in
from tracking.migrate.artifacts.progress import amount
from tracking.migrate.artifacts.survey import Survey
from tracking.migrate.telling import many


@dataclass(slots=True)
class Contents:
    """What lies in a moving folder. `missing`: named by a column, and not there; how often."""

    folders: int = 0
    files: int = 0
    bytes: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    missing_examples: list[str] = field(default_factory=list)
    odd: Oddities = field(default_factory=Oddities)
    untakable: list[str] = field(default_factory=list)
    """Files whose names the destination cannot have; some of them."""
    unnamed_files: int = 0
    unnamed_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen."""

    target: Target
    moves: Moves
    survey: Survey
    contents: tuple[Contents, ...]
    mentions: dict[str, int]
    unusable: tuple[str, ...]
    """Roots that files cannot go to, with why and what to do."""

    @property
    def blocked(self) -> tuple[str, ...]:
        """What has to be put right first, in words."""
        return tuple(_in_the_way(self))


def plan(target: Target, moves: Moves, named: Folders, *, everything: bool = False) -> Plan:
    """Read the rows and look at the folders. Raises TargetDown, TargetRefused."""
    made = survey.survey(target, moves, named)
    contents = [
        _contents(named, number, move, everything=everything)
        for number, move in enumerate(moves.all)
    ]
    mentions = survey.mentions(target, moves)
    unusable = [why for move in moves.all for why in roots.in_the_way(move.to)]
    return Plan(target, moves, made, tuple(contents), mentions, tuple(unusable))


def to_copy(
    named: Folders, number: int, move: Move, odd: Oddities, *, everything: bool
) -> Iterator[File]:
    """The files of a move, in order: those in folders that rows name, or all that there are."""
    if everything:
        yield from files(move.files, "", odd)
        return
    for path, _ in named.outermost(number):
        yield from files(move.files, path, odd)


def _contents(named: Folders, number: int, move: Move, *, everything: bool) -> Contents:
    found = Contents()
    for path, column in named.outermost(number):
        found.folders += 1
        if not os.path.exists(f"{move.files}/{path}"):  # noqa: PTH110  # there may be millions
            found.missing[column] = found.missing.get(column, 0) + 1
            if len(found.missing_examples) < EXAMPLES:
                found.missing_examples.append(path)
    some = to_copy(named, number, move, found.odd, everything=everything)
    found.files, found.bytes = measured(_noting(some, move, found))
    if not everything:
        count, size = measured(files(move.files, "", Oddities()))
        found.unnamed_files = max(0, count - found.files)
        found.unnamed_bytes = max(0, size - found.bytes)
    return found


def _noting(some: Iterator[File], move: Move, found: Contents) -> Iterator[File]:
    for file in some:
        if len(found.untakable) < EXAMPLES and lost_in(move.to, file.path):
            found.untakable.append(file.path)
        yield file


def measured(some: Iterator[File]) -> tuple[int, int]:
    """How many files there are, and of how many bytes."""
    count = size = 0
    for each in some:
        count, size = count + 1, size + each.size
    return count, size


def _in_the_way(made: Plan) -> Iterator[str]:
    yield from in_rows(made.survey)
    yield from made.unusable
    for move, found in zip(made.moves.all, made.contents, strict=True):
        if found.untakable:
            yield (
                f"files with ?, # or % in their names cannot go to {move.to},"
                f" like {found.untakable[0]}: rename them, or choose another kind of root"
            )


def in_rows(made: Survey) -> Iterator[str]:
    """New addresses that cannot be written."""
    for column, (count, fits, example) in made.too_long.items():
        yield (
            f"{count:,} new addresses do not fit into {column} ({fits} characters),"
            f" like {example}: choose a shorter root"
        )
    if made.unsayable:
        yield (
            "names with ?, #, ; or % cannot be told to that kind of root, like"
            f" {made.unsayable[0]}: rename them, or choose a folder as root"
        )


def to_json(made: Plan) -> str:
    """The plan for programs."""
    return json.dumps({
        "target": made.target.shown,
        "blocked": list(made.blocked),
        "rows": [asdict(group) | {"rows": count} for group, count in survey.told(made.survey)],
        "rewritten": made.survey.by_column,
        "mentioned": made.mentions,
        "moves": [
            {"files": str(move.files), "written": [each.shown for each in move.written],
             "to": move.to, "becomes": move.becomes, "contents": asdict(found)}
            for move, found in zip(made.moves.all, made.contents, strict=True)
        ],
    })  # fmt: skip


def to_text(made: Plan) -> str:
    """The plan for people."""
    return "\n".join(_lines(made)) + "\n"


def _lines(made: Plan) -> Iterator[str]:
    yield f"Addresses of artifacts in {made.target.shown}:"
    rows = [
        (group.scheme, group.root, f"{count:,}", group.fate)
        for group, count in survey.told(made.survey)
    ]
    heads = ("scheme", "root", "rows", "what happens")
    yield tabulate(rows, headers=heads, disable_numparse=True, colalign=("left", "left", "right"))
    for move, found in zip(made.moves.all, made.contents, strict=True):
        yield ""
        yield from _move(move, found)
    if made.survey.by_column:
        yield ""
        yield "Addresses that `rewrite` will change:"
        yield from (f"  - {name}: {many(n, 'row')}" for name, n in made.survey.by_column.items())
    yield from _notes(made)
    yield ""
    if made.blocked:
        yield "In the way:"
        yield from (f"  * {what}" for what in made.blocked)
    else:
        yield "Nothing stands in the way." if made.moves.all else _NO_MOVES


_NO_MOVES = "Say which folder moves where with --from FOLDER --to ROOT."


def _move(move: Move, found: Contents) -> Iterator[str]:
    yield f"{move.files} → {move.to}"
    if move.becomes != move.to:
        yield f"  in the rows: {move.becomes}"
    folders = many(found.folders, "folder")
    yield f"  {many(found.files, 'file')}, {amount(found.bytes)}, in {folders}"
    for column, count in found.missing.items():
        yield f"  not there: {many(count, 'folder')} that {column} names"
    yield from (f"      {example}" for example in found.missing_examples)
    if found.unnamed_files:
        unnamed = f"{many(found.unnamed_files, 'file')} ({amount(found.unnamed_bytes)})"
        yield f"  {unnamed} named by no row: left behind, unless --everything is said"
    yield from oddities(found.odd)


def oddities(odd: Oddities) -> Iterator[str]:
    """What is left behind, in lines."""
    for reason, count in odd.counts.items():
        mark = "!" if reason in LOSSES else " "
        yield f" {mark}{count:,} left behind: {reason}"
        yield from (f"      {example}" for example in odd.examples[reason])


def _notes(made: Plan) -> Iterator[str]:
    if made.mentions:
        yield ""
        yield "Mentioned elsewhere, and left as it is (it says where something was):"
        yield from (f"  - {name}: {many(count, 'row')}" for name, count in made.mentions.items())
