"""Numbers arrive by their bits, or the plan says why they cannot."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.moving import Mover
from tests.support.own_stores import changing
from tracking.errors import TargetRefused

MakeMover = Callable[..., Mover]
AWKWARD = (5e-324, -5e-324, 2.2250738585072009e-308, 2.2250738585072014e-308, 1e308, -1e308,
           1.7976931348623157e308, 0.1 + 0.2, 1e22, 4503599627370497.5)  # fmt: skip
MARK = 0.1234567890123456
"""A number that occurs nowhere else in the file, so that its bytes can be found there."""


def _log(store_file: Path, *values: object) -> None:
    with changing(store_file) as store:
        (run,) = store.execute("SELECT run_uuid FROM runs LIMIT 1").fetchone()
        store.executemany(
            "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan)"
            " VALUES ('awkward', ?, ?, ?, 0, 0)",
            [(value, number, run) for number, value in enumerate(values)],
        )


def _write_bits(store: Path, bits: bytes) -> None:
    """What no SQLite writes: other bits in place of the mark."""
    data = store.read_bytes()
    assert data.count(struct.pack(">d", MARK)) == 1
    store.write_bytes(data.replace(struct.pack(">d", MARK), bits))


def _one_more(store_file: Path) -> None:
    """The mark, in a column that no index holds."""
    with changing(store_file) as store:
        store.execute("UPDATE latest_metrics SET value = ? WHERE rowid = 1", (MARK,))
        store.execute("PRAGMA journal_mode = DELETE")


def _arrived(move: Mover) -> list[object]:
    found = move.ask("SELECT value FROM metrics WHERE `key` = 'awkward' ORDER BY timestamp")
    return [row[0] for row in found]


def test_the_smallest_the_largest_and_the_longest_arrive_with_all_their_bits(
    demo: Path, mover: MakeMover
) -> None:
    _log(demo, *AWKWARD)
    move = mover(demo)

    proof = move.run()

    assert proof is not None
    assert proof.ok, proof.findings
    assert [struct.pack("d", value) for value in _arrived(move)] == [
        struct.pack("d", value) for value in AWKWARD
    ]


def test_whole_numbers_in_a_column_of_reals_are_reals(demo: Path, mover: MakeMover) -> None:
    _log(demo, 7, 2**53 + 1, -(2**63))
    move = mover(demo)

    proof = move.run()

    assert proof is not None
    assert proof.ok, proof.findings
    assert _arrived(move) == [7.0, float(2**53), -float(2**63)]


def test_a_real_in_a_column_of_whole_numbers_stops_the_move(demo: Path, mover: MakeMover) -> None:
    with changing(demo) as store:
        store.execute("UPDATE metrics SET step = 1.5 WHERE rowid = 1")
        store.execute("UPDATE metrics SET step = 1e300 WHERE rowid = 2")
        store.execute("UPDATE metrics SET step = 3.0 WHERE rowid = 3")  # SQLite makes that 3

    hazard = mover(demo).hazard("wrong-type")

    assert hazard.where == "metrics.step"
    assert hazard.found == 2


def test_neither_sqlite_nor_mariadb_keeps_the_sign_of_zero(demo: Path, mover: MakeMover) -> None:
    _log(demo, -0.0)
    move = mover(demo)
    with changing(demo) as store:
        (kept,) = store.execute("SELECT value FROM metrics WHERE key = 'awkward'").fetchone()

    move.run()
    move.ask("UPDATE metrics SET value = -0e0 WHERE `key` = 'awkward'")

    assert math.copysign(1, kept) == 1
    assert [math.copysign(1, float(str(value))) for value in _arrived(move)] == [1]


def test_a_minus_zero_that_another_program_wrote_stops_the_move(
    demo: Path, mover: MakeMover
) -> None:
    _one_more(demo)
    _write_bits(demo, struct.pack(">d", -0.0))
    move = mover(demo)

    hazard = move.hazard("negative-zero")

    assert hazard.where == "latest_metrics.value"
    assert hazard.found == 1
    with pytest.raises(TargetRefused):
        move.run()
    with changing(demo) as store:
        remedy = hazard.remedy.partition(", in the source")[0]
        store.execute(remedy)
    proof = move.run()
    assert proof is not None
    assert proof.ok


def test_what_is_no_number_on_disk_is_null_to_sqlite_and_stops_the_move(
    demo: Path, mover: MakeMover
) -> None:
    _one_more(demo)
    _write_bits(demo, bytes.fromhex("7ff8000000000abc"))  # a NaN with a payload

    hazard = mover(demo).hazard("null")

    assert hazard.where == "latest_metrics.value"
    assert hazard.found == 1
