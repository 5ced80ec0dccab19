"""What the columns of a drafted SELECT are: times, days and weeks, metrics and their better end.

Read from the SQL itself, through subqueries and WITH, by the schema. What cannot be told is left
untold: a column without a note is judged by its name and cells (texttosql/shape.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from texttosql.catalog import Catalog
from texttosql.flow import ColumnKind, ColumnNote
from texttosql.schema import Schema

Better = Callable[[str], bool | None]
"""Whether a metric's high end is the good one; None where its name does not say."""

_Columns = Mapping[str, ColumnKind | None]

_SUMMARY = re.compile(
    r"^(?:avg|average|mean|median|min|max|best|worst|latest|last|final|first|highest|lowest|peak"
    r"|p\d\d|sum|total)_",
)
_GENERIC = frozenset(
    {"value", "best", "worst", "mean", "average", "median", "score", "metric_value"}
)
_KEPT = (exp.Paren, exp.Min, exp.Max, exp.Round, exp.Abs, exp.Alias, exp.Window, exp.Neg)
"""What gives a value of the kind it is given."""
_NUMBERS = (exp.Avg, exp.Stddev, exp.StddevSamp, exp.StddevPop, exp.Variance, exp.Median, exp.Div)
_MOVED = frozenset({"FIRST_VALUE", "LAST_VALUE", "LAG", "LEAD", "NTH_VALUE", "ANY_VALUE"})
_DATES: Mapping[str, ColumnKind] = {"day": "day", "week": "week", "month": "month"}


def notes(sql: str, catalog: Catalog, better: Better) -> dict[str, ColumnNote]:
    """Result column -> what is known of it; nothing where the SQL cannot be read."""
    dialect = catalog.schema.dialect
    try:
        tree = sqlglot.parse_one(sql, read=dialect)
        kinds = _Reading(catalog.schema).columns(tree, {})
    except (SqlglotError, RecursionError):
        return {}  # the guard says what is wrong with it, to whom it concerns
    keys = {_plain(key): key for key in reversed(tuple(catalog.metrics))}
    named = {text.this for text in tree.find_all(exp.Literal) if text.is_string}
    only = [key for key in catalog.metrics if key in named]
    found = {name: _note(name, kind, keys, only, better) for name, kind in kinds.items()}
    return {name: note for name, note in found.items() if note is not None}


def _note(
    name: str,
    kind: ColumnKind | None,
    keys: Mapping[str, str],
    only: list[str],
    better: Better,
) -> ColumnNote | None:
    if kind in {"time", "day", "week", "month"} and kind is not None:
        return ColumnNote(kind)
    key = _metric(name, keys, only) if kind == "real" else None
    return None if key is None else ColumnNote("real", better(key))


def _metric(name: str, keys: Mapping[str, str], only: list[str]) -> str | None:
    """The metric that a column shows: named like it, or as a summary of it."""
    plain = _plain(name)
    if plain in keys:
        return keys[plain]
    bare = _SUMMARY.sub("", plain)
    if bare in keys:
        return keys[bare]
    return only[0] if plain in _GENERIC and len(only) == 1 else None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


class _Reading:
    """Follows columns of a query to the tables they come from."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def columns(self, query: exp.Expr, ctes: Mapping[str, _Columns]) -> _Columns:
        """The query's result columns, in order, each with its kind or None."""
        known = dict(ctes)
        for cte in _ctes(query):
            known[cte.alias.lower()] = self.columns(cte.this, known)
        if isinstance(query, exp.Subquery):
            return self.columns(query.this, known)
        if isinstance(query, exp.SetOperation):
            return self.columns(query.this, known)
        if not isinstance(query, exp.Select):
            return {}
        sources = dict(self._sources(query, known))
        found: dict[str, ColumnKind | None] = {}
        for projection in query.expressions:
            if projection.is_star:
                found |= _starred(projection, sources)
            else:
                name = projection.alias_or_name
                found[name] = self._projected(name, projection, sources)
        return found

    def _sources(
        self, query: exp.Select, ctes: Mapping[str, _Columns]
    ) -> Iterator[tuple[str, _Columns]]:
        start = query.args.get("from_")
        joined = [join.this for join in query.args.get("joins") or []]
        for source in [*([start.this] if start else []), *joined]:
            if isinstance(source, exp.Table):
                name = source.name.lower()
                table: _Columns = self._schema.tables.get(name, {})
                yield source.alias_or_name.lower(), ctes.get(name, table)
            else:
                yield source.alias_or_name.lower(), self.columns(source, ctes)

    def _projected(
        self, name: str, node: exp.Expr, sources: Mapping[str, _Columns]
    ) -> ColumnKind | None:
        kind = self._kind(node, sources)
        if kind is None and name.lower() in _DATES and _is_written_date(node):
            return _DATES[name.lower()]
        return kind

    def _kind(self, node: exp.Expr | None, sources: Mapping[str, _Columns]) -> ColumnKind | None:
        if isinstance(node, exp.Column):
            return _looked_up(node, sources)
        if isinstance(node, _KEPT):
            return self._kind(node.this, sources)
        if isinstance(node, exp.Coalesce | exp.Case):
            return self._agreed(_results(node), sources)
        if isinstance(node, exp.Binary) and not isinstance(node, exp.Div):
            both = {self._kind(side, sources) for side in (node.this, node.expression)}
            return "real" if "real" in both else None
        return self._called(node, sources)

    def _called(self, node: exp.Expr | None, sources: Mapping[str, _Columns]) -> ColumnKind | None:
        name = _name_of(node)
        cast = isinstance(node, exp.Cast) and node.to.this in exp.DataType.REAL_TYPES
        if cast or isinstance(node, _NUMBERS) or name in {"MEDIAN", "PERCENTILE"}:
            return "real"
        if name in _MOVED and node is not None:
            first = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
            return self._kind(first, sources)
        if isinstance(node, exp.Sum):
            return "real" if self._kind(node.this, sources) == "real" else None
        return None

    def _agreed(
        self, results: list[exp.Expr], sources: Mapping[str, _Columns]
    ) -> ColumnKind | None:
        kinds = {self._kind(result, sources) for result in results}
        return kinds.pop() if len(kinds) == 1 else None


def _ctes(query: exp.Expr) -> list[exp.CTE]:
    stated = query.args.get("with_")
    return list(stated.expressions) if stated else []


def _starred(node: exp.Expr, sources: Mapping[str, _Columns]) -> _Columns:
    table = node.text("table").lower() if isinstance(node, exp.Column) else ""
    chosen = [columns for name, columns in sources.items() if table in {"", name}]
    return {name: kind for columns in chosen for name, kind in columns.items()}


def _looked_up(column: exp.Column, sources: Mapping[str, _Columns]) -> ColumnKind | None:
    table, name = column.text("table").lower(), column.name.lower()
    for source, columns in sources.items():
        if table in {"", source}:
            for other, kind in columns.items():
                if other.lower() == name:
                    return kind
    return None


def _results(node: exp.Expr) -> list[exp.Expr]:
    """What a COALESCE or CASE may give, NULL aside."""
    if isinstance(node, exp.Coalesce):
        found = [node.this, *node.expressions]
    else:
        found = [branch.args["true"] for branch in node.args["ifs"]]
        found += [node.args["default"]] if node.args.get("default") else []
    return [one for one in found if not isinstance(one, exp.Null)]


def _is_written_date(node: exp.Expr) -> bool:
    written = (exp.TimeToStr, exp.Date, exp.UnixToTime, exp.UnixToTimeStr)
    names = {"FROM_UNIXTIME", "DATE_FORMAT", "STRFTIME", "DATE"}
    return any(isinstance(one, written) or _name_of(one) in names for one in node.walk())


def _name_of(node: object) -> str:
    if isinstance(node, exp.Anonymous):
        return node.name.upper()
    return node.sql_name() if isinstance(node, exp.Func) else ""
