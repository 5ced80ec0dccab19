"""The JSON that scripts build on: `ask`, `history`, `usage` with --json; `eval`, `check-sql`.

Every key is always there, null where it has nothing to say. Valid JSON only: MLflow's stored
infinity (±1.797…e308) stays a number, a true infinity is written as that same number, and NaN
is null.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from texttosql.cost import FREE, Spending
from texttosql.errors import ExitCode, Refused, TextToSQLError
from texttosql.flow import Cell, Chart, Option, Reply, SafeQuery, Turn
from texttosql.format import STORED_INFINITY
from texttosql.spending.budget import Allowance
from texttosql.spending.report import Report

Json = dict[str, Any]
"""One JSON object. `Any`: its values are JSON values, nested."""

_BOUND = re.compile(r":(p\d+)\b")


def line(value: Json) -> str:
    """One object on one line, readable as it is: names keep their letters."""
    return json.dumps(_sound(value), ensure_ascii=False, allow_nan=False)


def _sound(value: Any) -> Any:
    """A JSON value without NaN and infinities, which JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else math.copysign(STORED_INFINITY, value)
    if isinstance(value, Mapping):
        return {str(key): _sound(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_sound(each) for each in value]
    return value


def reply_object(reply: Reply, chart_file: str | None = None) -> Json:
    """What `ask --json` prints."""
    answer, last = reply.answer, reply.answer or reply.declined
    table = answer.table if answer else None
    found = {
        "outcome": reply.outcome,
        "headline": headline(reply),
        "sql": answer.sql if answer else reply.draft.sql if reply.draft else None,
        "params": dict(answer.params) if answer else {},
        "columns": list(table.names) if table else [],
        "rows": [list(row) for row in table.rows] if table else [],
        "truncated": table.truncated if table else False,
        "assumptions": list(answer.assumptions) if answer else [],
        "options": [_option(o) for o in reply.clarification.options] if reply.clarification else [],
        "suggestions": list(last.suggestions) if last else [],
    }
    return found | {
        "chart": _chart(answer.chart, chart_file) if answer and answer.chart else None,
        "engine": engine(reply),
        "store": reply.question.store,
        "turn_id": reply.turn_id,
        "timings_ms": {name: round(ms, 2) for name, ms in reply.timings_ms.items()},
        "cost": asdict(reply.cost),
        "error": error_object(reply.error) if reply.error else None,
    }


def failed_object(error: TextToSQLError, store: str | None) -> Json:
    """`ask --json` when no question could be put at all: the same keys, an error in them."""
    empty: Json = dict.fromkeys(("headline", "sql", "chart", "engine", "turn_id", "cost"))
    lists: Json = {name: [] for name in ("columns", "rows", "assumptions", "options")}
    rest = {"params": {}, "truncated": False, "suggestions": [], "timings_ms": {}, "store": store}
    return {"outcome": "error", **empty, **lists, **rest, "error": error_object(error)}


def headline(reply: Reply) -> str | None:
    """The one sentence of a reply: the answer's, the question back, or why not."""
    if reply.answer:
        return reply.answer.headline
    if reply.clarification:
        return reply.clarification.question
    if reply.declined:
        return reply.declined.reason
    return reply.error.what if reply.error else None


def engine(reply: Reply) -> str | None:
    """Which engine had the last word."""
    last = reply.answer or reply.clarification or reply.declined or reply.draft
    return last.engine if last else None


def exit_code(reply: Reply) -> int:
    """The command line's exit status for a reply."""
    if reply.outcome == "rows":
        return ExitCode.OK
    if reply.outcome in {"clarify", "refuse"}:
        return ExitCode.NOT_ANSWERED
    return reply.error.exit_code if reply.error else ExitCode.FAILED


def _option(option: Option) -> Json:
    return {"label": option.label, "question": option.question}


def _chart(chart: Chart, file: str | None) -> Json:
    return {
        "kind": chart.kind, "x": chart.x, "y": list(chart.y), "series": chart.series,
        "title": chart.title, "file": file,
    }  # fmt: skip


def error_object(error: TextToSQLError) -> Json:
    """An error in three parts; `reference` finds its details in the log."""
    return {"what": error.what, "fix": error.fix, "reference": error.reference}


def prediction(ident: str, reply: Reply, ms: float) -> Json:
    """A line of `eval`'s output. `error` says why there are no rows, whatever the outcome."""
    answer = reply.answer
    return {
        "id": ident,
        "outcome": reply.outcome,
        "columns": list(answer.table.names) if answer else [],
        "rows": [list(row) for row in answer.table.rows] if answer else [],
        "sql": answer.sql if answer else reply.draft.sql if reply.draft else None,
        "error": None if answer else _why_not(reply),
        "ms": round(ms, 2),
        "engine": engine(reply),
        "cost": asdict(reply.cost),
    }


def _why_not(reply: Reply) -> Json:
    if reply.error:
        return error_object(reply.error)
    if reply.clarification:
        options = " / ".join(option.label for option in reply.clarification.options)
        return {"what": reply.clarification.question, "fix": options, "reference": None}
    suggestions = " / ".join(reply.declined.suggestions) if reply.declined else ""
    return {"what": headline(reply), "fix": suggestions, "reference": None}


def bad_prediction(ident: str, what: str) -> Json:
    """The line for an item that holds no question."""
    error = {"what": what, "fix": 'Write {"id": …, "question": …}.', "reference": None}
    return {
        "id": ident, "outcome": "error", "columns": [], "rows": [], "sql": None,
        "error": error, "ms": 0.0, "engine": None, "cost": asdict(FREE),
    }  # fmt: skip


def approved(sql: str, query: SafeQuery) -> Json:
    """A line of `check-sql` for a statement that may run; `query` is what would run."""
    return {"sql": sql, "approved": True, "rule": None, "reason": None, "query": runnable(query)}


def refused(sql: str, error: Refused) -> Json:
    """A line of `check-sql` for a statement that may not."""
    reason = f"{error.what} {error.fix}".strip()
    return {"sql": sql, "approved": False, "rule": error.rule, "reason": reason, "query": None}


def runnable(query: SafeQuery) -> str:
    """The statement with its parameters written into it, to read or to try by hand."""
    return _BOUND.sub(lambda m: _literal(query, m), query.sql)


def _literal(query: SafeQuery, found: re.Match[str]) -> str:
    if found[1] not in query.params:
        return found[0]
    value: Cell = query.params[found[1]]
    if value is None:
        return "NULL"
    if not isinstance(value, str):
        return repr(value)
    text = value.replace("\\", "\\\\") if query.dialect == "mysql" else value
    return "'" + text.replace("'", "''") + "'"


def turn_object(turn: Turn) -> Json:
    """A line of `history --json`."""
    return {
        "turn_id": turn.id,
        "asked_at": turn.asked_at.isoformat(),
        "asked_by": turn.asked_by,
        "thread": turn.thread,
        "store": turn.store,
        "question": turn.question,
        "outcome": turn.outcome,
        "headline": turn.headline,
        "sql": turn.draft.sql if turn.draft else None,
        "row_count": turn.row_count,
        "engine": turn.engine,
        "cost": asdict(turn.cost),
    }


def usage_object(report: Report, budgets: Sequence[Allowance], zone: ZoneInfo) -> Json:
    """What `usage --json` prints. Budgets are as whoever (`key`) spent most today has used them."""
    return {
        "since": report.since.astimezone(zone).isoformat(),
        "by": report.by,
        "total": _spending(report.total),
        "groups": [_spending(each) for each in report.groups],
        "more": report.more,
        "budgets": {each.whose: asdict(each) | {"left": each.left} for each in budgets},
    }


def _spending(spending: Spending) -> Json:
    """Times are milliseconds that were waited for the model."""
    found = asdict(spending)
    cost: Json = found.pop("cost")
    del cost["model"]
    return found | cost
