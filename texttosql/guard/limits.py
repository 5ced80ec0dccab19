"""No answer longer than the policy allows: the smaller of their limit and ours."""

from __future__ import annotations

from sqlglot import exp

from texttosql.errors import Refused
from texttosql.guard.rules import Rule

_DIGITS = 18
"""A LIMIT above 10^18 means "all of them"; the server's own counter ends near there."""


def settle_limits(tree: exp.Expr) -> None:
    """Every LIMIT and OFFSET a plain number; FETCH FIRST n ROWS as LIMIT n."""
    for node in list(tree.walk()):
        if isinstance(node, exp.Fetch):
            node.replace(exp.Limit(expression=node.args.get("count") or exp.Literal.number(1)))
    for kind in (exp.Limit, exp.Offset):
        for limit in tree.find_all(kind):
            _check_number(limit)


def _check_number(limit: exp.Expr) -> None:
    number = limit.args["expression"]
    inside = isinstance(limit.parent, exp.Query)
    plain = isinstance(number, exp.Literal) and not number.is_string and number.name.isdigit()
    if not inside or not plain or len(number.name) > _DIGITS:
        what = "LIMIT and OFFSET take a plain number that is not negative."
        raise Refused(Rule.LIMIT_NOT_A_NUMBER, what, "Write LIMIT 10, or LIMIT 10 OFFSET 20.")


def cap(tree: exp.Query, max_rows: int) -> int:
    """Put the limit in at the root; returns how many rows the answer may have.

    One row more than `max_rows` is asked for when theirs is larger or missing: that is how the
    warehouse knows whether it cut.
    """
    limit = tree.args.get("limit")
    theirs = int(limit.expression.name) if limit else None
    if theirs is not None and theirs <= max_rows:
        return theirs
    tree.set("limit", exp.Limit(expression=exp.Literal.number(max_rows + 1)))
    return max_rows
