"""SQL statements judged by the guard without running them: the lines of `tracktalk check-sql`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from texttosql import wire
from texttosql.errors import Refused
from texttosql.guard import approve
from texttosql.guard.policy import Policy


def verdicts(lines: Iterable[str], policy: Policy) -> Iterator[wire.Json]:
    """One verdict for each line `{"sql": …}`. Blank lines are skipped."""
    for text in lines:
        if text.strip():
            yield _verdict(text.rstrip("\r\n"), policy)


def _verdict(text: str, policy: Policy) -> wire.Json:
    sql = _sql_of(text)
    if sql is None:
        fix = 'Write each statement as {"sql": "SELECT …"} on a line of its own.'
        return wire.refused(text, Refused("input.not_json", "This line has no SQL to check.", fix))
    try:
        return wire.approved(sql, approve(sql, policy))
    except Refused as no:
        return wire.refused(sql, no)


def _sql_of(text: str) -> str | None:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    sql = record.get("sql") if isinstance(record, dict) else None
    return sql if isinstance(sql, str) else None
