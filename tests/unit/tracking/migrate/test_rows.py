"""Rows as text for the server, and as lines to be hashed."""

from __future__ import annotations

import random
import struct

import pytest

from tracking.migrate.rows import ESCAPE, FIELD, LINE, LINES, VALUES, Writer
from tracking.migrate.shape import Field
from tracking.migrate.source import Column, Kind, Table
from tracking.migrate.verify.canon import Canon, alike, as_single, server_float

COLUMNS = (
    Column("key", Kind.TEXT, 1, nullable=False, generated=False),
    Column("value", Kind.REAL, 0, nullable=True, generated=False),
    Column("note", Kind.TEXT, 0, nullable=True, generated=False),
    Column("blob", Kind.BLOB, 0, nullable=True, generated=False),
)
FIELDS = {
    "key": Field("varchar(250)", nullable=False),
    "value": Field("double", nullable=True),
    "note": Field("text", nullable=True),
    "blob": Field("blob", nullable=True),
}


def test_a_line_has_a_mark_for_null_and_hex_for_bytes() -> None:
    text = Writer(COLUMNS, LINES).write([("lr", 0.1, None, b"\x00\xff")])

    assert text == f"lr{FIELD}0.1{FIELD}{ESCAPE}N{FIELD}00ff{LINE}"


def test_separators_in_a_value_are_escaped_and_only_then() -> None:
    plain = Writer(COLUMNS, LINES).write([("tab\t", 1.0, "back\\slash\n", b"")])
    awkward = Writer(COLUMNS, LINES).write([(f"a{FIELD}b{LINE}c{ESCAPE}N", 1.0, "", b"")])

    assert plain == f"tab\t{FIELD}1.0{FIELD}back\\slash\n{FIELD}{LINE}"
    assert awkward.startswith(f"a{ESCAPE}{FIELD}b{ESCAPE}{LINE}c{ESCAPE}{ESCAPE}N{FIELD}")


def test_an_insert_quotes_text_and_escapes_what_would_end_it() -> None:
    text = Writer(COLUMNS, VALUES).write([("it's", 0.5, "a\\", b"\x01"), ("x", None, None, None)])

    assert text == "('it\\'s',0.5,'a\\\\',X'01'),('x',NULL,NULL,NULL),"


def test_a_percent_sign_is_only_a_percent_sign() -> None:
    assert Writer(COLUMNS, VALUES).write([("50 %s", 1.0, "%d", None)]) == "('50 %s',1.0,'%d',NULL),"


def test_every_finite_double_is_written_with_all_its_bits() -> None:
    chance = random.Random(3)
    doubles = (struct.unpack("d", chance.randbytes(8))[0] for _ in range(20_000))
    finite = [value for value in doubles if abs(value) < 1.8e308]

    assert len(finite) > 15_000
    assert [value for value in finite if float(server_float(value)) != value] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, "5"), (0.0, "0"), (-0.0, "-0"), (1e14, "100000000000000"), (1e15, "1e15"),
        (1e22, "1e22"), (1234567890123456.0, "1.234567890123456e15"), (1e-5, "0.00001"),
        (1e-16, "1e-16"),
        (1.5e-15, "0.0000000000000015"), (0.1 + 0.2, "0.30000000000000004"),
    ],
)  # fmt: skip
def test_a_float_is_written_as_the_server_writes_it(value: float, text: str) -> None:
    assert server_float(value) == text


def test_single_precision_is_what_four_bytes_hold() -> None:
    assert as_single(0.1) == 0.10000000149011612
    assert as_single(1e300) == 1e300  # does not fit; the server would refuse it, too


def _canon() -> Canon:
    return Canon(Table("t", COLUMNS), FIELDS)


def test_null_and_empty_text_are_not_the_same_line() -> None:
    null = _canon().digest([("a", 1.0, None, None)])
    empty = _canon().digest([("a", 1.0, "", None)])

    assert None not in {null, empty}
    assert null != empty


def test_values_that_only_move_over_a_border_are_not_the_same_line() -> None:
    assert _canon().digest([("ab", 1.0, "c", None)]) != _canon().digest([("a", 1.0, "bc", None)])


@pytest.mark.parametrize("awkward", [f"a{FIELD}b", f"a{LINE}b"])
def test_rows_with_separators_are_not_hashed_but_compared(awkward: str) -> None:
    assert _canon().digest([(awkward, 1.0, "", None)]) is None


def test_zero_and_minus_zero_are_two_values() -> None:
    zero, minus = (_canon().values(("a", value, None, None)) for value in (0.0, -0.0))

    assert alike(zero, zero)
    assert not alike(zero, minus)
    assert _canon().digest([("a", 0.0, "", None)]) != _canon().digest([("a", -0.0, "", None)])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}', True),
        ('{"a": true}', '{"a": 1}', False),
        ("1e5", "100000.0", True),
        ("1", "1.0", False),
        ("[1, 2]", "[2, 1]", False),
    ],
)
def test_json_is_compared_by_its_value(one: str, other: str, same: bool) -> None:
    column = Column("j", Kind.JSON, 0, nullable=True, generated=False)
    canon = Canon(Table("t", (column,)), {"j": Field("json", nullable=True)})

    assert alike(canon.values((one,)), canon.values((other,))) is same
