"""Rows of runs or versions: filtered, ranked, ranked within groups, their points and details."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from texttosql.compose import sql
from texttosql.compose.conditions import apply
from texttosql.compose.rows import Rows, not_nan
from texttosql.plan import Plan, Ref, Sort

RUN_BEFORE = (Ref("field", "run"), Ref("field", "experiment"))
RUN_AFTER = (
    Ref("field", "user"), Ref("field", "status"), Ref("field", "started"), Ref("field", "run_id"),
)  # fmt: skip
VERSION_BEFORE = (Ref("field", "model"), Ref("field", "version"))
VERSION_AFTER = (
    Ref("field", "stage"), Ref("field", "run"), Ref("field", "user"), Ref("field", "created"),
    Ref("field", "run_id"),
)  # fmt: skip


def columns_of(plan: Plan) -> list[Ref]:
    """What a list shows: the subject's name, what the question mentions, who and when."""
    versions = plan.subject == "versions"
    before, after = (VERSION_BEFORE, VERSION_AFTER) if versions else (RUN_BEFORE, RUN_AFTER)
    sorts = [sort for sort in (plan.sort, plan.again) if sort is not None]
    sorted_by = [sort.by for sort in sorts if isinstance(sort.by, Ref)]
    tested = [test.ref for test in plan.tests if test.op not in {"missing", "exists"}]
    each = [plan.each] if plan.each else []
    wanted = [*before, *each, *sorted_by, *plan.show, *tested, *after]
    hidden = {"experiment_id", "parent_id", "lifecycle"}
    wanted = [ref for ref in wanted if ref.key or ref.kind != "metric"]
    return list(
        dict.fromkeys(ref for ref in wanted if ref.kind != "field" or ref.key not in hidden)
    )


def name_of(ref: Ref) -> str:
    """A ref's column heading."""
    if ref.kind == "metric" and ref.take != "latest":
        return f"{ref.take} {ref.key}"
    if ref.kind == "field":
        return {"duration": "duration_s", "parent_id": "parent id"}.get(ref.key, ref.key)
    return ref.key


def _value(rows: Rows, ref: Ref, tight: set[Ref]) -> exp.Expr:
    """A shown value; a param whose every value is a number is shown as it was logged."""
    return rows.expr(ref, tight=ref in tight)


def _tight(plan: Plan) -> set[Ref]:
    return {plan.sort.by} if plan.sort and isinstance(plan.sort.by, Ref) else set()


def listing(plan: Plan, rows: Rows) -> exp.Select:
    """One row for each run (or version) that passes, in order, at most `limit`."""
    apply(rows, plan.tests, plan.window)
    refs = columns_of(plan)
    if plan.each is not None:
        return _within_each(plan, rows, refs)
    columns = [sql.named(_value(rows, ref, _tight(plan)), name_of(ref)) for ref in refs]
    order = ordering(rows, plan)
    query = rows.select(*columns).order_by(*order)
    if _multiplies(rows):
        query = query.distinct()
    if plan.offset:
        query = query.offset(plan.offset)
    query = query.limit(plan.limit) if plan.limit is not None else query
    return _ordered_again(plan, rows, refs, query) if plan.again is not None else query


def _ordered_again(plan: Plan, rows: Rows, refs: Sequence[Ref], chosen: exp.Select) -> exp.Select:
    """The chosen rows in another order: the choice is a subquery, so that it stays what it was."""
    again = plan.again
    if again is None or not isinstance(again.by, Ref):
        return chosen
    names = [name_of(ref) for ref in refs]
    columns = [sql.named(sql.col("chosen", name), name) for name in names]
    by = rows.as_number(again.by, sql.col("chosen", name_of(again.by)))
    order = exp.Ordered(this=by, desc=again.descending, nulls_first=not again.descending)
    last = _asc(sql.col("chosen", names[-1]))
    query = exp.select(*columns).from_(chosen.subquery("chosen")).order_by(order, last)
    return query.limit(plan.again_limit) if plan.again_limit is not None else query


def _multiplies(rows: Rows) -> bool:
    """A run with two datasets or two versions would stand twice."""
    return rows.has("i") or rows.has("v")


def ordering(rows: Rows, plan: Plan) -> list[exp.Ordered]:
    """The plan's order, then newest first, then by id: the same rows every time."""
    newest = Sort(Ref("field", "created" if plan.subject == "versions" else "started"), True)
    sorts = [plan.sort] if plan.sort and isinstance(plan.sort.by, Ref) else []
    if not sorts or sorts[0].by != newest.by:
        sorts = [*sorts, newest]
    found = [_ordered(rows, sort, plan) for sort in sorts]
    last = ("model", "version") if plan.subject == "versions" else ("run_id",)
    return [*found, *(_asc(rows.expr(Ref("field", key))) for key in last)]


def _ordered(rows: Rows, sort: Sort, plan: Plan) -> exp.Ordered:
    if not isinstance(sort.by, Ref):
        msg = "a list is sorted by a ref"
        raise TypeError(msg)
    value = rows.number(sort.by, tight=sort.by in _tight(plan))
    if sort.by.kind == "field" and sort.by == (plan.sort and plan.sort.by):
        rows.require(value)
    return exp.Ordered(this=value, desc=sort.descending, nulls_first=not sort.descending)


def _asc(node: exp.Expr) -> exp.Ordered:
    return exp.Ordered(this=node, desc=False, nulls_first=True)


def _within_each(plan: Plan, rows: Rows, refs: Sequence[Ref]) -> exp.Select:
    """Ranked inside every value of `each`: the inner query numbers, the outer cuts."""
    if plan.each is None:
        msg = "needs a dimension"
        raise ValueError(msg)
    group = rows.expr(plan.each, tight=True)
    order = exp.Order(expressions=ordering(rows, plan))
    place = exp.Window(this=exp.RowNumber(), partition_by=[group], order=order)
    inner = [
        *(
            sql.named(_value(rows, ref, {*_tight(plan), plan.each}), f"c{index}")
            for index, ref in enumerate(refs)
        ),
        sql.named(place, "place"),
    ]
    ranked = rows.select(*inner).subquery("ranked")
    outer = [
        sql.named(sql.col("ranked", f"c{index}"), name_of(ref)) for index, ref in enumerate(refs)
    ]
    cut = exp.LTE(this=sql.col("ranked", "place"), expression=sql.literal(plan.limit or 1))
    each_at = refs.index(plan.each)
    by = [sql.col("ranked", f"c{each_at}"), sql.col("ranked", "place")]
    return exp.select(*outer).from_(ranked).where(cut).order_by(*(_asc(node) for node in by))


def picked(plan: Plan, rows: Rows) -> exp.Select:
    """The ids and names of the runs a history or detail is about."""
    apply(rows, plan.tests, plan.window)
    columns = [
        sql.named(rows.expr(Ref("field", "run_id")), "run_uuid"),
        sql.named(rows.expr(Ref("field", "run")), "run"),
    ]
    query = rows.select(*columns)
    if plan.sort is None and plan.limit is None:
        return query
    order = ordering(rows, plan)
    query = rows.select(*columns).order_by(*order)
    return query.limit(plan.limit) if plan.limit is not None else query


def history(plan: Plan, rows: Rows) -> exp.Select:
    """Every logged point of the shown metrics for the picked runs, by step."""
    keys = [ref.key for ref in plan.show if ref.kind == "metric"]
    value_name = keys[0] if len(keys) == 1 else "value"
    columns = [
        sql.named(sql.col("picked", "run"), "run"),
        *([sql.named(sql.col("h", "key"), "metric")] if len(keys) > 1 else []),
        sql.named(sql.col("h", "step"), "step"),
        sql.named(sql.col("h", "value"), value_name),
        sql.named(sql.col("h", "timestamp"), "logged"),
        sql.named(sql.col("picked", "run_uuid"), "run_id"),
    ]
    on: list[exp.Expr] = [
        exp.EQ(this=sql.col("h", "run_uuid"), expression=sql.col("picked", "run_uuid")),
        sql.is_in(sql.col("h", "key"), keys),
        not_nan("h"),
        *([sql.same(sql.col("h", "step"), plan.step)] if plan.step is not None else []),
    ]
    order = [sql.col("picked", "run"), sql.col("picked", "run_uuid"), sql.col("h", "key"),
             sql.col("h", "step"), sql.col("h", "timestamp")]  # fmt: skip
    query = exp.select(*columns).from_("picked")
    query = query.join(sql.table("metrics", "h"), on=sql.all_of(on))
    if plan.measures:
        query = query.select(
            sql.named(exp.Count(this=exp.Star()), "points"), append=False, copy=False
        )
    elif plan.peak:
        value = exp.Ordered(
            this=sql.col("h", "value"), desc=plan.peak == "max", nulls_first=plan.peak != "max"
        )
        query = query.order_by(value, *(_asc(node) for node in order[3:])).limit(1)
    else:
        query = query.order_by(*(_asc(node) for node in order))
    return query.with_("picked", as_=picked(plan, rows), copy=False)


_DETAIL = {"param": "params", "metric": "latest_metrics", "tag": "tags"}


def detail(plan: Plan, rows: Rows) -> exp.Select | exp.Union:
    """One row for each param, metric or tag (or all) of the picked runs."""
    kinds = [plan.keys] if plan.keys in _DETAIL else ["param", "metric"]
    parts = [_detail_part(str(kind), tagged=len(kinds) > 1, differ=plan.differ) for kind in kinds]
    query: exp.Select | exp.Union = (
        parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    )
    places = [exp.to_identifier(name, quoted=True) for name in ("run", "name")]
    if len(kinds) > 1:
        places.insert(1, exp.to_identifier("kind", quoted=True))
    else:
        places[1] = exp.to_identifier(str(kinds[0]), quoted=True)
    query = query.order_by(*(_asc(exp.Column(this=place)) for place in places))
    return query.with_("picked", as_=picked(plan, rows), copy=False)


def _detail_part(kind: str, *, tagged: bool, differ: bool) -> exp.Select:
    columns = [
        sql.named(sql.col("picked", "run"), "run"),
        *([sql.named(sql.literal(kind), "kind")] if tagged else []),
        sql.named(sql.col("x", "key"), "name" if tagged else kind),
        sql.named(sql.col("x", "value"), "value"),
        sql.named(sql.col("picked", "run_uuid"), "run_id"),
    ]
    on: list[exp.Expr] = [
        exp.EQ(this=sql.col("x", "run_uuid"), expression=sql.col("picked", "run_uuid"))
    ]
    if kind == "metric":
        on.append(not_nan("x"))
    if kind == "tag":
        on.append(visible_tag("x"))
    source = sql.table(_DETAIL[kind], "x")
    query = exp.select(*columns).from_("picked").join(source, on=sql.all_of(on))
    return query.where(_differs(kind)) if differ else query


def _differs(kind: str) -> exp.Expr:
    """x.key has several values in the picked runs, or is not in all of them."""
    values = exp.Count(this=exp.Distinct(expressions=[sql.col("y", "value")]))
    runs = exp.select(exp.Count(this=exp.Star())).from_("picked")
    on = exp.EQ(this=sql.col("y", "run_uuid"), expression=sql.col("picked", "run_uuid"))
    keys = (
        exp.select(sql.col("y", "key"))
        .from_("picked")
        .join(sql.table(_DETAIL[kind], "y"), on=on)
        .group_by(sql.col("y", "key"))
        .having(
            exp.or_(
                exp.GT(this=values, expression=sql.literal(1)),
                exp.LT(this=exp.Count(this=exp.Star()), expression=runs.subquery()),
            )
        )
    )
    return exp.In(this=sql.col("x", "key"), query=keys.subquery())


def visible_tag(alias: str) -> exp.Expr:
    """A tag that somebody set, not one of MLflow's own."""
    own = exp.Like(this=sql.col(alias, "key"), expression=sql.literal("mlflow.%"))
    return exp.not_(own)


def names(plan: Plan, rows: Rows) -> exp.Select:
    """Which metric, param or tag keys the matching runs have, most used first."""
    kind = str(plan.keys)
    apply(rows, plan.tests, plan.window)
    on: list[exp.Expr] = [
        exp.EQ(this=sql.col("k", "run_uuid"), expression=sql.col("r", "run_uuid"))
    ]
    if kind == "tag":
        on.append(visible_tag("k"))
    rows.tightly("k", exp.to_table(_DETAIL[kind]), sql.all_of(on))
    count = exp.Count(this=exp.Distinct(expressions=[sql.col("r", "run_uuid")]))
    key = sql.col("k", "key")
    query = rows.select(sql.named(key, kind), sql.named(count, "runs")).group_by(key.copy())
    return query.order_by(exp.Ordered(this=count.copy(), desc=True), _asc(key.copy()))
