"""A database's tables as a value: columns, keys, indexes, constraints, triggers; to compare with.

Two servers write the same thing differently (`int(11)` and `int`, JSON as text with a check): a
shape has one form for both. One that was taken from a fresh MLflow schema is kept beside this
file, for its revision: so a plan knows the target's columns before they are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from tracking.migrate import rights, server
from tracking.migrate.server import Connection

_KEPT = Path(__file__).parent / "shapes"
_LENGTH = re.compile(r"\((\d+)\)")
_BYTES = {"text": 2**16 - 1, "blob": 2**16 - 1, "mediumtext": 2**24 - 1, "longtext": 2**32 - 1,
          "mediumblob": 2**24 - 1, "longblob": 2**32 - 1, "json": 2**30}  # fmt: skip
_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}


@dataclass(frozen=True, slots=True)
class Field:
    """A column: `type` like "varchar(250)", "int", "json", "double"."""

    type: str
    nullable: bool
    generated: bool = False
    counts: bool = False
    """Its next value is the server's (AUTO_INCREMENT)."""

    @property
    def chars(self) -> int | None:
        """The most characters it holds; None where bytes are counted, or nothing."""
        found = _LENGTH.search(self.type)
        return int(found[1]) if found and "char" in self.type else None

    @property
    def bytes(self) -> int | None:
        """The most bytes it holds."""
        return _BYTES.get(self.type)

    @property
    def range(self) -> tuple[int, int] | None:
        """The smallest and largest whole number it holds."""
        bits = _BITS.get(self.type)
        return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if bits else None


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]
    on_delete: str
    on_update: str


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table. Names of keys, checks and triggers are left out: what they do is what counts."""

    fields: Mapping[str, Field]
    key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    indexes: tuple[tuple[str, ...], ...]
    references: tuple[Reference, ...]
    checks: tuple[str, ...]
    triggers: tuple[str, ...] | None
    """None: they are not known, for an account without the right TRIGGER sees none."""


Shape = Mapping[str, TableShape]


def kept(revision: str) -> Shape | None:
    """MLflow's own tables on MySQL and MariaDB at a revision; None for one that is not kept."""
    file = _KEPT / f"{revision}.json"
    return from_json(file.read_text(encoding="utf-8")) if file.exists() else None


@cache
def _adapter() -> TypeAdapter[Shape]:
    return TypeAdapter(Mapping[str, TableShape])


def to_json(shape: Shape) -> str:
    """A shape as one line."""
    return _adapter().dump_json(shape).decode()


def from_json(text: str) -> Shape:
    """The shape in such a line."""
    return _adapter().validate_json(text)


def take(connection: Connection, without: Iterable[str] = ()) -> Shape:
    """The shape of the connection's database."""
    checks, json = _checks(connection)
    columns = _columns(connection, json)
    unique, plain = _indexes(connection)
    references, triggers = _references(connection), _triggers(connection)
    return {
        table: TableShape(
            fields=fields,
            key=next(iter(unique.get(table, {}).get("PRIMARY", [])), ()),
            unique=_sorted(unique.get(table, {}).get("", [])),
            indexes=_sorted(plain.get(table, [])),
            references=tuple(sorted(references.get(table, []), key=lambda each: each.columns)),
            checks=tuple(sorted(checks.get(table, []))),
            triggers=None if triggers is None else tuple(sorted(triggers.get(table, []))),
        )
        for table, fields in columns.items()
        if table not in set(without)
    }


def _sorted(columns: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted(columns))


def _columns(connection: Connection, json: set[tuple[str, str]]) -> dict[str, dict[str, Field]]:
    found: dict[str, dict[str, Field]] = {}
    for table, name, kind, full, nullable, extra in server.ask(
        connection,
        "SELECT c.table_name, c.column_name, c.data_type, c.column_type, c.is_nullable, c.extra"
        " FROM information_schema.columns c JOIN information_schema.tables t"
        " ON t.table_schema = c.table_schema AND t.table_name = c.table_name"
        " WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'"
        " ORDER BY c.table_name, c.ordinal_position",
    ):
        sized = kind in {"varchar", "char", "varbinary", "binary"}
        found.setdefault(table, {})[name] = Field(
            type="json" if (table, name) in json else full if sized else kind,
            nullable=nullable == "YES",
            generated="GENERATED" in extra.upper().replace("DEFAULT_GENERATED", ""),
            counts="auto_increment" in extra.lower(),
        )
    return found


def _indexes(
    connection: Connection,
) -> tuple[dict[str, dict[str, list[tuple[str, ...]]]], dict[str, list[tuple[str, ...]]]]:
    parts: dict[tuple[str, str, bool], list[str]] = {}
    for table, name, plain, column, prefix in server.ask(
        connection,
        "SELECT table_name, index_name, non_unique, column_name, sub_part"
        " FROM information_schema.statistics WHERE table_schema = DATABASE()"
        " ORDER BY table_name, index_name, seq_in_index",
    ):
        shown = column if prefix is None else f"{column}({prefix})"
        parts.setdefault((table, name, bool(int(plain))), []).append(shown)
    unique: dict[str, dict[str, list[tuple[str, ...]]]] = {}
    plain_ones: dict[str, list[tuple[str, ...]]] = {}
    for (table, name, plain), columns in parts.items():
        if plain:
            plain_ones.setdefault(table, []).append(tuple(columns))
        else:
            which = "PRIMARY" if name == "PRIMARY" else ""
            unique.setdefault(table, {}).setdefault(which, []).append(tuple(columns))
    return unique, plain_ones


def _references(connection: Connection) -> dict[str, list[Reference]]:
    parts: dict[tuple[str, str, str, str, str], list[tuple[str, str]]] = {}
    for table, name, to_table, delete, update, column, to in server.ask(
        connection,
        "SELECT k.table_name, k.constraint_name, k.referenced_table_name, r.delete_rule,"
        " r.update_rule, k.column_name, k.referenced_column_name"
        " FROM information_schema.key_column_usage k"
        " JOIN information_schema.referential_constraints r"
        " ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name"
        " AND r.table_name = k.table_name"
        " WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL"
        " ORDER BY k.table_name, k.constraint_name, k.ordinal_position",
    ):
        parts.setdefault((table, name, to_table, delete, update), []).append((column, to))
    found: dict[str, list[Reference]] = {}
    for (table, _, to_table, delete, update), columns in parts.items():
        found.setdefault(table, []).append(
            Reference(
                columns=tuple(column for column, _ in columns),
                table=to_table,
                to=tuple(to for _, to in columns),
                on_delete=_rule(delete),
                on_update=_rule(update),
            )
        )
    return found


def _rule(rule: str) -> str:
    """RESTRICT and NO ACTION are one thing in InnoDB, and each server says it in its own way."""
    return "RESTRICT" if rule == "NO ACTION" else rule


def _triggers(connection: Connection) -> dict[str, list[str]] | None:
    """When each is called, and what it does."""
    granted = server.grants(connection, server.server_of(connection))
    (database,) = server.one(connection, "SELECT DATABASE()")
    if rights.missing(granted, database, ["TRIGGER"]):
        return None
    found: dict[str, list[str]] = {}
    for table, timing, event, does in server.ask(
        connection,
        "SELECT event_object_table, action_timing, event_manipulation, action_statement"
        " FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
    ):
        found.setdefault(table, []).append(f"{timing} {event} {' '.join(does.split())}")
    return found


def _checks(connection: Connection) -> tuple[dict[str, list[str]], set[tuple[str, str]]]:
    checks: dict[str, list[str]] = {}
    json: set[tuple[str, str]] = {
        (table, column)
        for table, column in server.ask(
            connection,
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = DATABASE() AND data_type = 'json'",
        )
    }
    for table, clause in server.ask(connection, server.checks_query(server.server_of(connection))):
        plain = _plain(clause)
        if valid := re.fullmatch(r"json_valid(\w+)", plain):
            json.add((table, valid[1]))
        else:
            checks.setdefault(table, []).append(plain)
    return checks, json


def _plain(clause: str) -> str:
    """A check's condition without what servers add to it on their own."""
    return re.sub(r"_utf8mb4|[`\\()\s]", "", clause).lower()
