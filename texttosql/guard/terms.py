"""Expressions as text: the same words in the same order, nothing translated."""

from __future__ import annotations

import re

from sqlglot import exp

from texttosql.errors import Refused
from texttosql.flow import Cell, Dialect
from texttosql.guard.rules import Rule
from texttosql.guard.spelling import (
    BINARY,
    DENIABLE,
    EMPTY,
    HEXADECIMAL,
    NUMBER,
    OPERATORS,
    SIGNED_NUMBER,
    TYPES,
    WORDS,
)


class Terms:
    """Writes the expressions of one statement; `plain` leaves quotes and parameters out."""

    def __init__(self, dialect: Dialect, *, plain: bool = False) -> None:
        self.dialect = dialect
        self.quote = "" if plain else "`" if dialect == "mysql" else '"'
        self.plain = plain
        self.params: dict[str, Cell] = {}
        self.names: dict[str, str] = {}

    def sql(self, node: exp.Expr | str | None) -> str:
        """Any node by the rule named after it; the guard has let no other node through."""
        if node is None or isinstance(node, str):
            return node or ""
        if type(node) in OPERATORS:
            return self._chain(node)
        if type(node) in WORDS:
            return WORDS[type(node)]
        rule = getattr(self, f"{type(node).__name__.lower()}_sql")
        return str(rule(node))

    def part(self, node: exp.Expr, name: str, before: str = "") -> str:
        """One part of a node, with words before it, or nothing at all."""
        value = node.args.get(name)
        return f"{before}{self.sql(value)}" if value else ""

    def some(self, nodes: list[exp.Expr] | None) -> str:
        """Nodes with commas between them."""
        return ", ".join(self.sql(node) for node in nodes or [])

    def _chain(self, node: exp.Expr) -> str:
        """A left-deep chain of operators, without recursion: 2,000 ORs are one long loop."""
        links: list[exp.Expr] = []
        while type(node) in OPERATORS:
            links.append(node)
            node = node.this
        pieces = [self.sql(node)]
        for link in reversed(links):
            pieces += [self._operator(link), self.sql(link.expression)]
        return " ".join(pieces)

    def _operator(self, node: exp.Expr) -> str:
        if isinstance(node, exp.NullSafeEQ):
            return "IS" if self.dialect == "sqlite" else "<=>"
        return DENIABLE[type(node)] if node.args.get("negate") else OPERATORS[type(node)]

    def jsonbextract_sql(self, node: exp.JSONBExtract) -> str:
        """`a -> '$.x'`; as a call on MySQL, because MariaDB has no arrows."""
        if self.dialect == "sqlite":
            return f"{self.sql(node.this)} -> {self.sql(node.expression)}"
        return f"JSON_EXTRACT({self.sql(node.this)}, {self.sql(node.expression)})"

    def jsonbextractscalar_sql(self, node: exp.JSONBExtractScalar) -> str:
        """`a ->> '$.x'`, the text without its quotes."""
        if self.dialect == "sqlite":
            return f"{self.sql(node.this)} ->> {self.sql(node.expression)}"
        inner = f"JSON_EXTRACT({self.sql(node.this)}, {self.sql(node.expression)})"
        return f"JSON_UNQUOTE({inner})"

    def not_sql(self, node: exp.Not) -> str:
        """`a NOT IN (…)` stays what it is: `NOT a IN (…)` differs under HIGH_NOT_PRECEDENCE."""
        inner = node.this
        if type(inner) in DENIABLE and not inner.args.get("negate") and type(inner) is not exp.Like:
            return f"{self.sql(inner.this)} {DENIABLE[type(inner)]} {self.sql(inner.expression)}"
        if isinstance(inner, exp.In | exp.Between):
            return f"{self.sql(inner.this)} NOT{self._range(inner)}"
        return f"NOT {self.sql(inner)}"

    def in_sql(self, node: exp.In) -> str:
        """IN (…)."""
        return self.sql(node.this) + self._range(node)

    def between_sql(self, node: exp.Between) -> str:
        """BETWEEN … AND …."""
        return self.sql(node.this) + self._range(node)

    def _range(self, node: exp.In | exp.Between) -> str:
        if isinstance(node, exp.Between):
            return f" BETWEEN {self.part(node, 'low')} AND {self.part(node, 'high')}"
        query = node.args.get("query")
        return f" IN {self.sql(query)}" if query else f" IN ({self.some(node.expressions)})"

    def exists_sql(self, node: exp.Exists) -> str:
        """EXISTS (…)."""
        return f"EXISTS {self._bracketed(node.this)}"

    def any_sql(self, node: exp.Any) -> str:
        """= ANY (…)."""
        return f"ANY {self._bracketed(node.this)}"

    def all_sql(self, node: exp.All) -> str:
        """> ALL (…)."""
        return f"ALL {self._bracketed(node.this)}"

    def _bracketed(self, node: exp.Expr) -> str:
        text = self.sql(node)
        return text if isinstance(node, exp.Subquery | exp.Paren) else f"({text})"

    def case_sql(self, node: exp.Case) -> str:
        """CASE … END."""
        whens = "".join(
            f" WHEN {self.sql(branch.this)} THEN {self.part(branch, 'true')}"
            for branch in node.args["ifs"]
        )
        whole = self.part(node, "this", " ") + whens + self.part(node, "default", " ELSE ")
        return f"CASE{whole} END"

    def cast_sql(self, node: exp.Cast) -> str:
        """CAST(… AS …), with the types the store knows."""
        to, kind = node.args["to"], node.args["to"].this
        if kind == exp.DType.CHARACTER_SET and self.dialect == "mysql":
            return f"CONVERT({self.sql(node.this)} USING {self.part(to, 'kind')})"
        if kind == exp.DType.TIMESTAMPTZ and self.dialect == "mysql":
            return f"TIMESTAMP({self.sql(node.this)})"
        name = TYPES[self.dialect].get(kind)
        if name is None:
            what = f"I can't CAST to {getattr(kind, 'value', kind)} on this kind of store."
            fix = "Use CHAR, SIGNED or DOUBLE on MySQL; TEXT, INTEGER or REAL on SQLite."
            raise Refused(Rule.TYPE_NOT_ALLOWED, what, fix)
        return f"CAST({self.sql(node.this)} AS {name}{self._size(to)})"

    def _size(self, to: exp.DataType) -> str:
        sizes = [size.this for size in to.expressions]
        if self.dialect == "sqlite" or not sizes:
            return ""
        if not all(
            isinstance(s, exp.Literal) and s.name.isdigit() and len(s.name) < 5 for s in sizes
        ):
            raise Refused(Rule.TYPE_NOT_ALLOWED, "This CAST is too large.", "Give at most 9,999.")
        return f"({self.some(sizes)})"

    def interval_sql(self, node: exp.Interval) -> str:
        """INTERVAL 7 DAY."""
        amount = node.this
        plain = isinstance(amount, exp.Literal) and SIGNED_NUMBER.fullmatch(amount.name)
        text = amount.name if plain else self.sql(amount)
        return f"INTERVAL {text} {self.part(node, 'unit')}".rstrip()

    def extract_sql(self, node: exp.Extract) -> str:
        """EXTRACT(YEAR FROM a)."""
        return f"EXTRACT({self.sql(node.this)} FROM {self.sql(node.expression)})"

    def groupconcat_sql(self, node: exp.GroupConcat) -> str:
        """GROUP_CONCAT(… SEPARATOR …). MySQL takes no parameter there: the text in hexadecimal."""
        separator = node.args.get("separator")
        if separator is None:
            return f"GROUP_CONCAT({self.sql(node.this)})"
        if not isinstance(separator, exp.HexString) and not separator.is_string:
            raise Refused(
                Rule.LITERAL_NOT_ALLOWED, "SEPARATOR takes a text.", "Write SEPARATOR ', '."
            )
        text = separator.name
        code = text if isinstance(separator, exp.HexString) else text.encode().hex().upper()
        return f"GROUP_CONCAT({self.sql(node.this)} SEPARATOR {f'0x{code}' if code else EMPTY})"

    def trim_sql(self, node: exp.Trim) -> str:
        """TRIM(BOTH 'x' FROM a)."""
        if self.dialect == "sqlite" or not node.expression:
            return f"TRIM({self.sql(node.this)}{self.part(node, 'expression', ', ')})"
        side = f"{node.text('position')} " if node.text("position") else ""
        return f"TRIM({side}{self.sql(node.expression)} FROM {self.sql(node.this)})"

    def strposition_sql(self, node: exp.StrPosition) -> str:
        """POSITION(a IN b) is LOCATE(a, b)."""
        return f"LOCATE({self.part(node, 'substr')}, {self.sql(node.this)})"

    def substring_sql(self, node: exp.Substring) -> str:
        """SUBSTRING(a, 2, 3)."""
        rest = self.part(node, "start", ", ") + self.part(node, "length", ", ")
        return f"SUBSTRING({self.sql(node.this)}{rest})"

    def chr_sql(self, node: exp.Chr) -> str:
        """CHAR(65, 66)."""
        return f"CHAR({self.some(node.expressions)})"

    def concat_sql(self, node: exp.Concat) -> str:
        """'a' 'b', which is one text."""
        return f"CONCAT({self.some(node.expressions)})"

    def anonymous_sql(self, node: exp.Anonymous) -> str:
        """A call, under the name it was typed with."""
        return f"{node.name.upper()}({self.some(node.expressions)})"

    def literal_sql(self, node: exp.Literal) -> str:
        """A number as it stands, a text as a parameter; the same text is the same parameter."""
        if not node.is_string and not NUMBER.fullmatch(node.name):
            raise Refused(Rule.LITERAL_NOT_ALLOWED, "This is no plain number.", "Write 1 or 1.5.")
        if not node.is_string or self.plain:
            return str(node.name)
        name = self.names.setdefault(node.name, f"p{len(self.names)}")
        self.params[name] = node.name
        return f":{name}"

    def placeholder_sql(self, node: exp.Placeholder) -> str:
        """A parameter in a text the guard wrote."""
        return f":{node.name}"

    def hexstring_sql(self, node: exp.HexString) -> str:
        """0x1F: a number where a number is wanted, which x'1F' is not on MariaDB."""
        return f"0x{_digits(node, HEXADECIMAL)}" if node.name else EMPTY

    def bitstring_sql(self, node: exp.BitString) -> str:
        """0b101."""
        return f"0b{_digits(node, BINARY)}"

    def column_sql(self, node: exp.Column) -> str:
        """table.column."""
        table = self.part(node, "table")
        return f"{table}.{self.sql(node.this)}" if table else self.sql(node.this)

    def identifier_sql(self, node: exp.Identifier) -> str:
        """A name, always quoted: never a word of the language."""
        return f"{self.quote}{node.name}{self.quote}"

    def neg_sql(self, node: exp.Neg) -> str:
        """-a; `- -a` keeps its space, because `--` starts a comment."""
        inner = self.sql(node.this)
        return f"- {inner}" if inner.startswith("-") else f"-{inner}"

    def bitwisenot_sql(self, node: exp.BitwiseNot) -> str:
        """~a."""
        return f"~{self.sql(node.this)}"

    def paren_sql(self, node: exp.Paren) -> str:
        """(a)."""
        return f"({self.sql(node.this)})"

    def tuple_sql(self, node: exp.Tuple) -> str:
        """(a, b)."""
        return f"({self.some(node.expressions)})"

    def distinct_sql(self, node: exp.Distinct) -> str:
        """DISTINCT a, b inside a call."""
        return f"DISTINCT {self.some(node.expressions)}"

    def alias_sql(self, node: exp.Alias) -> str:
        """A AS b."""
        return f"{self.sql(node.this)} AS {self.part(node, 'alias')}"

    def boolean_sql(self, node: exp.Boolean) -> str:
        """TRUE or FALSE."""
        return "TRUE" if node.this else "FALSE"

    def filter_sql(self, node: exp.Filter) -> str:
        """SUM(a) FILTER (WHERE …)."""
        return f"{self.sql(node.this)} FILTER (WHERE {self.sql(node.expression)})"

    def withingroup_sql(self, node: exp.WithinGroup) -> str:
        """PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a)."""
        return f"{self.sql(node.this)} WITHIN GROUP ({self.sql(node.expression).strip()})"

    def var_sql(self, node: exp.Var) -> str:
        """A word of the language, such as DAY."""
        return str(node.name)


def _digits(node: exp.Expr, allowed: re.Pattern[str]) -> str:
    if not allowed.fullmatch(node.name):
        raise Refused(Rule.LITERAL_NOT_ALLOWED, "This is no plain number.", "Write 1 or 0x1F.")
    return str(node.name)
