"""What a statement may be made of: every node of its tree, and every part of every node.

Fail closed: a node or a part that does not stand here is refused, so that syntax nobody thought
of is refused as well. The words for the common ones tell which part it was.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from texttosql.errors import Refused
from texttosql.flow import Dialect
from texttosql.guard.identifiers import check_identifier
from texttosql.guard.rules import Rule


def _parts(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BINARY = _parts("this expression")
_SET = _parts("with_ this expression distinct order limit offset")

PARTS: Mapping[type[exp.Expr], frozenset[str]] = {
    exp.Select: _parts(
        "with_ expressions distinct from_ joins where group having windows order limit offset"
    ),
    exp.Union: _SET,
    exp.Intersect: _SET,
    exp.Except: _SET,
    exp.Subquery: _parts("this alias with_ joins order limit offset"),
    exp.With: _parts("expressions recursive"),
    exp.CTE: _parts("this alias materialized"),
    exp.TableAlias: _parts("this columns"),
    exp.From: _parts("this"),
    exp.Table: _parts("this alias joins"),
    exp.Join: _parts("this on using side kind method"),
    exp.Where: _parts("this"),
    exp.Having: _parts("this"),
    exp.Group: _parts("expressions rollup"),
    exp.Rollup: frozenset(),
    exp.Order: _parts("this expressions"),
    exp.Ordered: _parts("this desc nulls_first"),
    exp.Limit: _parts("expression"),
    exp.Offset: _parts("expression"),
    exp.Fetch: _parts("direction count limit_options"),
    exp.LimitOptions: _parts("rows"),
    exp.Window: _parts("this partition_by order spec alias over"),
    exp.WindowSpec: _parts("kind start start_side end end_side exclude"),
    exp.Distinct: _parts("expressions"),
    exp.Alias: _parts("this alias"),
    exp.Column: _parts("this table"),
    exp.Identifier: _parts("this quoted"),
    exp.Star: frozenset(),
    exp.Literal: _parts("this is_string"),
    exp.HexString: _parts("this"),
    exp.BitString: _parts("this"),
    exp.Null: frozenset(),
    exp.Boolean: _parts("this"),
    exp.Placeholder: _parts("this"),
    exp.Paren: _parts("this"),
    exp.Tuple: _parts("expressions"),
    exp.Var: _parts("this"),
    exp.Not: _parts("this"),
    exp.Neg: _parts("this"),
    exp.BitwiseNot: _parts("this"),
    exp.In: _parts("this expressions query"),
    exp.Between: _parts("this low high"),
    exp.Exists: _parts("this"),
    exp.Any: _parts("this"),
    exp.All: _parts("this"),
    exp.Case: _parts("this ifs default"),
    exp.If: _parts("this true false"),
    exp.Cast: _parts("this to _type"),
    exp.DataType: _parts("this expressions nested kind"),
    exp.DataTypeParam: _parts("this"),
    exp.Extract: _parts("this expression"),
    exp.Trim: _parts("this expression position"),
    exp.StrPosition: _parts("this substr"),
    exp.Substring: _parts("this start length"),
    exp.Chr: _parts("expressions"),
    exp.GroupConcat: _parts("this separator"),
    exp.Concat: _parts("expressions safe coalesce"),
    exp.Interval: _parts("this unit fraction_in_string"),
    exp.Anonymous: _parts("this expressions"),
    exp.CurrentDate: frozenset(),
    exp.CurrentTime: frozenset(),
    exp.CurrentTimestamp: frozenset(),
    exp.Localtime: frozenset(),
    exp.Localtimestamp: frozenset(),
    exp.Filter: _parts("this expression"),
    exp.WithinGroup: _parts("this expression"),
    **dict.fromkeys(
        (exp.Like, exp.Glob, exp.RegexpLike, exp.Is), _parts("this expression negate")
    ),
    exp.Div: _parts("this expression typed safe"),
    exp.DPipe: _parts("this expression safe"),
    **dict.fromkeys(
        (
            exp.And, exp.Or, exp.Xor, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
            exp.NullSafeEQ, exp.NullSafeNEQ, exp.Add, exp.Sub, exp.Mul, exp.IntDiv, exp.Mod,
            exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseLeftShift,
            exp.BitwiseRightShift, exp.Escape, exp.Collate, exp.JSONBExtract,
            exp.JSONBExtractScalar,
        ),
        _BINARY,
    ),
}  # fmt: skip
"""Node -> the parts it may have."""

_ONLY_ON: Mapping[type[exp.Expr], tuple[Dialect, str]] = {
    exp.Filter: ("sqlite", "Use SUM(CASE WHEN … THEN 1 ELSE 0 END)."),
    exp.Glob: ("sqlite", "Use LIKE 'xgb%' or REGEXP."),
    exp.DPipe: ("sqlite", "Use CONCAT(a, b)."),
    exp.WithinGroup: ("mysql", "Use MEDIAN(x) or ROW_NUMBER()."),
    exp.Interval: ("mysql", "Use datetime(…, '-7 days')."),
    exp.Any: ("mysql", "Use IN or EXISTS."),
    exp.All: ("mysql", "Use NOT EXISTS."),
    exp.HexString: ("mysql", "Write the number."),
    exp.Rollup: ("mysql", "Add a second SELECT with UNION ALL."),
    exp.Concat: ("mysql", "Use 'a' || 'b', or AS for a name."),
    exp.Xor: ("mysql", "Use <>."),
    exp.NullSafeNEQ: ("sqlite", "Use NOT (a <=> b)."),
}
"""Syntax that one kind of store has: refused on the other with what to write there."""

_PART_RULES: Mapping[str, tuple[Rule, str, str]] = {
    "into": (Rule.INTO_NOT_ALLOWED, "INTO: I only read, and write neither tables nor files", ""),
    "locks": (Rule.LOCK_NOT_ALLOWED, "FOR UPDATE, FOR SHARE or LOCK IN SHARE MODE", ""),
    "hint": (Rule.HINT_NOT_ALLOWED, "optimizer hints", ""),
    "hints": (Rule.HINT_NOT_ALLOWED, "index hints", ""),
    "operation_modifiers": (Rule.MODIFIER_NOT_ALLOWED, "SQL_CALC_FOUND_ROWS and the like", ""),
    "laterals": (Rule.LATERAL_NOT_ALLOWED, "LATERAL", "Use a subquery in SELECT, or a join."),
    "qualify": (
        Rule.SYNTAX_NOT_ALLOWED,
        "QUALIFY",
        "Filter around it: SELECT … FROM (…) AS t WHERE.",
    ),
    "on": (Rule.SYNTAX_NOT_ALLOWED, "DISTINCT ON", "Use ROW_NUMBER() OVER (PARTITION BY …) = 1."),
    "db": (Rule.SCHEMA_NOT_ALLOWED, "the name of a database before a table or column", ""),
    "catalog": (Rule.SCHEMA_NOT_ALLOWED, "the name of a database before a table or column", ""),
    "pivots": (Rule.SYNTAX_NOT_ALLOWED, "PIVOT", "Use SUM(CASE WHEN … THEN … END)."),
    "sample": (Rule.SYNTAX_NOT_ALLOWED, "TABLESAMPLE", "Use ORDER BY and LIMIT."),
    "partition": (Rule.SYNTAX_NOT_ALLOWED, "PARTITION of a table", "Name the table alone."),
    "with_ties": (Rule.SYNTAX_NOT_ALLOWED, "WITH TIES", "Use RANK() OVER (ORDER BY …)."),
}

_NODE_RULES: Mapping[str, tuple[Rule, str, str]] = {
    "Lateral": (Rule.LATERAL_NOT_ALLOWED, "LATERAL", "Use a subquery in SELECT, or a join."),
    "JSONTable": (Rule.TABLE_FUNCTION, "JSON_TABLE", "Read fields with JSON_EXTRACT(a, '$.x')."),
    "Values": (Rule.STATEMENT_NOT_SELECT, "VALUES as a table", "Use SELECT … UNION ALL SELECT …."),
    "MatchAgainst": (Rule.FUNCTION_NOT_ALLOWED, "MATCH … AGAINST", "Use LIKE '%word%'."),
    "Into": (Rule.INTO_NOT_ALLOWED, "INTO: I only read", ""),
    "Parameter": (Rule.VARIABLE_NOT_ALLOWED, "variables", "Write the value."),
    "SessionParameter": (Rule.VARIABLE_NOT_ALLOWED, "variables", "Write the value."),
    "CurrentUser": (Rule.FUNCTION_NOT_ALLOWED, "CURRENT_USER", "Filter on runs.user_id."),
    "CurrentRole": (Rule.FUNCTION_NOT_ALLOWED, "CURRENT_ROLE", ""),
    "Soundex": (Rule.SYNTAX_NOT_ALLOWED, "SOUNDS LIKE", "Use LIKE."),
    "Dot": (Rule.FUNCTION_NOT_ALLOWED, "functions of another database", "Leave the prefix out."),
    "Insert": (Rule.STATEMENT_NOT_SELECT, "INSERT: I only read", "Write a SELECT."),
    "Update": (Rule.STATEMENT_NOT_SELECT, "UPDATE: I only read", "Write a SELECT."),
    "Delete": (Rule.STATEMENT_NOT_SELECT, "DELETE: I only read", "Write a SELECT."),
}

_UNITS = frozenset({
    "MICROSECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR",
    "SECOND_MICROSECOND", "MINUTE_MICROSECOND", "MINUTE_SECOND", "HOUR_MICROSECOND",
    "HOUR_SECOND", "HOUR_MINUTE", "DAY_MICROSECOND", "DAY_SECOND", "DAY_MINUTE", "DAY_HOUR",
    "YEAR_MONTH",
})  # fmt: skip

_QUERIES = (exp.Select, exp.SetOperation, exp.Subquery)


def check_nodes(tree: exp.Expr, dialect: Dialect) -> None:
    """Refuse a tree that has any node, part or word that does not stand above."""
    if not isinstance(tree, _QUERIES):
        _refuse_node(tree)
    for node in tree.walk():
        _check_node(node, dialect)


def _check_node(node: exp.Expr, dialect: Dialect) -> None:
    parts = PARTS.get(type(node))
    if parts is None:
        _refuse_node(node)
        return
    for part, value in node.args.items():
        if value and part not in parts:
            _refuse_part(node, part)
    if type(node) in _ONLY_ON and _ONLY_ON[type(node)][0] != dialect:
        name = type(node).__name__.upper()
        what = f"This kind of store has no {_SAID.get(name, name)}."
        raise Refused(Rule.SYNTAX_NOT_ALLOWED, what, _ONLY_ON[type(node)][1])
    if isinstance(node, exp.Not):
        _check_denial(node)
    elif isinstance(node, exp.Var):
        _check_word(node)
    elif isinstance(node, exp.Identifier):
        check_identifier(node)
    elif isinstance(node, exp.Interval) and not node.args.get("unit"):
        what = "An INTERVAL has no unit here."
        raise Refused(Rule.SYNTAX_NOT_ALLOWED, what, "Write the date first: x + INTERVAL 1 DAY.")
    elif isinstance(node, exp.Collate) and not isinstance(node.expression, exp.Var):
        raise Refused(
            Rule.SYNTAX_NOT_ALLOWED, "COLLATE takes a plain word.", "COLLATE utf8mb4_bin."
        )


_SAID = {
    "FILTER": "FILTER (WHERE …)", "DPIPE": "||", "REGEXPLIKE": "REGEXP", "HEXSTRING": "x'…'",
    "WITHINGROUP": "WITHIN GROUP",
    "CONCAT": "'a' 'b' as one text", "NULLSAFENEQ": "IS DISTINCT FROM",
}  # fmt: skip


def _check_word(node: exp.Var) -> None:
    known = _is_collation(node)
    if isinstance(node.parent, exp.Interval | exp.Extract | exp.Anonymous):
        known = node.name.upper() in _UNITS
    elif isinstance(node.parent, exp.WindowSpec):
        known = node.name.upper() in {"CURRENT ROW", "GROUP", "TIES", "NO OTHERS"}
    if not known:
        what = f"I don't know the word {node.name[:40]!r} here."
        raise Refused(
            Rule.SYNTAX_NOT_ALLOWED, what, "Use SECOND, MINUTE, HOUR, DAY, MONTH or YEAR."
        )


def _check_denial(node: exp.Not) -> None:
    """`NOT a BETWEEN 1 AND b REGEXP 'c'`: which of the two it denies is not to be seen."""
    inner = node.this
    if not isinstance(inner, exp.In | exp.Between | exp.RegexpLike | exp.Glob | exp.Is):
        return
    parts = [inner.args.get(part) for part in ("this", "expression", "low", "high")]
    if any(isinstance(p, exp.Predicate | exp.Not | exp.Connector | exp.Escape) for p in parts):
        what = "I can't tell what this NOT belongs to."
        raise Refused(Rule.SYNTAX_NOT_ALLOWED, what, "Put what it denies in brackets.")


def _is_collation(node: exp.Var) -> bool:
    plain = node.name.isascii() and node.name.replace("_", "").isalnum()
    return plain and isinstance(node.parent, exp.Collate | exp.DataType)


def _refuse_node(node: exp.Expr) -> None:
    name = type(node).__name__
    if name in _NODE_RULES:
        rule, said, fix = _NODE_RULES[name]
        raise Refused(rule, f"I can't use {said}.", fix or "Leave it out.")
    if isinstance(node, exp.Func):
        what = f"I can't use {node.sql_name()}(): only summary functions are allowed."
        raise Refused(Rule.FUNCTION_NOT_ALLOWED, what, "Try AVG(value).")
    if isinstance(node, exp.DDL | exp.DML | exp.Command):
        what = f"I only read: {name.upper()} is no question."
        raise Refused(Rule.STATEMENT_NOT_SELECT, what, "Write a SELECT.")
    what = f"I can't use this syntax ({name})."
    raise Refused(
        Rule.SYNTAX_NOT_ALLOWED, what, "Write it with plain SELECT, JOIN, WHERE, GROUP BY."
    )


def _refuse_part(node: exp.Expr, part: str) -> None:
    if part in _PART_RULES:
        rule, said, fix = _PART_RULES[part]
        raise Refused(rule, f"I can't use {said}.", fix or "Leave it out.")
    what = f"I can't use this part of {type(node).__name__.upper()} ({part.strip('_')})."
    raise Refused(
        Rule.SYNTAX_NOT_ALLOWED, what, "Write it with plain SELECT, JOIN, WHERE, GROUP BY."
    )
