"""A checked tree as text: the same words in the same order, nothing translated.

sqlglot's own generator translates (REGEXP to REGEXP_LIKE, which MariaDB lacks; `a NOT IN` to
`NOT a IN`, another thing under HIGH_NOT_PRECEDENCE; QUALIFY and FULL JOIN to other queries).
This one only knows the nodes the guard allows. Every identifier is quoted, so that no name is
read as a word of the language; every text is a parameter, so that no text is read as SQL.
"""

from __future__ import annotations

from sqlglot import exp

from texttosql.errors import Refused
from texttosql.flow import Cell, Dialect
from texttosql.guard.identifiers import PARAMETER
from texttosql.guard.rules import Rule
from texttosql.guard.spelling import SETS
from texttosql.guard.terms import Terms


def write(tree: exp.Expr, dialect: Dialect) -> tuple[str, dict[str, Cell]]:
    """The tree as SQL, and the texts in it as parameters p0, p1 … in order of appearance."""
    writer = _Writer(dialect)
    sql = writer.sql(tree)
    return sql, writer.params


def label(tree: exp.Expr, dialect: Dialect) -> str:
    """What a result column without a name is called: its expression, without quotes, cut short."""
    text = " ".join(_Writer(dialect, plain=True).sql(tree).split())
    kept = "".join(c for c in text if c.isprintable() and c not in "`\"\\'")
    return PARAMETER.sub(" ", kept)[:60].strip() or "value"


class _Writer(Terms):
    """Writes queries: the clauses around the expressions."""

    def select_sql(self, node: exp.Select) -> str:
        """SELECT … in the order of its clauses."""
        distinct = "DISTINCT " if node.args.get("distinct") else ""
        windows = node.args.get("windows") or []
        named = ", ".join(f"{self.sql(w.this)} AS ({self._frame(w)})" for w in windows)
        clauses = (
            self.part(node, "with_"),
            f"SELECT {distinct}{self.some(node.expressions)}",
            self.part(node, "from_"),
            "".join(self.sql(join) for join in node.args.get("joins") or []),
            self.part(node, "where", " WHERE "),
            self.part(node, "group", " GROUP BY "),
            self.part(node, "having", " HAVING "),
            f" WINDOW {named}" if named else "",
            self._tail(node),
        )
        return "".join(clauses)

    def _tail(self, node: exp.Expr) -> str:
        order, limit = self.part(node, "order"), self.part(node, "limit")
        return order + limit + self.part(node, "offset")

    def _set(self, node: exp.SetOperation) -> str:
        every = "" if node.args.get("distinct") else " ALL"
        first = node.this
        if self.dialect == "sqlite" and isinstance(first, exp.Subquery):
            first = first.this  # the parser's brackets: SQLite groups from the left and has none
        sides = f" {SETS[type(node)]}{every} ".join((self.sql(first), self.sql(node.expression)))
        return self.part(node, "with_") + sides + self._tail(node)

    union_sql = intersect_sql = except_sql = _set

    def subquery_sql(self, node: exp.Subquery) -> str:
        """A query, or a group of joins, in brackets."""
        inner = f"({self.sql(node.this)}){self.part(node, 'alias', ' AS ')}"
        joins = "".join(self.sql(join) for join in node.args.get("joins") or [])
        return self.part(node, "with_") + inner + joins + self._tail(node)

    def with_sql(self, node: exp.With) -> str:
        """WITH …; recursion has been refused, so that word is not written."""
        return f"WITH {self.some(node.expressions)} "

    def cte_sql(self, node: exp.CTE) -> str:
        """One named query of WITH."""
        kept = node.args.get("materialized")
        how = "" if kept is None else "MATERIALIZED " if kept else "NOT MATERIALIZED "
        return f"{self.part(node, 'alias')} AS {how}({self.sql(node.this)})"

    def tablealias_sql(self, node: exp.TableAlias) -> str:
        """A name, perhaps with names for the columns."""
        columns = node.args.get("columns")
        return self.sql(node.this) + (f"({self.some(columns)})" if columns else "")

    def from_sql(self, node: exp.From) -> str:
        """FROM …."""
        return f" FROM {self.sql(node.this)}"

    def table_sql(self, node: exp.Table) -> str:
        """A table, its alias, and what is joined to it inside brackets."""
        joins = "".join(self.sql(join) for join in node.args.get("joins") or [])
        return self.sql(node.this) + self.part(node, "alias", " AS ") + joins

    def join_sql(self, node: exp.Join) -> str:
        """A join; a comma where a comma stood."""
        words = [str(node.args.get(key) or "").upper() for key in ("method", "side", "kind")]
        using = node.args.get("using")
        on = f" USING ({self.some(using)})" if using else self.part(node, "on", " ON ")
        if not any(words) and not on:
            return f", {self.sql(node.this)}"
        kind = " ".join(word for word in [*words, "JOIN"] if word)
        return f" {kind} {self.sql(node.this)}{on}"

    def where_sql(self, node: exp.Where) -> str:
        """A condition; the word before it is its clause's."""
        return self.sql(node.this)

    def having_sql(self, node: exp.Having) -> str:
        """A condition; the word before it is its clause's."""
        return self.sql(node.this)

    def group_sql(self, node: exp.Group) -> str:
        """The keys of GROUP BY."""
        return self.some(node.expressions) + (" WITH ROLLUP" if node.args.get("rollup") else "")

    def order_sql(self, node: exp.Order) -> str:
        """ORDER BY …; in GROUP_CONCAT it stands after what is ordered."""
        return f"{self.part(node, 'this')} ORDER BY {self.some(node.expressions)}"

    def ordered_sql(self, node: exp.Ordered) -> str:
        """One key of ORDER BY. NULLs are the smallest on all stores unless told otherwise."""
        desc, first = bool(node.args.get("desc")), bool(node.args.get("nulls_first"))
        nulls = "" if first != desc else f" NULLS {'FIRST' if first else 'LAST'}"
        if nulls and self.dialect == "mysql":
            fix = "Use ORDER BY x IS NULL, x to have them last."
            raise Refused(Rule.SYNTAX_NOT_ALLOWED, "MySQL has no NULLS FIRST or NULLS LAST.", fix)
        return self.sql(node.this) + (" DESC" if desc else "") + nulls

    def limit_sql(self, node: exp.Limit) -> str:
        """LIMIT 10."""
        return f" LIMIT {self.sql(node.expression)}"

    def offset_sql(self, node: exp.Offset) -> str:
        """OFFSET 5."""
        return f" OFFSET {self.sql(node.expression)}"

    def window_sql(self, node: exp.Window) -> str:
        """f(…) OVER w, or f(…) OVER (…)."""
        name, frame = node.args.get("alias"), self._frame(node)
        plain = name is not None and frame == self.sql(name)
        return f"{self.sql(node.this)} OVER {frame if plain else f'({frame})'}"

    def _frame(self, node: exp.Window) -> str:
        by = self.some(node.args.get("partition_by"))
        pieces = (
            self.part(node, "alias"),
            f"PARTITION BY {by}" if by else "",
            self.part(node, "order").strip(),
            self.part(node, "spec"),
        )
        return " ".join(piece for piece in pieces if piece)

    def windowspec_sql(self, node: exp.WindowSpec) -> str:
        """ROWS BETWEEN … AND …."""
        start, end = (
            f"{self.part(node, edge)} {node.args.get(f'{edge}_side') or ''}".strip()
            for edge in ("start", "end")
        )
        between = f"BETWEEN {start} AND {end}" if end else start
        return f"{node.text('kind')} {between}{self.part(node, 'exclude', ' EXCLUDE ')}"
