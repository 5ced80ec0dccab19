"""The part of a result that a model is shown: its columns, statistics over all rows, some rows.

Bounded whatever the result is: at most 40 rows, 20 columns, 60 characters of a text, and all of it
together MOST_TOKENS. Times and durations are written as the reader sees them, so that a sentence
can repeat them; numbers with six significant digits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from texttosql.claude.data import block, safe
from texttosql.claude.estimate import CHARACTERS_PER_TOKEN
from texttosql.claude.explain.facts import HASH, SHORT_HASH, SHOWN, Facts, Measure, is_duration
from texttosql.flow import Answer, Cell, Column, ResultTable
from texttosql.format import TIMES, formatter, is_infinite

MOST_TOKENS = 2_000
_HEADS = 1_700
"""Tokens that columns may take; the rest is for rows."""
ROWS, COLUMNS = 40, 20
_HEAD, _TAIL, _PEAKS = 25, 3, 6
_QUESTION, _TITLE = 500, 200
_TOP = 3

Json = dict[str, Any]
"""One JSON object. `Any`: its values are JSON values, nested."""
Write = Callable[[Cell], str | int | float | None]


def excerpt(question: str, answer: Answer, facts: Facts, zone: ZoneInfo) -> str:
    """The marked block of data that holds it."""
    table = answer.table
    shown: Json = {
        "question": safe(question, _QUESTION),
        "title": safe(answer.title, _TITLE),
        "row_count": len(table.rows),
        "truncated": table.truncated,
    }
    writers = _with_columns(shown, table, facts, zone)
    rows = (
        (i, [w(v) for w, v in zip(writers, table.rows[i], strict=False)])
        for i in _telling(facts, len(table.rows))
    )
    return _filled(shown, rows)


def _with_columns(shown: Json, table: ResultTable, facts: Facts, zone: ZoneInfo) -> Sequence[Write]:
    """Puts in the columns there is room for; how the cells of each are written."""
    told, writers = [], []
    for i, column in enumerate(table.columns[:COLUMNS]):
        values = [row[i] for row in table.rows]
        write = _writer(column, values, zone)
        told.append(_column(column, values, facts, write))
        if _weight(block({"result": {**shown, "columns": told}})) > _HEADS:
            told.pop()
            break
        writers.append(write)
    shown |= {"columns": told, "rows": []}
    if len(told) < len(table.columns):
        shown["columns_left_out"] = len(table.columns) - len(told)
    return writers


def _filled(shown: Json, chosen: Iterator[tuple[int, list[Any]]]) -> str:  # Any: JSON
    """As many chosen rows as there is room for, in the table's order, each with its place."""
    kept: list[tuple[int, list[Any]]] = []
    text = block({"result": shown})
    for row in chosen:
        fuller = sorted((*kept, row), key=lambda placed: placed[0])
        longer = block({"result": {**shown, "rows": [[i + 1, *cells] for i, cells in fuller]}})
        if _weight(longer) > MOST_TOKENS:
            break
        kept, text = fuller, longer
    return text


def _weight(text: str) -> int:
    """About how many tokens: by bytes, because a letter that is not ASCII is more than one."""
    return math.ceil(len(text.encode()) / CHARACTERS_PER_TOKEN)


def _telling(facts: Facts, rows: int) -> tuple[int, ...]:
    """Which rows to show, the most telling first: the head, each measure's extremes, the end."""
    if rows <= ROWS:
        return tuple(range(rows))
    peaks = [place for measure in facts.measures[:_PEAKS] for place in _peaks(measure)]
    wanted = (*range(_HEAD), *peaks, *range(rows - _TAIL, rows))
    return tuple(dict.fromkeys(wanted))[:ROWS]


def _peaks(measure: Measure) -> Iterator[int]:
    """The rows of the greatest and the least value."""
    if measure.known and not measure.identity:
        yield measure.values.index(measure.known[-1])
        yield measure.values.index(measure.known[0])


def _column(column: Column, values: Sequence[Cell], facts: Facts, write: Write) -> Json:
    """A column's name and kind, and what it is like over all rows."""
    told: Json = {"name": safe(column.name, SHOWN), "kind": column.kind}
    measure = next((each for each in facts.measures if each.name == column.name), None)
    if measure is not None and measure.known and not measure.identity:
        return told | _numbers(measure, write)
    return told | (_texts(values, write) if column.kind == "text" else {})


def _texts(values: Sequence[Cell], write: Write) -> Json:
    """How many different texts there are, and those that several rows have."""
    counts = Counter(value for value in values if value is not None)
    often = [(value, times) for value, times in counts.most_common(_TOP) if times > 1]
    told: Json = {"distinct": len(counts)} if counts else {}
    return told | ({"top": {str(write(value)): times for value, times in often}} if often else {})


def _numbers(measure: Measure, write: Write) -> Json:
    wanted = ("min", "max") if measure.time else tuple(measure.statistics)
    told: Json = {name: write(measure.statistics[name]) for name in wanted}
    return told | ({"count": len(measure.known), "nulls": measure.nulls} if measure.nulls else {})


def _writer(column: Column, values: Sequence[Cell], zone: ZoneInfo) -> Write:
    """How cells of a column are written for the model."""
    if column.kind in TIMES or is_duration(column.name):
        write = formatter(column, values, zone)
        return lambda value: None if value is None else write(value)
    return _cell


def _cell(value: Cell) -> str | int | float | None:
    if isinstance(value, str):
        text = safe(value, SHOWN)
        return text[:SHORT_HASH] if HASH.fullmatch(text) else text
    if value is None or isinstance(value, int):
        return value
    if math.isnan(value):
        return "NaN"
    if is_infinite(value):
        return "∞" if value > 0 else "−∞"
    return int(value) if value.is_integer() else float(f"{value:.6g}")
