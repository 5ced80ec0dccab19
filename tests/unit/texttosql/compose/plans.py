"""Plans over the small store, at least one for every act and subject, each with a name.

tests/unit runs them on SQLite against rows written by hand; tests/mysql runs all of them on both
databases and compares.
"""

from __future__ import annotations

from datetime import datetime

from tests.unit.texttosql.offline.asking import BERLIN
from texttosql.plan import Anchor, Measure, Op, Plan, Ref, Sort, Test, Window

F1, LOSS = Ref("metric", "f1"), Ref("metric", "val_loss")
ACCURACY, RMSE = Ref("metric", "val_accuracy"), Ref("metric", "val_rmse")
LR, DEPTH, MODEL = Ref("param", "lr"), Ref("param", "depth"), Ref("param", "model")
STOPPING = Ref("param", "early_stopping")
STAGE = Ref("tag", "stage")
COUNT = Measure("count")
Values = tuple[str | float | int, ...]


def field(key: str) -> Ref:
    """One of compose's names for what every run has."""
    return Ref("field", key)


def passes(ref: Ref, op: Op, *values: str | float, anchor: Anchor | None = None) -> Test:
    """A condition without words."""
    return Test(ref, op, values, anchor=anchor)


def within(experiment: int) -> Test:
    """In that experiment."""
    return passes(field("experiment_id"), "=", experiment)


def window(start: str | None, end: str | None, words: str = "then", of: str = "started") -> Window:
    """A period on Berlin's clocks."""
    edges = (
        int(datetime.fromisoformat(edge).replace(tzinfo=BERLIN).timestamp() * 1000)
        if edge
        else None
        for edge in (start, end)
    )
    first, last = edges
    return Window(first, last, words, of)


def top(ref: Ref, count: int, *tests: Test, up: bool = False) -> Plan:
    """The first `count` runs by a ref, the highest first unless `up`."""
    return Plan("list", tests=tests, sort=Sort(ref, descending=not up), limit=count)


def mean(*measures: Measure, by: tuple[Ref, ...] = (), tests: tuple[Test, ...] = ()) -> Plan:
    """Measures by groups."""
    return Plan("summary", measures=measures, by=by, tests=tests)


LAST_WEEK = window("2026-10-19", "2026-10-26", "last week")
THIS_WEEK = window("2026-10-26", "2026-11-02", "this week")
CHURN, HOUSE, DIGITS = within(1), within(2), within(3)
GBM = passes(MODEL, "=", "gbm")
FAILED = passes(field("status"), "=", "FAILED")

PLANS: dict[str, Plan] = {
    # lists of runs
    "all runs": Plan("list"),
    "top by a metric": top(F1, 3, CHURN),
    "lowest by a metric": top(LOSS, 3, CHURN, up=True),
    "by the history's least": top(Ref("metric", "val_loss", "min"), 3, up=True),
    "by the history's greatest": top(Ref("metric", "val_accuracy", "max"), 2),
    "by the first value": top(Ref("metric", "val_accuracy", "first"), 2, DIGITS),
    "by the history's mean": top(Ref("metric", "val_loss", "mean"), 3, up=True),
    "by duration": top(field("duration"), 3, CHURN),
    "by a param that is a number": top(LR, 3, DIGITS),
    "by a param of mixed text": top(DEPTH, 3, CHURN),
    "the next two": Plan("list", sort=Sort(F1, descending=True), limit=2, offset=2),
    "within a period": Plan("list", window=LAST_WEEK),
    "shown loosely": Plan("list", tests=(CHURN,), show=(F1, LR), limit=20),
    "best of each user": Plan("list", each=field("user"), sort=Sort(F1, descending=True), limit=1),
    "two of each experiment": Plan(
        "list", each=field("experiment"), sort=Sort(LOSS, descending=False), limit=2
    ),
    "above a number": Plan("list", tests=(passes(ACCURACY, ">", 0.9),)),
    "a param above a number": Plan("list", tests=(CHURN, passes(DEPTH, ">", 5))),
    "a param in a list": Plan("list", tests=(passes(MODEL, "in", "ridge", "lasso"),)),
    "a param not in a list": Plan("list", tests=(CHURN, passes(MODEL, "not in", "gbm", "forest"))),
    "a name that contains": Plan("list", tests=(passes(field("run"), "contains", "ST-1"),)),
    "a name that starts": Plan("list", tests=(passes(field("run"), "starts", "ridge"),)),
    "a name with a percent sign": Plan("list", tests=(passes(field("run"), "contains", "%"),)),
    "nan": Plan("list", tests=(passes(LOSS, "=", "nan"),)),
    "infinite": Plan("list", tests=(passes(LOSS, "=", "inf"),)),
    "a metric missing": Plan("list", tests=(CHURN, passes(LOSS, "missing"))),
    "a tag there": Plan("list", tests=(HOUSE, passes(STAGE, "exists"))),
    "no parent": Plan("list", tests=(DIGITS, passes(field("parent_id"), "missing"))),
    "children of a run": Plan("list", tests=(passes(field("parent"), "=", "sweep"),)),
    "above the mean": Plan(
        "list", tests=(CHURN, passes(F1, ">", anchor=Anchor("mean")))
    ),
    "better than a run": Plan(
        "list", tests=(passes(ACCURACY, ">", anchor=Anchor("run", "cnn-1")),)
    ),
    "on a dataset": Plan("list", tests=(passes(field("dataset"), "=", "customers"),)),
    "deleted only": Plan("list", deleted="only"),
    "deleted too": Plan("list", tests=(DIGITS,), deleted="with"),
    # summaries of runs
    "how many": mean(COUNT),
    "how many by user": mean(COUNT, by=(field("user"),)),
    "how many by two": mean(COUNT, by=(field("user"), field("status"))),
    "means by a param": mean(Measure("mean", F1), COUNT, by=(MODEL,), tests=(CHURN,)),
    "every measure": mean(
        Measure("mean", RMSE), Measure("min", RMSE), Measure("max", RMSE), Measure("sum", RMSE),
        Measure("std", RMSE), COUNT,
    ),
    "median by a param": mean(Measure("median", LOSS), by=(STOPPING,), tests=(CHURN,)),
    "percentile": mean(Measure("pct", RMSE, percentile=0.9), COUNT),
    "median of an even number": mean(Measure("median", F1)),
    "mean without infinity": mean(Measure("mean", LOSS), by=(field("experiment"),)),
    "share": mean(Measure("share", of=(FAILED,)), by=(field("user"),)),
    "share of each group": mean(COUNT, Measure("share"), by=(field("status"),), tests=(CHURN,)),
    "different values": mean(Measure("distinct", MODEL)),
    "by day": mean(COUNT, by=(Ref("bucket", "day"),), tests=(HOUSE,)),
    "by week": mean(COUNT, Measure("max", F1), by=(Ref("bucket", "week"),)),
    "by month": mean(COUNT, by=(Ref("bucket", "month"),)),
    "by weekday": mean(COUNT, by=(Ref("bucket", "weekday"),)),
    "by hour of the day": mean(COUNT, by=(Ref("bucket", "hourofday"),), tests=(HOUSE,)),
    "two periods": Plan("summary", measures=(COUNT,), windows=(LAST_WEEK, THIS_WEEK)),
    "only large groups": Plan(
        "summary", measures=(COUNT,), by=(MODEL,), having=(passes(field("runs"), ">", 3),)
    ),
    "the largest group": Plan(
        "summary", measures=(COUNT,), by=(MODEL,), sort=Sort(0, descending=True), limit=1
    ),
    # inside runs
    "history": Plan("history", tests=(passes(field("run"), "=", "cnn-1"),), show=(LOSS,)),
    "history of the best": Plan(
        "history", tests=(CHURN,), show=(LOSS,), sort=Sort(ACCURACY, descending=True), limit=1
    ),
    "history of two metrics": Plan(
        "history", tests=(passes(field("run"), "=", "cnn-2"),), show=(LOSS, ACCURACY)
    ),
    "history's peak": Plan("history", tests=(DIGITS,), show=(ACCURACY,), peak="max"),
    "history at a step": Plan("history", tests=(DIGITS,), show=(ACCURACY,), step=1),
    "params of the best": Plan(
        "detail", tests=(CHURN,), keys="param", sort=Sort(F1, descending=True), limit=1
    ),
    "metrics of a run": Plan(
        "detail", tests=(passes(field("run"), "=", "boost-1"),), keys="metric"
    ),
    "tags of a run": Plan("detail", tests=(passes(field("run"), "=", "gbm-1"),), keys="tag"),
    "metric names": Plan("names", tests=(CHURN,), keys="metric"),
    "param names": Plan("names", keys="param"),
    "tag names": Plan("names", keys="tag"),
    # experiments, models, versions
    "experiments": Plan("list", "experiments"),
    "experiments by runs": Plan(
        "list", "experiments", sort=Sort(field("runs"), descending=True), limit=2
    ),
    "empty experiments": Plan("list", "experiments", tests=(passes(field("runs"), "missing"),)),
    "deleted experiments": Plan("list", "experiments", deleted="only"),
    "how many experiments": Plan("summary", "experiments", measures=(COUNT,)),
    "models": Plan("list", "models"),
    "how many models": Plan("summary", "models", measures=(COUNT,)),
    "versions": Plan("list", "versions"),
    "versions of a model": Plan(
        "list", "versions", tests=(passes(field("model"), "=", "churn-model"),)
    ),
    "the newest version": Plan(
        "list", "versions", sort=Sort(field("version"), descending=True), limit=1
    ),
    "a version by alias": Plan(
        "list", "versions", tests=(passes(field("alias"), "=", "champion"),)
    ),
    "a version by stage": Plan(
        "list", "versions", tests=(passes(field("stage"), "=", "Production"),)
    ),
    "versions by their runs' metric": Plan(
        "list", "versions", sort=Sort(F1, descending=True), show=(F1,)
    ),
    "a version by tag": Plan(
        "list", "versions", tests=(passes(Ref("rtag", "approved"), "=", "yes"),)
    ),
    "a version by its model's tag": Plan(
        "list", "versions", tests=(passes(Ref("rtag", "team"), "=", "estate"),)
    ),
    "versions of a period": Plan(
        "list", "versions", window=window("2026-10-01", "2026-11-01", of="created")
    ),
    "how many versions by model": Plan(
        "summary", "versions", measures=(COUNT,), by=(field("model"),)
    ),
    "deleted versions": Plan("list", "versions", deleted="only"),
}  # fmt: skip
