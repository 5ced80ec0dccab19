"""Why a result is empty: a text that the store does not know, or a condition that nothing meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import sqlglot
from rapidfuzz import fuzz, process
from sqlglot import exp
from sqlglot.errors import SqlglotError

from texttosql.catalog import Catalog
from texttosql.claude.plaintext import plain
from texttosql.claude.retrieval import MLFLOWS_OWN
from texttosql.flow import Dialect, Draft, Probe, ResultTable, Trial

_LIKENESS = 60.0
"""Of 100, by rapidfuzz's WRatio; below it two names have a few letters in common."""
_NEAR = 5
_STRANGERS = 8  # each is held against every name and value of the store
_COMPARISONS = (exp.EQ, exp.NEQ, exp.In, exp.Like, exp.NullSafeEQ)
_EXPLAINED = 4
_LONGEST = 80
"""Characters of a condition that somebody would still read."""


def is_empty(table: ResultTable) -> bool:
    """Whether nothing was found: no rows, or one row of nothing but zeros and nulls."""
    rows = table.rows
    return not rows or (len(rows) == 1 and all(cell in {None, 0} for cell in rows[0]))


# -- texts ------------------------------------------------------------------------------------


def strangers(sql: str, catalog: Catalog, *, values: bool) -> Mapping[str, tuple[str, ...]]:
    """Texts that the SQL compares with and no name or value is, each with near ones; a few.

    Without `values` only names are near; params' and tags' values are none.
    """
    names, known = {*_names(catalog)}, {*_values(catalog)}
    own = names | known | MLFLOWS_OWN
    foreign = (text for text in _compared(sql, catalog.schema.dialect) if text not in own)
    near = names | known if values else names
    return {text: _near(text, near) for text in islice(dict.fromkeys(foreign), _STRANGERS)}


def _compared(sql: str, dialect: Dialect) -> Iterator[str]:
    """The texts that stand right beside what they are compared with, patterns without their %."""
    tree = _parsed(sql, dialect)
    for comparison in tree.find_all(*_COMPARISONS) if tree is not None else ():
        sides = (comparison.this, comparison.args.get("expression"), *comparison.expressions)
        for side in sides:
            text = str(side.this).strip("%") if isinstance(side, exp.Literal) else ""
            if any(letter.isalpha() for letter in text):
                yield text


def _names(catalog: Catalog) -> Iterator[str]:
    yield from (experiment.name for experiment in catalog.experiments)
    yield from (*catalog.metrics, *catalog.params, *catalog.tags, *catalog.registry_tags)
    yield from (*catalog.users, *catalog.run_names, *catalog.datasets)
    for model in catalog.models:
        yield from (model.name, *model.aliases, *model.stages)


def _values(catalog: Catalog) -> Iterator[str]:
    for keys in (catalog.params, catalog.tags, catalog.registry_tags):
        for info in keys.values():
            yield from info.values


def _near(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Names that could be meant; "30" is not, for all that ML-308 has it inside."""
    likely = [name for name in known if 2 * len(name) > len(text)]
    found = process.extract(text, likely, scorer=fuzz.WRatio, limit=_NEAR, score_cutoff=_LIKENESS)
    return tuple(name for name, *_ in found)


# -- conditions -------------------------------------------------------------------------------


def why_empty(draft: Draft, dialect: Dialect, trial: Trial) -> tuple[Probe, ...]:
    """Up to four probes that would run: counts with deleted runs, and without a condition each.

    None where the SQL cannot be taken apart.
    """
    probes: list[Probe] = []
    for text, sql in _without_each(draft.sql, dialect):
        if trial(Draft(sql, draft.title, draft.engine)) is None:
            probes.append(Probe(sql, f"{text} it would be {{n}} rows", "why_empty"))
        if len(probes) == _EXPLAINED:
            break
    return tuple(probes)


def _without_each(sql: str, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """What is left out of the outermost WHERE, in words, and a count without it."""
    tree = _parsed(sql, dialect)
    if tree is None:
        return
    called = _called(tree)
    if any(map(_is_of_life, _conditions(tree))):
        rest = tree.copy()
        for condition in filter(_is_of_life, _conditions(rest)):
            condition.replace(exp.true())
        yield "with deleted ones", _counted(rest, dialect)
    for place in range(len(_conditions(tree))):
        rest = tree.copy()
        condition = _conditions(rest)[place]
        said = _said(condition, called, dialect)
        if not _is_of_life(condition) and len(said) <= _LONGEST:
            condition.replace(exp.true())
            yield f"without “{plain(said, _LONGEST)}”", _counted(rest, dialect)


def _is_of_life(condition: exp.Expr) -> bool:
    """Whether it leaves deleted runs or experiments out."""
    texts = {literal.this for literal in condition.find_all(exp.Literal)}
    columns = {column.name.lower() for column in condition.find_all(exp.Column)}
    return columns == {"lifecycle_stage"} and texts == {"active"}


def _conditions(tree: exp.Expr) -> list[exp.Expr]:
    """The parts of the first WHERE from outside in that are joined by AND."""
    for select in tree.find_all(exp.Select, bfs=True):
        where = select.args.get("where")
        if where is not None:
            whole = where.this
            return list(whole.flatten()) if isinstance(whole, exp.And) else [whole]
    return []


def _called(tree: exp.Expr) -> Mapping[str, str]:
    """What a column means: `p.value` is lr where `p.key = 'lr'`, and `e.name` an experiment."""
    nouns = {"experiments": "experiment", "runs": "run", "datasets": "dataset"}
    tables = ((table.alias_or_name, table.name.lower()) for table in tree.find_all(exp.Table))
    found = {f"{alias}.name".lower(): nouns[name] for alias, name in tables if name in nouns}
    for equal in tree.find_all(exp.EQ):
        column, text = equal.this, equal.expression
        if isinstance(column, exp.Column) and column.name.lower() == "key" and text.is_string:
            found[f"{column.table}.value".lower()] = text.this
    return found


def _said(condition: exp.Expr, called: Mapping[str, str], dialect: Dialect) -> str:
    """As SQL, with columns called by what they mean, and names without table and quotes.

    And without braces, which would ask for the count.
    """
    bare = condition.copy()
    for column in list(bare.find_all(exp.Column)):
        own = f"{column.table}.{column.name}".lower()
        named = exp.column(exp.to_identifier(called.get(own, column.name)))
        bare = named if column is bare else bare
        column.replace(named)
    sql = bare.sql(dialect=dialect)
    return sql.replace("`", "").replace('"', "").replace("{", "(").replace("}", ")")


def _counted(tree: exp.Expr, dialect: Dialect) -> str:
    for clause in ("order", "limit"):
        tree.set(clause, None)
    outer = tree.args.get("with_")
    tree.set("with_", None)
    counted = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(
        exp.Subquery(this=tree, alias=exp.TableAlias(this=exp.to_identifier("q")))
    )
    if outer is not None:
        counted.set("with_", outer)
    return counted.sql(dialect=dialect)


def _parsed(sql: str, dialect: Dialect) -> exp.Expr | None:
    try:
        return sqlglot.parse_one(sql, read=dialect)
    except (SqlglotError, RecursionError):
        return None
