"""A verification in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from tracking.migrate.progress import duration
from tracking.migrate.telling import many
from tracking.migrate.verify.findings import Check, Finding, Proof, Since

SHOWN = 30
"""Findings that are printed; JSON has all that were kept."""
_MARKS = {True: "✓", False: "✗", None: "–"}


def to_object(proof: Proof) -> dict[str, Any]:  # Any: JSON
    """For programs."""
    return {
        "ok": proof.ok,
        "at": proof.at.isoformat(),
        "tables": proof.tables,
        "rows": proof.rows,
        "differing": proof.differing,
        "checks": [asdict(check) for check in proof.checks],
        "differences": [asdict(finding) for finding in proof.findings],
        "compared": [asdict(each) for each in proof.compared],
        "since": asdict(proof.since) if proof.since else None,
    }


def to_text(proof: Proof) -> str:
    """For people."""
    return "\n".join(_lines(proof)) + "\n"


def _lines(proof: Proof) -> Iterator[str]:
    yield from map(_check, proof.checks)
    yield ""
    if proof.since:
        yield from _since(proof.since)
    if proof.ok and proof.since:
        yield f"Nothing is missing: {proof.rows:,} rows in {proof.tables} tables."
        return
    if proof.ok:
        yield f"The same: {proof.rows:,} rows in {proof.tables} tables."
        return
    yield f"Not the same: {many(proof.differing, 'difference')}."
    yield from map(_finding, proof.findings[:SHOWN])
    if proof.differing > SHOWN:
        yield f"  … and {proof.differing - SHOWN:,} more; --json has them."
    if proof.since:
        yield "MLflow removes a row only for somebody who asks for it (`mlflow gc`, a deleted tag,"
        yield "alias or version), and changes no param: was that so here?"


def _since(since: Since) -> Iterator[str]:
    back = ", and was rolled back to SQLite later" if since.rolled_back else ""
    yield f"The target is MLflow's own since {since.at}{back}. Written to it since:"
    yield f"  {_by_table(since.added)} only the target has"
    yield f"  {_by_table(since.changed)} not as in the source, changed by MLflow or by others"
    yield ""


def _by_table(counts: Mapping[str, int]) -> str:
    rows = many(sum(counts.values()), "row")
    tables = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
    return f"{rows} ({tables})" if tables else rows


def _check(check: Check) -> str:
    seconds = f" ({duration(check.seconds)})" if check.seconds >= 1 else ""
    return f"{_MARKS[check.ok]} {check.name}: {check.covered}{seconds}"


def _finding(finding: Finding) -> str:
    what = f" {finding.what}" if finding.what else ""
    return f"  {finding.subject}{what}: expected {finding.expected}; found {finding.found}"
