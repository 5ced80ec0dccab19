"""The file of all rows."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from bot.render import csv_bytes
from tests.unit.bot.render.results import BERLIN, numbers, table
from texttosql.flow import Cell, ResultTable


def read(found: ResultTable) -> list[list[str]]:
    return list(csv.reader(StringIO(csv_bytes(found, BERLIN).decode("utf-8-sig"), newline="")))


def test_every_row_is_in_it_at_full_precision() -> None:
    rows = read(numbers(5000))

    assert len(rows) == 5001
    assert rows[0] == ["run", "auc", "run_id"]
    assert rows[1235] == ["run-1234", "1.234", f"{1234:032x}"]


def test_excel_is_told_that_it_is_utf_8() -> None:
    made = csv_bytes(table("läufe:text", [("模型 🚀",)]), BERLIN)

    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig") == "läufe\r\n模型 🚀\r\n"


@pytest.mark.parametrize(
    "data",
    ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "-1+2", "+-nan"],
)
def test_a_formula_becomes_text_in_cells_and_in_headers(data: str) -> None:
    found = table("x:text", [(data,)])
    named = ResultTable((found.columns[0].__class__(data, "text"),), (("y",),), False, 1.0)

    assert read(found)[1] == [f"'{data}"]
    assert read(named)[0] == [f"'{data}"]


@pytest.mark.parametrize("data", ["-0.5", "+3", "-1e-05", "-7", "a=b", "x-y", "'=1"])
def test_numbers_and_other_texts_stay_as_they_are(data: str) -> None:
    assert read(table("x:text", [(data,)]))[1] == [data]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("real", -0.5, "-0.5"),
        ("integer", -12345678901234, "-12345678901234"),
        ("real", float("inf"), "inf"),
        ("real", -1.7976931348623157e308, "-inf"),
        ("real", float("nan"), "NaN"),
        ("real", None, ""),
        ("time", 1795176000123, "2026-11-20T13:00:00.123+01:00"),
        ("time", None, ""),
        ("time", 10**18, "1000000000000000000"),
        ("time", "=now()", "'=now()"),
        ("day", "2026-05-04", "2026-05-04"),
        ("week", 1795176000000, "2026-11-20"),
        ("month", "2026-05", "2026-05"),
    ],
)
def test_values_are_written_for_machines(kind: str, value: Cell, shown: str) -> None:
    assert read(table(f"x:{kind} y:text", [(value, "-")]))[1][0] == shown


def test_a_broken_character_does_not_cost_the_file() -> None:
    assert read(table("x:text", [("a\ud800b",)]))[1] == ["a?b"]


def test_line_breaks_and_quotes_in_data_stay_in_their_cell() -> None:
    rows = [('a "b"\nc,d', "x")]

    assert read(table("x:text y:text", rows))[1:] == [list(row) for row in rows]
