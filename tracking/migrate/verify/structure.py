"""The target's columns, keys, indexes, triggers and counters beside a fresh MLflow schema's."""

from __future__ import annotations

from collections.abc import Iterator

from tracking.migrate import server
from tracking.migrate.server import Connection, quoted
from tracking.migrate.shape import Field, Reference, Shape, TableShape
from tracking.migrate.verify.findings import Finding

CHECK = "structure"


def covered(found: Shape) -> str:
    """What is compared, in words."""
    unseen = any(table.triggers is None for table in found.values())
    triggers = "no triggers (the account may not see them)" if unseen else "triggers"
    return f"columns, keys, indexes, foreign keys, checks, {triggers}, generated columns"


def compare(expected: Shape, found: Shape) -> Iterator[Finding]:
    """What of MLflow's own schema is missing or different in the target."""
    for name, table in expected.items():
        if name not in found:
            yield Finding(CHECK, name, "table", "there", "missing")
            continue
        yield from _fields(name, table, found[name])
        yield from _parts(name, table, found[name])


def _fields(name: str, expected: TableShape, found: TableShape) -> Iterator[Finding]:
    for column in expected.fields.keys() | found.fields.keys():
        right, real = expected.fields.get(column), found.fields.get(column)
        if right != real:
            yield Finding(CHECK, name, f"column {column}", _told(right), _told(real))


def _parts(name: str, expected: TableShape, found: TableShape) -> Iterator[Finding]:
    if expected.key != found.key:
        yield Finding(CHECK, name, "primary key", _told(expected.key), _told(found.key))
    known = expected.triggers is not None and found.triggers is not None
    for what in ("unique", "indexes", "references", "checks", *["triggers"] * known):
        right, real = set(getattr(expected, what)), set(getattr(found, what))
        for missing in sorted(right - real, key=str):
            yield Finding(CHECK, name, what, _told(missing), "missing")
        for odd in sorted(real - right, key=str):
            yield Finding(CHECK, name, what, "none", _told(odd))


def _told(part: object) -> str:
    if isinstance(part, Field):
        nullable = "" if part.nullable else " not null"
        extra = " generated" * part.generated + " auto_increment" * part.counts
        return f"{part.type}{nullable}{extra}"
    if isinstance(part, Reference):
        return f"{_told(part.columns)} → {part.table} ({_told(part.to)}), {part.on_delete}"
    return "missing" if part is None else ", ".join(part) if isinstance(part, tuple) else str(part)


def counters(connection: Connection, shape: Shape) -> Iterator[Finding]:
    """Counters (AUTO_INCREMENT) that would give out a number that is taken."""
    server.run(connection, *server.fresh_statistics(server.server_of(connection)))
    for name, table in shape.items():
        for column, field in table.fields.items():
            if field.counts:
                yield from _counter(connection, name, column)


def _counter(connection: Connection, table: str, column: str) -> Iterator[Finding]:
    following = server.one(
        connection,
        "SELECT auto_increment FROM information_schema.tables"
        " WHERE table_schema = DATABASE() AND table_name = %s",
        [table],
    )[0]
    largest = server.one(connection, f"SELECT MAX({quoted(column)}) FROM {quoted(table)}")[0]
    if largest is not None and (following is None or following <= largest):
        what = f"next number of {column}"
        yield Finding(CHECK, table, what, f"more than {largest}", str(following))
