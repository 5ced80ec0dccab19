"""Hazards of the place a store goes to: what stands there, the account's rights, the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tracking.migrate import schema
from tracking.migrate.addresses import Target
from tracking.migrate.hazards.hazard import SHOWN, Hazard
from tracking.migrate.prepared import Prepared
from tracking.migrate.server import right_collation
from tracking.migrate.source import Size
from tracking.migrate.target import Found

NEEDED = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "INDEX", "REFERENCES")
"""What MLflow's upgrade and the copy do in the target's database."""
_GRANT = re.compile(r"GRANT (.+?) ON (?:TABLE )?(\S+) TO", re.IGNORECASE)


def hazards(
    prepared: Prepared, target: Target, found: Found, sizes: Mapping[str, Size]
) -> Iterator[Hazard]:
    """What was found, worst first."""
    yield from _occupied(prepared, target, found)
    yield from _tables(target, found)
    yield from _rights(target, found)
    yield from _settings(found, sizes)


def _occupied(prepared: Prepared, target: Target, found: Found) -> Iterator[Hazard]:
    fix = "Name an empty database; nothing was touched in this one."
    if found.foreign:
        yield Hazard(
            "foreign-tables", f"{target.database} holds {len(found.foreign)} table(s) of others.",
            fix, blocking=True, found=len(found.foreign),
            examples=tuple(sorted(found.foreign)[:SHOWN]),
        )  # fmt: skip
    if found.entry is None and found.filled:
        yield Hazard(
            "target-not-empty",
            f"{target.database} has an MLflow store with rows that no move of ours put there.",
            f"{fix} To prove what somebody else has moved there: tracktalk migrate verify.",
            blocking=True, found=len(found.filled), examples=tuple(sorted(found.filled)[:SHOWN]),
        )  # fmt: skip
    if found.entry and Path(found.entry.source) != prepared.source:
        yield Hazard(
            "other-source", f"{target.database} is the target of a move from {found.entry.source}.",
            fix, blocking=True,
        )  # fmt: skip
    if found.handover and not found.handover.rolled_back:
        yield Hazard(
            "moved-already", f"{target.database} was handed over to MLflow on {found.handover.at}.",
            "A copy would overwrite what was logged since. Name another database.", blocking=True,
        )  # fmt: skip


def _tables(target: Target, found: Found) -> Iterator[Hazard]:
    if found.revision and not schema.known(found.revision):
        yield Hazard(
            "newer-target", f"The target's tables are of revision {found.revision}, unknown here.",
            "Install the MLflow that made them, or name an empty database.", blocking=True,
        )  # fmt: skip
    right = right_collation(found.server)
    wrong = {name: of for name, of in found.collations.items() if of != right}
    if wrong:
        yield Hazard(
            "collation",
            f"{len(wrong)} of the target's tables compare by {next(iter(wrong.values()))}.",
            f"They hold no rows of yours: DROP DATABASE {target.database}; CREATE DATABASE"
            f" {target.database} CHARACTER SET utf8mb4 COLLATE {right};",
            blocking=any(_loses(of) for of in wrong.values()), found=len(wrong),
            examples=tuple(f"{name}: {of}" for name, of in sorted(wrong.items())[:SHOWN]),
        )  # fmt: skip


def _loses(collation: str) -> bool:
    """Whether MLflow would take for one what are two to SQLite, or could not write it at all."""
    return not (collation.startswith("utf8mb4_") and collation.endswith("_bin"))


def _rights(target: Target, found: Found) -> Iterator[Hazard]:
    if any(not _GRANT.match(line) for line in found.rights):
        return  # a role: what it gives is not told here, and the server will say
    have = set[str]()
    for line in found.rights:
        given, on = _GRANT.match(line).groups()  # type: ignore[union-attr]  # matched above
        if _covers(on, target.database):
            have |= {each.strip().upper() for each in given.split(",")}
    missing = [] if "ALL PRIVILEGES" in have else [each for each in NEEDED if each not in have]
    if missing:
        yield Hazard(
            "rights", f"{target.user} lacks rights on {target.database}: {', '.join(missing)}.",
            f"GRANT {', '.join(NEEDED)} ON {target.database}.* TO {target.user};",
            blocking=True, found=len(missing),
        )  # fmt: skip


def _covers(on: str, database: str) -> bool:
    """Whether a grant is for all of a database; its name may be a pattern like that of LIKE."""
    name, _, table = on.replace("`", "").partition(".")
    if table != "*":
        return False
    pattern = re.escape(name).replace(r"\\_", "\0").replace("_", ".").replace("%", ".*")
    return name == "*" or bool(re.fullmatch(pattern.replace("\0", "_"), database))


def _settings(found: Found, sizes: Mapping[str, Size]) -> Iterator[Hazard]:
    settings = found.settings
    if settings.get("read_only") not in {None, "OFF", "0"}:
        yield Hazard(
            "read-only",
            "The server is read-only.",
            "Name the one that takes writes.",
            blocking=True,
        )
    largest = max((size.largest for size in sizes.values()), default=0)
    needed = max(2 * largest + (1 << 20), 4 << 20)
    if found.packet < needed:
        yield Hazard(
            "packet",
            f"max_allowed_packet is {found.packet:,}; the largest row has {largest:,} bytes.",
            f"SET GLOBAL max_allowed_packet = {needed}; and the same in the server's own file.",
            blocking=True,
        )  # fmt: skip
    if not found.loads:
        yield Hazard(
            "no-local-infile", "The server does not take LOAD DATA LOCAL.",
            "Nothing: INSERTs with many rows do. SET GLOBAL local_infile = 1 is a little faster.",
            blocking=False,
        )  # fmt: skip
