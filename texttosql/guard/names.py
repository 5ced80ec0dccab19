"""Every table and column looked up before the server sees it.

A name is right when it is a listed table, a query of WITH, or a listed column of what stands in
FROM here or further out. `*` becomes the listed columns, NATURAL JOIN becomes USING: nothing
that is not listed can be read by not naming it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from texttosql.errors import Refused
from texttosql.guard.identifiers import check_identifier
from texttosql.guard.policy import Policy
from texttosql.guard.rules import Rule
from texttosql.guard.sources import Scope, Source, unknown_column, unknown_table
from texttosql.guard.writer import label

Columns = tuple[str, ...]
_QUERY = (exp.Select, exp.SetOperation, exp.Subquery)


@dataclass(slots=True)
class Names:
    """Resolves one statement. `tables`: its physical tables, each node once, in order.

    `scopes`: what each SELECT reads from. `bodies`, `spellings`: the queries of WITH and their
    names as written, by lower name. `judged`: the nodes that were looked up.
    """

    policy: Policy
    tables: list[exp.Table] = field(default_factory=list)
    scopes: list[tuple[exp.Select, Scope]] = field(default_factory=list)
    bodies: dict[str, exp.Expr] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    judged: set[int] = field(default_factory=set)

    def resolve(self, root: exp.Query) -> None:
        """Judge the whole statement, and see that nothing was left out. Raises Refused."""
        self.query(root, {}, ())
        for node in root.find_all(exp.Table, exp.Column):
            if id(node) not in self.judged:
                what = f"I can't tell what {node.name} belongs to."
                raise Refused(Rule.GUARD_FAILED, what, "Write it more simply.")

    def query(self, node: exp.Expr, ctes: Mapping[str, Columns], outer: Sequence[Scope]) -> Columns:
        """The names of the query's columns. Raises Refused for any name that is not right."""
        ctes = self._with(node, ctes, outer)
        if isinstance(node, exp.Select):
            return self._select(node, ctes, outer)
        if isinstance(node, exp.SetOperation):
            columns = self.query(node.this, ctes, outer)
            self.query(node.expression, ctes, outer)
        elif isinstance(node, exp.Subquery) and isinstance(node.this, _QUERY):
            columns = self.query(node.this, ctes, outer)
        else:
            raise Refused(Rule.STATEMENT_NOT_SELECT, "This is no query.", "Write a SELECT.")
        order = node.args.get("order")
        if order:
            self._check(order, Scope((Source("", columns),)), ctes, outer)
        return columns

    def _with(
        self, node: exp.Expr, ctes: Mapping[str, Columns], outer: Sequence[Scope]
    ) -> Mapping[str, Columns]:
        clause = node.args.get("with_")
        known = dict(ctes)
        for cte in clause.expressions if clause is not None else ():
            name = check_identifier(cte.args["alias"].this)
            self._check_cte_name(name, known)
            columns = self._query_of_cte(cte, name, known, outer)
            known[name.lower()] = _renamed(columns, cte.args["alias"])
            self.bodies[name.lower()] = cte.this
            self.spellings[name.lower()] = name
        return known

    def _check_cte_name(self, name: str, known: Mapping[str, Columns]) -> None:
        if self.policy.schema.has(name.lower()) or name.lower() in self.policy.scopes:
            what = f"The query in WITH is called {name}, like a real table."
            raise Refused(Rule.CTE_SHADOWS_TABLE, what, f"Call it {name}_1.")
        if name.lower() in known:
            what = f"Two queries in WITH are called {name}."
            raise Refused(Rule.CTE_SHADOWS_CTE, what, f"Call one of them {name}_1.")

    def _query_of_cte(
        self, cte: exp.CTE, name: str, known: Mapping[str, Columns], outer: Sequence[Scope]
    ) -> Columns:
        """SQLite recurses without the word RECURSIVE: a UNION that names itself is enough."""
        with_ = cte.parent
        recursive = with_ is not None and bool(with_.args.get("recursive"))
        for table in cte.this.find_all(exp.Table):
            could = recursive or isinstance(cte.this, exp.SetOperation)
            if could and table.name.lower() == name.lower():
                what = f"{name} reads from itself: I can't use recursion, which may never end."
                fix = "Join the table to itself, or name another table."
                raise Refused(Rule.RECURSION_NOT_ALLOWED, what, fix)
        return self.query(cte.this, known, outer)

    def _select(
        self, node: exp.Select, ctes: Mapping[str, Columns], outer: Sequence[Scope]
    ) -> Columns:
        if not node.expressions:
            raise Refused(Rule.PARSE_FAILED, "This SELECT names no column.", "Name one, or use *.")
        scope = self._from(node, ctes, outer)
        self.scopes.append((node, scope))
        self._expand(node, scope)
        for expression in node.expressions:
            self._check(expression, scope, ctes, outer)
        columns = self._label(node)
        aliased = scope.with_aliases(columns)
        plain = scope if self.policy.dialect == "mysql" else aliased
        for part, seen in (
            ("where", plain), ("group", aliased), ("having", aliased), ("order", aliased),
            ("windows", plain),
        ):  # fmt: skip
            for clause in _as_list(node.args.get(part)):
                self._check(clause, seen, ctes, outer)
        return columns

    def _from(self, node: exp.Select, ctes: Mapping[str, Columns], outer: Sequence[Scope]) -> Scope:
        start = node.args.get("from_")
        if start is None and node.args.get("joins"):
            raise Refused(Rule.PARSE_FAILED, "There is a JOIN without FROM.", "Add FROM runs.")
        if start is None:
            return Scope(())
        self._drop_dual(node)
        if node.args.get("from_") is None:
            return Scope(())
        first = self._source(start.this, ctes, outer)
        return self._joined(first, node.args.get("joins"), ctes, outer)

    def _drop_dual(self, node: exp.Select) -> None:
        """FROM DUAL says "no table": the same as no FROM."""
        table = node.args["from_"].this
        dual = isinstance(table, exp.Table) and table.name.lower() == "dual"
        if dual and self.policy.dialect == "mysql" and not node.args.get("joins"):
            node.set("from_", None)

    def _joined(
        self, scope: Scope, joins: Sequence[exp.Join] | None, ctes: Mapping[str, Columns],
        outer: Sequence[Scope],
    ) -> Scope:  # fmt: skip
        for join in joins or ():
            scope = scope.joined(self._source(join.this, ctes, outer), join, self.policy.dialect)
            if join.args.get("on"):
                self._check(join.args["on"], scope, ctes, outer)
        return scope

    def _source(self, node: exp.Expr, ctes: Mapping[str, Columns], outer: Sequence[Scope]) -> Scope:
        joins = node.args.get("joins")
        if isinstance(node, exp.Table):
            return self._joined(Scope((self._table(node, ctes),)), joins, ctes, outer)
        if isinstance(node, exp.Subquery) and _is_group_of_joins(node):
            return self._joined(self._source(node.this, ctes, outer), joins, ctes, outer)
        if isinstance(node, exp.Subquery):
            return self._joined(Scope((self._derived(node, ctes, outer),)), joins, ctes, outer)
        what = "Only tables and subqueries may stand in FROM."
        raise Refused(Rule.TABLE_FUNCTION, what, "Name a table such as runs.")

    def _derived(
        self, node: exp.Subquery, ctes: Mapping[str, Columns], outer: Sequence[Scope]
    ) -> Source:
        columns = self.query(node, ctes, outer)
        alias = node.args.get("alias")
        name = check_identifier(alias.this) if alias and alias.this else ""
        return Source(name, _renamed(columns, alias), query=node.this)

    def _table(self, node: exp.Table, ctes: Mapping[str, Columns]) -> Source:
        if not isinstance(node.this, exp.Identifier):
            what = "A function can't stand in FROM."
            raise Refused(Rule.TABLE_FUNCTION, what, "Name a table such as runs.")
        self.judged.add(id(node))
        name, alias = check_identifier(node.this), node.args.get("alias")
        shown = check_identifier(alias.this) if alias else name
        if alias and alias.args.get("columns"):
            what = "Only a subquery may have its columns renamed."
            raise Refused(Rule.SYNTAX_NOT_ALLOWED, what, "Rename them in SELECT.")
        if name.lower() in ctes:
            self._spell_like_cte(node, shown)
            return Source(shown, ctes[name.lower()], query=self.bodies.get(name.lower()))
        if not self.policy.schema.has(name.lower()):
            raise unknown_table(name, self.policy, ctes)
        self.tables.append(node)
        return Source(shown, tuple(self.policy.schema.tables[name.lower()]), table=name.lower())

    def _spell_like_cte(self, node: exp.Table, shown: str) -> None:
        """A server may tell Secrets from secrets: the query of WITH is meant, so say so."""
        spelled = self.spellings[node.name.lower()]
        if spelled != node.name:
            node.set("alias", exp.TableAlias(this=exp.Identifier(this=shown, quoted=True)))
            node.set("this", exp.Identifier(this=spelled, quoted=True))

    def _expand(self, node: exp.Select, scope: Scope) -> None:
        expanded: list[exp.Expr] = []
        for expression in node.expressions:
            if isinstance(expression, exp.Star):
                expanded += scope.star()
            elif isinstance(expression, exp.Column) and isinstance(expression.this, exp.Star):
                expanded += scope.star_of(check_identifier(expression.args["table"]))
            else:
                expanded.append(expression)
        node.set("expressions", expanded)

    def _label(self, node: exp.Select) -> Columns:
        """Name every column, so that a parameter never stands in a heading."""
        names: list[str] = []
        columns: list[exp.Expr] = []
        for expression in node.expressions:
            name, column = expression.alias_or_name, expression
            if not isinstance(expression, exp.Alias | exp.Column):
                name = _unique(label(expression, self.policy.dialect), names)
                quoted = exp.Identifier(this=name, quoted=True)
                column = exp.Alias(this=expression, alias=quoted)
            names.append(name)
            columns.append(column)
        node.set("expressions", columns)
        return tuple(names)

    def _check(
        self, tree: exp.Expr, scope: Scope, ctes: Mapping[str, Columns], outer: Sequence[Scope]
    ) -> None:
        for node in _outside_queries(tree):
            if isinstance(node, exp.Column):
                self.judged.add(id(node))
                owner = next((one for one in (scope, *outer) if one.has(node)), None)
                if owner is None:
                    raise unknown_column(node, scope, outer)
                owner.spell(node)
            elif isinstance(node, _QUERY):
                self.query(node, ctes, (scope, *outer))


def _outside_queries(tree: exp.Expr) -> Iterator[exp.Expr]:
    """The tree's nodes; a query in it is one node, and nothing in it is visited."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _QUERY):
            waiting.extend(node.iter_expressions(reverse=True))


def _is_group_of_joins(node: exp.Subquery) -> bool:
    """(a JOIN b …) or (a): brackets around tables, with no name of their own."""
    bare = not any(node.args.get(part) for part in ("alias", "order", "limit", "offset", "with_"))
    tables = isinstance(node.this, exp.Table)
    return bare and (tables or (isinstance(node.this, exp.Subquery) and bool(node.this.alias)))


def _as_list(value: exp.Expr | list[exp.Expr] | None) -> list[exp.Expr]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _renamed(columns: Columns, alias: exp.Expr | None) -> Columns:
    names = [check_identifier(name) for name in (alias.args.get("columns") or [])] if alias else []
    if not names:
        return columns
    if len(names) != len(columns):
        what = f"{len(names)} names for {len(columns)} columns."
        raise Refused(Rule.COLUMN_NOT_ALLOWED, what, "Give one name for each column.")
    return tuple(names)


def _unique(name: str, taken: Sequence[str]) -> str:
    number, free = 2, name
    while free.lower() in {one.lower() for one in taken}:
        number, free = number + 1, f"{name} {number}"
    return free
