"""The same SQL gives the same rows on SQLite and on a real server, for all that both can say.

These expressions and idioms are what composed SQL may use without asking which store it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench.make_store import Size, make
from tests.support.queries import minted
from tests.support.servers import MySQLServer
from tests.support.stores import MySQLStores
from texttosql.flow import Cell
from texttosql.mysql.warehouse import MySQLWarehouse
from texttosql.sqlite.warehouse import SQLiteWarehouse

pytestmark = pytest.mark.mysql


@dataclass(frozen=True, slots=True)
class Pair:
    """The same rows in an SQLite file and on a server."""

    sqlite: SQLiteWarehouse
    mysql: MySQLWarehouse

    def same(self, sql: str, **params: Cell) -> tuple[tuple[Cell, ...], ...]:
        """The rows, which must be the same on both: texts exactly, numbers to 12 digits."""
        lite = self.sqlite.run(minted(sql, "sqlite", **params), 30)
        full = self.mysql.run(minted(sql, "mysql", **params), 30)
        assert [column.kind for column in lite.columns] == [column.kind for column in full.columns]
        assert len(lite.rows) == len(full.rows)
        for one, other in zip(lite.rows, full.rows, strict=True):
            assert list(one) == [_near(cell) for cell in other]
        return lite.rows


def _near(cell: Cell) -> object:
    return pytest.approx(cell, rel=1e-12) if isinstance(cell, float) else cell


@pytest.fixture(scope="module")
def pair(
    mysql_server: MySQLServer, mysql_mlflow: MySQLStores, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    path: Path = tmp_path_factory.mktemp("pair") / "store.db"
    make(path, Size(runs=120, metric_rows=4_800))
    mysql_mlflow.copy(path, "t_pair")
    with (
        closing(SQLiteWarehouse(path)) as sqlite,
        closing(MySQLWarehouse(mysql_server.reader_url("t_pair"))) as mysql,
    ):
        yield Pair(sqlite, mysql)


@pytest.mark.parametrize(
    "expression",
    [
        "ROUND(:x, 1), ROUND(:x), ROUND(:n, -1), ROUND(-1 * :n, -1)",
        "FLOOR(:x), CEIL(:x), CEILING(:x), FLOOR(:n), ABS(-1 * :x), SIGN(:x)",
        "TRUNCATE(:x, 1), MOD(:x, 2), MOD(:n, 4), MOD(-1 * :n, 4), MOD(:n, 0)",
        "SQRT(:x), SQRT(-1 * :x), POW(:x, 2), POWER(2, 10), EXP(1), LN(:x), LN(-1 * :x)",
        "LOG(:x), LOG(2, 8), LOG2(8), LOG10(1000), LOG(0), LOG10(0)",
        "GREATEST(1, 2), LEAST(1, 2), GREATEST(:x, 2), LEAST(:x, NULL), GREATEST(:t, :t)",
        "IF(1 > 2, 'a', 'b'), IF(NULL, 1, 2), COALESCE(NULL, 3), IFNULL(NULL, 4), NULLIF(1, 1)",
        "1.0 * 1 / 3, 1.0 * 7 / 2, 1 / 0, :x / 3",
        "CONCAT(:t, '-', 1), CONCAT('a', NULL), CONCAT_WS('-', NULL, 'a', 'b')",
        "SUBSTRING_INDEX('a/b/c', '/', 1), SUBSTRING_INDEX('a/b/c', '/', -1)",
        "SUBSTRING('abcdef', 2, 3), SUBSTR('abcdef', -2), REPLACE('aba', 'a', 'x'), TRIM('  a ')",
        "LPAD('5', 3, '0'), RPAD('5', 3, '0'), REVERSE('abc'), REPEAT('ab', 2), SPACE(2)",
        "UPPER(:t), LOWER(:t), CHAR_LENGTH(:t), LOCATE('b', 'abc'), INSTR('abc', 'c')",
        "FIELD('b', 'a', 'b'), ELT(2, 'a', 'b'), STRCMP('a', 'b')",
        "FIND_IN_SET('b', 'a,b'), HEX(10), HEX('a')",
        "ASCII('a'), MD5('a')",
        "'Adam-3' REGEXP '^ad.m', '1e-3' REGEXP '^[0-9.]+([eE][-+]?[0-9]+)?$', 'x' REGEXP '[0-9]'",
        "REGEXP_REPLACE('abc123', '[0-9]+', '#'), REGEXP_SUBSTR('abc123', '[0-9]+')",
        "FROM_UNIXTIME(1700000000), FROM_UNIXTIME(1700000000123 / 1000.0), FROM_UNIXTIME(-1)",
        "DATE(FROM_UNIXTIME(1700000000)), FROM_UNIXTIME(1700000000, '%Y-%m')",
        "YEAR(:d), MONTH(:d), DAY(:d), HOUR(:d), MINUTE(:d), SECOND(:d), QUARTER(:d)",
        "WEEKDAY(:d), DAYOFWEEK(:d), DAYOFYEAR(:d), DAYNAME(:d), MONTHNAME(:d), LAST_DAY(:d)",
        "WEEK(:d), WEEK(:d, 1), WEEK(:d, 2), WEEK(:d, 3), WEEK(:d, 4), WEEK(:d, 5), WEEK(:d, 6)",
        "WEEK(:d, 7), YEARWEEK(:d), YEARWEEK(:d, 1), YEARWEEK(:d, 3), WEEKOFYEAR(:d)",
        "WEEK('2023-01-01', 0), WEEK('2023-01-01', 1), WEEK('2023-01-01', 3)",
        "YEARWEEK('2021-01-02'), YEARWEEK('2021-01-02', 3)",
        "DATE_FORMAT(:d, '%Y-%m-%d %H:%i:%s %f %a %b %W %M %c %e %D %j %y %h %p %l %k')",
        "DATE_FORMAT(:d, '%U %u %V %v %X %x %w %T %r %% %q'), DATE_FORMAT('nonsense', '%Y')",
        "DATEDIFF('2024-02-03 23:00:00', '2024-02-01 01:00:00'), UNIX_TIMESTAMP(:d)",
        "CAST('0.10' AS DECIMAL(10, 2)) + 0.0, CAST(2.5 AS CHAR(9))",
        "'1e-3' + 0.0, 'abc' + 0.0, '12abc' + 0.0, ' 7' * 1.0, '' + 0.0",
        """JSON_VALUE('{"a":{"b":[1,"x"]},"c":true}', '$.a.b[1]')""",
        """JSON_VALUE('{"c":true}', '$.c'), JSON_VALUE('{"c":null}', '$.c')""",
        """JSON_UNQUOTE('"a"'), JSON_LENGTH('[1,2]')""",
        """JSON_KEYS('{"a":1}'), JSON_CONTAINS('[1]', '1')""",
        "JSON_VALID('{}'), JSON_VALID('{')",
        "1 = 1, NULL = 1, NOT 1, 1 AND NULL, 'a' LIKE 'A', 'a_b' LIKE 'a%b'",
    ],
)
def test_an_expression_has_one_value_on_both(pair: Pair, expression: str) -> None:
    given: dict[str, Cell] = {"x": 2.5, "n": 15, "t": "Grüße É", "d": "2024-12-30 07:08:09.250000"}
    params: dict[str, Cell] = {}
    for place, (name, value) in enumerate(given.items()):
        expression, uses = re.subn(rf":{name}\b", f":p{place}", expression)
        params |= {f"p{place}": value} if uses else {}
    assert len(pair.same(f"SELECT {expression}", **params)) == 1


LATEST = (
    "SELECT r.run_uuid, r.user_id, r.experiment_id, m.value FROM runs AS r JOIN latest_metrics AS m"
    " ON m.run_uuid = r.run_uuid WHERE m.key = :p0 AND m.is_nan = 0 AND r.lifecycle_stage = :p1"
).replace("m.key", "m.`key`")

MEDIAN = """
    SELECT user_id, AVG(value) AS median FROM (
        SELECT user_id, value,
            ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY value) AS place,
            COUNT(*) OVER (PARTITION BY user_id) AS n
        FROM ({latest}) AS chosen
    ) AS ranked
    WHERE place IN (FLOOR((n + 1) / 2.0), FLOOR((n + 2) / 2.0))
    GROUP BY user_id ORDER BY user_id
"""
PERCENTILE = """
    SELECT user_id, SUM(CASE
        WHEN place - 1 = low THEN value * (1.0 - (spot - low))
        WHEN place - 2 = low THEN value * (spot - low) END) AS percentile
    FROM (
        SELECT user_id, value, place, (n - 1) * :p2 AS spot, FLOOR((n - 1) * :p2) AS low FROM (
            SELECT user_id, value,
                ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY value) AS place,
                COUNT(*) OVER (PARTITION BY user_id) AS n
            FROM ({latest}) AS chosen
        ) AS ranked
    ) AS placed
    GROUP BY user_id ORDER BY user_id
"""


@pytest.mark.parametrize(
    "sql",
    [
        (
            "SELECT user_id, COUNT(*) AS n, AVG(value) AS mean, STDDEV_POP(value) AS pop,"
            " STDDEV_SAMP(value) AS samp, VAR_POP(value) AS vp, VAR_SAMP(value) AS vs,"
            " MIN(value) AS lo, MAX(value) AS hi, SUM(value) AS total FROM ({latest}) AS x"
            " GROUP BY user_id ORDER BY user_id"
        ),
        (
            "SELECT user_id, STDDEV(value) AS a, STD(value) AS b FROM ({latest}) AS x"
            " GROUP BY user_id ORDER BY user_id"
        ),
        MEDIAN,
        PERCENTILE.replace(":p2", "0.9"),
        (
            "SELECT run_uuid, RANK() OVER (PARTITION BY user_id ORDER BY value DESC) AS place,"
            " AVG(value) OVER (ORDER BY run_uuid ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS mov,"
            " LAG(value) OVER (ORDER BY run_uuid) AS before_it,"
            " NTILE(4) OVER (ORDER BY value, run_uuid)"
            " AS quarter, STDDEV_SAMP(value) OVER (PARTITION BY user_id) AS spread"
            " FROM ({latest}) AS x ORDER BY run_uuid"
        ),
        "SELECT run_uuid, value, NULL AS none FROM ({latest}) AS x ORDER BY value DESC, run_uuid",
    ],
)
def test_statistics_of_real_rows_are_the_same_on_both(pair: Pair, sql: str) -> None:
    rows = pair.same(sql.format(latest=LATEST), p0="accuracy", p1="active")
    assert len(rows) > 3


def test_a_percentile_by_window_functions_is_numpys(pair: Pair) -> None:
    values = sorted(float(str(row[3])) for row in pair.same(LATEST, p0="accuracy", p1="active"))
    everyone = LATEST.replace("r.user_id", "'all' AS user_id")
    spot = (len(values) - 1) * 0.9
    low = int(spot)
    wanted = values[low] * (1 - (spot - low)) + values[low + 1] * (spot - low)
    rows = pair.same(PERCENTILE.format(latest=everyone), p0="accuracy", p1="active", p2=0.9)
    assert [row[1] for row in rows] == [pytest.approx(wanted)]


@pytest.mark.parametrize(
    "sql",
    [
        (
            "SELECT DATE_FORMAT(FROM_UNIXTIME(start_time / 1000.0), '%x-%v') AS week, COUNT(*) AS n"
            " FROM runs GROUP BY week ORDER BY week"
        ),
        "SELECT FROM_UNIXTIME(end_time / 1000.0) AS ended FROM runs ORDER BY run_uuid",
        "SELECT value, COUNT(*) AS n, value + 0.0 AS x FROM params GROUP BY value ORDER BY value",
        "SELECT value FROM tags WHERE LOWER(value) LIKE '%ris%' GROUP BY value ORDER BY value",
        "SELECT user_id FROM runs WHERE user_id IN ('alice', 'Bob') GROUP BY user_id ORDER BY 1",
        (
            "SELECT status, 100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS share FROM runs"
            " GROUP BY status ORDER BY status"
        ),
        (
            "SELECT experiment_id, COUNT(DISTINCT user_id) AS users FROM runs"
            " GROUP BY experiment_id HAVING COUNT(*) > 2 ORDER BY experiment_id"
        ),
        "SELECT name FROM registered_models UNION SELECT name FROM experiments ORDER BY name",
        (
            "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
            " SELECT COUNT(*) AS n FROM n"
        ),
        (
            "SELECT a.run_uuid FROM runs a WHERE EXISTS (SELECT 1 FROM tags t"
            " WHERE t.run_uuid = a.run_uuid AND t.value = 'prod') ORDER BY a.run_uuid"
        ),
        "SELECT GROUP_CONCAT(DISTINCT status) AS list FROM runs WHERE status = 'FAILED'",
        "SELECT end_time - start_time AS took FROM runs ORDER BY took IS NULL, took LIMIT 9",
        "SELECT value FROM metrics WHERE value > 1e300 ORDER BY value",
    ],
)
def test_an_idiom_gives_the_same_rows_on_both(pair: Pair, sql: str) -> None:
    pair.same(sql)


def test_days_by_arithmetic_are_whole_numbers_on_both(pair: Pair) -> None:
    sql = (
        "SELECT FLOOR(start_time / :p0) * :p1 AS day, COUNT(*) AS n FROM runs GROUP BY 1 ORDER BY 1"
    )
    rows = pair.same(sql, p0=86_400_000.0, p1=86_400_000)
    assert sum(int(str(row[1])) for row in rows) == 120
