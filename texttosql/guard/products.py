"""No query whose cost is the product of large tables: a join says how its sides belong together.

A million metrics beside a million metrics are 10^12 rows. Sources count as joined when a
condition that must hold compares them (or both with the same row outside). What is left
unjoined may be multiplied only while it stays small: one large table with one small one, or up
to three small ones (every user with every experiment and day is an ordinary grid).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from sqlglot import exp

from texttosql.errors import Refused
from texttosql.guard.functions import AGGREGATES
from texttosql.guard.rules import Rule
from texttosql.guard.sources import Scope, Source

_SMALL = frozenset({
    "experiments", "experiment_tags", "registered_models", "registered_model_tags",
    "registered_model_aliases", "model_versions", "model_version_tags", "datasets",
})  # fmt: skip
_IDENTITIES = frozenset({
    "run_uuid", "run_id", "model_id", "request_id", "trace_id", "dataset_uuid", "input_uuid",
})  # fmt: skip
_QUERY = (exp.Select, exp.SetOperation, exp.Subquery)
_FEW = 1_000
_OUTSIDE = -1

_Edge = frozenset[int]


class _Size(IntEnum):
    ONE_ROW = 0
    SMALL = 1
    LARGE = 2


def check_products(scopes: list[tuple[exp.Select, Scope]]) -> None:
    """Refuse a SELECT that multiplies large tables with each other."""
    for select, scope in scopes:
        if len(scope.sources) > 1:
            _check(select, scope)


def _check(select: exp.Select, scope: Scope) -> None:
    conditions = list(_conditions(select))
    edges = {edge for condition in conditions for edge in _edges(condition, scope)}
    edges |= set(_using_edges(select, scope))
    sizes = [_size(source) for source in scope.sources]
    for index in _pinned(conditions, scope):
        sizes[index] = min(sizes[index], _Size.SMALL)
    groups = _groups(len(sizes), edges)
    largest = [max(sizes[i] for i in group) for group in groups if group]
    large, several = largest.count(_Size.LARGE), sum(s > _Size.ONE_ROW for s in largest)
    if large > 1 or (large and several > 2) or several > 3:
        what = "This joins tables without saying which rows belong together: too many rows."
        raise Refused(
            Rule.JOIN_UNBOUNDED, what, "Add ON a.run_uuid = b.run_uuid, or aggregate first."
        )


def _conditions(select: exp.Select) -> Iterator[exp.Expr]:
    where = select.args.get("where")
    if where:
        yield where.this
    for join in _joins(select):
        if join.args.get("on"):
            yield join.args["on"]


def _joins(select: exp.Select) -> Iterator[exp.Join]:
    waiting = [select.args.get("from_"), *(select.args.get("joins") or [])]
    while waiting:
        node = waiting.pop()
        if isinstance(node, exp.Join):
            yield node
        if isinstance(node, exp.From | exp.Join) or _holds_joins(node):
            waiting += [node.this, *(node.args.get("joins") or [])]


def _holds_joins(node: exp.Expr | None) -> bool:
    inner = isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table | exp.Subquery)
    return inner or (isinstance(node, exp.Table | exp.Subquery) and bool(node.args.get("joins")))


def _edges(condition: exp.Expr, scope: Scope) -> set[_Edge]:
    """The sources that this condition, where it holds, puts in relation."""
    if isinstance(condition, exp.Paren):
        return _edges(condition.this, scope)
    if isinstance(condition, exp.And):
        return _edges(condition.this, scope) | _edges(condition.expression, scope)
    if isinstance(condition, exp.Or):
        return _edges(condition.this, scope) & _edges(condition.expression, scope)
    if isinstance(condition, exp.NEQ | exp.Not | exp.Exists):
        return set()
    owners = {owner for column in _columns(condition) for owner in _owners(column, scope)}
    return {frozenset(owners)} if len(owners) > 1 else set()


def _columns(tree: exp.Expr) -> Iterator[exp.Column]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, exp.Column):
            yield node
        elif not isinstance(node, _QUERY):
            waiting.extend(node.iter_expressions())


def _owners(column: exp.Column, scope: Scope) -> set[int]:
    table, name = column.text("table").lower(), column.name
    for index, source in enumerate(scope.sources):
        if source.has(name) and table in ("", source.name.lower()):
            return {index}
    return {_OUTSIDE}


def _using_edges(select: exp.Select, scope: Scope) -> Iterator[_Edge]:
    for join in _joins(select):
        for name in join.args.get("using") or []:
            yield frozenset(i for i, s in enumerate(scope.sources) if s.has(name.name))


def _pinned(conditions: list[exp.Expr], scope: Scope) -> Iterator[int]:
    """Sources of which one run, model or trace is taken: `a.run_uuid = 'abc'`."""
    for condition in conditions:
        for part in condition.flatten() if isinstance(condition, exp.And) else [condition]:
            if isinstance(part, exp.EQ) and isinstance(part.this, exp.Column):
                fixed = isinstance(part.expression, exp.Literal)
                if fixed and part.this.name.lower() in _IDENTITIES:
                    yield from _owners(part.this, scope) - {_OUTSIDE}


def _groups(count: int, edges: set[_Edge]) -> list[set[int]]:
    """The sources, joined ones together; what is joined with the outside is one group."""
    groups = [{_OUTSIDE}, *({index} for index in range(count))]
    for edge in edges:
        touched = [group for group in groups if group & edge]
        groups = [group for group in groups if not group & edge]
        groups.append(set().union(*touched))
    return [group - {_OUTSIDE} for group in groups]


def _size(source: Source) -> _Size:
    if source.table is not None:
        return _Size.SMALL if source.table in _SMALL else _Size.LARGE
    return _size_of_query(source.query)


def _size_of_query(query: exp.Expr | None) -> _Size:
    while isinstance(query, exp.Subquery):
        query = query.this
    if query is None:
        return _Size.LARGE
    limit = query.args.get("limit")
    if limit and int(limit.expression.name) <= _FEW:
        return _Size.ONE_ROW if limit.expression.name == "1" else _Size.SMALL
    if isinstance(query, exp.SetOperation):
        sides = (_size_of_query(query.this), _size_of_query(query.expression))
        return max(_Size.SMALL, *sides)
    return _size_of_select(query)


def _size_of_select(select: exp.Expr) -> _Size:
    grouped, start = select.args.get("group"), select.args.get("from_")
    if start is None or (not grouped and _aggregates(select)):
        return _Size.ONE_ROW
    if grouped or select.args.get("distinct"):
        return _Size.SMALL
    small = isinstance(start.this, exp.Table) and start.this.name.lower() in _SMALL
    return _Size.SMALL if small and not select.args.get("joins") else _Size.LARGE


def _aggregates(select: exp.Expr) -> bool:
    for expression in select.expressions:
        for call in expression.find_all(exp.Anonymous, exp.GroupConcat):
            aggregate = isinstance(call, exp.GroupConcat) or call.name.upper() in AGGREGATES
            if aggregate and not isinstance(call.parent, exp.Window):
                return True
    return False
