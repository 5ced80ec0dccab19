"""Hazards of the place a store goes to: what stands there, the account's rights, the settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tracking.migrate import rights, schema
from tracking.migrate.addresses import Target
from tracking.migrate.hazards.hazard import SHOWN, Hazard
from tracking.migrate.prepared import Prepared
from tracking.migrate.server import quoted, right_collation
from tracking.migrate.source import Size
from tracking.migrate.target import Found

NEEDED = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "INDEX", "REFERENCES")
"""What the copy does in the target's database; MLflow needs TRIGGER, too, to make its tables."""
FOR_THE_WAY_BACK = ("LOCK TABLES",)
"""What rollback holds the target with."""
_ON = frozenset({"ON", "1"})


def hazards(
    prepared: Prepared, target: Target, found: Found, sizes: Mapping[str, Size]
) -> Iterator[Hazard]:
    """What was found, worst first."""
    yield from _occupied(prepared, target, found)
    yield from _tables(target, found)
    yield from _rights(target, found)
    yield from _binary_log(found)
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
    needed = (*NEEDED, "TRIGGER") if _makes_tables(found) else NEEDED
    if lacking := _lacking(target, found, needed):
        yield Hazard(
            "rights", f"{target.user} lacks rights on {target.database}: {', '.join(lacking)}.",
            _grant(target, found, needed), blocking=True, found=len(lacking),
        )  # fmt: skip
    if lacking := _lacking(target, found, FOR_THE_WAY_BACK):
        yield Hazard(
            "rollback-rights", f"{target.user} lacks a right for a way back: {', '.join(lacking)}.",
            _grant(target, found, FOR_THE_WAY_BACK), blocking=False,
        )  # fmt: skip


def _lacking(target: Target, found: Found, needed: tuple[str, ...]) -> list[str]:
    wildcards = found.settings.get("partial_revokes") not in _ON  # MySQL: plain characters then
    return rights.missing(found.rights, target.database, needed, patterns=wildcards)


def _grant(target: Target, found: Found, needed: tuple[str, ...]) -> str:
    account = rights.account(found.rights) or target.user
    statement = f"GRANT {', '.join(needed)} ON {quoted(target.database)}.* TO {account};"
    if given := rights.roles(found.rights):
        statement += (
            f" If a role gives them ({', '.join(given)}), it has to be active in every session:"
            " see SET DEFAULT ROLE in the server's manual."
        )
    return statement


def _makes_tables(found: Found) -> bool:
    return found.revision != schema.head()


def _binary_log(found: Found) -> Iterator[Hazard]:
    """MLflow makes a trigger (on `secrets`), which a server with a binary log may refuse."""
    settings = found.settings
    logs = settings.get("log_bin") in _ON
    trusts = settings.get("log_bin_trust_function_creators") in _ON
    if (
        _makes_tables(found)
        and logs
        and not trusts
        and not rights.everywhere(found.rights, "SUPER")
    ):
        yield Hazard(
            "binary-log",
            "MLflow makes a trigger, and a server with a binary log wants SUPER for that.",
            "SET GLOBAL log_bin_trust_function_creators = 1; as an administrator. It may be 0 again"
            " once the tables are made.",
            blocking=True,
        )  # fmt: skip


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
