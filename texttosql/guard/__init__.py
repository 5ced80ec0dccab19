"""Nothing reaches a database that this package has not approved.

`approve(sql, policy)` reads one SELECT, looks at its characters, words, nodes, calls and names,
puts the asker's rows and the row limit in, makes every text a parameter, writes the statement
anew, reads what it wrote, and writes that again: only a text that comes out the same is minted
into a SafeQuery. Whatever goes wrong on the way is a refusal.
"""

from __future__ import annotations

import re

from sqlglot import exp

from texttosql.errors import Refused
from texttosql.flow import _SEAL, SafeQuery
from texttosql.guard.calls import check_calls
from texttosql.guard.limits import cap, settle_limits
from texttosql.guard.mlflow_schema import default_schema
from texttosql.guard.names import Names
from texttosql.guard.nodes import check_nodes
from texttosql.guard.policy import OneOf, Policy, Predicate, Within, experiments_only
from texttosql.guard.products import check_products
from texttosql.guard.reading import read, read_again
from texttosql.guard.rows import put_in_scope
from texttosql.guard.rules import Rule
from texttosql.guard.spelling import EMPTY
from texttosql.guard.writer import write

__all__ = [
    "OneOf", "Policy", "Predicate", "Within", "approve", "default_schema", "experiments_only",
]  # fmt: skip

_SET_OPERATIONS = 60


def approve(sql: str, policy: Policy) -> SafeQuery:
    """The statement as it may run. Raises Refused with a rule, the reason and what to write."""
    try:
        return _approve(sql, policy)
    except Refused:
        raise
    except RecursionError:
        what = "This SQL is nested too deeply."
        raise Refused(Rule.TOO_DEEP, what, "Name the inner steps with WITH … AS (…).") from None
    except Exception as error:  # fail closed: what the guard does not understand does not run
        what = "I can't judge this SQL."
        fix = "Write it with plain SELECT, JOIN, WHERE, GROUP BY."
        raise Refused(Rule.GUARD_FAILED, what, fix) from error


def _approve(sql: str, policy: Policy) -> SafeQuery:
    tree = read(sql, policy)
    check_nodes(tree, policy.dialect)
    check_calls(tree, policy.dialect)
    settle_limits(tree)
    root = _without_brackets(tree)
    names = _resolve(root, policy)
    max_rows = cap(root, policy.max_rows)
    tables = frozenset(table.name.lower() for table in names.tables)
    put_in_scope(names.tables, policy)
    text, params = write(root, policy.dialect)
    _check_again(text, policy)
    return SafeQuery(text, params, tables, max_rows, policy.dialect, _SEAL)


def _without_brackets(tree: exp.Expr) -> exp.Query:
    """(SELECT …) is SELECT …: SQLite takes no brackets there, and the limit goes inside."""
    while isinstance(tree, exp.Subquery) and set(_given(tree)) == {"this"}:
        tree = tree.this
    if not isinstance(tree, exp.Query):
        raise Refused(Rule.STATEMENT_NOT_SELECT, "This is no query.", "Write a SELECT.")
    return tree


def _given(node: exp.Expr) -> list[str]:
    return [part for part, value in node.args.items() if value]


def _resolve(root: exp.Query, policy: Policy) -> Names:
    if sum(1 for _ in root.find_all(exp.SetOperation)) > _SET_OPERATIONS:
        what = f"More than {_SET_OPERATIONS} queries are put together here."
        raise Refused(Rule.TOO_LONG, what, "Use GROUP BY, or IN with a list.")
    names = Names(policy)
    names.resolve(root)
    check_products(names.scopes)
    if len(names.tables) > policy.max_tables:
        what = f"This reads {len(names.tables)} tables; {policy.max_tables} are the most."
        raise Refused(Rule.TOO_LONG, what, "Ask for less at once.")
    return names


def _check_again(text: str, policy: Policy) -> None:
    """What the server reads must be what was judged: no quoted text, allowed nodes, a fixpoint."""
    quote = "`" if policy.dialect == "mysql" else '"'
    bare = re.sub(f"{quote}[^{quote}]*{quote}", "", text).replace(EMPTY, "")
    again = read_again(text, policy.dialect)
    check_nodes(again, policy.dialect)
    if set("'\"`;") & set(bare) or write(again, policy.dialect) != (text, {}):
        what = "This SQL does not mean the same when I write it anew."
        raise Refused(
            Rule.GUARD_NOT_STABLE, what, "Write it more simply, with brackets where in doubt."
        )
