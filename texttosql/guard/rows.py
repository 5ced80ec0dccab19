"""Row scope: each table replaced by the rows of it that exist for this asker.

A condition added to WHERE would turn a LEFT JOIN into an inner one and could be argued away with
OR; a filtered subquery in the table's place changes nothing else.
"""

from __future__ import annotations

from sqlglot import exp

from texttosql.guard.mlflow_schema import columns_of
from texttosql.guard.policy import OneOf, Policy, Within


def put_in_scope(tables: list[exp.Table], policy: Policy) -> None:
    """Replace every table that has a scope, or columns that are not listed, by what is left."""
    for node in tables:
        name = node.name.lower()
        shown = node.args.get("alias")
        if name in policy.scopes or _has_unlisted_columns(name, policy):
            _replace(node, exp.Subquery(this=_rows(name, policy), alias=shown or _alias(node.name)))
        elif node.name != name:
            node.set("alias", shown or _alias(node.name))
            node.set("this", _identifier(name))


def _replace(node: exp.Table, subquery: exp.Subquery) -> None:
    joins = node.args.get("joins")
    node.replace(subquery)
    subquery.set("joins", joins)


def _has_unlisted_columns(table: str, policy: Policy) -> bool:
    listed = policy.schema.tables[table]
    return any(column not in listed for column in columns_of(table))


def _rows(table: str, policy: Policy) -> exp.Select:
    columns: list[exp.Expr] = [_column(name) for name in policy.schema.tables[table]]
    select = exp.Select(
        expressions=columns, from_=exp.From(this=exp.Table(this=_identifier(table)))
    )
    condition = _condition(table, policy)
    select.set("where", exp.Where(this=condition) if condition is not None else None)
    return select


def _condition(table: str, policy: Policy) -> exp.Expr | None:
    rule = policy.scopes.get(table)
    if rule is None:
        return None
    if isinstance(rule, Within):
        return exp.In(this=_column(rule.column), query=exp.Subquery(this=_keys(rule, policy)))
    return _one_of(rule)


def _keys(rule: Within, policy: Policy) -> exp.Select:
    table = exp.Table(this=_identifier(rule.table))
    keys = exp.Select(expressions=[_column(rule.key)], from_=exp.From(this=table))
    condition = _condition(rule.table, policy)
    keys.set("where", exp.Where(this=condition) if condition is not None else None)
    return keys


def _one_of(rule: OneOf) -> exp.Expr:
    if not rule.values:
        return exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(0))
    values = [_literal(value) for value in rule.values]
    return exp.In(this=_column(rule.column), expressions=values)


def _literal(value: int | str) -> exp.Expr:
    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def _identifier(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=True)


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=_identifier(name))


def _column(name: str) -> exp.Column:
    return exp.Column(this=_identifier(name))
