"""One form for a row of both sides: as values to be compared, and as a line to be hashed.

The server makes its lines itself, so that a chunk of rows comes back as one hash; here the same
lines are made of SQLite's rows. Two different rows never have the same line: separators are
control characters, and rows that hold some of them are compared as values instead. The other way
round it may happen (a float written as 1e15 here and 1000000000000000 there): then the chunk's
rows are fetched, compared as values, and found to be the same.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic_core import to_json

from tracking.migrate.server import quoted
from tracking.migrate.shape import Field
from tracking.migrate.source import Column, Kind, Row, Table

FIELD, LINE = "\x1f", "\x1e"
AT_ONCE = 500
"""Rows that are gone through together: more of them do not stay in the processor's cache."""
Values = tuple[Any, ...]  # Any: text, numbers, bytes
"""A row's values in the form in which they are compared."""


class Canon:
    """The one form for the rows of a table. `fields`: the columns as the target has them."""

    def __init__(self, table: Table, fields: Mapping[str, Field]) -> None:
        self.table = table
        self._columns = table.stored
        self._single = frozenset(
            place
            for place, column in enumerate(self._columns)
            if fields[column.name].type == "float"
        )
        self._reals = [p for p, column in enumerate(self._columns) if column.kind is Kind.REAL]
        self._blobs = [p for p, column in enumerate(self._columns) if column.kind is Kind.BLOB]
        self._nullable = [p for p, column in enumerate(self._columns) if not _never_null(column)]
        self._values = [
            _value_of(column, p in self._single) for p, column in enumerate(self._columns)
        ]
        self._whole = [p for p, column in enumerate(self._columns) if column.kind is Kind.INTEGER]

    @property
    def line(self) -> str:
        """The server's expression for a row's line."""
        parts = [self._part(place) for place in range(len(self._columns))]
        nulls = ", ".join(f"{quoted(self._columns[p].name)} IS NULL" for p in self._nullable)
        parts.append(f"CONCAT({nulls})" if nulls else "''")
        # With its collation said, columns of several collations and character sets may meet here.
        return f"CONCAT_WS('{FIELD}' COLLATE utf8mb4_bin, {', '.join(parts)})"

    @property
    def selected(self) -> str:
        """The columns as the server is asked for them when rows are fetched."""
        return ", ".join(
            f"CAST({quoted(column.name)} AS DOUBLE)"
            if place in self._single
            else quoted(column.name)
            for place, column in enumerate(self._columns)
        )

    def _part(self, place: int) -> str:
        name = quoted(self._columns[place].name)
        if place in self._single:
            name = f"CAST({name} AS DOUBLE)"
        elif place in self._blobs:
            name = f"LOWER(HEX({name}))"
        return f"IFNULL({name}, '')" if place in self._nullable else name

    def digest(self, rows: Sequence[Row]) -> str | None:
        """The hash of rows of the source; None when they hold separators and cannot be hashed."""
        found = hashlib.sha256()
        for begin in range(0, len(rows), AT_ONCE):
            text = self._text(rows[begin : begin + AT_ONCE])
            if text is None:
                return None
            found.update(f"{LINE if begin else ''}{text}".encode())
        return found.hexdigest()

    def _text(self, rows: Sequence[Row]) -> str | None:
        # By columns, not by rows: a column is gone through in C, a row in Python.
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))  # Any: what SQLite holds
        nulls = [_marks(columns[place]) for place in self._nullable]
        for place in self._whole:
            columns[place] = _texts(columns[place], int) or columns[place]
        for place in self._reals:
            columns[place] = _floats(columns[place], single=place in self._single)
        for place in self._blobs:
            columns[place] = [value and value.hex() for value in columns[place]]
        for place in self._nullable:
            if None in columns[place]:
                columns[place] = ["" if value is None else value for value in columns[place]]
        columns.append(list(map("".join, zip(*nulls, strict=True))) if nulls else [""] * len(rows))
        text = _joined(columns)
        if text.count(FIELD) != len(rows) * len(self._columns) or text.count(LINE) != len(rows) - 1:
            return None
        return text

    def values(self, row: Sequence[object]) -> Values:
        """A row of either side, as it is compared."""
        return tuple([
            None if value is None else make(value)
            for make, value in zip(self._values, row, strict=True)
        ])  # fmt: skip

    def key(self, values: Values) -> Values:
        """The key of a row that is in this form."""
        return tuple(values[place] for place in self.table.places)


def alike(mine: object, other: object) -> bool:
    """Whether two values, or rows, in this form are the same. By their bits: -0.0 is not 0.0."""
    return mine == other and repr(mine) == repr(other)


def _marks(values: Sequence[object]) -> list[str]:
    return ["1" if value is None else "0" for value in values]


def _joined(columns: Sequence[Sequence[Any]]) -> str:  # Any: what SQLite holds
    try:
        return LINE.join(map(FIELD.join, zip(*columns, strict=True)))
    except TypeError:  # SQLite takes anything in any column
        texts = [[str(value) for value in column] for column in columns]
        return LINE.join(map(FIELD.join, zip(*texts, strict=True)))


def _texts(values: Sequence[object], kind: type) -> list[str] | None:
    """Numbers as texts, all at once: several times as fast as one by one. None: not all are."""
    if set(map(type, values)) != {kind}:
        return None
    return to_json(values)[1:-1].decode().split(",")


def _floats(values: Sequence[float | None], *, single: bool) -> list[str | None]:
    texts = None if single else _texts(values, float)
    if texts is None:
        return [None if v is None else server_float(v, single=single) for v in values]
    # Nearly all are written alike by both sides; the others have an exponent or end with ".0".
    return [
        text if text[-2:] != ".0" and "e" not in text else server_float(float(text))
        for text in texts
    ]


def server_float(value: float, *, single: bool = False) -> str:
    """A float as MySQL and MariaDB write it: the fewest digits that give the same bits back."""
    if single:
        value = as_single(value)
    text = repr(value)
    if text.endswith(".0"):
        text = (
            text[:-2] if abs(value) < 1e15 else f"{Decimal(text).normalize():e}".replace("e+", "e")
        )
    elif "e" in text:
        digits, _, exponent = text.partition("e")
        power = int(exponent)
        text = f"{Decimal(text):f}" if -16 < power < 0 else f"{digits}e{power}"
    return text


def as_single(value: float) -> float:
    """What a single-precision column makes of a number."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except (OverflowError, struct.error):  # too large; or no number, which SQLite takes too
        return value


def _never_null(column: Column) -> bool:
    return not column.nullable


def _value_of(column: Column, single: bool) -> Callable[[Any], Any]:  # Any: of either driver
    makers: Mapping[Kind, Callable[[Any], Any]] = {
        Kind.TEXT: _text,
        Kind.DATE: _text,
        Kind.INTEGER: _whole,
        Kind.REAL: (lambda value: as_single(_number(value))) if single else _number,
        Kind.BLOB: lambda value: value if isinstance(value, bytes) else _text(value).encode(),
        Kind.JSON: _json,
    }
    return makers[column.kind]


def _whole(value: Any) -> Any:  # Any: SQLite takes anything in any column
    """A whole number; whatever else stands there is what it is: 1.5 is not 1."""
    try:
        found = int(value)
    except (TypeError, ValueError, OverflowError):
        return value
    return found if isinstance(value, str) or found == value else value


def _number(value: Any) -> Any:  # Any: as above
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _text(value: object) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)


def _json(value: object) -> str:
    """JSON in one spelling; `true` is not `1`, which Python's values would take for the same."""
    text = _text(value)
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text
