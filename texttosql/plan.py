"""A question's meaning as a value: what the offline engine makes, and follow-ups patch.

A plan says what is wanted in the asker's terms (metrics, params, groups, a period) and knows no
SQL: texttosql.compose turns it into a statement, texttosql.offline.words into English.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pydantic import TypeAdapter

RefKind = Literal["metric", "param", "tag", "field", "bucket", "either", "rtag"]
Take = Literal["latest", "min", "max", "first", "mean"]
Op = Literal[
    "=", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "lacks", "exists", "missing",
    "logged", "starts",
    "any",
]  # fmt: skip
Fn = Literal["count", "mean", "median", "min", "max", "sum", "std", "share", "distinct", "pct"]
Act = Literal[
    "list",  # rows of the subject
    "summary",  # measures, by dimensions or overall
    "history",  # a metric's points by step
    "detail",  # the params, metrics or tags of a few runs, one row each
    "names",  # which keys there are
]  # fmt: skip
Subject = Literal["runs", "experiments", "models", "versions"]
Keys = Literal["metric", "param", "tag", "dataset", "user"]


@dataclass(frozen=True, slots=True)
class Ref:
    """Something a run (or a model version) has.

    `key` is the store's own spelling for a metric, param or tag; one of compose's names for a
    field ("experiment", "duration"); a unit for a bucket of the start time ("day", "week").
    `take` is which of a metric's logged values counts; MLflow's own answer is the latest.
    `either`: one fact that teams write under several keys, listed in `of`; the first one set
    counts.
    """

    kind: RefKind
    key: str
    take: Take = "latest"
    of: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A value the store has to be asked for: the mean over the runs in question, or one run's."""

    kind: Literal["mean", "run", "alias", "max", "min"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on one ref. `words` is how the asker put it, for titles and empty answers.

    `any`: at least one of `any_of` holds, whatever `ref` says.
    """

    ref: Ref
    op: Op
    values: tuple[str | float | int, ...] = ()
    words: str = ""
    anchor: Anchor | None = None
    any_of: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open period [start_ms, end_ms) of a time field, in epoch milliseconds."""

    start_ms: int | None
    end_ms: int | None
    words: str
    field: str = "started"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number over many runs. `share` is the percentage of them that pass `of`."""

    fn: Fn
    ref: Ref | None = None
    of: tuple[Test, ...] = ()
    percentile: float = 0.5


@dataclass(frozen=True, slots=True)
class Sort:
    """By a ref, or by the measure of that index; missing values come last."""

    by: Ref | int
    descending: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted. `picked` narrows a history or detail to the first runs of another list.

    `each` ranks within a dimension ("the best run of every experiment"): `limit` rows of each.
    `over` takes a measure of the groups' first measure: the mean of the runs per day.
    `again` orders the rows that `sort` and `limit` chose once more, and `again_limit` cuts those:
    "which of these five was fastest". `peak` keeps only a history's highest or lowest point.
    `differ` leaves only those of a detail that are not the same in all of the runs.
    `windows` holds the periods that are set side by side ("this week against last week").
    """

    act: Act
    subject: Subject = "runs"
    tests: tuple[Test, ...] = ()
    window: Window | None = None
    windows: tuple[Window, ...] = ()
    show: tuple[Ref, ...] = ()
    measures: tuple[Measure, ...] = ()
    by: tuple[Ref, ...] = ()
    each: Ref | None = None
    sort: Sort | None = None
    limit: int | None = None
    offset: int = 0
    keys: Keys | None = None
    differ: bool = False
    deleted: Literal["no", "only", "with"] = "no"
    chart: str | None = None
    having: tuple[Test, ...] = ()
    peak: Literal["", "max", "min"] = ""
    step: int | None = None
    over: Fn | None = None
    again: Sort | None = None
    again_limit: int | None = None


@cache
def _adapter() -> TypeAdapter[Plan]:
    # pydantic's import and schema are paid by the first turn that is kept, not by import.
    from pydantic import TypeAdapter  # noqa: PLC0415 - see above

    return TypeAdapter(Plan)


def dumps(plan: Plan) -> str:
    """The plan as one line of JSON, without what is as by default."""
    return _adapter().dump_json(plan, exclude_defaults=True).decode()


def loads(text: str) -> Plan:
    """The plan that `dumps` wrote. Raises ValueError when `text` is none."""
    return _adapter().validate_json(text)
