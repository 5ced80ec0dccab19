"""One SELECT over live runs, growing a join for each thing a plan mentions.

`Rows` is a builder: ask it for a ref's expression and it adds the join that provides it, once.
A ref that a condition needs is joined tightly; one that is only shown is joined loosely, so a
run without that metric still appears.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from sqlglot import exp

from texttosql.catalog import Catalog
from texttosql.compose import sql
from texttosql.plan import Ref, Test

LIVE = "active"
_HISTORY = {"min": exp.Min, "max": exp.Max, "mean": exp.Avg}


class Rows:
    """FROM runs JOIN experiments, and whatever the refs asked for bring in."""

    fields: Mapping[str, Callable[[Rows], exp.Expr]]

    def __init__(self, catalog: Catalog, zone: ZoneInfo, deleted: str = "no") -> None:
        self.catalog = catalog
        self.dialect = catalog.schema.dialect
        self.zone = zone
        self.conditions: list[exp.Expr] = _lifecycle(deleted)
        self.scope: tuple[Test, ...] = ()
        self._joins: dict[str, exp.Join] = {}
        self._aliases: dict[Ref, str] = {}

    def expr(self, ref: Ref, *, tight: bool = False) -> exp.Expr:
        """The ref's value for a run. `tight` leaves runs without it out."""
        if ref.kind == "field":
            return self.fields[ref.key](self)
        if ref.kind == "either":
            value = exp.Coalesce(
                this=self.expr(ref.of[0]), expressions=[self.expr(r) for r in ref.of[1:]]
            )
            if tight:
                self.require(value)
            return value
        if ref.kind == "bucket":
            return sql.bucket(self.local_start(), ref.key, self.dialect)
        alias = self._alias(ref)
        if alias not in self._joins:
            self._joins[alias] = self._join(ref, alias)
        if tight:
            self._joins[alias].set("side", None)
        return sql.col(alias, "value")

    def number(self, ref: Ref, *, tight: bool = False) -> exp.Expr:
        """The ref's value as a number: a param's or tag's text is cast when it is one."""
        return self.as_number(ref, self.expr(ref, tight=tight))

    def as_number(self, ref: Ref, value: exp.Expr) -> exp.Expr:
        """A value of this ref as a number."""
        if ref.kind == "either":
            return sql.as_number(value, self.dialect, clean=False)
        if ref.kind not in {"param", "tag"}:
            return value
        known = (self.catalog.params if ref.kind == "param" else self.catalog.tags).get(ref.key)
        return sql.as_number(value, self.dialect, clean=bool(known and known.numeric))

    def local_start(self) -> exp.Expr:
        """The run's start on the team's wall clock, in milliseconds."""
        span = (self.catalog.first_ms, self.catalog.last_ms)
        return sql.local_ms(sql.col("r", "start_time"), self.zone, span)

    def tag(self, key: str) -> exp.Expr:
        """A tag's value, joined loosely."""
        return self.expr(Ref("tag", key))

    def loose(self, alias: str, table: exp.Expr, on: exp.Expr) -> str:
        """Join a table loosely under this alias, once."""
        if alias not in self._joins:
            aliased = exp.alias_(table, alias, table=True, copy=False)
            self._joins[alias] = exp.Join(this=aliased, on=on, side="LEFT")
        return alias

    def tightly(self, alias: str, table: exp.Expr, on: exp.Expr) -> None:
        """Join a table so that only runs with a match stay."""
        self.loose(alias, table, on)
        self._joins[alias].set("side", None)

    def has(self, alias: str) -> bool:
        """Whether a table was joined under this alias."""
        return alias in self._joins

    def require(self, value: exp.Expr) -> None:
        """Leave out rows where the value is missing."""
        condition = exp.not_(exp.Is(this=value.copy(), expression=exp.Null()))
        if condition not in self.conditions:
            self.conditions.append(condition)

    def select(self, *columns: exp.Expr) -> exp.Select:
        """SELECT these columns over everything joined so far, under all conditions."""
        query = self.source(exp.select(*columns, copy=False))
        for join in self._joins.values():
            query.append("joins", join)
        return query.where(sql.all_of(self.conditions), copy=False) if self.conditions else query

    def source(self, query: exp.Select) -> exp.Select:
        """FROM the subject itself: runs with their experiments."""
        query = query.from_(sql.table("runs", "r"), copy=False)
        return query.join(sql.table("experiments", "e"), on=of_run("e"), copy=False)

    def _alias(self, ref: Ref) -> str:
        letter = {"metric": "m", "param": "p", "tag": "t"}[ref.kind]
        taken = sum(alias.startswith(letter) for alias in self._aliases.values())
        return self._aliases.setdefault(ref, f"{letter}{taken + 1}")

    def _join(self, ref: Ref, alias: str) -> exp.Join:
        table = {"metric": "latest_metrics", "param": "params", "tag": "tags"}[ref.kind]
        same_run = exp.EQ(this=sql.col(alias, "run_uuid"), expression=sql.col("r", "run_uuid"))
        if ref.kind == "metric" and ref.take != "latest":
            source: exp.Expr = _history_value(ref).subquery(alias)
            return exp.Join(this=source, on=same_run, side="LEFT")
        on: list[exp.Expr] = [
            same_run,
            exp.EQ(this=sql.col(alias, "key"), expression=sql.literal(ref.key)),
        ]
        if ref.kind == "metric":
            on.append(not_nan(alias))
        source = sql.table(table, alias)
        return exp.Join(this=source, on=sql.all_of(on), side="LEFT")


def of_run(alias: str) -> exp.Expr:
    """The run's own experiment."""
    run = sql.col("r", "experiment_id")
    return exp.EQ(this=sql.col(alias, "experiment_id"), expression=run)


def not_nan(alias: str) -> exp.Expr:
    """MLflow stores NaN as value 0 with is_nan = 1."""
    return exp.EQ(this=sql.col(alias, "is_nan"), expression=sql.literal(0))


def _history_value(ref: Ref) -> exp.Select:
    """Per run, the least, greatest, mean or first value a metric ever had."""
    key = exp.EQ(this=sql.col("h", "key"), expression=sql.literal(ref.key))
    where = sql.all_of([key, not_nan("h")])
    run, value = sql.col("h", "run_uuid"), sql.col("h", "value")
    source = sql.table("metrics", "h")
    if ref.take in _HISTORY:
        found = sql.named(_HISTORY[ref.take](this=value), "value")
        return exp.select(run, found).from_(source).where(where).group_by(run.copy())
    order = exp.Order(expressions=[_asc(sql.col("h", name)) for name in ("step", "timestamp")])
    place = exp.Window(this=exp.RowNumber(), partition_by=[run.copy()], order=order)
    ranked = exp.select(run, value, sql.named(place, "place")).from_(source).where(where)
    first = exp.EQ(this=sql.col("f", "place"), expression=sql.literal(1))
    columns = [sql.col("f", "run_uuid"), sql.col("f", "value")]
    return exp.select(*columns).from_(ranked.subquery("f")).where(first)


def _asc(node: exp.Expr) -> exp.Ordered:
    return exp.Ordered(this=node, desc=False, nulls_first=True)


def _lifecycle(deleted: str) -> list[exp.Expr]:
    run, experiment = sql.col("r", "lifecycle_stage"), sql.col("e", "lifecycle_stage")
    if deleted == "with":
        return []
    if deleted == "only":
        return [exp.EQ(this=run, expression=sql.literal("deleted"))]
    return [exp.EQ(this=column, expression=sql.literal(LIVE)) for column in (run, experiment)]


def _duration(_rows: Rows) -> exp.Expr:
    span = exp.Sub(this=sql.col("r", "end_time"), expression=sql.col("r", "start_time"))
    return sql.ratio(exp.Paren(this=span), 1000)


def _parent(rows: Rows) -> exp.Expr:
    on = exp.EQ(this=sql.col("parent", "run_uuid"), expression=rows.tag("mlflow.parentRunId"))
    rows.loose("parent", exp.to_table("runs"), on)
    return sql.col("parent", "name")


def _dataset(rows: Rows) -> exp.Expr:
    on_run = sql.all_of([
        exp.EQ(this=sql.col("i", "destination_id"), expression=sql.col("r", "run_uuid")),
        exp.EQ(this=sql.col("i", "destination_type"), expression=sql.literal("RUN")),
    ])  # fmt: skip
    rows.loose("i", exp.to_table("inputs"), on_run)
    on = exp.EQ(this=sql.col("d", "dataset_uuid"), expression=sql.col("i", "source_id"))
    rows.loose("d", exp.to_table("datasets"), on)
    return sql.col("d", "name")


def _version(column: str) -> Callable[[Rows], exp.Expr]:
    def expression(rows: Rows) -> exp.Expr:
        live = exp.NEQ(
            this=sql.col("v", "current_stage"), expression=sql.literal("Deleted_Internal")
        )
        same = exp.EQ(this=sql.col("v", "run_id"), expression=sql.col("r", "run_uuid"))
        rows.loose("v", exp.to_table("model_versions"), sql.all_of([same, live]))
        return sql.col("v", column)

    return expression


def _plain(table: str, column: str) -> Callable[[Rows], exp.Expr]:
    return lambda _rows: sql.col(table, column)


def _children(_rows: Rows) -> exp.Expr:
    """How many runs name this one as their parent."""
    parent = sql.same(sql.col("c", "value"), sql.col("r", "run_uuid"))
    key = sql.same(sql.col("c", "key"), "mlflow.parentRunId")
    source = sql.table("tags", "c")
    return exp.select(exp.Count(this=exp.Star())).from_(source).where(parent, key).subquery()


def _alias_of(rows: Rows) -> exp.Expr:
    on = [sql.same(sql.col("a", "name"), rows.fields["model"](rows)),
          sql.same(sql.col("a", "version"), rows.fields["version"](rows))]  # fmt: skip
    rows.loose("a", exp.to_table("registered_model_aliases"), sql.all_of(on))
    return sql.col("a", "alias")


Rows.fields = {
    "run_id": _plain("r", "run_uuid"),
    "run": _plain("r", "name"),
    "experiment": _plain("e", "name"),
    "experiment_id": _plain("e", "experiment_id"),
    "user": _plain("r", "user_id"),
    "status": _plain("r", "status"),
    "started": _plain("r", "start_time"),
    "ended": _plain("r", "end_time"),
    "source": _plain("r", "source_name"),
    "artifacts": _plain("r", "artifact_uri"),
    "lifecycle": _plain("r", "lifecycle_stage"),
    "duration": _duration,
    "duration_min": lambda rows: sql.ratio(exp.Paren(this=_duration(rows)), 60),
    "duration_h": lambda rows: sql.ratio(exp.Paren(this=_duration(rows)), 3600),
    "children": _children,
    "alias": _alias_of,
    "stage": _version("current_stage"),
    "parent_id": lambda rows: rows.tag("mlflow.parentRunId"),
    "parent": _parent,
    "note": lambda rows: rows.tag("mlflow.note.content"),
    "commit": lambda rows: rows.tag("mlflow.source.git.commit"),
    "dataset": _dataset,
    "model": _version("name"),
    "version": _version("version"),
}
