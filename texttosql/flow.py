"""The values that walk the corridor: Question, Draft, SafeQuery, ResultTable, Answer.

All are frozen. Each is made by one room and only read by the next, so a value can be
logged, replayed and compared. Nothing here touches a database, a clock or the environment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from texttosql.cost import FREE, Cost
from texttosql.errors import InterpreterError, TextToSQLError

if TYPE_CHECKING:
    from texttosql.plan import Plan

Dialect = Literal["mysql", "sqlite"]
Cell = str | int | float | None
Outcome = Literal["rows", "clarify", "refuse", "error"]
ColumnKind = Literal["text", "integer", "real", "time", "day", "week", "month"]
ChartKind = Literal["bar", "line", "scatter", "histogram"]
ChartWished = ChartKind | Literal["none"]
Verdict = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked. `asked_at` is aware: "last week" means the same in a test and a log.

    `known_as`: other names the asker may have in MLflow, likeliest first (for "my runs").
    `place` is where it was asked (a channel); `follows` the turn that it refines, where that is
    known and not for the thread to tell.
    """

    text: str
    asked_at: datetime
    asked_by: str | None = None
    thread: str | None = None
    store: str = "default"
    known_as: tuple[str, ...] = ()
    place: str | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class ChartWish:
    """How the asker wants it drawn; None in `kind` leaves the choice to the result's shape."""

    kind: ChartWished | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """A small count that goes with a draft: `{n}` in `text` is replaced by its single number.

    A noun behind it ("{n} runs") is put in the singular for 1.

    `note`: a footnote, left out when the number is 0 ("{n} NaN left out").
    `why_empty`: asked only when the draft gave no rows; how many rows there would be
    without one of its conditions ("without 'since Monday' it would be {n} runs").
    """

    sql: str
    text: str
    kind: Literal["note", "why_empty"] = "note"


@dataclass(frozen=True, slots=True)
class ColumnNote:
    """What a draft knows about a result column that SQL types do not say."""

    kind: ColumnKind
    higher_is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """SQL in the store's dialect, not yet judged by the guard.

    `title` names the result in a few words ("top 5 runs by val_accuracy").
    `headline` is a template for tell: see texttosql/tell.py. `columns` maps result column
    names to notes. `plan` is the offline engine's; follow-ups patch it. `sure` says that the
    offline engine had nothing to guess: no slip mended, no name chosen among several, every
    word accounted for.
    """

    sql: str
    title: str
    engine: str
    assumptions: tuple[str, ...] = ()
    chart: ChartWish = ChartWish()
    columns: Mapping[str, ColumnNote] = field(default_factory=dict)
    probes: tuple[Probe, ...] = ()
    suggestions: tuple[str, ...] = ()
    plan: Plan | None = None
    sure: bool = False
    cost: Cost = FREE


@dataclass(frozen=True, slots=True)
class Option:
    """One way out of an ambiguity. `question` asks it unambiguously, in words."""

    label: str
    question: str
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Clarification:
    """The question back, with 2-4 options. A value, not an error."""

    question: str
    options: tuple[Option, ...]
    engine: str
    cost: Cost = FREE


@dataclass(frozen=True, slots=True)
class Declined:
    """Why this can't be answered here, and questions that can."""

    reason: str
    suggestions: tuple[str, ...]
    engine: str
    cost: Cost = FREE


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question and how it ended, as the journal tells it.

    `outcome` is None while nobody has finished it (still running, or its process died).
    `headline` is what was said back: the answer's, the question back, or why not.
    `follows` is the turn it was read after (texttosql/lineage.py); `feedback` the last verdict,
    and `correction` what was said to be right instead; `cost` all that was spent on it,
    explanations and second tries included.
    """

    id: str
    question: str
    asked_at: datetime
    outcome: Outcome | None
    asked_by: str | None = None
    draft: Draft | None = None
    options: tuple[Option, ...] = ()
    columns: tuple[str, ...] = ()
    row_count: int = 0
    cells: tuple[tuple[Cell, ...], ...] = ()
    thread: str | None = None
    store: str = "default"
    headline: str | None = None
    place: str | None = None
    follows: str | None = None
    finished_at: datetime | None = None
    feedback: Verdict | None = None
    engine: str | None = None
    cost: Cost = FREE
    correction: str | None = None


_SEAL = object()


@dataclass(frozen=True, slots=True)
class SafeQuery:
    """SQL that may run. Only `guard.approve()` can mint one: the seal is the guard's own.

    `sql` has named parameters `:p0`, `:p1` … bound by `params`; a literal `:` inside quoted
    text never occurs because every literal is a parameter. `max_rows` is the limit the
    warehouse must keep (it fetches max_rows + 1 to know whether it cut).
    """

    sql: str
    params: Mapping[str, Cell]
    tables: frozenset[str]
    max_rows: int
    dialect: Dialect
    seal: object = field(repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            msg = "a SafeQuery is minted by guard.approve() alone"
            raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class Column:
    """A result column. Times are epoch milliseconds in UTC, as MLflow stores them."""

    name: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class ResultTable:
    """What came back. Rows are as long as `columns`; `truncated` is known, never guessed."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    truncated: bool
    elapsed_ms: float

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Chart:
    """What to draw: column names of the answer's table, not data."""

    kind: ChartKind
    x: str
    y: tuple[str, ...]
    series: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the asker gets. Every number in `headline` is in `table` or in a probe's note."""

    headline: str
    table: ResultTable
    chart: Chart | None
    assumptions: tuple[str, ...]
    sql: str
    params: Mapping[str, Cell]
    suggestions: tuple[str, ...]
    title: str
    engine: str
    cost: Cost = FREE


@dataclass(frozen=True, slots=True)
class Reply:
    """How a turn ended: exactly one of the four is set, and `outcome` says which.

    rows: `answer` · clarify: `clarification` · refuse: `declined` or `error` (a Refused) ·
    error: `error`.
    """

    question: Question
    outcome: Outcome
    turn_id: str | None = None
    answer: Answer | None = None
    clarification: Clarification | None = None
    declined: Declined | None = None
    error: TextToSQLError | None = None
    draft: Draft | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    follows: str | None = None

    @property
    def cost(self) -> Cost:
        """What was spent on it, however it ended."""
        ended = self.answer or self.clarification or self.declined or self.draft
        if ended is not None:
            return ended.cost
        return self.error.spent if isinstance(self.error, InterpreterError) else FREE


Found = Draft | Clarification | Declined
"""What an interpreter makes of a question."""

Rehearse = Callable[[Draft], TextToSQLError | None]
"""The guard plus the server's own prepare; None when the draft would run."""


class Trial(Protocol):
    """What an interpreter may try of its drafts; all of it passes the guard, in the asker's scope.

    Called, it rehearses a draft (`Rehearse`). Rows fetched here are not fetched again when the
    same draft becomes the answer.
    """

    def __call__(self, draft: Draft, /) -> TextToSQLError | None:
        """What the guard or the server has against a draft; None when it would run."""
        ...

    def rows(self, draft: Draft) -> ResultTable:
        """What the draft would give. Raises Refused or WarehouseError."""
        ...


OnStage = Callable[[str, Mapping[str, object]], None]
"""Told as a question reaches a room: "catalog", "interpret", then "run" with `tables` (names,
sorted) and `rows` (table -> about how many it has, where the store knows)."""
