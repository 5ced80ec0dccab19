"""What stands in FROM, and which column names it gives: the ground names are looked up on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from sqlglot import exp

from texttosql.errors import Refused
from texttosql.flow import Dialect
from texttosql.guard.identifiers import check_identifier
from texttosql.guard.policy import Policy
from texttosql.guard.rules import Rule


@dataclass(frozen=True, slots=True)
class Source:
    """One table, query of WITH or subquery in FROM, under the name it has there."""

    name: str
    columns: tuple[str, ...]
    table: str | None = None
    query: exp.Expr | None = None

    def has(self, column: str) -> bool:
        """Whether it gives a column of this name; case does not matter, as on the servers."""
        return column.lower() in (name.lower() for name in self.columns)


@dataclass(frozen=True, slots=True)
class Scope:
    """The sources of one SELECT; `merged` are the columns that USING made one of."""

    sources: tuple[Source, ...]
    merged: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    order: tuple[tuple[str, str], ...] | None = None

    def has(self, column: exp.Column) -> bool:
        """Whether the column can be read here."""
        name, table = check_identifier(column.this), column.args.get("table")
        if table is not None:
            return any(s.has(name) for s in self.named(check_identifier(table)))
        return any(s.has(name) for s in self.sources) or name.lower() in self.aliases

    def spell(self, column: exp.Column) -> None:
        """Write the column's table as FROM does: servers may tell Runs from runs."""
        table = column.args.get("table")
        if table is not None:
            table.set("this", self.named(table.name)[0].name)

    def named(self, name: str) -> tuple[Source, ...]:
        """The sources under this name."""
        return tuple(s for s in self.sources if s.name.lower() == name.lower())

    def with_aliases(self, names: Sequence[str]) -> Scope:
        """The same, seen from GROUP BY, HAVING and ORDER BY: SELECT's names count as well."""
        aliases = tuple(name.lower() for name in names)
        return Scope(self.sources, self.merged, aliases, self.order)

    def columns(self) -> tuple[tuple[str, str], ...]:
        """What `*` stands for: (source or "", column), in the server's order."""
        if self.order is not None:
            return self.order
        return tuple((s.name, column) for s in self.sources for column in s.columns)

    def star(self) -> list[exp.Expr]:
        """`*` as a list of columns."""
        if not self.sources:
            raise Refused(Rule.COLUMN_NOT_ALLOWED, "There is no table for *.", "Add FROM runs.")
        return [_column(source, name) for source, name in self.columns()]

    def star_of(self, table: str) -> list[exp.Expr]:
        """`t.*` as a list of columns."""
        found = self.named(table)
        if not found:
            names = ", ".join(s.name for s in self.sources if s.name)
            what = f"There is no {table} in this FROM."
            raise Refused(
                Rule.TABLE_NOT_ALLOWED, what, f"There is: {names}." if names else "Add it."
            )
        return [_column(found[0].name, name) for name in found[0].columns]

    def joined(self, other: Scope, join: exp.Join, dialect: Dialect) -> Scope:
        """Both sides of a join. NATURAL is turned into USING, USING's columns become one."""
        kind, side = join.text("kind").upper(), join.text("side").upper()
        method = join.text("method").upper()
        _check_kind(method, side, kind, dialect)
        sources = self.sources + other.sources
        if method == "NATURAL":
            _natural(join, self, other)
        using = [check_identifier(name) for name in join.args.get("using") or []]
        for name in using:
            _check_shared(name, self, other)
        merged = (*self.merged, *other.merged, *using)
        return Scope(sources, merged, (), _star_order(self, other, using, side, dialect))


def _check_kind(method: str, side: str, kind: str, dialect: Dialect) -> None:
    known = method in {"", "NATURAL"} and side in {"", "LEFT", "RIGHT", "FULL"}
    if not known or kind not in {"", "INNER", "OUTER", "CROSS"}:
        what = f"I can't use {' '.join(w for w in (method, side, kind) if w)} JOIN."
        raise Refused(Rule.JOIN_NOT_ALLOWED, what, "Use JOIN, LEFT JOIN, RIGHT JOIN or CROSS JOIN.")
    if side == "FULL" and dialect == "mysql":
        what = "MySQL has no FULL JOIN."
        raise Refused(Rule.JOIN_NOT_ALLOWED, what, "Use LEFT JOIN … UNION ALL … RIGHT JOIN.")


def _natural(join: exp.Join, left: Scope, right: Scope) -> None:
    if join.args.get("on") or join.args.get("using"):
        what = "NATURAL JOIN takes no ON and no USING."
        raise Refused(Rule.JOIN_NOT_ALLOWED, what, "Leave NATURAL or the condition out.")
    have = {name.lower() for _, name in right.columns()}
    shared = dict.fromkeys(name for _, name in left.columns() if name.lower() in have)
    join.set("method", None)
    join.set("using", [exp.Identifier(this=name, quoted=True) for name in shared] or None)
    if not join.args.get("side"):
        join.set("kind", "INNER" if shared else "CROSS")


def _check_shared(name: str, left: Scope, right: Scope) -> None:
    for side in (left, right):
        if not any(s.has(name) for s in side.sources):
            near = _near(name, [c for _, c in side.columns()])
            what = f"USING ({name}): not both sides have this column."
            raise Refused(Rule.COLUMN_NOT_ALLOWED, what, near or "Use ON a.x = b.y.")


def _star_order(
    left: Scope, right: Scope, using: Sequence[str], side: str, dialect: Dialect
) -> tuple[tuple[str, str], ...]:
    """MySQL: the shared columns first, once; SQLite: where the left side has them."""
    shared = {name.lower() for name in using}
    ours, theirs = _split(left, shared), _split(right, shared)
    one = {name: _owner(ours[0][name], theirs[0][name], side) for name in shared}
    if dialect == "sqlite":
        mine = [one.get(pair[1].lower(), pair) for pair in left.columns()]
        return (*mine, *theirs[1])
    first, second = (theirs, ours) if side == "RIGHT" and shared else (ours, theirs)
    return (*(one[name] for name in first[0]), *first[1], *second[1])


_Pair = tuple[str, str]


def _split(scope: Scope, shared: set[str]) -> tuple[dict[str, _Pair], list[_Pair]]:
    """The columns that USING names, once each, and the others."""
    named: dict[str, _Pair] = {}
    for pair in scope.columns():
        if pair[1].lower() in shared:
            named.setdefault(pair[1].lower(), pair)
    return named, [pair for pair in scope.columns() if pair[1].lower() not in shared]


def _owner(ours: _Pair, theirs: _Pair, side: str) -> _Pair:
    """Whose value a shared column has: an outer join fills in only one of its sides."""
    if side == "FULL":
        return ("", ours[1])
    return theirs if side == "RIGHT" else ours


def _column(source: str, name: str) -> exp.Expr:
    table = exp.Identifier(this=source, quoted=True) if source else None
    return exp.Column(this=exp.Identifier(this=name, quoted=True), table=table)


def unknown_table(name: str, policy: Policy, ctes: Mapping[str, object]) -> Refused:
    """The refusal for a table that is not listed, with near names."""
    near = _near(name.lower(), [*policy.schema.tables, *ctes])
    what = f"I can't read {name}: it is not one of the tables that may be asked."
    return Refused(
        Rule.TABLE_NOT_ALLOWED, what, near or "Try runs, latest_metrics, params or tags."
    )


def unknown_column(column: exp.Column, scope: Scope, outer: Sequence[Scope]) -> Refused:
    """The refusal for a column that nothing in FROM gives, with near names."""
    shown = ".".join(part.name for part in column.parts)
    table = column.text("table")
    if table and not any(one.named(table) for one in (scope, *outer)):
        names = [s.name for one in (scope, *outer) for s in one.sources if s.name]
        what = f"There is no {table} in this FROM, so there is no {shown}."
        return Refused(Rule.TABLE_NOT_ALLOWED, what, _near(table, names) or "Add it to FROM.")
    known = [n for one in (scope, *outer) for s in one.sources for n in s.columns]
    here = [n for s in scope.named(table) for n in s.columns] if table else known
    aliases = [name for name in scope.aliases if not table]
    what = f"There is no column {shown} here."
    fix = _near(column.name, [*here, *aliases]) or _listed(here)
    return Refused(Rule.COLUMN_NOT_ALLOWED, what, fix)


def _near(name: str, known: Sequence[str]) -> str:
    found = process.extract(name, list(dict.fromkeys(known)), limit=3, score_cutoff=65)
    names = [match[0] for match in found]
    return f"Did you mean {' or '.join(names)}?" if names else ""


def _listed(known: Sequence[str]) -> str:
    names = list(dict.fromkeys(known))[:12]
    return f"There is: {', '.join(names)}." if names else "Add a table with FROM."
