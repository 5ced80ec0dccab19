"""Keys that are two in SQLite and one under a collation: lr and LR, café and cafe, 'lr' and 'lr '.

Nobody here guesses what a collation takes for the same: the server itself is asked for the weight
of every key that could be meant. It compares, and writes nothing.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from tracking.migrate import server
from tracking.migrate.hazards.hazard import SHOWN, Hazard
from tracking.migrate.server import Connection
from tracking.migrate.source import Kind, Table, quoted

_PLAIN = re.compile(r"[0-9a-z_./-]*", re.ASCII)
"""Texts of these characters are different under every collation there is."""
_AT_A_TIME = 500


def collisions(
    store: sqlite3.Connection, connection: Connection, tables: Mapping[str, Table], collation: str,
    *, remedy: str, blocking: bool,
) -> Iterator[Hazard]:  # fmt: skip
    """The unique keys that would collide, by name."""
    pad = server.pads(connection, collation)
    for name, table in tables.items():
        for key in _unique_keys(store, table):
            text = [column for column in key if _is_text(table, column)]
            weights = {c: _weights(store, connection, name, c, collation, pad=pad) for c in text}
            found = list(_same(store, name, key, weights)) if any(weights.values()) else []
            if found:
                yield Hazard(
                    "collisions",
                    f"{len(found):,} pair(s) of keys are one and the same under {collation}.",
                    remedy, blocking, name, ", ".join(key), len(found), tuple(found[:SHOWN]),
                )  # fmt: skip


def _unique_keys(store: sqlite3.Connection, table: Table) -> Iterator[tuple[str, ...]]:
    for _, index, unique, *_ in store.execute(
        f"PRAGMA index_list({quoted(table.name)})"
    ).fetchall():
        if unique:
            parts = store.execute(f"PRAGMA index_info({quoted(index)})").fetchall()
            yield tuple(str(part[2]) for part in parts)


def _is_text(table: Table, name: str) -> bool:
    return any(column.name == name and column.kind is Kind.TEXT for column in table.columns)


def _weights(
    store: sqlite3.Connection, connection: Connection, table: str, column: str, collation: str,
    *, pad: bool,
) -> dict[str, str]:  # fmt: skip
    """What each text of a column is to the server; nothing where all of them are plain."""
    name = quoted(column)
    texts = [
        str(row[0])
        for row in store.execute(
            f"SELECT DISTINCT {name} FROM {quoted(table)} WHERE {name} IS NOT NULL"
        )
    ]
    if all(_PLAIN.fullmatch(text) for text in texts):
        return {}
    found: dict[str, str] = {}
    for some in _some(texts):
        charset = collation.split("_", 1)[0]
        weight = f"HEX(WEIGHT_STRING(CONVERT(%s USING {charset}) COLLATE {collation}))"
        shown = [text.rstrip(" ") if pad else text for text in some]
        row = server.one(connection, f"SELECT {', '.join([weight] * len(some))}", shown)
        found |= dict(zip(some, map(str, row), strict=True))
    return found


def _some(texts: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while some := list(islice(rest, _AT_A_TIME)):
        yield some


def _same(
    store: sqlite3.Connection,
    table: str,
    key: tuple[str, ...],
    weights: Mapping[str, dict[str, str]],
) -> Iterator[str]:
    """Pairs of keys that weigh the same. Only keys with a text that shares its weight are read."""
    shared = {column: _shared(of) for column, of in weights.items()}
    seen: dict[tuple[object, ...], tuple[object, ...]] = {}
    names = ", ".join(map(quoted, key))
    for row in store.execute(f"SELECT {names} FROM {quoted(table)}"):
        values = dict(zip(key, row, strict=True))
        if not any(values[column] in shared[column] for column in shared):
            continue
        heavy = tuple(
            weights.get(c, {}).get(v, v) if isinstance(v, str) else v for c, v in values.items()
        )
        if heavy in seen and seen[heavy] != row:
            yield f"{_told(seen[heavy])} and {_told(row)}"
        seen.setdefault(heavy, row)


def _shared(weights: Mapping[str, str]) -> set[str]:
    by_weight = defaultdict(list)
    for text, weight in weights.items():
        by_weight[weight].append(text)
    return {text for texts in by_weight.values() if len(texts) > 1 for text in texts}


def _told(row: tuple[object, ...]) -> str:
    return ", ".join(map(repr, row))
