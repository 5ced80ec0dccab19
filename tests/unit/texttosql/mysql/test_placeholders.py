"""`:p0` becomes PyMySQL's placeholder, and what is no plain SELECT goes no further."""

from __future__ import annotations

import pytest

from texttosql.errors import NotPermitted
from texttosql.mysql.placeholders import translated


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT :p0, :p10", "SELECT %(p0)s, %(p10)s"),
        ("SELECT 1 AS `a:p0`, :p0", "SELECT 1 AS `a:p0`, %(p0)s"),
        ("SELECT 1 AS `50% :p1`, 7 % :p0", "SELECT 1 AS `50%% :p1`, 7 %% %(p0)s"),
        ("SELECT 1 AS `a``:p0`", "SELECT 1 AS `a``:p0`"),
        ("SELECT ':p0 100%', :p0", "SELECT ':p0 100%%', %(p0)s"),
        (r"SELECT '\' :p0', :p0", r"SELECT '\' :p0', %(p0)s"),
        ("SELECT a::p0, :p0x", "SELECT a::p0, :p0x"),
        ("(SELECT 1) UNION (SELECT 2)", "(SELECT 1) UNION (SELECT 2)"),
        ("WITH a AS (SELECT 1) SELECT * FROM a", "WITH a AS (SELECT 1) SELECT * FROM a"),
        ("SELECT 'x INTO y; SLEEP(1)'", "SELECT 'x INTO y; SLEEP(1)'"),
    ],
)
def test_only_real_placeholders_are_translated(sql: str, expected: str) -> None:
    assert translated(sql) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO runs VALUES (1)",
        "SET SESSION sql_mode = DEFAULT",
        "SELECT 1 INTO OUTFILE :p0",
        "SELECT run_uuid INTO t FROM runs",
        "SELECT * FROM runs FOR UPDATE",
        "SELECT * FROM runs LOCK IN SHARE MODE",
        "SELECT GET_LOCK(:p0, 1)",
        "SELECT sleep (1)",
        "SELECT @a := 1",
        "SELECT @@secure_file_priv",
        "SELECT 1; DROP TABLE runs",
        "SELECT /*! SLEEP(1) */ 1",
        "SELECT 1 # comment",
        "SELECT 1 -- comment",
        "SELECT 'unfinished",
        "SELECT `unfinished",
        "CALL p()",
        "SHOW TABLES",
        "",
    ],
)
def test_a_statement_that_does_more_than_select_is_stopped(sql: str) -> None:
    with pytest.raises(NotPermitted):
        translated(sql)
