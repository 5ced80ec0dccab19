"""A thread's earlier turns as messages: what was asked, what was answered, what came of it.

They do not change when the thread goes on, so that the provider's cache holds: no clock, no
names, and the first one that is told stays the first for a while.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from texttosql.claude.data import as_json, block, plain_json, question_line, safe, unmarked
from texttosql.claude.model import Said
from texttosql.claude.reading import CLAIM
from texttosql.claude.veil import Veil
from texttosql.flow import Cell, Draft, Turn

TOLD = 6
"""Turns told in full."""
_LEAST = 3  # turns that stay told when older ones are dropped, several at once
_SQL = 2_000  # characters
_QUESTION = 600
_CELLS = 400  # characters of a result's first rows, as JSON
_CELL, _COLUMNS, _ASSUMPTIONS, _OPTIONS = 60, 20, 6, 4
_BACK, _NO = "Which one do you mean?", "It could not be answered."
"""In place of words with values in them that may not be told."""


def split(turns: Sequence[Turn]) -> tuple[Sequence[Turn], Sequence[Turn]]:
    """The finished turns: older ones, of which only the question is told, and those told in full.

    Where more than TOLD are there, the cut lies before the turn whose id has the lowest checksum
    of those it may lie before. So it mostly stays where it is when the thread grows by one.
    """
    ended = [turn for turn in turns if turn.outcome is not None]
    if len(ended) <= TOLD:
        return (), ended
    candidates = range(len(ended) - TOLD, len(ended) - _LEAST + 1)
    cut = min(candidates, key=lambda at: zlib.crc32(ended[at].id.encode()))
    return ended[:cut], ended[cut:]


def messages(told: Sequence[Turn], veil: Veil | None) -> Iterator[Said]:
    """Each turn as the asker's message and the answer; results stand in the message after.

    With a `veil` no value of the store is told: no results, no words that may have one in them.
    """
    before: Turn | None = None
    for turn in told:
        yield Said("user", asked(turn.question, before, cells=veil is None))
        yield Said("assistant", answered(turn, veil))
        before = turn


def asked(text: str, before: Turn | None, *, cells: bool) -> str:
    """A question, after what came of the one before it."""
    question = question_line(text, _QUESTION)
    return (
        question
        if before is None
        else f"{block({'result': result(before, cells=cells)})}\n{question}"
    )


def result(turn: Turn, *, cells: bool) -> dict[str, object]:
    """What came of a turn: columns, how many rows, and a taste of them."""
    if turn.outcome != "rows":
        said = {"said": safe(turn.headline, 200)} if turn.headline and cells else {}
        return {"outcome": turn.outcome, **said}
    columns = [safe(name) for name in turn.columns[:_COLUMNS]]
    taste = {"first_rows": _taste(turn.cells)} if cells else {}
    return {"outcome": "rows", "rows": turn.row_count, "columns": columns, **taste}


def _taste(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    kept: list[list[Cell]] = []
    for row in rows:
        short = [safe(cell, _CELL) if isinstance(cell, str) else cell for cell in row[:_COLUMNS]]
        if len(as_json([*kept, short])) > _CELLS:
            break
        kept.append(short)
    return kept or [_beginning(row) for row in rows[:1]]


def _beginning(row: Sequence[Cell]) -> list[Cell]:
    """As many cells of a wide row as there is room for: "it" has to be something."""
    kept: list[Cell] = []
    for cell in row[:_COLUMNS]:
        short = safe(cell, _CELL) if isinstance(cell, str) else cell
        if len(as_json([*kept, short])) > _CELLS:
            break
        kept.append(short)
    return kept


def answered(turn: Turn, veil: Veil | None) -> str:
    """A turn's answer in the form in which answers are asked for."""
    if turn.outcome == "clarify":
        return unmarked(plain_json(_asked_back(turn) if veil is None else _BARE_BACK))
    if turn.draft is None:
        reason = _NO if veil is not None else safe(turn.headline or _NO, 300)
        return unmarked(plain_json({"kind": "declined", "reason": reason}))
    return unmarked(plain_json(_drafted(turn.draft, veil)))


_BARE_BACK = {"kind": "clarification", "question": _BACK, "options": []}


def _asked_back(turn: Turn) -> dict[str, object]:
    ways = [
        {"label": safe(way.label), "question": safe(way.question, 200)}
        for way in turn.options[:_OPTIONS]
    ]
    question = safe(turn.headline or _BACK, 300)
    return {"kind": "clarification", "question": question, "options": ways}


def _drafted(draft: Draft, veil: Veil | None) -> dict[str, object]:
    """What hides in the SQL hides in the words about it, too."""
    if veil is not None and veil.hides(draft.sql):
        return {"kind": "sql", "sql": safe(veil.over(draft.sql), _SQL)}
    own = [text for text in draft.assumptions if not CLAIM.search(text)]
    assumptions = [safe(text, 120) for text in own[:_ASSUMPTIONS]]
    title = safe(draft.title, 120)
    sql = safe(draft.sql if veil is None else veil.over(draft.sql), _SQL)
    return {"kind": "sql", "sql": sql, "title": title, "assumptions": assumptions}
