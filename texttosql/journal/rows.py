"""Questions and replies as flat rows, and rows as turns: the same for every kind of journal.

Lists and mappings are JSON text. Cells are a taste of the result, never the result: the first
`KEPT_ROWS` rows, long texts cut, and fewer rows when they pass `KEPT_BYTES`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from texttosql.cost import Cost
from texttosql.errors import JournalError, Refused, TextToSQLError
from texttosql.flow import (
    Answer,
    Cell,
    Clarification,
    Declined,
    Draft,
    Option,
    Question,
    Reply,
    Turn,
    Verdict,
)
from texttosql.journal import drafts

Row = dict[str, str | int | float | None]

KEPT_ROWS = 5
KEPT_BYTES = 4_000
KEPT_TEXT = 200
NAME_LENGTH = 255
"""How long a thread, store or user may be in an indexed MySQL column."""

_ENDING = (
    "engine", "title", "headline", "sql", "params", "draft", "plan", "assumptions", "suggestions",
    "options", "columns", "row_count", "truncated", "cells", "error_kind", "error_rule",
    "error_what", "error_fix", "error_reference",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def opening(turn_id: str, question: Question, now: datetime) -> Row:
    """The row of a turn that has just begun."""
    return {
        "id": turn_id,
        "thread": name(question.thread),
        "store": name(question.store),
        "asked_by": name(question.asked_by),
        "place": name(question.place),
        "question": storable(question.text),
        "asked_at": epoch_ms(question.asked_at),
        "accepted_at": epoch_ms(now),
    }


def ending(reply: Reply, now: datetime) -> Row:
    """What a reply puts in its turn's row; what it cost is added to it (`spending`)."""
    row: Row = dict.fromkeys(_ENDING)  # a turn that is taken up again ends anew in every column
    row |= {
        "finished_at": epoch_ms(now),
        "outcome": reply.outcome,
        "follows": reply.follows,
        "timings_ms": _json(dict(reply.timings_ms)),
    }
    row |= _of_draft(reply.draft)
    row |= _of_answer(reply.answer)
    row |= _of_clarification(reply.clarification)
    row |= _of_declined(reply.declined)
    row |= _of_error(reply.error)
    return row


def spending(cost: Cost) -> dict[str, int | float]:
    """What a cost adds to its turn's columns: a second try does not undo what the first spent."""
    return {
        "input_tokens": cost.input_tokens,
        "output_tokens": cost.output_tokens,
        "cached_tokens": cost.cached_tokens,
        "written_tokens": cost.written_tokens,
        "model_calls": cost.calls,
        "model_ms": cost.model_ms,
        "usd": cost.usd,
    }


def by_model(cost: Cost) -> Row:
    """The model's column, which the last that answered has; nothing where none did."""
    return {} if cost.model is None else {"model": name(cost.model)}


def cost(row: Mapping[str, Any]) -> Cost:  # Any: as in `turn`
    """What a row says was spent; nothing in one of an older journal."""
    return Cost(
        input_tokens=row.get("input_tokens") or 0,
        output_tokens=row.get("output_tokens") or 0,
        cached_tokens=row.get("cached_tokens") or 0,
        usd=row.get("usd") or 0.0,
        written_tokens=row.get("written_tokens") or 0,
        calls=row.get("model_calls") or 0,
        model_ms=row.get("model_ms") or 0.0,
        model=row.get("model"),
    )


def turn(row: Mapping[str, Any]) -> Turn:  # Any: a database row, typed by its columns
    """The turn that a row tells of."""
    return Turn(
        id=row["id"],
        question=row["question"],
        asked_at=moment(row["asked_at"]),
        outcome=row.get("outcome"),
        asked_by=row["asked_by"],
        draft=drafts.read_draft(row.get("draft"), row.get("plan")),
        options=tuple(_option(**option) for option in _loads(row.get("options"), [])),
        columns=tuple(_loads(row.get("columns"), [])),
        row_count=row.get("row_count") or 0,
        cells=tuple(tuple(cells) for cells in _loads(row.get("cells"), [])),
        thread=row["thread"],
        store=row["store"],
        headline=row.get("headline"),
        place=row.get("place"),
        follows=row.get("follows"),
        finished_at=moment(ended) if (ended := row.get("finished_at")) else None,
        feedback=row.get("feedback"),
        engine=row.get("engine"),
        cost=cost(row),
        correction=row.get("correction"),
    )


def in_thread(thread: str) -> Row:
    """What changes of a turn that gets its thread only when it is answered."""
    return {"thread": name(thread)}


def feedback(verdict: Verdict | None, by: str, correction: str | None, now: datetime) -> Row:
    """What a verdict changes in its turn's row; a bare 👎 keeps the correction that is there."""
    row: Row = {
        "feedback": verdict,
        "feedback_by": name(by),
        "feedback_at": epoch_ms(now),
    }
    if correction is not None or verdict != "down":
        row["correction"] = None if correction is None else storable(correction)
    return row


def epoch_ms(at: datetime) -> int:
    """Milliseconds since 1970 in UTC, as MLflow counts; whole-number steps lose nothing."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def moment(ms: int) -> datetime:
    """The time that so many milliseconds since 1970 are, in UTC."""
    return _EPOCH + timedelta(milliseconds=ms)


def name(text: str | None) -> str | None:
    """A name as stored and looked up: one too long keeps its start and a digest of the rest."""
    if text is None:
        return None
    text = storable(text)
    if len(text) <= NAME_LENGTH:
        return text
    return f"{text[:180]}…{hashlib.sha256(text.encode()).hexdigest()}"


def words(text: str | None) -> list[str]:
    """The words a question must have, in lower case."""
    return storable(text or "").lower().split()


def storable(text: str) -> str:
    """Half characters (from a command line in another encoding) are no UTF-8 and become '?'."""
    return text.encode("utf-8", "replace").decode("utf-8")


def never_began(turn_id: str | None) -> JournalError:
    """A reply or a verdict for a turn that this journal has not seen begin."""
    return JournalError(
        f"It could not be noted: the journal has no turn {turn_id}.",
        "Was the journal replaced while this ran? Ask again.",
    )


def _of_draft(draft: Draft | None) -> Row:
    if draft is None:
        return {}
    return {
        "engine": draft.engine,
        "title": storable(draft.title),
        "sql": storable(draft.sql),
        "assumptions": _json(draft.assumptions),
        "draft": drafts.draft_text(draft),
        "plan": drafts.plan_text(draft.plan),
    }


def _of_answer(answer: Answer | None) -> Row:
    if answer is None:
        return {}
    return {
        "engine": answer.engine,
        "title": storable(answer.title),
        "headline": storable(answer.headline),
        "sql": storable(answer.sql),
        "params": _json(dict(answer.params)),
        "assumptions": _json(answer.assumptions),
        "suggestions": _json(answer.suggestions),
        "columns": _json(answer.table.names),
        "row_count": len(answer.table.rows),
        "truncated": int(answer.table.truncated),
        "cells": _taste(answer.table.rows),
    }


def _of_clarification(asked: Clarification | None) -> Row:
    if asked is None:
        return {}
    options = [
        {"label": option.label, "question": option.question, "plan": drafts.plan_text(option.plan)}
        for option in asked.options
    ]
    return {
        "engine": asked.engine,
        "headline": storable(asked.question),
        "options": _json(options),
    }


def _of_declined(declined: Declined | None) -> Row:
    if declined is None:
        return {}
    return {
        "engine": declined.engine,
        "headline": storable(declined.reason),
        "suggestions": _json(declined.suggestions),
    }


def _of_error(error: TextToSQLError | None) -> Row:
    if error is None:
        return {}
    return {
        "headline": storable(error.what),
        "error_kind": type(error).__name__,
        "error_rule": error.rule if isinstance(error, Refused) else None,
        "error_what": storable(error.what),
        "error_fix": storable(error.fix),
        "error_reference": error.reference,
    }


def _option(label: str, question: str, plan: str | None) -> Option:
    return Option(label, question, drafts.read_plan(plan))


def _taste(rows: Iterable[tuple[Cell, ...]]) -> str:
    kept: list[list[Cell]] = []
    for row, _ in zip(rows, range(KEPT_ROWS), strict=False):
        kept.append([_short(cell) for cell in row])
        if len(_json(kept)) > KEPT_BYTES:
            kept.pop()
            break
    return _json(kept)


def _short(cell: Cell) -> Cell:
    if isinstance(cell, str) and len(cell) > KEPT_TEXT:
        return f"{cell[: KEPT_TEXT - 1]}…"
    return cell


def _json(value: object) -> str:
    """ASCII only, so any text survives any character set; NaN and Infinity are kept as such."""
    return json.dumps(value, separators=(",", ":"))


def _loads(text: str | None, default: list[Any]) -> list[Any]:  # Any: JSON that `_json` wrote
    return default if text is None else list(json.loads(text))
