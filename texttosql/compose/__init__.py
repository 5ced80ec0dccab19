"""A plan becomes one SELECT in the store's dialect, and small counts that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlglot import exp

from texttosql.catalog import Catalog
from texttosql.compose import registry, runs, sql, summary
from texttosql.compose.conditions import apply, within
from texttosql.compose.rows import Rows
from texttosql.flow import ColumnNote
from texttosql.plan import Measure, Plan, Ref, Sort

__all__ = [
    "Composed",
    "Unsayable",
    "compose",
    "count_sql",
    "dimension_name",
    "left_out_sql",
    "measure_name",
    "name_of",
]

dimension_name = summary.dimension_name
measure_name = summary.measure_name
name_of = runs.name_of

_TIMES = {"started", "ended", "created", "updated", "last run", "logged"}


@dataclass(frozen=True, slots=True)
class Composed:
    """A statement and what its columns mean."""

    sql: str
    columns: Mapping[str, ColumnNote]


class Unsayable(ValueError):
    """A plan that asks its subject for something that subject does not have."""


def compose(plan: Plan, catalog: Catalog, zone: ZoneInfo) -> Composed:
    """The plan's statement. Raises Unsayable when the plan asks for what SQL cannot say."""
    try:
        query = _query(plan, catalog, zone)
    except (KeyError, ValueError, TypeError) as error:
        raise Unsayable(str(error)) from error
    return Composed(_text(query, catalog), _notes(query, plan))


def _text(query: exp.Expr, catalog: Catalog) -> str:
    return query.sql(dialect=catalog.schema.dialect, comments=False)


def _rows(plan: Plan, catalog: Catalog, zone: ZoneInfo) -> Rows:
    kind = registry.Versions if plan.subject == "versions" else Rows
    rows = kind(catalog, zone, plan.deleted)
    rows.scope = tuple(test for test in plan.tests if test.ref.key == "experiment_id")
    return rows


def _query(plan: Plan, catalog: Catalog, zone: ZoneInfo) -> exp.Select | exp.Union:
    if plan.subject in {"experiments", "models"}:
        return _owners(plan)
    rows = _rows(plan, catalog, zone)
    if plan.act == "list":
        return runs.listing(plan, rows)
    if plan.act == "summary":
        return summary.summary(plan, rows)
    if plan.act == "history":
        return runs.history(plan, rows)
    if plan.act == "detail":
        return runs.detail(plan, rows)
    return runs.names(plan, rows)


def _owners(plan: Plan) -> exp.Select:
    """Lists and counts of experiments or registered models, over their own overview."""
    if plan.subject == "models":
        overview, name = registry.models(), "model"
    else:
        empty = any(test.ref.key == "runs" and test.op == "missing" for test in plan.tests)
        overview, name = registry.experiments(plan.deleted, only_empty=empty), "experiment"
    _check_owners(plan, {column.alias for column in overview.selects})
    source = overview.subquery("o")
    wheres = [
        _owner_test(test.op, sql.col("o", test.ref.key), test.values)
        for test in plan.tests
        if test.op != "missing"
    ]
    if plan.window is not None:
        field = plan.window.field if plan.window.field != "started" else "created"
        wheres += within(sql.col("o", field), plan.window)
    if plan.act == "summary":
        shown = [sql.named(exp.Count(this=exp.Star()), plan.subject)]
    else:
        columns = (column.alias for column in overview.selects)
        shown = [sql.named(sql.col("o", column), column) for column in columns]
    query = exp.select(*shown).from_(source)
    query = query.where(*wheres) if wheres else query
    return query if plan.act == "summary" else _owners_in_order(plan, query, name)


def _check_owners(plan: Plan, columns: set[str]) -> None:
    asked = [test.ref.key for test in plan.tests if test.op != "missing"]
    if plan.sort is not None and isinstance(plan.sort.by, Ref):
        asked.append(plan.sort.by.key)
    if missing := [key for key in asked if key not in columns]:
        msg = f"{plan.subject} have no {missing[0]}"
        raise Unsayable(msg)


def _owners_in_order(plan: Plan, query: exp.Select, name: str) -> exp.Select:
    sort = plan.sort or Sort(Ref("field", name), descending=False)
    by = sort.by.key if isinstance(sort.by, Ref) else "runs"
    query = query.order_by(
        exp.Ordered(this=sql.col("o", by), desc=sort.descending, nulls_first=not sort.descending),
        exp.Ordered(this=sql.col("o", name), desc=False, nulls_first=True),
    )
    return query.limit(plan.limit) if plan.limit is not None else query


def _owner_test(op: str, column: exp.Expr, values: tuple[str | float | int, ...]) -> exp.Expr:
    kinds = {"=": exp.EQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE, "!=": exp.NEQ}
    if op in {"in", "not in"}:
        inside = sql.is_in(column, values)
        return inside if op == "in" else exp.not_(inside)
    if op == "contains":
        like = sql.literal(f"%{str(values[0]).lower()}%")
        return exp.Like(this=exp.Lower(this=column), expression=like)
    return kinds[op](this=column, expression=sql.literal(values[0]))


def _notes(query: exp.Select | exp.Union, plan: Plan) -> dict[str, ColumnNote]:
    found: dict[str, ColumnNote] = {}
    buckets = {ref.key: ref.key for ref in plan.by if ref.kind == "bucket"}
    for name in query.named_selects:
        if name in _TIMES:
            found[name] = ColumnNote("time")
        elif name in buckets and buckets[name] in {"day", "week", "month"}:
            found[name] = ColumnNote(buckets[name])  # type: ignore[arg-type]  # checked above
    return found


def count_sql(plan: Plan, catalog: Catalog, zone: ZoneInfo) -> str:
    """How many rows of the subject pass the plan's conditions, whatever it shows of them."""
    counting = replace(
        plan, act="summary", measures=(Measure("count"),), by=(), windows=(), each=None,
        sort=None, limit=None, offset=0, show=(), having=(),
    )  # fmt: skip
    return _text(_query(counting, catalog, zone), catalog)


def left_out_sql(plan: Plan, ref: Ref, kind: str, catalog: Catalog, zone: ZoneInfo) -> str:
    """How many of the runs in question have NaN (or an infinity) as this metric's latest value."""
    rows = _rows(plan, catalog, zone)
    others = tuple(test for test in plan.tests if test.ref != ref)
    apply(rows, others, plan.window)
    on: list[exp.Expr] = [
        exp.EQ(this=sql.col("k", "run_uuid"), expression=sql.col("r", "run_uuid")),
        exp.EQ(this=sql.col("k", "key"), expression=sql.literal(ref.key)),
    ]
    if kind == "nan":
        on.append(exp.EQ(this=sql.col("k", "is_nan"), expression=sql.literal(1)))
    else:
        on.append(exp.EQ(this=sql.col("k", "is_nan"), expression=sql.literal(0)))
        huge = exp.GTE(this=exp.Abs(this=sql.col("k", "value")), expression=sql.literal(sql.FINITE))
        on.append(huge)
    rows.tightly("k", exp.to_table("latest_metrics"), sql.all_of(on))
    count = exp.Count(this=exp.Distinct(expressions=[sql.col("r", "run_uuid")]))
    return _text(rows.select(sql.named(count, "n")), catalog)
