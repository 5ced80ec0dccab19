"""The system prompt: small, the same bytes for the same store, and nothing in it is refused."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest

from tests.demo_fixture import demo_database
from texttosql.claude.card import card
from texttosql.claude.estimate import tokens
from texttosql.claude.idioms import idioms
from texttosql.claude.prompt import MOST_TOKENS, system_prompt
from texttosql.claude.worked import worked_sql
from texttosql.flow import Dialect
from texttosql.guard import Policy, approve, default_schema
from texttosql.guard.functions import ALLOWED
from texttosql.schema import NEEDED, Schema
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse

DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
EXAMPLES = [
    pytest.param(dialect, one.sql, id=f"{dialect}: {one.question[:40]}")
    for dialect in DIALECTS
    for one in worked_sql(default_schema(dialect))
]


@pytest.fixture(scope="module")
def demo() -> Iterator[Storehouse]:
    warehouse = open_warehouse(f"sqlite:///{demo_database()}")
    with closing(
        Storehouse(warehouse, max_rows=500, deadline=20, ttl=3_600, clock=time.monotonic)
    ) as storehouse:
        yield storehouse


def bare(dialect: Dialect) -> Schema:
    """A store with nothing but what every MLflow store has."""
    whole = default_schema(dialect)
    return replace(whole, tables={name: whole.tables[name] for name in NEEDED})


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_prompt_of_the_newest_mlflow_is_small_enough(dialect: Dialect) -> None:
    assert 3_000 < tokens(system_prompt(default_schema(dialect))) <= MOST_TOKENS


@pytest.mark.parametrize("dialect", DIALECTS)
def test_equal_schemas_give_equal_bytes(dialect: Dialect) -> None:
    schema = default_schema(dialect)
    shuffled = replace(schema, tables=dict(reversed(list(schema.tables.items()))))
    assert system_prompt(shuffled) == system_prompt(default_schema(dialect))


def test_a_store_is_told_of_its_own_kind_of_sql() -> None:
    mysql, sqlite = (system_prompt(default_schema(dialect)) for dialect in ("mysql", "sqlite"))
    assert "AS DOUBLE)" in mysql
    assert "MEDIAN(m.value)" not in mysql
    assert "AS REAL)" in sqlite
    assert "MEDIAN(m.value)" in sqlite


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_older_store_is_told_of_nothing_it_lacks(dialect: Dialect) -> None:
    prompt = system_prompt(bare(dialect))
    for lacking in set(default_schema(dialect).tables) - NEEDED - {"datasets", "inputs"}:
        assert lacking not in prompt
    assert "runs(run_uuid, name" in prompt


def test_a_column_that_a_store_gained_is_on_the_card() -> None:
    schema = default_schema("sqlite")
    runs = {**schema.tables["runs"], "gpu_hours": "real"}
    grown = replace(schema, tables={**schema.tables, "runs": runs})
    assert "gpu_hours:real" in system_prompt(grown)


def test_the_card_joins_columns_that_are_there() -> None:
    schema = default_schema("mysql")
    joins = card(schema).rpartition("Joins: ")[2]
    named = re.findall(r"(\w+)\.(\w+)", joins)
    assert len(named) > 10
    assert all(schema.has(table, column) for table, column in named)


@pytest.mark.parametrize(("dialect", "sql"), EXAMPLES)
def test_the_guard_lets_every_example_pass(dialect: Dialect, sql: str) -> None:
    assert approve(sql, Policy(default_schema(dialect), dialect)).sql


@pytest.mark.parametrize("sql", [one.sql for one in worked_sql(default_schema("sqlite"))])
def test_every_example_for_sqlite_runs(demo: Storehouse, sql: str) -> None:
    table = demo.run(approve(sql, demo.snapshot().policy))
    assert table.columns


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_function_that_is_offered_is_allowed(dialect: Dialect) -> None:
    line = next(line for line in idioms(dialect).splitlines() if "Functions:" in line)
    offered = set(re.findall(r"[A-Z][A-Z0-9_]+", line)) - {"REGEXP"}
    assert len(offered) > 25
    assert offered <= ALLOWED[dialect]


def _expressions(dialect: Dialect) -> list[str]:
    """What the idioms say in passing, as columns of a query over runs, metrics and params."""
    text = idioms(dialect)
    whens = re.findall(r"FROM_UNIXTIME\(\(t[^']+'[^']+'\)|FROM_UNIXTIME\(t[^']+'[^']+'\)", text)
    weekday = re.findall(r"DAYNAME\(.+?\)\)", text)
    numbers = re.findall(r"CAST\(p\.value AS \w+\)|CASE WHEN p\.value.+? END", text)
    midnight = re.findall(r"UNIX_TIMESTAMP\('[^']+'\) \* 1000", text)
    return [*(re.sub(r"\bt\b", "r.start_time", one) for one in [*whens, *weekday]),
            *numbers, *midnight]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_expression_said_in_passing_passes(dialect: Dialect) -> None:
    policy = Policy(default_schema(dialect), dialect)
    expressions = _expressions(dialect)
    assert len(expressions) >= 6
    for one in expressions:
        joined = "runs r JOIN params p ON p.run_uuid = r.run_uuid"
        assert approve(f"SELECT {one} AS x FROM {joined}", policy).sql


def test_a_week_is_named_by_the_monday_on_or_before_its_days(demo: Storehouse) -> None:
    day, week, *_ = _expressions("sqlite")
    sql = f"SELECT DISTINCT {day} AS day, {week} AS week FROM runs r ORDER BY day"
    rows = demo.run(approve(sql, demo.snapshot().policy)).rows
    assert len(rows) > 20
    for told in rows:
        one, monday = (date.fromisoformat(str(cell)) for cell in told)
        assert monday == one - timedelta(days=one.weekday())
