"""A reply as text on a terminal, or in a pipe.

On a terminal tables are drawn by rich and cut at 40 rows; anywhere else they are plain columns
with every row, because what reads a pipe wants all of it. Data is cleaned of control and bidi
characters first, so that a run's name cannot move the cursor.
"""
# ruff: noqa: PLC0415 - rich and tabulate are loaded only by who prints a table that way

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from texttosql.errors import TextToSQLError
from texttosql.flow import Answer, Cell, Clarification, Declined, Reply, ResultTable, Turn
from texttosql.format import EMPTY, clean, formatter, number, shorten
from texttosql.words import capital, in_words

SCREENFUL = 40
_CELL_WIDTH = 60
_RUN_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Screen:
    """Where text goes: `out` for data, `err` for talk; `pretty` when `out` is a terminal.

    `log` is the file that an error's reference leads to.
    """

    out: TextIO
    err: TextIO
    pretty: bool
    zone: ZoneInfo
    log: Path | None = None

    def say(self, text: str = "") -> None:
        """A line of data."""
        self.out.write(f"{text}\n")

    def talk(self, text: str) -> None:
        """A line of talk."""
        self.err.write(f"{text}\n")
        self.err.flush()


def screen(zone: ZoneInfo, log: Path | None = None) -> Screen:
    """The process's own."""
    return Screen(sys.stdout, sys.stderr, sys.stdout.isatty(), zone, log)


def show(reply: Reply, to: Screen) -> None:
    """The whole reply: answers, questions back and reasons as data, errors as talk."""
    if reply.answer:
        _show_answer(reply.answer, to)
    elif reply.clarification:
        _show_clarification(reply.clarification, to)
    elif reply.declined:
        _show_declined(reply.declined, to)
    elif reply.error:
        to.talk(error_line(reply.error, to.log))
    to.out.flush()


def error_line(error: TextToSQLError, log: Path | None = None) -> str:
    """What happened, what to do now, and where the details are."""
    line = f"{error.what} {error.fix}".strip()
    if error.reference is None:
        return line
    return f"{line} (reference {error.reference}{f' in {log}' if log else ''})"


def _show_answer(answer: Answer, to: Screen) -> None:
    to.say(clean(answer.headline))
    if answer.table.rows and not _said_in_full(answer.table):
        to.say()
        show_table(answer.table, answer.title, to)
    words = in_words(answer.assumptions)
    if words:
        to.say(f"\n{words}")
    if answer.suggestions:
        to.say("\nYou can go on with: " + "; ".join(clean(s) for s in answer.suggestions))


def _said_in_full(table: ResultTable) -> bool:
    """A single number stands in the headline already."""
    return len(table.rows) == 1 and len(table.columns) == 1


def _show_clarification(asked: Clarification, to: Screen) -> None:
    to.say(clean(asked.question))
    for place, option in enumerate(asked.options, start=1):
        to.say(f"  {place}. {clean(option.label)}")
    if asked.options:
        to.say(f"\nAsk again, for example: {clean(asked.options[0].question)}")


def _show_declined(declined: Declined, to: Screen) -> None:
    to.say(clean(declined.reason))
    if declined.suggestions:
        to.say("\nYou could ask:")
    for suggestion in declined.suggestions:
        to.say(f"  - {clean(suggestion)}")


def show_table(table: ResultTable, title: str, to: Screen) -> None:
    """The rows, written as the sentences write them."""
    columns = list(enumerate(table.columns))
    writers = [formatter(c, [row[i] for row in table.rows], to.zone) for i, c in columns]
    rows = table.rows[:SCREENFUL] if to.pretty else table.rows
    if to.pretty:
        writers = [_short_ids(write) for write in writers]
    cells = [
        [shorten(w(v), _CELL_WIDTH) for w, v in zip(writers, row, strict=True)] for row in rows
    ]
    right = [column.kind in {"integer", "real"} for column in table.columns]
    print_table([clean(name) for name in table.names], cells, right, title, to)
    hidden = len(table.rows) - len(rows)
    if hidden:
        to.say(f"… and {number(hidden)} more rows; --json has them all.")


def _short_ids(write: Callable[[Cell], str]) -> Callable[[Cell], str]:
    """A run's 32 digits would push what matters off the screen; 8 tell it apart."""
    return lambda value: text[:8] if _RUN_ID.fullmatch(text := write(value)) else text


def print_table(
    names: Sequence[str],
    cells: Sequence[Sequence[str]],
    right: Sequence[bool],
    title: str,
    to: Screen,
) -> None:
    """Cells ready to be shown, drawn or in plain columns; `right` tells which lean to the right."""
    if to.pretty:
        _print_rich(names, cells, right, title, to)
        return
    from tabulate import tabulate

    aligned = ["right" if numeric else "left" for numeric in right]
    to.say(tabulate(cells, names, "simple", disable_numparse=True, colalign=aligned))


def _print_rich(
    names: Sequence[str],
    cells: Sequence[Sequence[str]],
    right: Sequence[bool],
    title: str,
    to: Screen,
) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=to.out, highlight=False)
    kept = _fitting(names, cells, console.width)
    caption = Text(capital(clean(title)), style="bold")
    drawn = Table(title=caption, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for i in kept:
        drawn.add_column(Text(names[i]), justify="right" if right[i] else "left", overflow="fold")
    for row in cells:
        drawn.add_row(*(Text(row[i]) for i in kept))
    console.print(drawn)
    left_out = [name for i, name in enumerate(names) if i not in kept]
    if left_out:
        to.say(f"(a wider screen, or --json, also has {' and '.join(left_out)})")


def _fitting(names: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """The columns a screen has room for: what tells least about a run goes first."""
    needed = [max(len(name), *(len(row[i]) for row in cells), 1) for i, name in enumerate(names)]
    kept = list(range(len(names)))
    for least in ("run_id", "status", "user"):
        if sum(needed[i] + 3 for i in kept) <= width:
            break
        kept = [i for i in kept if names[i] != least or len(kept) < 4]
    return kept


def show_history(turns: Sequence[Turn], to: Screen) -> None:
    """Earlier questions, newest first."""
    cells = [_turn_cells(turn, to.zone) for turn in turns]
    names = ["when", "who", "thread", "question", "outcome", "rows"]
    print_table(names, cells, [False] * 5 + [True], "Earlier questions", to)
    to.out.flush()


def _turn_cells(turn: Turn, zone: ZoneInfo) -> list[str]:
    return [
        f"{turn.asked_at.astimezone(zone):%Y-%m-%d %H:%M}",
        shorten(clean(turn.asked_by or EMPTY), 20),
        shorten(clean(turn.thread or EMPTY), 20),
        shorten(clean(turn.question), 70),
        turn.outcome or "unfinished",
        number(turn.row_count) if turn.outcome == "rows" else EMPTY,
    ]
