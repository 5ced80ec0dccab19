"""Scores answers on their rows, never on their SQL text.

An answer is right when some injective choice of its columns gives exactly the gold rows:
extra columns are fine, extra or missing rows are not. Row order counts only where the
question says so. What counts as the same cell is said in `_token` and in `Numbers`.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

Cell = str | int | float | bool | None
Row = Sequence[Cell]
Token = tuple[str, object]
Expect = Literal["rows", "clarify", "refuse"]

REL, ABS = 1e-6, 1e-9
HUGE = 1.7976e308  # MLflow stores infinity as the largest double
EPOCH_MS = range(946_684_800_000, 4_102_444_800_000)  # 2000 to 2100: such a number is a time
LONGEST_NUMBER = 25  # a run id can be 32 digits: that is a name, not a number
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?)?\s?(?:Z|UTC|\+00:?00)?")
WEEK = re.compile(r"(\d{4})-?W(\d\d)")
MONTH = re.compile(r"(\d{4})-(\d\d)")
ENDLESS = {
    "inf": 1,
    "+inf": 1,
    "infinity": 1,
    "∞": 1,
    "+∞": 1,
    "-inf": -1,
    "-infinity": -1,
    "-∞": -1,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question (a thread's turn is one, too): what it should give.

    `also` holds further gold queries that are as right as `gold`, such as the same duration
    in seconds where the question names no unit.
    """

    id: str
    category: str
    text: str
    expect: Expect
    gold: str | None = None
    gold_mysql: str | None = None
    also: tuple[str, ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """One line of what `tracktalk eval` wrote; `outcome` is "missing" when there was none."""

    outcome: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    sql: str | None = None
    error: str | None = None
    ms: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a question, and whether it is right. `golds`: the acceptable results."""

    asked: Asked
    given: Given
    golds: tuple[tuple[Row, ...], ...]
    right: bool


def read_questions(lines: Iterable[str]) -> tuple[Asked, ...]:
    """The questions of a JSONL file, threads unrolled: turn ids are `ID.1`, `ID.2` …."""
    return tuple(
        asked
        for line in lines
        if line.strip()
        for record in [json.loads(line)]
        for asked in _unroll(record)
    )


def _unroll(record: Mapping[str, Any]) -> Iterable[Asked]:
    if "turns" not in record:
        yield _asked(record, record["id"], record["category"])
    for number, turn in enumerate(record.get("turns", ()), start=1):
        category = turn.get("category", record["category"])
        yield _asked(turn, f"{record['id']}.{number}", category)


def _asked(record: Mapping[str, Any], ident: str, category: str) -> Asked:
    expect: Expect = record.get("expect", "rows")
    if expect == "rows" and not record.get("gold"):
        msg = f"{ident} expects rows but has no gold SQL. Write its gold query."
        raise ValueError(msg)
    return Asked(
        id=ident,
        category=category,
        text=record["question"],
        expect=expect,
        gold=record.get("gold"),
        gold_mysql=record.get("gold_mysql"),
        also=tuple(record.get("also", ())),
        ordered=bool(record.get("ordered", False)),
    )


def read_predictions(path: Path) -> dict[str, Given]:
    """Question id -> what came, from a file that `tracktalk eval` wrote."""
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if line.strip()]
    return {str(record["id"]): _given(record) for record in records}


def _given(record: Mapping[str, Any]) -> Given:
    return Given(
        outcome=record["outcome"],
        columns=tuple(record.get("columns") or ()),
        rows=tuple(tuple(row) for row in record.get("rows") or ()),
        sql=record.get("sql"),
        error=_words(record.get("error")),
        ms=record.get("ms"),
    )


def _words(error: object) -> str | None:
    if isinstance(error, Mapping):
        return " ".join(str(error[key]) for key in ("what", "fix") if error.get(key))
    return None if error is None else str(error)


def judge(asked: Asked, given: Given | None, golds: Sequence[Sequence[Row]]) -> Verdict:
    """Whether the answer is right; `golds` are the results any of which is accepted."""
    given = given or Given("missing")
    right = given.outcome == asked.expect and (
        asked.expect != "rows"
        or any(same_rows(gold, given.rows, ordered=asked.ordered) for gold in golds)
    )
    return Verdict(asked, given, tuple(tuple(gold) for gold in golds), right)


def same_rows(gold: Sequence[Row], predicted: Sequence[Row], *, ordered: bool = False) -> bool:
    """Whether some of the predicted columns, in some order, hold exactly the gold rows."""
    if len(gold) != len(predicted):
        return False
    if not gold:
        return True
    numbers = Numbers.of(gold, predicted)
    wanted = [_column(gold, at, numbers) for at in range(len(gold[0]))]
    offered = [_column(predicted, at, numbers) for at in range(len(predicted[0]))]
    return _mapping_exists(wanted, offered, ordered=ordered)


def _column(rows: Sequence[Row], at: int, numbers: Numbers) -> tuple[Token, ...]:
    return tuple(numbers.settle(_token(row[at])) for row in rows)


def _mapping_exists(
    wanted: list[tuple[Token, ...]], offered: list[tuple[Token, ...]], *, ordered: bool
) -> bool:
    """Depth-first over gold columns; a prefix whose projected rows differ is cut at once."""
    bags = [Counter(column) for column in offered]
    candidates = []
    for column in wanted:
        bag = Counter(column)
        candidates.append([at for at, other in enumerate(bags) if other == bag])

    def place(chosen: tuple[int, ...]) -> bool:
        depth = len(chosen)
        if not _agree(wanted[:depth], [offered[at] for at in chosen], ordered=ordered):
            return False
        if depth == len(wanted):
            return True
        free = [at for at in candidates[depth] if at not in chosen]
        # Two equal columns are interchangeable: trying one of them is enough.
        distinct = {offered[at]: at for at in reversed(free)}
        return any(place((*chosen, at)) for at in distinct.values())

    return place(())


def _agree(
    wanted: Sequence[tuple[Token, ...]], taken: Sequence[tuple[Token, ...]], *, ordered: bool
) -> bool:
    left, right = list(zip(*wanted, strict=True)), list(zip(*taken, strict=True))
    return left == right if ordered else Counter(left) == Counter(right)


def _token(cell: Cell) -> Token:
    """A cell's meaning: nothing, a number, an instant (to the second), or text.

    Numeric text is its number. A date is its midnight, an ISO week its Monday, a month its
    first day. A fraction is not a percentage: nothing is scaled.
    """
    if cell is None:
        return ("none", None)
    if isinstance(cell, str):
        return _text_token(cell.strip())
    return _number_token(float(cell))


def _number_token(number: float) -> Token:
    if math.isnan(number):
        return ("text", "nan")
    if abs(number) >= HUGE:
        return ("endless", 1 if number > 0 else -1)
    if EPOCH_MS.start <= number < EPOCH_MS.stop:
        return ("time", int(number) // 1000)
    return ("number", number)


def _text_token(text: str) -> Token:
    if len(text) <= LONGEST_NUMBER and NUMBER.fullmatch(text):
        return _number_token(float(text))
    if text.casefold() in ENDLESS:
        return ("endless", ENDLESS[text.casefold()])
    moment = _moment(text)
    if moment is not None:
        return ("time", int(moment.timestamp()))
    return ("text", "nan" if text.casefold() == "nan" else text)


def _moment(text: str) -> datetime | None:
    try:
        if found := TIME.fullmatch(text):
            day, minute, second = found.groups()
            written = f"{day}T{minute or '00:00'}{second or ''}"
            return datetime.fromisoformat(written).replace(tzinfo=UTC)
        if found := WEEK.fullmatch(text):
            monday = datetime.fromisocalendar(int(found[1]), int(found[2]), 1)
            return monday.replace(tzinfo=UTC)
        if found := MONTH.fullmatch(text):
            return datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC)
    except ValueError:  # 2026-13-45 only looks like a time
        return None
    return None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Which numbers count as one: neighbours within REL or ABS share a representative.

    Both tables are looked at together, so that "equal" is transitive and rows can be counted.
    """

    representative: Mapping[float, float]

    @classmethod
    def of(cls, *tables: Sequence[Row]) -> Numbers:
        """The classes of all numbers in these tables."""
        tokens = (_token(cell) for table in tables for row in table for cell in row)
        found = sorted({float(str(value)) for kind, value in tokens if kind == "number"})
        representative: dict[float, float] = {}
        for before, number in zip([None, *found], found, strict=False):
            near = before is not None and math.isclose(number, before, rel_tol=REL, abs_tol=ABS)
            same_as = representative[before] if near and before is not None else number
            representative[number] = same_as
        return cls(representative)

    def settle(self, token: Token) -> Token:
        """The token, a number replaced by its representative."""
        kind, value = token
        return (kind, self.representative[float(str(value))]) if kind == "number" else token
