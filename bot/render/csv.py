"""Every row as a CSV file that a spreadsheet opens as data: nothing in it becomes a formula.

UTF-8 with a byte order mark, which Excel needs to read letters; numbers at full precision,
times as ISO 8601 in the team's zone.
"""

from __future__ import annotations

import csv
import math
from io import StringIO
from zoneinfo import ZoneInfo

from texttosql.flow import Cell, ColumnKind, ResultTable
from texttosql.format import DATES, day_of, is_infinite, moment
from texttosql.shape import as_number

_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What spreadsheets take for a formula's start (OWASP, "CSV Injection"), wide forms included."""


def csv_bytes(table: ResultTable, zone: ZoneInfo) -> bytes:
    """The file: a header and all rows. An empty cell is a missing value."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([_text(name) for name in table.names])
    kinds = [column.kind for column in table.columns]
    for row in table.rows:
        writer.writerow([_cell(v, k, zone) for v, k in zip(row, kinds, strict=True)])
    # A lone surrogate, which MLflow may have stored, has no UTF-8: it becomes a question mark.
    return out.getvalue().encode("utf-8-sig", errors="replace")


def _cell(value: Cell, kind: ColumnKind, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value)
    if kind in DATES and (day := day_of(value, zone)):
        return day.isoformat()
    return _time(value, zone) if kind == "time" else _number(value)


def _text(text: str) -> str:
    """A text that a spreadsheet would run gets a quote in front; params that are numbers do not."""
    runs = text.lstrip(" ").startswith(_STARTS_A_FORMULA) and as_number(text) is None
    return f"'{text}" if runs else text


def _number(value: float) -> str:
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return str(value) if not is_infinite(value) else "inf" if value > 0 else "-inf"


def _time(value: float, zone: ZoneInfo) -> str:
    try:
        return moment(value, zone).isoformat(timespec="milliseconds")
    except ValueError:  # no such time: NaN, or a number out of the calendar
        return _number(value)
