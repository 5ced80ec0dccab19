"""Questions asked of two stores, and whether both gave the same answer: rows, order and words."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlglot
from sqlglot import exp

from tests.demo_fixture import ANCHOR, ROOT
from texttosql.assistant import Assistant
from texttosql.flow import Cell, Question, Reply
from texttosql.journal.memory import MemoryJournal
from texttosql.offline.engine import OfflineInterpreter
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse

UTC = ZoneInfo("UTC")
NOW = datetime.fromisoformat(ANCHOR)
Row = tuple[Cell, ...]
Both = tuple[Assistant, Assistant]


def assistant(url: str) -> Assistant:
    """Asks the store at an address."""
    storehouse = Storehouse(
        open_warehouse(url), max_rows=2_000, deadline=60, ttl=3_600, clock=time.monotonic
    )
    return Assistant(storehouse, OfflineInterpreter(UTC), MemoryJournal(), UTC, time.perf_counter)


def differences(both: Both, file: str) -> tuple[dict[str, str], int]:
    """What differs, by question, of all in a file of the dev set; and how many gave rows."""
    different: dict[str, str] = {}
    answered = 0
    for ident, thread, text in asked(file):
        replies = [each.ask(Question(text, NOW, "alice", thread)) for each in both]
        answered += replies[0].outcome == "rows"
        found = difference(*replies)
        if found is not None:
            different[f"{ident} {text}"] = found
    return different, answered


def asked(file: str) -> Iterator[tuple[str, str | None, str]]:
    """(id, thread, question) of every question and of every turn of a thread."""
    path: Path = ROOT / "tests" / "eval" / file
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "turns" not in record:
            yield record["id"], None, record["question"]
        for number, turn in enumerate(record.get("turns", ()), start=1):
            yield f"{record['id']}.{number}", record["id"], turn["question"]


def difference(one: Reply, other: Reply) -> str | None:
    """What is not the same in two replies to one question."""
    if one.outcome != other.outcome:
        return f"{one.outcome} and {other.outcome} ({one.error or other.error})"
    if one.answer is None or other.answer is None:
        return None if _said(one) == _said(other) else f"{_said(one)} and {_said(other)}"
    mine, its = one.answer, other.answer
    if mine.table.names != its.table.names:
        return f"columns {mine.table.names} and {its.table.names}"
    if not same_rows(mine.table.rows, its.table.rows, ordered=ranks(one)):
        return f"rows {mine.table.rows[:4]} and {its.table.rows[:4]}"
    if mine.headline != its.headline or mine.assumptions != its.assumptions:
        return f"{mine.headline} {mine.assumptions} and {its.headline} {its.assumptions}"
    return None


def _said(reply: Reply) -> object:
    if reply.clarification:
        options = tuple(option.label for option in reply.clarification.options)
        return reply.clarification.question, options
    return reply.declined and (reply.declined.reason, reply.declined.suggestions)


def ranks(reply: Reply) -> bool:
    """Whether the order is a part of the answer: ORDER BY with LIMIT, outermost."""
    tree = sqlglot.parse_one(reply.draft.sql if reply.draft else "", dialect="sqlite")
    return isinstance(tree, exp.Query) and bool(tree.args.get("order") and tree.args.get("limit"))


def same_rows(one: Sequence[Row], other: Sequence[Row], *, ordered: bool) -> bool:
    if not ordered:
        one, other = sorted(one, key=_sortable), sorted(other, key=_sortable)
    return len(one) == len(other) and all(_same_row(*pair) for pair in zip(one, other, strict=True))


def _sortable(row: Row) -> list[str]:
    """Numbers that differ in their last digits sort alike."""
    return [f"{cell:.6g}" if isinstance(cell, (int, float)) else str(cell) for cell in row]


def _same_row(one: Row, other: Row) -> bool:
    return all(_same_cell(*pair) for pair in zip(one, other, strict=True))


def _same_cell(one: Cell, other: Cell) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-9)
    return one == other
