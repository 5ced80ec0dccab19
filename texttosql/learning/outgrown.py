"""Whether the store still has what a verified example needs.

Only what is certainly gone is named: an example that is retired wrongly has to be taught again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from texttosql.catalog import SMALL_STORE, Catalog, KeyInfo
from texttosql.learning.example import Example
from texttosql.learning.statement import parsed, texts


def missing(example: Example, catalog: Catalog) -> str | None:
    """What the example needs and the store certainly lacks, as a sentence without its end.

    "metric val_acc is not logged any more". None while nothing is known to be gone.
    """
    try:
        tree = parsed(example.sql, catalog.schema.dialect)
        scopes = traverse_scope(tree)
    except SqlglotError:
        return None
    gone = chain(
        *(_gone_tables(scope, catalog) for scope in scopes), _gone_names(scopes, tree, catalog)
    )
    return next(gone, None)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A column of names: what they are called, which of them there are, when that is certain."""

    told: Callable[[str], str]
    there: Callable[[Catalog], Collection[str]]
    certain: Callable[[str, Catalog, exp.Expr], bool]


def _gone_names(scopes: Iterable[Scope], tree: exp.Expr, catalog: Catalog) -> Iterator[str]:
    """Names of which none is left where one of them would do."""
    places: dict[int, list[_Need]] = defaultdict(list)
    for scope in scopes:
        for column in scope.columns:
            for need in _needs(column, scope, catalog):
                places[id(need.place)].append(need)
    for together in places.values():
        if all(_is_gone(need, tree, catalog) for need in together):
            yield together[0].kind.told(together[0].name)


def _gone_tables(scope: Scope, catalog: Catalog) -> Iterator[str]:
    """Tables and columns that are not in the schema any more."""
    for source in scope.sources.values():
        if isinstance(source, exp.Table) and not catalog.schema.has(source.name.lower()):
            yield f"table {source.name} is not there any more"
    for column in scope.columns:
        table = _table_of(column, scope)
        if table and catalog.schema.has(table) and not _has(catalog, table, column):
            yield f"column {table}.{column.name} is not there any more"


def _has(catalog: Catalog, table: str, column: exp.Column) -> bool:
    """Only what names its table can be missing from it; any other name may be an alias."""
    return not column.table or catalog.schema.has(table, column.name.lower())


@dataclass(frozen=True, slots=True)
class _Need:
    """A name the statement compares with. Of those in one `place`, one that is left will do."""

    kind: _Kind
    name: str
    place: exp.Expr


def _needs(column: exp.Column, scope: Scope, catalog: Catalog) -> list[_Need]:
    """What a comparison of this column asks for: nothing where it says what is not wanted."""
    table = _table_of(column, scope) or ""
    kind, test = _KINDS.get((table, column.name.lower())), column.parent
    if kind is None or not isinstance(test, exp.EQ | exp.In) or test.find_ancestor(exp.Not):
        return []
    if not catalog.schema.has(table, column.name.lower()):
        return []
    place = _outermost(test) or _coalesced(column.table, scope) or test
    return [_Need(kind, name, place) for name in _literals(test, column)]


def _literals(test: exp.Expr, column: exp.Column) -> list[str]:
    if isinstance(test, exp.In):
        listed = test.expressions
    else:
        listed = [each for each in (test.this, test.expression) if each is not column]
    texts = [str(each.this) for each in listed if isinstance(each, exp.Literal)]
    return texts if listed and len(texts) == len(listed) else []


def _outermost(within: exp.Expr) -> exp.Expr | None:
    """The outermost of what needs but one of its parts that something stands in."""
    found, at = None, within.parent
    while at is not None:
        if isinstance(at, exp.Or | exp.Coalesce | exp.Union):
            found = at
        at = at.parent
    return found


def _coalesced(alias: str, scope: Scope) -> exp.Expr | None:
    """The COALESCE that a joined table's values go into: one fact under several keys."""
    used = (column for column in scope.columns if alias and column.table == alias)
    return next((place for column in used if (place := _outermost(column))), None)


def _is_gone(need: _Need, tree: exp.Expr, catalog: Catalog) -> bool:
    """MySQL may compare in any case: what differs in that alone counts as there."""
    there = {each.casefold() for each in need.kind.there(catalog)}
    return need.name.casefold() not in there and need.kind.certain(need.name, catalog, tree)


def _table_of(column: exp.Column, scope: Scope) -> str | None:
    """The store's table a column is of; None for one of a subquery, or where it is not said."""
    sources: Mapping[str, object] = scope.sources
    source = sources.get(column.table) if column.table else None
    if not column.table and len(sources) == 1:
        source = next(iter(sources.values()))
    return source.name.lower() if isinstance(source, exp.Table) else None


# -- the columns that hold names ---------------------------------------------------------------

_MOST_READ = 50_000
"""Names of a kind that one reading of a catalog may give: so many may be all, or not."""


def _all_metrics(_name: str, catalog: Catalog, _tree: exp.Expr) -> bool:
    """Deleted runs' metrics are read as well."""
    return len(catalog.metrics) < _MOST_READ


def _all_models(_name: str, catalog: Catalog, _tree: exp.Expr) -> bool:
    return len(catalog.models) < _MOST_READ


def _live_only(_name: str, _catalog: Catalog, tree: exp.Expr) -> bool:
    """The catalog has live names only: a statement that may look at deleted ones proves nothing."""
    words = texts(tree)
    return "active" in words and "deleted" not in words


def _all_keys(
    known: Callable[[Catalog], Mapping[str, KeyInfo]],
) -> Callable[[str, Catalog, exp.Expr], bool]:
    """Whether all params, or all of people's own tags, were read: not in a large store."""

    def certain(name: str, catalog: Catalog, tree: exp.Expr) -> bool:
        keys = known(catalog)
        whole = not keys or any(info.complete for info in keys.values())
        small = catalog.runs <= SMALL_STORE
        own = not name.startswith("mlflow.")
        return own and small and whole and _live_only(name, catalog, tree)

    return certain


def _logged(noun: str) -> Callable[[str], str]:
    return lambda name: f"{noun} {name} is not logged any more"


def _there(noun: str) -> Callable[[str], str]:
    return lambda name: f"{noun} {name} is not there any more"


_METRIC = _Kind(_logged("metric"), lambda c: c.metrics, _all_metrics)
_PARAM = _Kind(_logged("param"), lambda c: c.params, _all_keys(lambda c: c.params))
_TAG = _Kind(_logged("tag"), lambda c: c.tags, _all_keys(lambda c: c.tags))
_MODEL = _Kind(_there("model"), lambda c: [each.name for each in c.models], _all_models)
_EXPERIMENT = _Kind(_there("experiment"), lambda c: [e.name for e in c.experiments], _live_only)
_EXPERIMENT_ID = _Kind(
    _there("experiment"), lambda c: [str(e.id) for e in c.experiments], _live_only
)
_KINDS: Mapping[tuple[str, str], _Kind] = {
    ("metrics", "key"): _METRIC,
    ("latest_metrics", "key"): _METRIC,
    ("params", "key"): _PARAM,
    ("tags", "key"): _TAG,
    ("registered_models", "name"): _MODEL,
    ("model_versions", "name"): _MODEL,
    ("experiments", "name"): _EXPERIMENT,
    ("experiments", "experiment_id"): _EXPERIMENT_ID,
    ("runs", "experiment_id"): _EXPERIMENT_ID,
}
