"""What of a result the model wrote itself: names of columns, and texts that are in no table.

A link that somebody logged is the store's, and shown as text like any cell. One that a query makes
up (`SELECT 'see http://…' AS note`) is the model's, like its title: then the query is no use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from texttosql.catalog import Catalog
from texttosql.claude.plaintext import tied
from texttosql.errors import InterpreterConfused
from texttosql.flow import ResultTable
from texttosql.schema import Schema

_FIX = "Name columns plainly, and show no text with a link or a ping that is not a table's own."
_NAMED = "The name of a column has a link or a ping in it."
_MADE_UP = "The SQL makes up a text with a link or a ping in it."
_PASSED_ON = (
    exp.Paren, exp.Alias, exp.Min, exp.Max, exp.Window, exp.Cast, exp.FirstValue, exp.LastValue,
    exp.Lag, exp.Lead, exp.AnyValue, exp.Nullif, exp.Order, exp.Ordered,
)  # fmt: skip
_CUT = (
    exp.Substring, exp.Trim, exp.Lower, exp.Upper, exp.Left, exp.Right, exp.JSONExtract,
    exp.JSONExtractScalar,
)  # fmt: skip
_SEPARATOR = re.compile(r"[\s,;|]*")

Columns = Sequence[tuple[str, bool]]
"""A query's columns in order: name in small letters, and whether its texts are a table's."""
Sources = Mapping[str, Columns]


def check(sql: str, table: ResultTable, catalog: Catalog) -> None:
    """Raises InterpreterConfused where something with a link or a ping in it is the model's."""
    if any(tied(name) and not _is_key(name, catalog) for name in table.names):
        raise InterpreterConfused(_NAMED, _FIX)
    owned = _owned(sql, catalog.schema, len(table.columns))
    if any(_is_made_up(row, owned) for row in table.rows):
        raise InterpreterConfused(_MADE_UP, _FIX)


def _is_key(name: str, catalog: Catalog) -> bool:
    """Whether a column is called like what it shows."""
    return name in catalog.metrics or name in catalog.params or name in catalog.tags


def _is_made_up(row: Sequence[object], owned: Sequence[bool]) -> bool:
    cells = zip(row, owned, strict=True)
    return any(not own and isinstance(cell, str) and tied(cell) for cell, own in cells)


def _owned(sql: str, schema: Schema, width: int) -> Sequence[bool]:
    """For each column of the result, whether its texts are a table's; what is unclear is not."""
    try:
        tree = sqlglot.parse_one(sql, read=schema.dialect)
        columns = [own for _, own in _Reading(schema).columns(tree, {}, {})]
    except (SqlglotError, RecursionError):
        columns = []
    return columns if len(columns) == width else [False] * width


class _Reading:
    """Follows texts of a query to the tables they come from."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def columns(self, query: exp.Expr, ctes: Sources, outer: Sources) -> Columns:
        """The query's columns. `outer` is what a query inside another one can see of that."""
        known = dict(ctes)
        clause = query.args.get("with_")
        for cte in clause.expressions if clause else ():
            known[cte.alias.lower()] = self.columns(cte.this, known, outer)
        if isinstance(query, exp.Subquery):
            return self.columns(query.this, known, outer)
        if isinstance(query, exp.SetOperation):
            sides = (self.columns(side, known, outer) for side in (query.this, query.expression))
            return [(name, own and too) for (name, own), (_, too) in zip(*sides, strict=False)]
        if not isinstance(query, exp.Select):
            return []
        within = {**outer, **dict(self._sources(query, known, outer))}
        return [each for one in query.expressions for each in self._projected(one, known, within)]

    def _sources(
        self, query: exp.Select, ctes: Sources, outer: Sources
    ) -> Iterator[tuple[str, Columns]]:
        start = query.args.get("from_")
        joined = [join.this for join in query.args.get("joins") or []]
        for source in [*([start.this] if start else []), *joined]:
            name = source.alias_or_name.lower()
            if isinstance(source, exp.Table):
                table = self._schema.tables.get(source.name.lower(), {})
                plain = [(column.lower(), True) for column in table]
                yield name, ctes.get(source.name.lower(), plain)
            else:
                yield name, self.columns(source, ctes, outer)

    def _projected(
        self, node: exp.Expr, ctes: Sources, within: Sources
    ) -> Iterator[tuple[str, bool]]:
        """One column, or those that a star stands for."""
        if node.is_star:
            table = node.text("table").lower() if isinstance(node, exp.Column) else ""
            for name, columns in within.items():
                yield from columns if table in {"", name} else ()
        else:
            yield node.alias_or_name.lower(), self._owns(node, ctes, within)

    def _owns(
        self, node: exp.Expr | None, ctes: Sources, within: Sources, *, cut: bool = False
    ) -> bool:
        """Whether what an expression gives is a table's text, or one with nothing to click in it.

        `cut`: a part of it is taken, so that a text of the model's cannot be judged by its whole.
        """
        if node is None or isinstance(node, exp.Null):
            return True
        if isinstance(node, exp.Literal):
            return not node.is_string or not (cut or tied(str(node.this)))
        if isinstance(node, exp.Column):
            return _is_tables(node, within)
        if isinstance(node, exp.Subquery):
            return all(own for _, own in self.columns(node, ctes, within))
        parts, narrower = _parts(node), cut or isinstance(node, _CUT)
        return parts is not None and all(
            self._owns(part, ctes, within, cut=narrower) for part in parts
        )


def _is_tables(column: exp.Column, within: Sources) -> bool:
    table, name = column.text("table").lower(), column.name.lower()
    places = [columns for source, columns in within.items() if table in {"", source}]
    found = [own for columns in places for other, own in columns if other == name]
    return bool(found) and all(found)


def _parts(node: exp.Expr) -> Sequence[exp.Expr | None] | None:
    """What an expression hands on as it is, or cut; None where it makes something new."""
    if isinstance(node, exp.Case):
        return [*(branch.args["true"] for branch in node.args["ifs"]), node.args.get("default")]
    if isinstance(node, exp.If):
        return [node.args["true"], node.args.get("false")]
    if isinstance(node, exp.Coalesce):
        return [node.this, *node.expressions]
    if isinstance(node, exp.Distinct):
        return list(node.expressions)
    if isinstance(node, exp.GroupConcat):
        separator = node.args.get("separator")
        return [node.this] if separator is None or _SEPARATOR.fullmatch(separator.name) else None
    return [node.this] if isinstance(node, (*_PASSED_ON, *_CUT)) else None
