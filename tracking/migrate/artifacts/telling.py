"""What a copy, a comparison and a rewriting say at their end, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from tracking.migrate.artifacts.planning import oddities
from tracking.migrate.artifacts.progress import amount
from tracking.migrate.artifacts.rewriting import Change
from tracking.migrate.artifacts.work import Result
from tracking.migrate.telling import many

SHOWN = 20
"""Files told one by one to people."""


def results_to_json(results: Sequence[Result]) -> str:
    """What came of each move."""
    return json.dumps([
        {"files": str(each.move.files), "to": each.move.to, "outcome": asdict(each.outcome),
         "left_behind": each.odd.counts, "ok": not each.outcome.failed}
        for each in results
    ])  # fmt: skip


def copied(results: Sequence[Result]) -> str:
    """The end of a copy."""
    return "".join(
        f"{line}\n"
        for each in results
        for line in (
            f"{_way(each)} read back and the same, {each.outcome.there:,} known from before",
            *_failures(each, "did not arrive"),
            *oddities(each.odd),
        )
    )


def compared(results: Sequence[Result]) -> str:
    """The end of a comparison."""
    return "".join(
        f"{line}\n"
        for each in results
        for line in (
            f"{_way(each)} compared by size and SHA-256",
            *_failures(each, "not the same"),
            *oddities(each.odd),
        )
    )


def _way(result: Result) -> str:
    move, outcome = result.move, result.outcome
    return f"{move.files} → {move.to}: {many(outcome.files, 'file')} ({amount(outcome.bytes)})"


def _failures(result: Result, what: str) -> Iterator[str]:
    outcome = result.outcome
    if not outcome.failed:
        return
    yield f"  {many(outcome.failed, 'file')} {what}:"
    for failure in outcome.failures[:SHOWN]:
        yield f"  - {failure.path}: expected {failure.expected}; found {failure.found}"
    if outcome.failed > SHOWN:
        yield f"  … and {outcome.failed - SHOWN:,} more"


def changes_to_json(changes: Sequence[Change], *, written: bool) -> str:
    """What was or would be rewritten."""
    return json.dumps({"written": written, "columns": [asdict(each) for each in changes]})


def changes(some: Sequence[Change], *, written: bool, undo: bool) -> str:
    """What was or would be rewritten, with examples."""
    return "".join(f"{line}\n" for line in _changes(some, written=written, undo=undo))


def _changes(some: Sequence[Change], *, written: bool, undo: bool) -> Iterator[str]:
    if not some:
        yield "No address changes."
        return
    verb = "put back" if undo else "rewritten"
    rows = sum(each.rows for each in some)
    yield f"{rows:,} addresses {'were' if written else 'would be'} {verb}:"
    for each in some:
        yield f"  {each.column}: {many(each.rows, 'row')}"
        for before, after in each.examples:
            yield f"      {before}"
            yield f"    → {after}"
        if each.stay:
            yield f"    {each.stay:,} rows stay: they were changed or removed since"
    if not written:
        yield "Nothing was written. Say --yes to do it."
