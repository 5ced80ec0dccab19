"""Measures over many runs: overall, by group, by period, and periods set side by side."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from texttosql.compose import sql
from texttosql.compose.conditions import apply, condition, within
from texttosql.compose.rows import Rows
from texttosql.compose.runs import name_of
from texttosql.plan import Measure, Plan, Ref, Test, Window

_PLAIN = {"mean": exp.Avg, "min": exp.Min, "max": exp.Max, "sum": exp.Sum}
_RANKED = {"median", "pct"}
_OPTIONAL = {"dataset", "parent", "model", "version", "alias", "note", "commit", "source"}
_SPREAD = {"mean", "sum", "std", "median", "pct"}  # an infinity would swallow these


def summary(plan: Plan, rows: Rows) -> exp.Select:
    """One row for each group (one in all without groups), measures beside it."""
    apply(rows, plan.tests, plan.window)
    dims = _dimensions(plan, rows)
    values = [_value(plan, rows, measure) for measure in plan.measures]
    ranked = any(measure.fn in _RANKED for measure in plan.measures)
    finished = (_over_ranks if ranked else _grouped)(plan, rows, dims, values)
    if plan.over is not None:
        return _over(plan, finished)
    if plan.offset:
        finished = finished.offset(plan.offset)
    return finished.limit(plan.limit) if plan.limit is not None else finished


def _over(plan: Plan, groups: exp.Select) -> exp.Select:
    """A measure over the groups' first measure: the mean of the runs per day."""
    first = measure_name(plan.measures[0], plan.subject)
    value = sql.col("groups", first)
    by = " and ".join(dimension_name(ref) for ref in plan.by)
    named = f"{plan.over} {first} per {by}"
    measure = exp.StddevSamp if plan.over == "std" else _PLAIN[plan.over or "mean"]
    return exp.select(sql.named(measure(this=value), named)).from_(groups.subquery("groups"))


def dimension_name(ref: Ref) -> str:
    """A group's column heading."""
    if ref.kind == "bucket":
        return {"hourofday": "hour of day"}.get(ref.key, ref.key)
    return name_of(ref)


def measure_name(measure: Measure, subject: str = "runs") -> str:
    """A measure's column heading: `runs`, `mean val_accuracy`, `percent`."""
    if measure.fn == "count":
        return subject
    if measure.fn == "share":
        return "percent"
    of = name_of(measure.ref) if measure.ref else subject
    if measure.fn == "pct":
        return f"p{measure.percentile * 100:g} {of}"
    return f"{'distinct' if measure.fn == 'distinct' else measure.fn} {of}"


def _dimensions(plan: Plan, rows: Rows) -> list[tuple[str, exp.Expr]]:
    dims = [(dimension_name(ref), rows.expr(ref, tight=True)) for ref in plan.by]
    for ref, (_, node) in zip(plan.by, dims, strict=True):
        if ref.kind == "field" and ref.key in _OPTIONAL:
            rows.require(node)
    if plan.windows:
        started = rows.expr(Ref("field", "started"))
        rows.conditions.append(
            exp.or_(*(sql.all_of(within(started, window)) for window in plan.windows))
        )
        dims.insert(0, ("period", _period(started, plan.windows)))
    return dims


def _period(started: exp.Expr, windows: Sequence[Window]) -> exp.Expr:
    branches = [
        exp.If(this=sql.all_of(within(started, window)), true=sql.literal(window.words))
        for window in windows
    ]
    return exp.Case(ifs=branches)


def _value(plan: Plan, rows: Rows, measure: Measure) -> exp.Expr | None:
    """What a measure is over; the only metric asked for is joined tightly, several loosely."""
    if measure.ref is None:
        return None
    asked = {m.ref for m in plan.measures if m.ref and m.ref.kind not in {"field", "bucket"}}
    value = rows.number(measure.ref, tight=len(asked) == 1)
    if measure.fn == "distinct":
        return rows.expr(measure.ref)
    if measure.fn in _SPREAD and measure.ref.kind == "metric":
        return sql.finite(value)
    return value


def _grouped(
    plan: Plan,
    rows: Rows,
    dims: list[tuple[str, exp.Expr]],
    values: list[exp.Expr | None],
) -> exp.Select:
    columns = [
        named
        for measure, value in zip(plan.measures, values, strict=True)
        for named in _columns(plan, rows, measure, value)
    ]
    shown = [sql.named(node, name) for name, node in dims]
    query = rows.select(*shown, *(sql.named(node, name) for name, node in columns))
    if dims:
        query = query.group_by(*(node.copy() for _, node in dims))
    for test in plan.having:
        query = query.having(_having(rows, test, columns))
    return sql.ordered(_order(plan, [n for n, _ in dims], [n for n, _ in columns]), query)


def _having(rows: Rows, test: Test, columns: list[tuple[str, exp.Expr]]) -> exp.Expr:
    found = dict(columns).get(test.ref.key, _count(rows))
    kinds = {"=": exp.EQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE, "!=": exp.NEQ}
    return kinds[test.op](this=found.copy(), expression=sql.literal(test.values[0]))


def _count(rows: Rows) -> exp.Expr:
    if rows.has("i") or rows.has("k"):
        return exp.Count(this=exp.Distinct(expressions=[sql.col("r", "run_uuid")]))
    return exp.Count(this=exp.Star())


def _columns(
    plan: Plan, rows: Rows, measure: Measure, value: exp.Expr | None
) -> list[tuple[str, exp.Expr]]:
    name = measure_name(measure, plan.subject)
    if measure.fn == "count":
        return [(name, exp.Count(this=value) if value is not None else _count(rows))]
    if measure.fn == "share":
        return _share(plan, rows, measure)
    if value is None:
        msg = f"{measure.fn} needs something to be taken of"
        raise ValueError(msg)
    if measure.fn == "distinct":
        return [(name, exp.Count(this=exp.Distinct(expressions=[value])))]
    if measure.fn == "std":
        return [(name, exp.StddevSamp(this=value))]
    return [(name, _PLAIN[measure.fn](this=value))]


def _share(plan: Plan, rows: Rows, measure: Measure) -> list[tuple[str, exp.Expr]]:
    """How many pass, out of how many, in percent; without a test: of all the groups' rows."""
    total = _count(rows)
    if not measure.of:
        everything = exp.Window(this=exp.Sum(this=total.copy()))
        percent = exp.Div(
            this=exp.Mul(this=sql.literal(100.0), expression=total), expression=everything
        )
        return [("percent", percent)]
    passing = sql.case(
        sql.all_of([condition(rows, test) for test in measure.of]), sql.literal(1), sql.literal(0)
    )
    hits = exp.Sum(this=passing)
    percent = exp.Div(
        this=exp.Mul(this=sql.literal(100.0), expression=hits.copy()), expression=total.copy()
    )
    return [("matching", hits), (plan.subject, total), ("percent", percent)]


def _order(plan: Plan, dims: list[str], columns: list[str]) -> list[exp.Ordered]:
    by_name = [_by(name) for name in dims]
    if plan.sort is None:
        return by_name
    if isinstance(plan.sort.by, Ref):
        name = dimension_name(plan.sort.by)
    else:
        name = measure_name(plan.measures[plan.sort.by], plan.subject)
    if name not in {*dims, *columns}:
        return by_name
    rest = [_by(dim) for dim in dims if dim != name]
    return [_by(name, descending=plan.sort.descending), *rest]


def _by(name: str, *, descending: bool = False) -> exp.Ordered:
    column = exp.Column(this=exp.to_identifier(name, quoted=True))
    return exp.Ordered(this=column, desc=descending, nulls_first=not descending)


def _over_ranks(
    plan: Plan,
    rows: Rows,
    dims: list[tuple[str, exp.Expr]],
    values: list[exp.Expr | None],
) -> exp.Select:
    """Medians and percentiles without functions MySQL lacks: rank inside, interpolate outside."""
    inner: list[exp.Expr] = [sql.named(node, f"d{index}") for index, (_, node) in enumerate(dims)]
    outer: list[exp.Expr] = [
        sql.named(sql.col("q", f"d{index}"), name) for index, (name, _) in enumerate(dims)
    ]
    for index, (measure, value) in enumerate(zip(plan.measures, values, strict=True)):
        groups = [node for _, node in dims]
        if value is not None:
            inner.append(sql.named(value, f"v{index}"))
        if value is not None and measure.fn in _RANKED:
            inner += _ranks(value, groups, index)
        name = measure_name(measure, plan.subject)
        outer.append(sql.named(_outer_measure(measure, index, value is not None), name))
    query = exp.select(*outer).from_(rows.select(*inner).subquery("q"))
    if dims:
        query = query.group_by(*(sql.col("q", f"d{index}") for index in range(len(dims))))
    names = [measure_name(m, plan.subject) for m in plan.measures]
    return sql.ordered(_order(plan, [name for name, _ in dims], names), query)


def _ranks(value: exp.Expr, groups: list[exp.Expr], index: int) -> list[exp.Expr]:
    order = exp.Order(
        expressions=[
            exp.Ordered(this=_is_null(value), desc=False, nulls_first=True),
            exp.Ordered(this=value.copy(), desc=False, nulls_first=True),
        ]
    )
    part = [node.copy() for node in groups]
    place = exp.Window(this=exp.RowNumber(), partition_by=part, order=order)
    count = exp.Window(
        this=exp.Count(this=value.copy()), partition_by=[node.copy() for node in groups]
    )
    return [sql.named(place, f"r{index}"), sql.named(count, f"n{index}")]


def _is_null(value: exp.Expr) -> exp.Expr:
    return sql.case(
        exp.Is(this=value.copy(), expression=exp.Null()), sql.literal(1), sql.literal(0)
    )


def _outer_measure(measure: Measure, index: int, has_value: bool) -> exp.Expr:
    value = sql.col("q", f"v{index}")
    if measure.fn in _RANKED:
        return _interpolated(value, index, measure.percentile if measure.fn == "pct" else 0.5)
    if measure.fn == "count":
        return exp.Count(this=value if has_value else exp.Star())
    if measure.fn == "std":
        return exp.StddevSamp(this=value)
    return _PLAIN[measure.fn](this=value)


def _interpolated(value: exp.Expr, index: int, p: float) -> exp.Expr:
    """The p-th quantile by linear interpolation: numpy's default, Hyndman and Fan's type 7.

    The value at 0-based place `at = p (n - 1)` is the mean of its two neighbours weighted by
    nearness, so each row counts with max(0, 1 - |place - at|).
    """
    place = exp.Sub(this=sql.col("q", f"r{index}"), expression=sql.literal(1))
    last = exp.Paren(this=exp.Sub(this=sql.col("q", f"n{index}"), expression=sql.literal(1)))
    at = exp.Mul(this=last, expression=sql.literal(p))
    gap = exp.Abs(this=exp.Sub(this=exp.Paren(this=place), expression=exp.Paren(this=at)))
    near = exp.LT(this=gap, expression=sql.literal(1))
    weight = exp.Paren(this=exp.Sub(this=sql.literal(1), expression=gap.copy()))
    return exp.Sum(this=sql.case(near, exp.Mul(this=value, expression=weight)))
