"""Many questions in one process: the lines of `tracktalk eval`.

An item is one question or a thread of turns. Threads do not see each other, one bad item never
ends the batch, and every prediction is written before the next question is asked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TextIO

from texttosql import wire
from texttosql.errors import ExitCode
from texttosql.flow import Reply

Put = Callable[[str, str], Reply]
"""Asks a question (its text) in a thread (its id)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question to put, or why there is none: exactly one of `question` and `wrong` is set."""

    id: str
    thread: str
    question: str | None = None
    wrong: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How a batch went: outcome -> how often, and whether the store could be reached."""

    outcomes: Counter[str]
    reached: bool


def read_items(lines: Iterable[str]) -> Iterator[Item]:
    """Every turn of a file, in order. Blank lines are skipped."""
    for place, text in enumerate(lines, start=1):
        if text.strip():
            yield from _items(text, place)


def _items(text: str, place: int) -> Iterator[Item]:
    thread = f"eval-{place}"
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        yield Item(f"line {place}", thread, wrong=f"Line {place} is no JSON.")
        return
    if not isinstance(record, dict):
        yield Item(f"line {place}", thread, wrong=f"Line {place} is no JSON object.")
        return
    ident = record.get("id")
    name = f"line {place}" if ident is None or ident == "" else str(ident)
    turns = record.get("turns")
    if turns is None:
        yield _item(name, thread, record)
    elif isinstance(turns, list) and turns:
        for number, turn in enumerate(turns, start=1):
            yield _item(f"{name}.{number}", thread, turn)
    else:
        yield Item(name, thread, wrong=f"The turns of {name} are no list of questions.")


def _item(name: str, thread: str, record: Any) -> Item:  # Any: a JSON value
    question = record.get("question") if isinstance(record, dict) else record
    if isinstance(question, str):
        return Item(name, thread, question=question)
    return Item(name, thread, wrong=f"{name} has no question.")


def run(
    items: Iterable[Item], put: Put, out: TextIO, told: Callable[[], None] = lambda: None
) -> Tally:
    """Ask them all. Each prediction is on its way before the next question; then `told()`."""
    outcomes: Counter[str] = Counter()
    reached = True
    for item in items:
        found, code = _predict(item, put)
        outcomes[found["outcome"]] += 1
        reached = reached and code != ExitCode.NO_CONNECTION
        out.write(wire.line(found) + "\n")
        out.flush()
        told()
    return Tally(outcomes, reached)


def _predict(item: Item, put: Put) -> tuple[wire.Json, int]:
    if item.question is None:
        return wire.bad_prediction(item.id, item.wrong or ""), ExitCode.FAILED
    start = perf_counter()
    reply = put(item.question, item.thread)
    spent = (perf_counter() - start) * 1000
    return wire.prediction(item.id, reply, spent), wire.exit_code(reply)
