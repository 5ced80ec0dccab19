"""Values that the target's columns cannot hold as they are. SQLite never enforced a declaration.

One pass over each table counts suspects, by conditions that SQLite can judge quickly; only the
suspects are then looked at exactly.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import copysign
from typing import Any

from tracking.migrate.hazards.hazard import SHOWN, Hazard, short
from tracking.migrate.shape import Field, Shape
from tracking.migrate.source import Column, Kind, Table, quoted
from tracking.migrate.verify.canon import as_single

NESTED = 32
"""How deep MariaDB takes JSON to be nested; MySQL takes 100."""
LARGEST_SINGLE = 3.4028234663852886e38
"""IEEE 754's largest number of four bytes."""
_NOT_ASCII = f"*[^{chr(1)}-{chr(127)}]*"


@dataclass(frozen=True, slots=True)
class Rule:
    """A suspicion about a column, in SQL, and how to be sure of it.

    `guilty` sees the value as SQLite has it, text as bytes. `why` and `remedy` may name the
    `{table}`, the `{column}` and its `{type}` in the target.
    """

    name: str
    suspect: str
    why: str
    remedy: str
    guilty: Callable[[Any], bool] = lambda _value: True  # Any: whatever SQLite holds
    blocking: bool = True


def hazards(
    store: sqlite3.Connection, tables: Mapping[str, Table], shape: Shape
) -> Iterator[Hazard]:
    """What does not fit, table by table. Text is read as bytes: it may be no UTF-8."""
    store.text_factory = bytes
    try:
        for name, table in tables.items():
            if name in shape:
                yield from _of_table(store, table, shape[name].fields)
    finally:
        store.text_factory = str


def _of_table(
    store: sqlite3.Connection, table: Table, fields: Mapping[str, Field]
) -> Iterator[Hazard]:
    readable = _readable(store, table)
    rules = [
        (column, rule)
        for column in table.stored
        if column.name in fields
        for rule in _rules(column, fields[column.name])
        if not (readable and rule.name == "not-utf8")
    ]
    if not rules:
        return
    counts = ", ".join(f"total({rule.suspect})" for _, rule in rules)
    found = store.execute(f"SELECT {counts} FROM {quoted(table.name)}").fetchone()
    for (column, rule), suspects in zip(rules, found, strict=True):
        if suspects:
            yield from _look_closely(store, table, column, rule, fields[column.name])


def _readable(store: sqlite3.Connection, table: Table) -> bool:
    """Whether all text is UTF-8: the driver decodes a table in half the time of the SQL below."""
    texts = [quoted(c.name) for c in table.stored if c.kind in {Kind.TEXT, Kind.JSON}]
    if not texts:
        return True
    store.text_factory = str
    try:
        for _ in store.execute(f"SELECT {', '.join(texts)} FROM {quoted(table.name)}"):
            pass
    except sqlite3.OperationalError:  # "Could not decode to UTF-8 column …"
        return False
    finally:
        store.text_factory = bytes
    return True


def _look_closely(
    store: sqlite3.Connection, table: Table, column: Column, rule: Rule, field: Field
) -> Iterator[Hazard]:
    key = [quoted(each.name) for each in table.key]
    rows = store.execute(
        f"SELECT {quoted(column.name)}, {', '.join(key)} FROM {quoted(table.name)}"
        f" WHERE {rule.suspect}"
    )
    found, examples = 0, list[str]()
    for value, *row in rows:
        if rule.guilty(value):
            found += 1
            if len(examples) < SHOWN:
                examples.append(f"{_told(table, row)}: {short(_text(value))}")
    if found:
        names = {"table": table.name, "column": column.name, "type": field.type}
        yield Hazard(
            rule.name, f"{found:,} {rule.why.format(**names)}", rule.remedy.format(**names),
            rule.blocking, table.name, column.name, found, tuple(examples),
        )  # fmt: skip


def _told(table: Table, row: Sequence[object]) -> str:
    return ", ".join(f"{c.name}={_text(value)}" for c, value in zip(table.key, row, strict=True))


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _rules(column: Column, field: Field) -> Iterator[Rule]:
    name = quoted(column.name)
    if not field.nullable:
        # Not IS NULL: SQLite thinks that it knows, where its own table says NOT NULL.
        yield Rule(
            "null", f"typeof({name}) = 'null'", "value(s) are NULL; the target takes none there.",
            "UPDATE {table} SET {column} = … WHERE typeof({column}) = 'null', in the source.",
        )  # fmt: skip
    kinds: Mapping[Kind, Callable[[str, Field], Iterator[Rule]]] = {
        Kind.TEXT: _text_rules, Kind.JSON: _json_rules, Kind.INTEGER: _integer_rules,
        Kind.REAL: _real_rules, Kind.DATE: _date_rules, Kind.BLOB: _blob_rules,
    }  # fmt: skip
    yield from kinds[column.kind](name, field)


def _text_rules(name: str, field: Field) -> Iterator[Rule]:
    yield Rule(
        "wrong-type", f"typeof({name}) = 'blob'", "value(s) are bytes where text is declared.",
        "UPDATE {table} SET {column} = CAST({column} AS TEXT) WHERE typeof({column}) = 'blob'.",
    )  # fmt: skip
    yield Rule(
        "not-utf8",
        f"typeof({name}) = 'text' AND ({name} GLOB '{_NOT_ASCII}' OR instr({name}, char(0)))",
        "text(s) are no UTF-8; MySQL refuses their bytes.",
        "Write them again in UTF-8 in the source: their rows are listed.",
        _not_utf8,
    )
    if field.chars is not None:
        yield Rule(
            "too-long", _longer(name, field.chars), "text(s) are longer than {type} holds.",
            "Shorten them in the source, or move them into an artifact: nothing is cut silently.",
            lambda value, most=field.chars: len(_characters(value)) > most,  # type: ignore[misc]  # mypy: no default in a Callable
        )  # fmt: skip
    elif field.bytes is not None:
        yield Rule(
            "too-long", _longer(name, field.bytes), f"text(s) have more than the {field.bytes:,}"
            " bytes of {type}.", "Shorten them in the source: nothing is cut silently.",
        )  # fmt: skip


def _longer(name: str, most: int) -> str:
    return f"length(CAST({name} AS BLOB)) > {most}"


def _not_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _characters(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _json_rules(name: str, _field: Field) -> Iterator[Rule]:
    yield Rule(
        "invalid-json", f"{name} IS NOT NULL AND NOT json_valid({name})",
        "value(s) are no JSON; MySQL and MariaDB check that.",
        "Put them right in the source (NaN and Infinity are no JSON, either).",
    )  # fmt: skip
    yield Rule(
        "deep-json", f"length({name}) > {2 * NESTED}",
        f"JSON value(s) are nested deeper than {NESTED}.",
        "Flatten them in the source: MariaDB takes no more.",
        lambda value: _depth(value) > NESTED,
    )  # fmt: skip


def _depth(value: object) -> int:
    try:
        return _nesting(json.loads(_characters(value)))
    except ValueError:
        return 0  # the rule before has told
    except RecursionError:
        return NESTED + 1


def _nesting(value: object) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max((_nesting(each) for each in inside), default=0)


def _integer_rules(name: str, field: Field) -> Iterator[Rule]:
    yield Rule(
        "wrong-type", f"typeof({name}) NOT IN ('integer', 'null')",
        "value(s) are no whole numbers, where {type} is declared.",
        "Put them right in the source: SQLite takes anything, MySQL does not.",
    )  # fmt: skip
    if field.range and field.type != "bigint":
        least, most = field.range
        yield Rule(
            "out-of-range", f"typeof({name}) = 'integer' AND {name} NOT BETWEEN {least} AND {most}",
            f"number(s) do not fit into {{type}} ({least:,} to {most:,}).",
            "Put them right in the source.",
        )  # fmt: skip


def _real_rules(name: str, field: Field) -> Iterator[Rule]:
    yield Rule(
        "wrong-type", f"typeof({name}) NOT IN ('real', 'integer', 'null')",
        "value(s) are no numbers, where {type} is declared.",
        "Put them right in the source: SQLite takes anything, MySQL does not.",
    )  # fmt: skip
    yield Rule(
        "negative-zero", f"{name} = 0", "number(s) are -0.0, which MySQL and MariaDB keep as 0.",
        "UPDATE {table} SET {column} = 0.0 WHERE {column} = 0, in the source: SQLite itself writes"
        " -0.0 as 0.0, so another program has written these.",
        lambda value: copysign(1, value) < 0,
    )  # fmt: skip
    if field.type == "float":
        yield Rule(
            "out-of-range", f"abs({name}) > {LARGEST_SINGLE}",
            "number(s) are larger than {type} holds, as MLflow makes the column on MySQL.",
            "Put them right in the source.",
        )  # fmt: skip
        yield Rule(
            "single-precision", f"{name} IS NOT NULL",
            "number(s) lose digits: MLflow itself makes this column FLOAT on MySQL.",
            "Nothing: seven digits are kept, as with every MLflow on MySQL. They are compared so.",
            lambda value: as_single(value) != value, blocking=False,
        )  # fmt: skip


def _date_rules(name: str, _field: Field) -> Iterator[Rule]:
    yield Rule(
        "wrong-type", f"{name} IS NOT NULL AND date({name}) IS NOT {name}",
        "value(s) are no dates.", "Write them like 2026-11-20 in the source.",
    )  # fmt: skip


def _blob_rules(name: str, field: Field) -> Iterator[Rule]:
    yield Rule(
        "wrong-type", f"typeof({name}) NOT IN ('blob', 'null')",
        "value(s) are text where bytes are declared.",
        "UPDATE {table} SET {column} = CAST({column} AS BLOB).",
    )  # fmt: skip
    yield Rule(
        "too-long", _longer(name, field.bytes or 2**16 - 1),
        "value(s) are longer than {type} holds.",
        "Shorten them in the source.",
    )  # fmt: skip
