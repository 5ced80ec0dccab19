"""Hundreds of statements: none of the hostile ones passes, all of the ordinary ones do."""

from __future__ import annotations

import sqlite3

import pytest

from tests.guard_corpus.loading import Statement, sqlite_memory, statements
from texttosql.errors import Refused
from texttosql.flow import Cell, SafeQuery
from texttosql.guard import Policy, approve

HOSTILE = statements("hostile")
ORDINARY = statements("ordinary")
ON_SQLITE = [one for one in ORDINARY if one.dialect == "sqlite" and not one.note]

RULES = {
    "statement": {"statement.not_select", "statement.empty", "statement.multiple"},
    "multiple": {"statement.multiple"},
    "into": {"into.not_allowed", "variable.not_allowed"},
    "lock": {"lock.not_allowed"},
    "limit": {"limit.not_a_number", "syntax.not_allowed"},
    "recursion": {"recursion.not_allowed", "cte.shadows_cte", "table.not_allowed"},
    "product": {"join.unbounded"},
    "column": {"column.not_allowed", "table.not_allowed"},
    "empty": {"statement.empty"},
    "invisible": {"text.invisible_character", "identifier.not_allowed", "parse.failed"},
}
"""Families whose refusals have a name of their own; in `statement` some are no SQL at all."""


def _policy(one: Statement, mysql: Policy, sqlite: Policy) -> Policy:
    return mysql if one.dialect == "mysql" else sqlite


@pytest.mark.parametrize("one", HOSTILE, ids=str)
def test_a_hostile_statement_is_refused_with_reason_and_remedy(
    one: Statement, mysql: Policy, sqlite: Policy
) -> None:
    with pytest.raises(Refused) as refused:
        approve(one.sql, _policy(one, mysql, sqlite))
    assert refused.value.what.endswith((".", "!", "?"))
    assert refused.value.fix
    assert not refused.value.rule.startswith("guard.")
    if one.note != "statement":
        assert refused.value.rule in RULES.get(one.note, {refused.value.rule})


@pytest.mark.parametrize("one", ORDINARY, ids=str)
def test_an_ordinary_statement_is_approved(one: Statement, mysql: Policy, sqlite: Policy) -> None:
    query = approve(one.sql, _policy(one, mysql, sqlite))
    assert isinstance(query, SafeQuery)
    assert query.dialect == one.dialect


@pytest.fixture(scope="module")
def store() -> sqlite3.Connection:
    return sqlite_memory()


@pytest.mark.parametrize("one", ON_SQLITE, ids=str)
def test_the_regenerated_text_gives_the_rows_of_the_original(
    one: Statement, store: sqlite3.Connection, sqlite: Policy
) -> None:
    query = approve(one.sql, sqlite)
    expected = _sorted(store.execute(one.sql).fetchall())
    assert _sorted(store.execute(query.sql, dict(query.params)).fetchall()) == expected


def _sorted(rows: list[tuple[Cell, ...]]) -> list[str]:
    return sorted(map(repr, rows))


def test_the_corpora_are_large_enough_to_mean_something() -> None:
    assert len({(one.dialect, one.sql) for one in HOSTILE}) >= 1_000
    assert len({(one.dialect, one.sql) for one in ORDINARY}) >= 250
