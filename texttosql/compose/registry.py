"""Registered models and their versions as rows, with the run that made each."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlglot import exp

from texttosql.catalog import Catalog
from texttosql.compose import sql
from texttosql.compose.rows import Rows, of_run
from texttosql.plan import Ref

DELETED = "Deleted_Internal"


class Versions(Rows):
    """FROM model_versions, the run and experiment beside it when they are still there."""

    def __init__(self, catalog: Catalog, zone: ZoneInfo, deleted: str = "no") -> None:
        super().__init__(catalog, zone, deleted="with")
        if deleted != "with":
            stage, same = sql.col("v", "current_stage"), deleted == "only"
            kind = exp.EQ if same else exp.NEQ
            self.conditions.append(kind(this=stage, expression=sql.literal(DELETED)))

    def source(self, query: exp.Select) -> exp.Select:
        """FROM versions; a version may have no run, or one that was deleted since."""
        on = exp.EQ(this=sql.col("r", "run_uuid"), expression=sql.col("v", "run_id"))
        query = query.from_(sql.table("model_versions", "v"), copy=False)
        for name, alias, condition in (("runs", "r", on), ("experiments", "e", of_run("e"))):
            table = sql.table(name, alias)
            query = query.join(table, on=condition, join_type="LEFT", copy=False)
        return query

    def expr(self, ref: Ref, *, tight: bool = False) -> exp.Expr:
        """As for runs, and the registry's own tags."""
        return registry_tag(ref.key) if ref.kind == "rtag" else super().expr(ref, tight=tight)

    def with_alias(self) -> exp.Expr:
        """One row for each alias of a version."""
        on = [
            exp.EQ(this=sql.col("a", name), expression=sql.col("v", name))
            for name in ("name", "version")
        ]
        self.loose("a", exp.to_table("registered_model_aliases"), sql.all_of(on))
        return sql.col("a", "alias")


def _tag_of(table: str, keys: tuple[str, ...], key: str) -> exp.Expr:
    same = [exp.EQ(this=sql.col("x", name), expression=sql.col("v", name)) for name in keys]
    wanted = exp.EQ(this=sql.col("x", "key"), expression=sql.literal(key))
    source = sql.table(table, "x")
    return exp.select(sql.col("x", "value")).from_(source).where(*same, wanted).subquery()


def registry_tag(key: str) -> exp.Expr:
    """The version's tag of this key, or else its model's."""
    own = _tag_of("model_version_tags", ("name", "version"), key)
    return exp.Coalesce(this=own, expressions=[_tag_of("registered_model_tags", ("name",), key)])


def _description() -> exp.Expr:
    """The version's own description, or else its model's."""
    same = sql.same(sql.col("m", "name"), sql.col("v", "name"))
    source = sql.table("registered_models", "m")
    model = exp.select(sql.col("m", "description")).from_(source).where(same).subquery()
    own = exp.Nullif(this=sql.col("v", "description"), expression=sql.literal(""))
    return exp.Coalesce(this=own, expressions=[model])


Versions.fields = {
    **Rows.fields,
    "model": lambda _: sql.col("v", "name"),
    "version": lambda _: sql.col("v", "version"),
    "stage": lambda _: sql.col("v", "current_stage"),
    "alias": lambda rows: rows.with_alias() if isinstance(rows, Versions) else exp.Null(),
    "version_status": lambda _: sql.col("v", "status"),
    "created": lambda _: sql.col("v", "creation_time"),
    "updated": lambda _: sql.col("v", "last_updated_time"),
    "run_id": lambda _: sql.col("v", "run_id"),
    "user": lambda _: exp.Coalesce(
        this=sql.col("r", "user_id"), expressions=[sql.col("v", "user_id")]
    ),
    "description": lambda _: _description(),
    "note": lambda _: _description(),
}


def _aliases() -> exp.Expr:
    same = sql.same(sql.col("a", "name"), sql.col("m", "name"))
    source = sql.table("registered_model_aliases", "a")
    return exp.select(exp.Count(this=exp.Star())).from_(source).where(same).subquery()


def models() -> exp.Select:
    """Every registered model with how many live versions it has and the newest one."""
    same = exp.EQ(this=sql.col("v", "name"), expression=sql.col("m", "name"))
    live = exp.NEQ(this=sql.col("v", "current_stage"), expression=sql.literal(DELETED))
    columns = [
        sql.named(sql.col("m", "name"), "model"),
        sql.named(exp.Count(this=sql.col("v", "version")), "versions"),
        sql.named(exp.Max(this=sql.col("v", "version")), "latest version"),
        sql.named(_aliases(), "aliases"),
        sql.named(sql.col("m", "creation_time"), "created"),
        sql.named(sql.col("m", "last_updated_time"), "updated"),
        sql.named(sql.col("m", "description"), "description"),
    ]
    keys = [sql.col("m", c) for c in ("name", "creation_time", "last_updated_time", "description")]
    query = exp.select(*columns).from_(sql.table("registered_models", "m"))
    versions = sql.table("model_versions", "v")
    query = query.join(versions, on=sql.all_of([same, live]), join_type="LEFT")
    return query.group_by(*keys)


def experiments(deleted: str, only_empty: bool) -> exp.Select:
    """Every experiment with how many live runs it has and when the last one started."""
    stage = exp.EQ(this=sql.col("r", "lifecycle_stage"), expression=sql.literal("active"))
    columns = [
        sql.named(sql.col("e", "name"), "experiment"),
        sql.named(exp.Count(this=sql.col("r", "run_uuid")), "runs"),
        sql.named(exp.Max(this=sql.col("r", "start_time")), "last run"),
        sql.named(sql.col("e", "creation_time"), "created"),
        sql.named(sql.col("e", "experiment_id"), "experiment_id"),
    ]
    keys = [sql.col("e", c) for c in ("name", "creation_time", "experiment_id")]
    query = exp.select(*columns).from_(sql.table("experiments", "e"))
    runs = sql.table("runs", "r")
    query = query.join(runs, on=sql.all_of([of_run("e"), stage]), join_type="LEFT")
    if deleted != "with":
        wanted = "deleted" if deleted == "only" else "active"
        lifecycle = exp.EQ(this=sql.col("e", "lifecycle_stage"), expression=sql.literal(wanted))
        query = query.where(lifecycle)
    query = query.group_by(*keys)
    if only_empty:
        none = exp.EQ(this=exp.Count(this=sql.col("r", "run_uuid")), expression=sql.literal(0))
        query = query.having(none)
    return query
