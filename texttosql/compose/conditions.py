"""A plan's conditions as SQL over `Rows`: comparisons, presence, periods, anchors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from texttosql.compose import sql
from texttosql.compose.rows import Rows
from texttosql.plan import Anchor, Ref, Test, Window

_COMPARE: dict[str, type[exp.Binary]] = {
    "=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
_TABLES = {"metric": "latest_metrics", "param": "params", "tag": "tags"}


def apply(rows: Rows, tests: Sequence[Test], window: Window | None) -> None:
    """Put every test and the window into the rows' conditions."""
    for test in tests:
        rows.conditions.append(condition(rows, test))
    if window is not None:
        rows.conditions.extend(within(rows.expr(Ref("field", window.field)), window))


def within(ms: exp.Expr, window: Window) -> list[exp.Expr]:
    """Compare the bare column with constants, so that an index on it can serve."""
    found: list[exp.Expr] = []
    if window.start_ms is not None:
        found.append(exp.GTE(this=ms.copy(), expression=sql.literal(window.start_ms)))
    if window.end_ms is not None:
        found.append(exp.LT(this=ms.copy(), expression=sql.literal(window.end_ms)))
    return found


def condition(rows: Rows, test: Test, *, tight: bool = True) -> exp.Expr:
    """One test as a condition on a run; a loose one keeps runs that lack what it is about."""
    if test.op == "any":
        loose = [condition(rows, one, tight=False) for one in test.any_of]
        return exp.paren(exp.or_(*loose, copy=False), copy=False)
    if test.op == "logged":
        value = rows.expr(test.ref, tight=True)
        return exp.not_(exp.Is(this=value, expression=exp.Null()))
    if test.op in {"exists", "missing"}:
        return _presence(rows, test)
    if test.ref.kind == "metric" and test.values in {("nan",), ("inf",)}:
        return _nonfinite(test)
    return _compared(rows, test, tight=tight)


def _compared(rows: Rows, test: Test, *, tight: bool) -> exp.Expr:
    """The ref's value beside what it is compared with."""
    value = _side(rows, test, tight=tight)
    if test.op in {"in", "not in"}:
        inside = sql.is_in(value, test.values)
        return inside if test.op == "in" else exp.not_(inside)
    if test.op in {"contains", "lacks", "starts"}:
        return _contains(value, str(test.values[0]), test.op)
    if test.anchor is not None:
        other = anchor_value(rows, test.ref, test.anchor)
        return _COMPARE[test.op](this=value, expression=other)
    return _COMPARE[test.op](this=value, expression=sql.literal(test.values[0]))


def _side(rows: Rows, test: Test, *, tight: bool) -> exp.Expr:
    numeric = test.anchor is not None or not any(isinstance(v, str) for v in test.values)
    if test.ref.kind == "field":
        return rows.expr(test.ref)
    return (rows.number if numeric else rows.expr)(test.ref, tight=tight)


def _contains(value: exp.Expr, part: str, op: str) -> exp.Expr:
    escaped = "".join(f"!{c}" if c in "%_!" else c for c in part.lower())
    pattern = f"{escaped}%" if op == "starts" else f"%{escaped}%"
    like: exp.Expr = exp.Like(this=exp.Lower(this=value), expression=sql.literal(pattern))
    if escaped != part.lower():
        like = exp.Escape(this=like, expression=sql.literal("!"))
    return exp.not_(like) if op == "lacks" else like


def _presence(rows: Rows, test: Test) -> exp.Expr:
    if test.ref.kind in {"field", "either"}:
        missing: exp.Expr = exp.Is(this=rows.expr(test.ref), expression=exp.Null())
        return missing if test.op == "missing" else exp.not_(missing)
    found = _exists(test.ref, [])
    return found if test.op == "exists" else exp.not_(found)


def _nonfinite(test: Test) -> exp.Expr:
    if test.values == ("inf",):
        huge = exp.GTE(this=exp.Abs(this=sql.col("x", "value")), expression=sql.literal(sql.FINITE))
        return _exists(test.ref, [huge])
    nan = exp.EQ(this=sql.col("x", "is_nan"), expression=sql.literal(1))
    found = _exists(test.ref, [nan])
    return found if test.op in {"=", "in"} else exp.not_(found)


def _exists(ref: Ref, more: list[exp.Expr]) -> exp.Expr:
    conditions = [
        exp.EQ(this=sql.col("x", "run_uuid"), expression=sql.col("r", "run_uuid")),
        *_of_key(ref),
        *more,
    ]
    source = sql.table(_TABLES[ref.kind], "x")
    query = exp.select(sql.literal(1)).from_(source).where(sql.all_of(conditions))
    return exp.Exists(this=query)


def _of_key(ref: Ref) -> list[exp.Expr]:
    """Rows of this key; without one, of any key that somebody set."""
    if ref.key:
        return [sql.same(sql.col("x", "key"), ref.key)]
    own = exp.Like(this=sql.col("x", "key"), expression=sql.literal("mlflow.%"))
    return [exp.not_(own)] if ref.kind == "tag" else []


_ANCHORS: dict[str, Callable[[exp.Expr], exp.Expr]] = {
    "mean": lambda value: exp.Avg(this=sql.finite(value)),
    "max": lambda value: exp.Max(this=value),
    "min": lambda value: exp.Min(this=value),
    "run": lambda value: exp.Max(this=value),
    "alias": lambda value: exp.Max(this=value),
}


def anchor_value(outer: Rows, ref: Ref, anchor: Anchor) -> exp.Expr:
    """What a test is held against, as a scalar subquery with aliases of its own.

    The mean is over the live runs under the same experiment conditions as the question's.
    """
    rows = Rows(outer.catalog, outer.zone)
    value = rows.number(ref, tight=True)
    if anchor.kind == "run":
        named = exp.EQ(this=sql.col("r", "name"), expression=sql.literal(anchor.name))
        rows.conditions.append(named)
    if anchor.kind == "alias":
        rows.conditions.append(_aliased(rows, anchor.name))
    for scope in outer.scope:
        rows.conditions.append(condition(rows, scope))
    return rows.select(_ANCHORS[anchor.kind](value)).subquery()


def _aliased(rows: Rows, alias: str) -> exp.Expr:
    model, version = rows.expr(Ref("field", "model")), rows.expr(Ref("field", "version"))
    conditions = [
        exp.EQ(this=sql.col("a", "name"), expression=model),
        exp.EQ(this=sql.col("a", "version"), expression=version),
        exp.EQ(this=sql.col("a", "alias"), expression=sql.literal(alias)),
    ]
    source = sql.table("registered_model_aliases", "a")
    return exp.Exists(this=exp.select(sql.literal(1)).from_(source).where(*conditions))
