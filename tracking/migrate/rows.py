"""Rows as text for the server: lines for LOAD DATA, lists for INSERT, lines to be hashed.

Most rows need no escaping. So a piece of rows is put together first, with one template for each
pattern of NULLs, and looked at once as a whole: only where the separators do not add up is every
value escaped by itself. Floats are written with as many digits as give the same bits back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracking.migrate.source import Column, Kind, Row

FIELD, LINE, ESCAPE = "\x1f", "\x1e", "\x10"
"""Separators of LOAD DATA. Control characters: tabs, line ends and backslashes are common in
params, these are not."""
_SPECIAL = (ESCAPE, FIELD, LINE)
_LITERAL = str.maketrans(
    {"\\": "\\\\", "'": "\\'", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\x1a": "\\Z"}
)

Template = Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class Style:
    """How a row is written: what is put around text, between values, and for NULL."""

    text: str
    other: str
    between: str
    null: str
    around: tuple[str, str]


LINES = Style("%s", "%s", FIELD, f"{ESCAPE}N", ("", LINE))
VALUES = Style("'%s'", "%s", ",", "NULL", ("(", "),"))


class Writer:
    """Writes the rows of one table in one style. Not to be shared between threads."""

    def __init__(self, columns: Sequence[Column], style: Style) -> None:
        self._style = style
        self._marks = [_mark(column, style) for column in columns]
        self._blobs = [n for n, column in enumerate(columns) if column.kind is Kind.BLOB]
        self._whole = self._template(tuple(False for _ in columns))
        self._templates: dict[tuple[bool, ...], str] = {}

    def write(self, rows: Sequence[Row]) -> str:
        """The rows as text."""
        plain = [self._hexed(row) for row in rows] if self._blobs else rows
        text = "".join([self._row(row) for row in plain])
        if self._clean(text, plain):
            return text
        return "".join([self._row(self._escaped(row)) for row in plain])

    def _row(self, row: Row) -> str:
        if None not in row:
            return self._whole % row
        pattern = tuple([value is None for value in row])
        if (template := self._templates.get(pattern)) is None:
            template = self._templates[pattern] = self._template(pattern)
        return template % tuple([value for value in row if value is not None])

    def _template(self, nulls: tuple[bool, ...]) -> str:
        null = self._style.null.replace("%", "%%")
        marks = [null if n else mark for n, mark in zip(nulls, self._marks, strict=True)]
        return self._style.between.join(marks).join(self._style.around)

    def _clean(self, text: str, rows: Sequence[Row]) -> bool:
        """Whether the separators are as many as were put there: no value has any of its own."""
        if self._style is VALUES:
            return not any(character in text for character in "\\\0\x1a") and (
                text.count("'") == self._quotes(rows)
            )
        nulls = sum([row.count(None) for row in rows])
        return (
            text.count(FIELD) == len(rows) * (len(self._marks) - 1)
            and text.count(LINE) == len(rows)
            and text.count(ESCAPE) == nulls
        )

    def _quotes(self, rows: Sequence[Row]) -> int:
        places = [n for n, mark in enumerate(self._marks) if "'" in mark]
        return sum([2 for row in rows for place in places if row[place] is not None])

    def _hexed(self, row: Row) -> Row:
        return tuple([
            value.hex() if place in self._blobs and isinstance(value, bytes) else value
            for place, value in enumerate(row)
        ])  # fmt: skip

    def _escaped(self, row: Row) -> Row:
        escape = _for_literal if self._style is VALUES else _for_line
        return tuple([escape(value) if isinstance(value, str) else value for value in row])


def _mark(column: Column, style: Style) -> str:
    if style is VALUES and column.kind is Kind.BLOB:
        return "X'%s'"
    if column.kind in {Kind.INTEGER, Kind.REAL}:
        return style.other
    return style.text


def _for_literal(value: str) -> str:
    return value.translate(_LITERAL)


def _for_line(value: str) -> str:
    for character in _SPECIAL:
        value = value.replace(character, ESCAPE + character)
    return value


def load_statement(table: str, columns: Sequence[Column], quoted: Callable[[str], str]) -> str:
    """LOAD DATA of lines as they are written here; the file's name is its only parameter."""
    fields = ", ".join(
        f"@{column.name}" if column.kind is Kind.BLOB else quoted(column.name) for column in columns
    )
    blobs = [column.name for column in columns if column.kind is Kind.BLOB]
    sets = ", ".join(f"{quoted(name)} = UNHEX(@{name})" for name in blobs)
    return (
        f"LOAD DATA LOCAL INFILE %s INTO TABLE {quoted(table)} CHARACTER SET utf8mb4"
        " FIELDS TERMINATED BY X'1F' ESCAPED BY X'10' LINES TERMINATED BY X'1E'"
        f" ({fields}){' SET ' + sets if sets else ''}"
    )


def insert_statement(table: str, columns: Sequence[Column], quoted: Callable[[str], str]) -> str:
    """The beginning of an INSERT; the rows follow."""
    fields = ", ".join(quoted(column.name) for column in columns)
    return f"INSERT INTO {quoted(table)} ({fields}) VALUES "
