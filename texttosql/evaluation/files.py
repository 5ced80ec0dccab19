"""Reads a file of questions with what each should give. Nothing in it is trusted.

Every fault is told with its line, all of them at once, before the first question is asked.
docs/evaluation.md has the format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from texttosql.errors import SettingsError
from texttosql.faults import did_you_mean
from texttosql.flow import Cell
from texttosql.format import clean, shorten

Row = tuple[Cell, ...]
Record = Mapping[str, Any]  # Any: JSON that nobody has looked at yet
Expect = Literal["rows", "clarify", "refuse"]

KEYS = frozenset(
    "id category question expect gold gold_mysql also rows columns ordered turns".split()
)
LONGEST_LINE = 100_000
LONGEST_ID = 100
MOST_TURNS = 50
MOST_TOLD = 20
LARGEST = 1e300


@dataclass(frozen=True, slots=True)
class Asked:
    """One question (a thread's turn is one, too): what it should give.

    `expect` "rows": those of `gold` or, as they stand, `rows`. `also` holds further queries whose
    rows are as right, such as the same duration in seconds where the question names no unit.
    `gold_mysql` stands in for `gold` on a MySQL store. `line` is its place in the file, from 1.
    """

    id: str
    category: str
    text: str
    expect: Expect
    gold: str | None = None
    gold_mysql: str | None = None
    also: tuple[str, ...] = ()
    rows: tuple[Row, ...] | None = None
    ordered: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot be used, and what to do about it."""

    line: int
    what: str
    fix: str


@dataclass(slots=True)
class Faults:
    """What is wrong with a file so far."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def settle(self) -> None:
        """Raise all of them as one SettingsError; do nothing when there are none."""
        if not self.found:
            return
        told = [f"line {f.line}: {clean(f.what)} {clean(f.fix)}" for f in self.found[:MOST_TOLD]]
        rest = len(self.found) - len(told)
        more = [f"and {rest} more"] if rest else []
        many = "1 line" if len(self.found) == 1 else f"{len(self.found)} lines"
        what = f"{many} of {self.file} cannot be used:"
        raise SettingsError("\n  - ".join([what, *told, *more]) + "\n", "Nothing was asked.")


class _Faulty(Exception):
    """A line that cannot be used; never leaves this file."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


def read_questions(lines: Iterable[str], file: str = "the file") -> tuple[Asked, ...]:
    """The questions, threads unrolled: turn ids are `ID.1`, `ID.2` …. Blank lines are skipped.

    Raises one SettingsError that tells every faulty line.
    """
    faults, found = Faults(file), list[Asked]()
    for place, text in enumerate(lines, start=1):
        try:
            found += _questions(text, place)
        except _Faulty as faulty:
            faults.found.append(Fault(place, faulty.what, faulty.fix))
    faults.found += _doubles(found)
    if not found and not faults.found:
        faults.found.append(Fault(1, "There is no question.", 'Write {"id": …, "question": …}.'))
    faults.found.sort(key=lambda fault: fault.line)
    faults.settle()
    return tuple(found)


def _doubles(found: Sequence[Asked]) -> Iterator[Fault]:
    """Ids that stand twice: of two answers under one id only one could be judged."""
    first: dict[str, int] = {}
    for asked in found:
        at = first.setdefault(asked.id, asked.line)
        if at != asked.line:
            yield Fault(asked.line, f"{asked.id} is the id of line {at} already.", "Name it anew.")


def _questions(text: str, place: int) -> list[Asked]:
    if not text.strip():
        return []
    record = _record(text)
    ident = _id(record)
    if record.get("turns") is None:
        return [_asked(record, ident, record, place)]
    return [
        _asked(turn, f"{ident}.{number}", record, place)
        for number, turn in enumerate(_turns(record, ident), start=1)
    ]


def _record(text: str) -> Record:
    if len(text) > LONGEST_LINE:
        what = f"It has {len(text):,} characters; {LONGEST_LINE:,} are the most."
        raise _Faulty(what, "Split it.")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        detail = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        what = f"It is no JSON{detail}."
        raise _Faulty(what, "Write one JSON object on one line.") from error
    return _object(record, "It")


def _object(value: Any, name: str) -> Record:  # Any: a JSON value
    if not isinstance(value, dict):
        what = f"{name} is no JSON object."
        raise _Faulty(what, 'Write {"question": …, "gold": …}.')
    for key in value:
        near = "" if key in KEYS else did_you_mean(key, KEYS, "")
        if near:
            what = f"There is no key {shorten(key, 40)!r}."
            raise _Faulty(what, near)
    return value


def _id(record: Record) -> str:
    ident = record.get("id")
    if isinstance(ident, int) and not isinstance(ident, bool):
        ident = str(ident)
    if not isinstance(ident, str) or not ident.strip() or len(ident) > LONGEST_ID:
        what = "It has no id." if "id" not in record else "Its id is no short text."
        raise _Faulty(what, f'Give it one of its own, "id": "q1", of {LONGEST_ID} characters.')
    return ident


def _turns(record: Record, ident: str) -> list[Any]:  # Any: JSON values
    turns = record["turns"]
    if not isinstance(turns, list) or not 0 < len(turns) <= MOST_TURNS:
        what = f"The turns of {ident} are no list of 1 to {MOST_TURNS} questions."
        raise _Faulty(what, 'Write "turns": [{"question": …, "gold": …}, …].')
    return turns


def _asked(turn: Any, name: str, record: Record, place: int) -> Asked:  # Any: a JSON value
    turn = _object(turn, name)
    asked = Asked(
        id=name,
        category=_category(turn, record, name),
        text=_text(turn, "question", name, needed=True) or "",
        expect=_expect(turn, name),
        gold=_text(turn, "gold", name),
        gold_mysql=_text(turn, "gold_mysql", name),
        also=_also(turn, name),
        rows=_rows(turn, name),
        ordered=_flag(turn, "ordered", name),
        line=place,
    )
    _check_gold(asked)
    return asked


def _category(turn: Record, record: Record, name: str) -> str:
    """A turn's own, else its thread's, else one for all."""
    own = _text(turn, "category", name)
    return shorten(own or _text(record, "category", name) or "questions", 60)


def _text(record: Record, key: str, name: str, *, needed: bool = False) -> str | None:
    value = record.get(key)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or not value.strip():
        missing = key not in record
        what = f"{name} has no {key}." if missing else f"The {key} of {name} is no text."
        raise _Faulty(what, f'Write "{key}": "…".')
    return value


def _expect(record: Record, name: str) -> Expect:
    value = record.get("expect", "rows")
    for known in get_args(Expect):
        if value == known:
            found: Expect = known
            return found
    what = f"What {name} expects is unknown."
    raise _Faulty(what, 'Write "expect": "rows", "clarify", "refuse".')


def _flag(record: Record, key: str, name: str) -> bool:
    value = record.get(key, False)
    if not isinstance(value, bool):
        what = f"The {key} of {name} is neither true nor false."
        raise _Faulty(what, f'Write "{key}": true.')
    return value


def _also(record: Record, name: str) -> tuple[str, ...]:
    value = record.get("also", [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        what = f"The also of {name} is no list of SQL."
        raise _Faulty(what, 'Write "also": ["SELECT …"].')
    return tuple(value)


def _rows(record: Record, name: str) -> tuple[Row, ...] | None:
    value = record.get("rows")
    if value is None:
        return None
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, list) and row and all(map(_is_cell, row)) for row in rows):
        what = f"The rows of {name} are no list of lists of texts, numbers and nulls."
        raise _Faulty(what, 'Write "rows": [["xgb-7", 0.93], ["mlp-2", 0.9]].')
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        what = f"The rows of {name} are not equally long."
        raise _Faulty(what, "Give each the same columns.")
    _check_columns(record.get("columns"), widths, name)
    return tuple(tuple(row) for row in rows)


def _is_cell(value: Any) -> bool:  # Any: a JSON value
    """A whole number beyond a double's range cannot be compared."""
    if isinstance(value, int):
        return abs(value) < LARGEST
    return value is None or isinstance(value, str | float)


def _check_columns(columns: Any, widths: set[int], name: str) -> None:  # Any: a JSON value
    """Their names are for the reader: rows are compared whatever columns are called."""
    if columns is None:
        return
    named = isinstance(columns, list) and all(isinstance(each, str) for each in columns)
    if not named or (widths and len(columns) not in widths):
        what = f"The columns of {name} are no list of names, one for each column of its rows."
        raise _Faulty(what, 'Write "columns": ["run", "auc"], or leave them out.')


def _check_gold(asked: Asked) -> None:
    given = (asked.gold is not None) + (asked.rows is not None)
    if asked.expect == "rows" and given != 1:
        what = "has neither gold nor rows" if not given else "has both gold and rows"
        what = f"{asked.id} expects rows and {what}."
        raise _Faulty(what, 'Give one of them: "gold": "SELECT …".')
    if asked.expect != "rows" and (given or asked.gold_mysql or asked.also):
        what = f"{asked.id} expects {asked.expect} and has right rows all the same."
        raise _Faulty(what, 'Leave them out, or write "expect": "rows".')
