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

from texttosql import plan as plans
from texttosql.errors import JournalError, Refused, TextToSQLError
from texttosql.flow import (
    Answer,
    Cell,
    ChartWish,
    Clarification,
    Declined,
    Draft,
    Option,
    Question,
    Reply,
    Turn,
)
from texttosql.plan import Plan

Row = dict[str, str | int | float | None]

KEPT_ROWS = 5
KEPT_BYTES = 4_000
KEPT_TEXT = 200
NAME_LENGTH = 255
"""How long a thread, store or user may be in an indexed MySQL column."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def opening(turn_id: str, question: Question, now: datetime) -> Row:
    """The row of a turn that has just begun."""
    return {
        "id": turn_id,
        "thread": name(question.thread),
        "store": name(question.store),
        "asked_by": name(question.asked_by),
        "question": _storable(question.text),
        "asked_at": epoch_ms(question.asked_at),
        "accepted_at": epoch_ms(now),
    }


def ending(reply: Reply, now: datetime) -> Row:
    """What a reply adds to its turn's row."""
    row: Row = {
        "finished_at": epoch_ms(now),
        "outcome": reply.outcome,
        "timings_ms": _json(dict(reply.timings_ms)),
    }
    row |= _of_draft(reply.draft)
    row |= _of_answer(reply.answer)
    row |= _of_clarification(reply.clarification)
    row |= _of_declined(reply.declined)
    row |= _of_error(reply.error)
    return row


def turn(row: Mapping[str, Any]) -> Turn:  # Any: a database row, typed by its columns
    """The turn that a row tells of."""
    return Turn(
        id=row["id"],
        question=row["question"],
        asked_at=_EPOCH + timedelta(milliseconds=row["asked_at"]),
        outcome=row.get("outcome"),
        asked_by=row["asked_by"],
        draft=_draft(row.get("draft"), row.get("plan")),
        options=tuple(_option(**option) for option in _loads(row.get("options"), [])),
        columns=tuple(_loads(row.get("columns"), [])),
        row_count=row.get("row_count") or 0,
        cells=tuple(tuple(cells) for cells in _loads(row.get("cells"), [])),
        thread=row["thread"],
        store=row["store"],
        headline=row.get("headline"),
    )


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC, as MLflow counts; whole-number steps lose nothing."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def name(text: str | None) -> str | None:
    """A name as stored and looked up: one too long keeps its start and a digest of the rest."""
    if text is None:
        return None
    text = _storable(text)
    if len(text) <= NAME_LENGTH:
        return text
    return f"{text[:180]}…{hashlib.sha256(text.encode()).hexdigest()}"


def words(text: str | None) -> list[str]:
    """The words a question must have, in lower case."""
    return _storable(text or "").lower().split()


def never_began(turn_id: str | None) -> JournalError:
    """A reply for a turn that this journal has not seen begin."""
    return JournalError(
        f"The answer could not be noted: the journal has no turn {turn_id}.",
        "Was the journal replaced while this ran? Ask again.",
    )


def _of_draft(draft: Draft | None) -> Row:
    if draft is None:
        return {}
    kept = {
        "sql": draft.sql,
        "title": draft.title,
        "engine": draft.engine,
        "assumptions": draft.assumptions,
        "chart": draft.chart.kind,
    }
    return {
        "engine": draft.engine,
        "title": _storable(draft.title),
        "sql": _storable(draft.sql),
        "assumptions": _json(draft.assumptions),
        "draft": _json(kept),
        "plan": _plan_text(draft.plan),
    }


def _of_answer(answer: Answer | None) -> Row:
    if answer is None:
        return {}
    return {
        "engine": answer.engine,
        "title": _storable(answer.title),
        "headline": _storable(answer.headline),
        "sql": _storable(answer.sql),
        "params": _json(dict(answer.params)),
        "assumptions": _json(answer.assumptions),
        "suggestions": _json(answer.suggestions),
        "columns": _json(answer.table.names),
        "row_count": len(answer.table.rows),
        "truncated": int(answer.table.truncated),
        "cells": _taste(answer.table.rows),
        "input_tokens": answer.cost.input_tokens,
        "output_tokens": answer.cost.output_tokens,
        "cached_tokens": answer.cost.cached_tokens,
        "usd": answer.cost.usd,
    }


def _of_clarification(asked: Clarification | None) -> Row:
    if asked is None:
        return {}
    options = [
        {"label": option.label, "question": option.question, "plan": _plan_text(option.plan)}
        for option in asked.options
    ]
    return {
        "engine": asked.engine,
        "headline": _storable(asked.question),
        "options": _json(options),
    }


def _of_declined(declined: Declined | None) -> Row:
    if declined is None:
        return {}
    return {
        "engine": declined.engine,
        "headline": _storable(declined.reason),
        "suggestions": _json(declined.suggestions),
    }


def _of_error(error: TextToSQLError | None) -> Row:
    if error is None:
        return {}
    return {
        "headline": _storable(error.what),
        "error_kind": type(error).__name__,
        "error_rule": error.rule if isinstance(error, Refused) else None,
        "error_what": _storable(error.what),
        "error_fix": _storable(error.fix),
        "error_reference": error.reference,
    }


def _draft(text: str | None, plan: str | None) -> Draft | None:
    if text is None:
        return None
    kept = json.loads(text)
    return Draft(
        sql=kept["sql"],
        title=kept["title"],
        engine=kept["engine"],
        assumptions=tuple(kept["assumptions"]),
        chart=ChartWish(kept["chart"]),
        plan=_plan(plan),
    )


def _option(label: str, question: str, plan: str | None) -> Option:
    return Option(label, question, _plan(plan))


def _plan_text(plan: Plan | None) -> str | None:
    return None if plan is None else plans.dumps(plan)


def _plan(text: str | None) -> Plan | None:
    """None also for a plan of another version: the turn still says what was asked and told."""
    try:
        return None if text is None else plans.loads(text)
    except ValueError:
        return None


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


def _storable(text: str) -> str:
    """Half characters (from a command line in another encoding) are no UTF-8 and become '?'."""
    return text.encode("utf-8", "replace").decode("utf-8")
