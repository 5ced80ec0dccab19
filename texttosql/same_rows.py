"""When two results are the same answer: their rows tell, never their SQL.

Two readings of a question agree when some injective choice of the wider table's columns holds
exactly the narrower one's rows: extra columns are fine, extra or missing rows are not. Row order
counts only where it is asked for. What counts as the same cell is said in `_token` (kinds) and
`_classes` (numbers). Used for the second opinion and for scoring, so that both mean the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from texttosql.flow import Cell, ResultTable

T = TypeVar("T")
Row = Sequence[Cell]
Token = tuple[str, object]
Tokens = tuple[Token, ...]

REL, ABS = 1e-6, 1e-9
MOST_STEPS = 2_000
"""Columns laid side by side before the search is given up: well under a second at 1,000 rows."""

HUGE = 1.7976e308  # MLflow stores infinity as the largest double
EPOCH_MS = range(946_684_800_000, 4_102_444_800_000)  # 2000 to 2100: such a number is a time
LONGEST_NUMBER = 25  # a run id can be 32 digits: that is a name, not a number
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?)?\s?(?:Z|UTC|\+00:?00)?")
WEEK = re.compile(r"(\d{4})-?W(\d\d)")
MONTH = re.compile(r"(\d{4})-(\d\d)")
ENDLESS = {
    **dict.fromkeys(("inf", "+inf", "infinity", "+infinity", "∞", "+∞"), 1),
    **dict.fromkeys(("-inf", "-infinity", "-∞"), -1),
}


def same_rows(one: ResultTable, other: ResultTable, *, ordered: bool = False) -> bool:
    """Whether two readings of a question give the same answer; which comes first is all one.

    Two empty results agree. A cut table is compared as far as it goes: its rows must be among
    the other's (`ordered`: begin them), and a whole table must have more rows than a cut one
    shows. So two tables cut at the same limit agree only if they show the same rows: a store
    may cut one answer in two ways, and agreement is claimed only of what was seen. For the same
    reason False is returned when `MOST_STEPS` ways to lay the columns have not settled it,
    which takes many columns that hold the same values in different rows.
    """
    if not _lengths_allow(one, other):
        return False
    narrow, wide = sorted((one.rows, other.rows), key=_width)
    return _some_columns_agree(narrow, wide, ordered=ordered)


def rows_within(wanted: Sequence[Row], offered: Sequence[Row], *, ordered: bool = False) -> bool:
    """Whether some of the offered columns hold exactly the wanted rows; none wanted, none offered.

    One way only: wanted columns that are not offered make it False. `MOST_STEPS` as above.
    """
    if len(wanted) != len(offered) or _width(wanted) > _width(offered):
        return False
    return _some_columns_agree(wanted, offered, ordered=ordered)


def _lengths_allow(one: ResultTable, other: ResultTable) -> bool:
    """A whole table has a known number of rows; a cut one has more than it shows."""
    shown, others = len(one.rows), len(other.rows)
    if one.truncated and other.truncated:
        return True
    if one.truncated or other.truncated:
        return shown < others if one.truncated else others < shown
    return shown == others


def _width(rows: Sequence[Row]) -> int:
    return len(rows[0]) if rows else 0


def _some_columns_agree(narrow: Sequence[Row], wide: Sequence[Row], *, ordered: bool) -> bool:
    if not narrow or not wide:
        return True
    wanted, offered = _columns(narrow), _columns(wide)
    numbers = _classes(wanted, offered)
    wanted, offered = _settled(wanted, numbers), _settled(offered, numbers)
    if ordered:
        length = min(len(narrow), len(wide))
        return Counter(c[:length] for c in wanted) <= Counter(c[:length] for c in offered)
    return _Search(wanted, offered).succeeds()


def _columns(rows: Sequence[Row]) -> list[Tokens]:
    return [tuple(_token(cell) for cell in column) for column in zip(*rows, strict=True)]


def _settled(columns: Sequence[Tokens], numbers: Mapping[object, float]) -> list[Tokens]:
    return [tuple(_settle(token, numbers) for token in column) for column in columns]


def _settle(token: Token, numbers: Mapping[object, float]) -> Token:
    kind, value = token
    return (kind, numbers[value]) if kind == "number" else token


class _Search:
    """Depth first over the narrow table's columns, those with the fewest counterparts first.

    Rows are numbered by what they hold in the columns laid so far: the same number on both
    sides, the same cells. A column that would make the rows differ is cut at once.
    """

    def __init__(self, wanted: Sequence[Tokens], offered: Sequence[Tokens]) -> None:
        self._offered = offered
        self._steps = 0
        counterparts = [(column, self._counterparts(column)) for column in wanted]
        self._order = sorted(counterparts, key=lambda pair: len(pair[1]))

    def succeeds(self) -> bool:
        """Whether the columns can be laid."""
        wanted, offered = self._order[0][0], self._offered[0]
        return self._lay((), [0] * len(wanted), [0] * len(offered))

    def _counterparts(self, column: Tokens) -> list[int]:
        bag = Counter(column)
        return [at for at, other in enumerate(self._offered) if _fit(bag, Counter(other))]

    def _lay(self, taken: tuple[int, ...], left: list[int], right: list[int]) -> bool:
        if len(taken) == len(self._order):
            return True
        column, counterparts = self._order[len(taken)]
        for at in self._distinct(counterparts, taken):
            self._steps += 1
            if self._steps > MOST_STEPS:
                return False
            numbering: dict[tuple[int, Token], int] = {}
            lefts = _numbered(left, column, numbering)
            rights = _numbered(right, self._offered[at], numbering)
            if _fit(Counter(lefts), Counter(rights)) and self._lay((*taken, at), lefts, rights):
                return True
        return False

    def _distinct(self, counterparts: Sequence[int], taken: tuple[int, ...]) -> Iterator[int]:
        """Two equal columns are interchangeable: trying one of them is enough."""
        free = {self._offered[at]: at for at in counterparts if at not in taken}
        return iter(free.values())


def _numbered(
    prefix: Sequence[int], column: Tokens, numbering: dict[tuple[int, Token], int]
) -> list[int]:
    rows = zip(prefix, column, strict=True)
    return [numbering.setdefault(row, len(numbering)) for row in rows]


def _fit(one: Counter[T], other: Counter[T]) -> bool:
    """Whether the smaller bag is in the larger: for bags of one size, whether they are equal."""
    return one <= other if one.total() <= other.total() else other <= one


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


def _classes(*tables: Sequence[Tokens]) -> dict[object, float]:
    """Which numbers count as one: neighbours within REL or ABS share a representative.

    All tables are looked at together, so that "equal" is transitive and rows can be counted.
    """
    tokens = {token for table in tables for column in table for token in column}
    found = sorted(value for kind, value in tokens if isinstance(value, float))
    representative: dict[object, float] = {}
    for at, number in enumerate(found):
        before = found[at - 1] if at else None
        near = before is not None and math.isclose(number, before, rel_tol=REL, abs_tol=ABS)
        representative[number] = representative[before] if near else number
    return representative
