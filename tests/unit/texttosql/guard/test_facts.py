"""What was found out about the parser by trying, one test each: none of it can be used."""

from __future__ import annotations

import pytest

from tests.unit.texttosql.guard.conftest import RuleOf
from texttosql.guard import Policy, approve


@pytest.mark.parametrize(
    "comment", ["/*! SLEEP(5) */", "/*!50000 1 */", "/*M! 1 */", "/*m!100100 1 */", "/*!*/"]
)
def test_text_that_the_server_runs_and_the_parser_drops_is_refused(
    rule: RuleOf, comment: str
) -> None:
    assert rule(f"SELECT name {comment} FROM runs") == "comment.executable"
    assert rule(f"SELECT '{comment}'") == "comment.executable"


def test_plain_comments_are_read_over_and_never_written(mysql: Policy) -> None:
    query = approve("SELECT name /* a */ FROM runs -- b\n# c", mysql)
    assert query.sql == "SELECT `name` FROM `runs` LIMIT 10001"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name INTO t FROM runs",
        "SELECT * FROM (SELECT name INTO t FROM runs) x",
        "WITH x AS (SELECT name INTO t FROM runs) SELECT * FROM x",
        "SELECT name FROM runs INTO OUTFILE '/tmp/x'",
        "SELECT name FROM runs UNION SELECT name INTO DUMPFILE '/tmp/x' FROM runs",
    ],
)
def test_into_is_refused_at_any_depth(rule: RuleOf, sql: str) -> None:
    assert rule(sql) == "into.not_allowed"


@pytest.mark.parametrize(
    "call",
    ["SLEEP(1)", "LOAD_FILE('/etc/passwd')", "my_function(1)", "VERSION()", "CURRENT_USER()",
     "DATABASE()", "REPEAT('a', 9)", "db.f(1)", "`sleep`(1)", "CURRENT_USER"],
)  # fmt: skip
def test_functions_are_judged_alike_whether_the_parser_knows_them_or_not(
    rule: RuleOf, call: str
) -> None:
    assert rule(f"SELECT {call}") == "function.not_allowed"


@pytest.mark.parametrize(
    "sql", ["SHUTDOWN", "FLUSH PRIVILEGES", "REPLACE INTO runs VALUES (1)", "GRANT ALL ON *.* TO x",
            "CALL p()", "DO SLEEP(1)", "HANDLER runs OPEN", "TABLE runs", "VALUES ROW(1)"],
)  # fmt: skip
def test_what_parses_as_something_harmless_is_refused_by_its_first_word(
    rule: RuleOf, sql: str
) -> None:
    assert rule(sql) == "statement.not_select"


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT /*+ NO_MERGE(x) */ name FROM runs", "hint.not_allowed"),
        ("SELECT name FROM runs USE INDEX (x)", "hint.not_allowed"),
        ("SELECT name FROM runs FOR UPDATE", "lock.not_allowed"),
        ("SELECT name FROM runs LOCK IN SHARE MODE", "lock.not_allowed"),
        ("SELECT @a", "variable.not_allowed"),
        ("SELECT @@version", "variable.not_allowed"),
        ("SELECT SQL_CALC_FOUND_ROWS name FROM runs", "modifier.not_allowed"),
        ("WITH x AS (DELETE FROM runs) SELECT 1", "statement.not_select"),
        ("SELECT * FROM JSON_TABLE('[]', '$' COLUMNS (a INT PATH '$')) t", "table.function"),
        ("SELECT * FROM runs, LATERAL (SELECT 1) t", "lateral.not_allowed"),
        ("SELECT mysql.user.name FROM runs", "schema.not_allowed"),
        ("SELECT * FROM mysql.user", "schema.not_allowed"),
        ("SELECT name FROM runs TABLESAMPLE (1 PERCENT)", "syntax.not_allowed"),
        ("SELECT DISTINCT ON (name) name FROM runs", "syntax.not_allowed"),
        ("SELECT name FROM runs QUALIFY RANK() OVER () = 1", "syntax.not_allowed"),
        ("SELECT * FROM runs FULL JOIN params USING (run_uuid)", "join.not_allowed"),
    ],
)
def test_each_other_part_of_a_statement_has_its_rule(rule: RuleOf, sql: str, name: str) -> None:
    assert rule(sql) == name


@pytest.mark.parametrize("limit", ["-1", "'5'", "1e9", "NULL", "1 + 1", "(SELECT 1)"])
def test_a_limit_that_is_no_plain_number_is_refused(rule: RuleOf, limit: str) -> None:
    assert rule(f"SELECT name FROM runs LIMIT {limit}") == "limit.not_a_number"


def test_a_query_of_with_cannot_stand_in_for_a_table(rule: RuleOf) -> None:
    secrets = "WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets"
    assert rule(secrets) == "table.not_allowed"
    assert rule("WITH runs AS (SELECT 1 AS a) SELECT * FROM runs") == "cte.shadows_table"


def test_a_query_of_with_is_found_by_the_spelling_it_was_given(mysql: Policy) -> None:
    query = approve("WITH Best AS (SELECT 1 AS a) SELECT a FROM best", mysql)
    assert query.sql.endswith("SELECT `a` FROM `Best` AS `best` LIMIT 10001")


def test_an_escaped_quote_cannot_end_a_text(mysql: Policy) -> None:
    query = approve(r"SELECT name FROM runs WHERE name = 'a\' OR SLEEP(1) -- '", mysql)
    assert query.params == {"p0": "a' OR SLEEP(1) -- "}
    assert "SLEEP" not in query.sql


@pytest.mark.parametrize("depth", [60, 500, 5_000])
def test_deep_nesting_is_refused_and_not_died_of(rule: RuleOf, depth: int) -> None:
    assert rule("SELECT " + "(" * depth + "1" + ")" * depth) in {"too.deep", "too.long"}


def test_a_long_chain_is_read_and_a_longer_one_refused(rule: RuleOf) -> None:
    assert rule("SELECT 1 FROM runs WHERE " + " OR ".join(["1 = 1"] * 900)) is None
    assert rule("SELECT 1 FROM runs WHERE " + " OR ".join(["1 = 1"] * 20_000)) == "too.long"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("name REGEXP '^x'", "`name` REGEXP :p0"),
        ("name NOT REGEXP '^x'", "`name` NOT REGEXP :p0"),
        ("REGEXP_LIKE(name, '^x')", "`name` REGEXP :p0"),
        ("name NOT IN ('a')", "`name` NOT IN (:p0)"),
        ("name NOT LIKE 'a%'", "`name` NOT LIKE :p0"),
        ("start_time NOT BETWEEN 1 AND 2", "`start_time` NOT BETWEEN 1 AND 2"),
        ("0x1F > 3", "0x1F > 3"),
        ("source_name->>'$.a' = 'b'", "JSON_UNQUOTE(JSON_EXTRACT(`source_name`, :p0)) = :p1"),
    ],
)
def test_what_the_parser_would_write_otherwise_keeps_its_meaning(
    mysql: Policy, typed: str, written: str
) -> None:
    sql = approve(f"SELECT 1 FROM runs WHERE {typed}", mysql).sql
    assert f" WHERE {written} " in sql


def test_from_dual_is_no_table(mysql: Policy) -> None:
    assert approve("SELECT 1 AS a FROM DUAL", mysql).sql == "SELECT 1 AS `a` LIMIT 10001"


def test_value_may_stand_unquoted_inside_json_object(rule: RuleOf) -> None:
    assert rule("SELECT JSON_OBJECT('key', `key`, 'value', value) FROM params") is None


@pytest.mark.parametrize("word", ["WITH", "WITH RECURSIVE"])
def test_a_query_that_reads_from_itself_is_refused_with_or_without_the_word(
    rule: RuleOf, sqlite: Policy, word: str
) -> None:
    sql = f"{word} x AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM x) SELECT n FROM x"
    assert rule(sql) == "recursion.not_allowed"
    assert rule(sql, sqlite) == "recursion.not_allowed"
