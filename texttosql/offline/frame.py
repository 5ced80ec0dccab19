"""What a question was found to say, slot by slot, before it becomes a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from texttosql.catalog import Catalog
from texttosql.learning.example import Example
from texttosql.offline.names import Name, NameIndex
from texttosql.plan import Fn, Keys, Plan, Ref, Subject, Test, Window

Order = Literal["best", "worst", "high", "low", "fast", "slow", "new", "old", "many", "few"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a reading needs besides the words. `askers`: names of the asker, likeliest first.

    `examples` fetches the verified ones, for when several names can be meant.
    """

    catalog: Catalog
    index: NameIndex
    now: datetime
    askers: tuple[str, ...] = ()
    chosen: Mapping[str, Name] = field(default_factory=dict)
    scope: frozenset[int] = frozenset()
    earlier: Plan | None = None
    examples: Callable[[], Sequence[Example]] = tuple


@dataclass(frozen=True, slots=True)
class Choice:
    """Words that can mean several things of the store; the first was taken for now."""

    said: str
    position: int
    names: tuple[Name, ...]


@dataclass(slots=True)
class Frame:
    """The slots. Rules fill them in turn; an empty one was not said."""

    tests: list[Test] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    side_by_side: bool = False
    metrics: list[Ref] = field(default_factory=list)
    shown: list[Ref] = field(default_factory=list)
    groups: list[Ref] = field(default_factory=list)
    which: Ref | None = None
    measures: list[tuple[Fn, Ref | None]] = field(default_factory=list)
    percentile: float = 0.5
    order: Order | None = None
    order_ref: Ref | None = None
    descending: bool | None = None
    sort_ref: Ref | None = None
    limit: int | None = None
    offset: int = 0
    plural: bool = False
    top: Literal["one", "many"] | None = None
    higher: bool | None = None
    subject: Subject | None = None
    nouns: set[str] = field(default_factory=set)
    count: bool = False
    distinct: bool = False
    percent: bool = False
    share_of: list[Test] = field(default_factory=list)
    compare: bool = False
    history: bool = False
    trend: bool = False
    judged: bool = False
    detail: bool = False
    differ: bool = False
    keys: Keys | None = None
    chart: str | None = None
    deleted: Literal["no", "only", "with"] = "no"
    none_of: list[Test] = field(default_factory=list)
    having: list[Test] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    stranger: bool = False
    noun_at: int = -1
    take: Literal["latest", "ever", "first"] = "latest"
    also_latest: bool = False
    curve: list[Ref] = field(default_factory=list)
    peak: bool = False
    step: int | None = None
    before: str = ""
    counted: str = ""
    registry: bool = False
    run_ids: list[str] = field(default_factory=list)

    def add(self, test: Test, position: int) -> None:
        """Keep a condition and where it was said."""
        self.tests.append(test)
        self.positions.append(position)

    def scope(self) -> set[int]:
        """The ids of the experiments the question is about, if it names any."""
        return {
            int(value)
            for test in self.tests
            if test.ref.key == "experiment_id" and test.op in {"=", "in"}
            for value in test.values
        }
