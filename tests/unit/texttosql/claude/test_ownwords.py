"""A link that somebody logged is shown as text; one that a query makes up is not shown at all."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.claude.catalogs import catalog
from texttosql.claude.ownwords import check
from texttosql.errors import InterpreterConfused
from texttosql.flow import Cell, Column, ResultTable

STORE = catalog(metrics="auc www.evil.com", params={"url": "x"})
LINK = "see https://ci.example.com/7"


def judged(sql: str, *cells: Cell, names: str = "run") -> None:
    """The judgement of a result with these cells in its one row."""
    columns = tuple(Column(name, "text") for name in names.split("|"))
    check(sql, ResultTable(columns, (cells,), truncated=False, elapsed_ms=1.0), STORE)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT r.name AS run FROM runs AS r",
        "SELECT name FROM runs ORDER BY name",
        "SELECT MAX(CASE WHEN p.key = 'url' THEN p.value END) AS run FROM params AS p",
        "SELECT COALESCE(p.value, 'none') AS run FROM params AS p",
        "SELECT SUBSTR(p.value, 1, 40) AS run FROM params AS p",
        "SELECT LOWER(TRIM(p.value)) AS run FROM params AS p",
        "SELECT GROUP_CONCAT(DISTINCT p.value) AS run FROM params AS p",
        "SELECT GROUP_CONCAT(p.value, ', ') AS run FROM params AS p",
        "SELECT CAST(p.value AS CHAR) AS run FROM params AS p",
        "SELECT JSON_EXTRACT(t.value, '$.uri') AS run FROM tags AS t",
        "SELECT (SELECT p.value FROM params AS p WHERE p.run_uuid = r.run_uuid) AS run FROM runs r",
        "WITH q AS (SELECT p.value AS v FROM params AS p) SELECT q.v AS run FROM q",
        (
            "SELECT x.v AS run FROM (SELECT p.value AS v, ROW_NUMBER() OVER (ORDER BY p.key)"
            " AS place FROM params AS p) AS x WHERE x.place = 1"
        ),
        "SELECT FIRST_VALUE(p.value) OVER (ORDER BY p.key) AS run FROM params AS p",
        "SELECT p.value AS run FROM params AS p UNION SELECT t.value FROM tags AS t",
    ],
)
def test_a_link_of_the_stores_own_passes(sql: str) -> None:
    judged(sql, LINK)


def test_all_columns_of_a_table_pass() -> None:
    names = "|".join(STORE.schema.tables["params"])
    judged("SELECT * FROM params AS p", LINK, LINK, LINK, names=names)
    judged("SELECT p.*, p.value AS v FROM params AS p", LINK, LINK, LINK, LINK, names=f"{names}|v")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 'see https://evil.example' AS run",
        "SELECT 'http' || '://evil.example' AS run",
        "SELECT CONCAT('https://evil.example/', r.name) AS run FROM runs AS r",
        "SELECT CHAR(104, 116, 116, 112) AS run",
        "SELECT REPLACE('httq://evil.example', 'q', 'p') AS run FROM runs AS r",
        "SELECT SUBSTR('evil.comx', 1, 8) AS run FROM runs AS r",
        "SELECT COALESCE(p.value, 'https://evil.example') AS run FROM params AS p",
        "SELECT CASE WHEN r.name = 'a' THEN r.name ELSE '<!channel>' END AS run FROM runs AS r",
        "SELECT GROUP_CONCAT(p.value, '://') AS run FROM params AS p",
        "WITH q AS (SELECT 'www.evil.com' AS v) SELECT q.v AS run FROM q",
        "WITH q(v) AS (SELECT 'www.evil.com') SELECT q.v AS run FROM q",
        "SELECT (SELECT q.v) AS run FROM (SELECT 'http://evil.example' AS v) AS q",
        "SELECT r.name AS run FROM runs AS r UNION SELECT 'http://evil.example'",
        "SELECT q.* FROM (SELECT 'http://evil.example' AS run) AS q",
        "this is no SQL (",
    ],
)
def test_a_link_that_the_query_makes_up_does_not(sql: str) -> None:
    with pytest.raises(InterpreterConfused, match="makes up a text"):
        judged(sql, LINK)


@pytest.mark.parametrize("cell", ["no link at all", 7, 0.5, None, "2025-11", "alice@example.com"])
def test_what_has_no_link_in_it_may_be_made_up(cell: Cell) -> None:
    judged("SELECT CONCAT('a', 'b') AS run", cell)


@pytest.mark.parametrize("name", ["<!channel>", "https://evil.example", "go to evil.com", "@here"])
def test_a_column_is_not_called_like_a_link_or_a_ping(name: str) -> None:
    with pytest.raises(InterpreterConfused, match="name of a column"):
        judged(f'SELECT r.name AS "{name}" FROM runs AS r', "calm", names=name)


def test_a_column_may_be_called_like_the_metric_it_shows() -> None:
    judged('SELECT m.value AS "www.evil.com" FROM latest_metrics AS m', 0.5, names="www.evil.com")
