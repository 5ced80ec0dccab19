"""What an approved statement looks like: limit, parameters, names, headings, tables."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.guard_corpus.loading import statements
from tests.unit.texttosql.guard.conftest import RuleOf
from texttosql.errors import Refused
from texttosql.guard import Policy, approve, default_schema
from texttosql.guard.mlflow_schema import REVISION
from texttosql.schema import ASKABLE, Schema

WITHOUT_VALUE = Schema({"params": {"key": "text", "run_uuid": "text"}}, "mysql")


@pytest.mark.parametrize(
    ("typed", "written", "rows"),
    [
        ("", " LIMIT 11", 10),
        (" LIMIT 5", " LIMIT 5", 5),
        (" LIMIT 10", " LIMIT 10", 10),
        (" LIMIT 11", " LIMIT 11", 10),
        (" LIMIT 999999999", " LIMIT 11", 10),
        (" LIMIT 0", " LIMIT 0", 0),
        (" LIMIT 20, 5", " LIMIT 5 OFFSET 20", 5),
        (" LIMIT 20, 50", " LIMIT 11 OFFSET 20", 10),
        (" FETCH FIRST 3 ROWS ONLY", " LIMIT 3", 3),
    ],
)
def test_the_smaller_limit_wins_with_one_row_more_to_know_of_a_cut(
    mysql: Policy, typed: str, written: str, rows: int
) -> None:
    policy = dataclasses.replace(mysql, max_rows=10)
    query = approve(f"SELECT name FROM runs ORDER BY name{typed}", policy)
    assert query.sql == f"SELECT `name` FROM `runs` ORDER BY `name`{written}"
    assert query.max_rows == rows


def test_set_operations_are_limited_as_a_whole(mysql: Policy) -> None:
    query = approve("(SELECT name FROM runs LIMIT 3) UNION SELECT name FROM experiments", mysql)
    assert query.sql.startswith("(SELECT `name` FROM `runs` LIMIT 3) UNION SELECT")
    assert query.sql.endswith("`experiments` LIMIT 10001")
    assert query.tables == {"runs", "experiments"}


def test_every_text_is_a_parameter_and_the_same_text_is_the_same_one(mysql: Policy) -> None:
    sql = "SELECT CONCAT(name, 'a:b', 'x') FROM runs WHERE name = 'x' AND status <> \"50%\""
    query = approve(sql, mysql)
    assert query.params == {"p0": "a:b", "p1": "x", "p2": "50%"}
    assert "WHERE `name` = :p1 AND `status` <> :p2" in query.sql


def test_no_ordinary_statement_has_a_quoted_text_left(mysql: Policy, sqlite: Policy) -> None:
    for one in statements("ordinary"):
        query = approve(one.sql, mysql if one.dialect == "mysql" else sqlite)
        names = r"`[^`]*`" if one.dialect == "mysql" else r'"[^"]*"'
        bare = re.sub(names, "", query.sql).replace("SEPARATOR x''", "")
        assert not re.search(r"['\"`;#@]|--|/\*", bare), query.sql
        used = {name[1:] for name in re.findall(r":p\d+", bare)}
        assert used == set(query.params)


def test_a_heading_says_what_was_typed_and_never_a_parameter(mysql: Policy) -> None:
    query = approve("SELECT COUNT(*), IF(status = 'FAILED', 1, 0), name AS `eval/loss` FROM runs",
                    mysql)  # fmt: skip
    assert "AS `COUNT(*)`" in query.sql
    assert "AS `IF(status = FAILED, 1, 0)`" in query.sql
    assert "AS `eval/loss`" in query.sql


@pytest.mark.parametrize("alias", ["a:b", "50%", "val/acc", "with space", "métrique", "it's"])
def test_headings_may_hold_what_metric_names_hold(mysql: Policy, alias: str) -> None:
    assert f"AS `{alias}`" in approve(f"SELECT name AS `{alias}` FROM runs", mysql).sql


def test_a_star_becomes_the_listed_columns_only(mysql: Policy) -> None:
    policy = dataclasses.replace(mysql, schema=WITHOUT_VALUE)
    inner = "(SELECT `key`, `run_uuid` FROM `params`) AS `params`"
    query = approve("SELECT * FROM params", policy)
    assert query.sql == f"SELECT `params`.`key`, `params`.`run_uuid` FROM {inner} LIMIT 10001"


def test_an_unlisted_column_cannot_be_reached_through_an_alias_of_its_name(mysql: Policy) -> None:
    policy = dataclasses.replace(mysql, schema=WITHOUT_VALUE)
    query = approve("SELECT 1 AS value FROM params GROUP BY value", policy)
    assert "FROM (SELECT `key`, `run_uuid` FROM `params`)" in query.sql


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT nmae FROM runs", "Did you mean name"),
        ("SELECT name FROM rnus", "Did you mean runs"),
        ("SELECT r.valeu FROM latest_metrics r", "Did you mean value"),
        ("SELECT x.name FROM runs r", "There is no x in this FROM"),
        ("SELECT SLEEP(5)", "I can't use SLEEP(): only summary functions are allowed."),
        ("SELECT MEDAIN(value) FROM metrics", "Did you mean MEDIAN()?"),
    ],
)
def test_a_refusal_names_what_was_probably_meant(mysql: Policy, sql: str, says: str) -> None:
    with pytest.raises(Refused, match=re.escape(says)):
        approve(sql, mysql)


def test_names_are_found_in_any_case_and_written_as_from_has_them(mysql: Policy) -> None:
    query = approve("SELECT Runs.NAME FROM RUNS WHERE runs.Status = 'FAILED'", mysql)
    assert query.sql.startswith("SELECT `RUNS`.`NAME` FROM `runs` AS `RUNS` WHERE `RUNS`.`Status`")


@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
def test_every_askable_column_can_be_named_without_quotes(
    dialect: str, rule: RuleOf, mysql: Policy, sqlite: Policy
) -> None:
    policy = mysql if dialect == "mysql" else sqlite
    for table, columns in policy.schema.tables.items():
        for name in columns:
            sql = f"SELECT {name}, t.{name} AS a FROM {table} t WHERE {name} IS NOT NULL"
            assert rule(f"{sql} GROUP BY {name}, t.{name} ORDER BY {name}", policy) is None


def test_anything_unexpected_is_a_refusal(mysql: Policy) -> None:
    broken = dataclasses.replace(mysql, schema=None)  # type: ignore[arg-type] # a broken policy
    with pytest.raises(Refused) as refused:
        approve("SELECT name FROM runs", broken)
    assert refused.value.rule == "guard.failed"


@pytest.mark.parametrize("sql", [None, 7, b"SELECT 1"])
def test_what_is_no_text_is_a_refusal(rule: RuleOf, sql: object) -> None:
    assert rule(sql) == "guard.failed"


def test_the_default_schema_is_what_the_installed_mlflow_makes(mlflow_template: Path) -> None:
    schema = default_schema("sqlite")
    with closing(sqlite3.connect(f"file:{mlflow_template}?mode=ro", uri=True)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        for table in ASKABLE:
            found = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            assert list(schema.tables[table]) == found
    assert revision == REVISION == schema.revision
    assert set(schema.tables) == ASKABLE
