"""Policies and a way to ask the guard, for its tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from texttosql.errors import Refused
from texttosql.guard import Policy, approve, default_schema

MYSQL = Policy(default_schema("mysql"), "mysql")
SQLITE = Policy(default_schema("sqlite"), "sqlite")

RuleOf = Callable[..., str | None]


def _rule(sql: str, policy: Policy = MYSQL) -> str | None:
    try:
        approve(sql, policy)
    except Refused as refused:
        return refused.rule
    return None


@pytest.fixture(scope="session")
def mysql() -> Policy:
    """What may be asked on MySQL by default."""
    return MYSQL


@pytest.fixture(scope="session")
def sqlite() -> Policy:
    """What may be asked on SQLite by default."""
    return SQLITE


@pytest.fixture(scope="session")
def rule() -> RuleOf:
    """`rule(sql, policy)` is the rule that refuses it, or None."""
    return _rule
