"""Many questions in one process: the lines of `tracktalk eval`.

An item is one question or a thread of turns. Threads do not see each other, one bad item never
ends the batch, and every prediction is written before the next question is asked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from time import perf_counter
from typing import Any, TextIO

from texttosql import wire
from texttosql.errors import ExitCode
from texttosql.flow import Reply

Put = Callable[[str, str], Reply]
"""Asks a question (its text) in a thread (its id)."""
Keep = Callable[[wire.Json], None]
"""Does something with a prediction: writes it, judges it."""


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
    items: Iterable[Item],
    put: Put,
    keep: Keep,
    told: Callable[[], None] = lambda: None,
    *,
    at_once: int = 1,
) -> Tally:
    """Ask them all, and keep the predictions in the items' order; `told()` after each.

    Up to `at_once` threads go on side by side; the turns of one follow each other.
    """
    outcomes: Counter[str] = Counter()
    reached = True
    for found, code in _predictions(items, put, at_once):
        outcomes[found["outcome"]] += 1
        reached = reached and code != ExitCode.NO_CONNECTION
        keep(found)
        told()
    return Tally(outcomes, reached)


def _predictions(items: Iterable[Item], put: Put, at_once: int) -> Iterator[tuple[wire.Json, int]]:
    """Alone, each is there before the next is asked; side by side, a thread when it is over."""
    if at_once == 1:
        yield from (_predict(item, put) for item in items)
        return
    threads = [tuple(turns) for _, turns in groupby(items, lambda item: item.thread)]
    pool = ThreadPoolExecutor(at_once)
    try:
        for each in pool.map(lambda turns: [_predict(turn, put) for turn in turns], threads):
            yield from each
    finally:
        pool.shutdown(cancel_futures=True)


def writer(out: TextIO) -> Keep:
    """Keeps predictions as lines, each on its way at once."""

    def keep(found: wire.Json) -> None:
        out.write(wire.line(found) + "\n")
        out.flush()

    return keep


def _predict(item: Item, put: Put) -> tuple[wire.Json, int]:
    if item.question is None:
        return wire.bad_prediction(item.id, item.wrong or ""), ExitCode.FAILED
    start = perf_counter()
    reply = put(item.question, item.thread)
    spent = (perf_counter() - start) * 1000
    return wire.prediction(item.id, reply, spent), wire.exit_code(reply)
