"""MySQL's functions on SQLite mean what they mean on MySQL.

The expected values are what MariaDB 10.11 gave; tests/mysql/test_warehouse_functions.py asks a
real server for each of them again.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
from collections.abc import Iterator
from contextlib import closing

import pytest

from texttosql.sqlite.functions import register


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        register(connection)
        yield connection


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ROUND(2.5)", 2.0),
        ("ROUND(3.5)", 4.0),
        ("ROUND(12.25, 1)", 12.2),
        ("ROUND(0.285, 2)", 0.28),
        ("ROUND(1e300, 2)", 1e300),
        ("ROUND(15, -1)", 20),
        ("ROUND(-15, -1)", -20),
        ("TRUNCATE(-2.567, 2)", -2.56),
        ("LOG(1)", 0.0),
        ("LOG(2, 8)", 3.0),
        ("LOG(-1)", None),
        ("MOD(5.5, 2)", 1.5),
        ("MOD(-7, 3)", -1),
        ("MOD(5, 0)", None),
        ("IF(NULL, 1, 2)", 2),
        ("GREATEST(1, 2.5)", 2.5),
        ("LEAST(1, NULL)", None),
        ("CONCAT('a', NULL)", None),
        ("CONCAT(2.0, 'x', 1)", "2x1"),
        ("CONCAT_WS('-', NULL, 'a', 1)", "a-1"),
        ("SUBSTRING_INDEX('a/b/c', '/', -2)", "b/c"),
        ("SUBSTRING_INDEX('a/b/c', '/', 1)", "a"),
        ("LPAD('5', 3, '0')", "005"),
        ("RPAD('12345', 3, '0')", "123"),
        ("REVERSE('abc')", "cba"),
        ("LOWER('ÀÉ')", "àé"),
        ("LOCATE('b', 'abc')", 2),
        ("FIELD('b', 'a', 'b')", 2),
        ("CHAR_LENGTH('é')", 1),
        ("'Adam' REGEXP '^ad'", 1),
        ("'3e-4' REGEXP '^[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?$'", 1),
        ("'xgb' REGEXP '[[:digit:]]'", 0),
        ("REGEXP_REPLACE('abc', 'b+', '-')", "a-c"),
        ("FROM_UNIXTIME(1700000000123 / 1000.0)", "2023-11-14 22:13:20.123000"),
        ("FROM_UNIXTIME(1700000000)", "2023-11-14 22:13:20"),
        ("DATE_FORMAT('2024-12-30 07:08:09', '%Y-%m-%d %H:%i:%s %x-%v %a')",
         "2024-12-30 07:08:09 2025-01 Mon"),
        ("DATE_FORMAT('no date', '%Y')", None),
        ("STRFTIME('%G-%V', '2024-12-30')", "2025-01"),
        ("WEEK('2024-12-30', 3)", 1),
        ("WEEK('2024-01-01')", 0),
        ("YEARWEEK('2024-12-30', 3)", 202501),
        ("YEARWEEK('2024-01-01')", 202353),
        ("WEEKDAY('2024-01-01')", 0),
        ("DAYOFWEEK('2024-01-01')", 2),
        ("UNIX_TIMESTAMP('2024-01-01')", 1704067200),
        ("DATEDIFF('2024-02-03 23:00:00', '2024-02-01 01:00:00')", 2),
        ("LAST_DAY('2024-02-03')", "2024-02-29"),
        ("""JSON_VALUE('{"a":{"b":[1,"x"]}}', '$.a.b[1]')""", "x"),
        ("""JSON_VALUE('{"a":true}', '$.a')""", "1"),
        ("JSON_VALUE('no json', '$.a')", None),
        ("""JSON_UNQUOTE('"a"')""", "a"),
        ("JSON_LENGTH('[1,2]')", 2),
        ("JSON_CONTAINS('[1,2]', '1')", 1),
    ],
)  # fmt: skip
def test_a_function_gives_what_mysql_gives(
    database: sqlite3.Connection, expression: str, expected: object
) -> None:
    assert database.execute(f"SELECT {expression}").fetchone()[0] == expected


@pytest.mark.parametrize(
    ("expression", "truth"),
    [
        ("STDDEV(x)", statistics.pstdev),
        ("STDDEV_POP(x)", statistics.pstdev),
        ("STDDEV_SAMP(x)", statistics.stdev),
        ("VAR_POP(x)", statistics.pvariance),
        ("VARIANCE_POP(x)", statistics.pvariance),
        ("VAR_SAMP(x)", statistics.variance),
        ("MEDIAN(x)", statistics.median),
        ("PERCENTILE(x, 0.9)", lambda x: statistics.quantiles(x, n=10, method="inclusive")[8]),
    ],
)
def test_statistics_agree_with_pythons_own_and_skip_nulls(
    database: sqlite3.Connection, expression: str, truth: object
) -> None:
    numbers = random.Random(7)
    values = [1e6 + numbers.gauss(0, 1e-3) for _ in range(501)]
    database.execute("CREATE TABLE t (x REAL)")
    database.executemany("INSERT INTO t VALUES (?)", [(x,) for x in [*values, None]])
    assert callable(truth)
    found = database.execute(f"SELECT {expression} FROM t").fetchone()[0]
    assert found == pytest.approx(truth(values), rel=1e-6)


def test_a_single_value_has_no_sample_deviation_and_none_has_no_deviation_at_all(
    database: sqlite3.Connection,
) -> None:
    sql = "SELECT STDDEV_SAMP(x), STDDEV(x), MEDIAN(x) FROM (SELECT 5 AS x) WHERE x > ?"
    assert database.execute(sql, (1,)).fetchone() == (None, 0.0, 5.0)
    assert database.execute(sql, (9,)).fetchone() == (None, None, None)


def test_deviation_over_a_sliding_frame_forgets_what_left_it(database: sqlite3.Connection) -> None:
    values = [5.0, 1.0, 4.0, 4.0, 9.0, 2.0]
    database.execute("CREATE TABLE t (x REAL)")
    database.executemany("INSERT INTO t VALUES (?)", [(x,) for x in values])
    rows = database.execute(
        "SELECT STDDEV(x) OVER (ORDER BY rowid ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t"
    ).fetchall()
    pairs = [values[max(0, place - 1) : place + 1] for place in range(len(values))]
    assert [row[0] for row in rows] == pytest.approx([statistics.pstdev(pair) for pair in pairs])


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "((a+)b?)*", "(a|aa)+$", "(.*)*", "([a-z]+){9,}", r"(a)\1", "a" * 501]
)
def test_a_pattern_that_could_run_for_ever_is_turned_down(
    database: sqlite3.Connection, pattern: str
) -> None:
    with pytest.raises(sqlite3.OperationalError):
        database.execute("SELECT ? REGEXP ?", ("a" * 40 + "!", pattern))


def test_a_text_too_long_for_its_pattern_is_turned_down(database: sqlite3.Connection) -> None:
    assert database.execute("SELECT ? REGEXP ?", ("x" * 500, "a.*b.*c")).fetchone() == (0,)
    with pytest.raises(sqlite3.OperationalError):
        database.execute("SELECT ? REGEXP ?", ("x" * 5_000, "a.*b.*c"))


def test_repeat_and_pad_never_make_a_text_of_gigabytes(database: sqlite3.Connection) -> None:
    sql = "SELECT LENGTH(REPEAT('ab', 1000000000)), LENGTH(LPAD('a', 1000000000, 'b'))"
    assert database.execute(sql).fetchone() == (1_000_000, 1_000_000)
