"""A verified statement as its parts: the tree of it, and the texts it compares with."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from texttosql.flow import Dialect


def parsed(sql: str, dialect: Dialect) -> exp.Expr:
    """Its tree. Raises SqlglotError."""
    return sqlglot.parse_one(sql, dialect=dialect)


def names_in(sql: str, dialect: Dialect) -> frozenset[str]:
    """The texts a statement compares with, names among them; none when it is unreadable."""
    try:
        return texts(parsed(sql, dialect))
    except SqlglotError:
        return frozenset()


def texts(tree: exp.Expr) -> frozenset[str]:
    """The texts in it."""
    return frozenset(str(each.this) for each in tree.find_all(exp.Literal) if each.is_string)
