"""A report as a value: a verdict first, then what it rests on, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracking.migrate.artifacts.progress import amount
from tracking.migrate.hazards.hazard import Hazard
from tracking.migrate.progress import duration
from tracking.migrate.record import Event, Kind
from tracking.migrate.report import checklist
from tracking.migrate.report.checklist import Item, moment
from tracking.migrate.report.facts import Facts, Rewrite
from tracking.migrate.telling import many


@dataclass(frozen=True, slots=True)
class Verdict:
    """The report in a sentence. `ok` None: nobody has looked yet, or not since."""

    ok: bool | None
    title: str
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """A table that moved. `share`: of all rows, 0 to 1; `proof`: what was compared of it."""

    table: str
    rows: int
    size: str
    share: float
    proof: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Timing:
    """A phase: what it did, when it ended, how long it took."""

    what: str
    ended: str
    took: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All that a template shows."""

    verdict: Verdict
    made: str
    ends: Sequence[tuple[str, str]]
    checklist: Sequence[Item]
    lines: Sequence[Line]
    empty: int
    moved: str
    checks: Sequence[dict[str, Any]]  # Any: JSON of a verification
    differences: Sequence[dict[str, Any]]
    differing: int
    hazards: Sequence[Hazard]
    ids: Sequence[tuple[int, int]]
    rewrites: Sequence[Rewrite]
    timings: Sequence[Timing]
    software: Sequence[tuple[str, str]]


def document(facts: Facts) -> Document:
    """The report of what is known."""
    lines = list(_lines(facts))
    return Document(
        verdict=verdict(facts),
        made=f"{facts.at:%Y-%m-%d %H:%M} UTC",
        ends=_ends(facts),
        checklist=checklist.items(facts),
        lines=sorted((each for each in lines if each.rows), key=lambda each: -each.rows),
        empty=sum(not each.rows for each in lines),
        moved=_moved(facts, lines),
        checks=[_check(check) for check in facts.proof.get("checks", ())],
        differences=facts.proof.get("differences", ()),
        differing=facts.proof.get("differing", 0),
        hazards=[_hazard(each) for each in facts.plan.get("hazards", ())],
        ids=sorted(facts.ids.items()),
        rewrites=facts.rewrites,
        timings=list(_timings(facts)),
        software=_software(facts),
    )


def verdict(facts: Facts) -> Verdict:
    """Whether something was lost, as far as it was looked for."""
    proof, verified = facts.proof, facts.verified
    if verified is None:
        told = "The rows of both sides have not been compared."
        return Verdict(None, "Not verified yet", told)
    if not proof["ok"]:
        told = f"{many(proof['differing'], 'difference')} found at {moment(verified)}."
        return Verdict(ok=False, title="Not the same", told=told)
    told = (
        f"{proof['rows']:,} rows in {proof['tables']} tables were compared in every column"
        f" at {moment(verified)}, and are the same."
    )
    if facts.changed_since:
        return Verdict(None, "Changed since it was verified", told)
    return Verdict(ok=True, title="Nothing was lost", told=told)


def _ends(facts: Facts) -> list[tuple[str, str]]:
    plan = facts.plan
    found = [("From", facts.source), ("To", facts.target), ("Server", facts.server)]
    if plan and plan["revision"] != plan["revision_after"]:
        told = f"{plan['revision'] or 'none'}, brought to {plan['revision_after']} in the copy"
        found.append(("Schema revision", told))
    elif plan:
        found.append(("Schema revision", str(plan["revision_after"])))
    if plan:
        found.append(("Rows were sent by", str(plan["how"])))
    return found


def _lines(facts: Facts) -> Iterator[Line]:
    sizes = facts.plan.get("tables", {})
    compared = {each["table"]: each for each in facts.proof.get("compared", ())}
    rows = {name: size["rows"] for name, size in sizes.items()}
    rows |= {name: each["rows"] for name, each in compared.items()}
    total = sum(rows.values())
    for name, count in rows.items():
        size = amount(sizes[name]["bytes"]) if name in sizes else "not measured"
        seen = compared.get(name)
        proof = _proof(seen, facts) if seen else "not compared"
        fingerprint = seen["fingerprint"] if seen and seen["hashed"] == count else ""
        yield Line(name, count, size, count / total if total else 0.0, proof, fingerprint)


def _proof(seen: dict[str, Any], facts: Facts) -> str:
    found = [each for each in facts.proof["differences"] if each["subject"] == seen["table"]]
    if any(each["check"] == "rows" for each in found):
        return "not the same: see below"
    if seen["hashed"] == seen["rows"]:
        return f"by {seen['chunks']:,} hash{'es' if seen['chunks'] != 1 else ''}"
    return f"{seen['hashed']:,} rows by hashes, {seen['rows'] - seen['hashed']:,} by their values"


def _moved(facts: Facts, lines: Sequence[Line]) -> str:
    rows = sum(each.rows for each in lines)
    size = f", {amount(facts.plan['bytes'])} of values" if facts.plan else ""
    return f"{rows:,} rows{size}"


def _check(check: dict[str, Any]) -> dict[str, Any]:
    took = duration(check["seconds"]) if check["seconds"] >= 1 else "under 1 s"
    return check | {"took": "" if check["ok"] is None else took}


def _hazard(told: dict[str, Any]) -> Hazard:
    return Hazard(**(told | {"examples": tuple(told["examples"])}))


def _timings(facts: Facts) -> Iterator[Timing]:
    """Each phase from where the one before it ended: the events have no other clocks."""
    before: Event | None = None
    for event in facts.events:
        what, took, told = _timed(event, before)
        yield Timing(what, moment(event), duration(took) if took is not None else "", told)
        before = event


def _timed(event: Event, before: Event | None) -> tuple[str, float | None, str]:
    """What it was, how many seconds it took, and what came of it."""
    told, took = event.told, (event.at - (before.at if before else event.at)).total_seconds()
    match event.kind:
        case Kind.PLANNED:
            seconds = (event.at - datetime.fromisoformat(told["started_at"])).total_seconds()
            return "source copied, hazards looked for", seconds, ""
        case Kind.BEGUN:
            first = before is not None and before.kind is Kind.PLANNED
            there = f"{told['rows_there']:,} rows were there" if told["rows_there"] else ""
            return ("tables made by MLflow", took, "") if first else ("begun again", None, there)
        case Kind.COPIED:
            rate = f"{told['rows']:,} rows, {told['rows'] / max(took, 1e-3):,.0f} rows/s"
            return "copied", took, rate
        case Kind.VERIFIED:
            seconds = sum(check["seconds"] for check in told["checks"])
            result = "the same" if told["ok"] else f"{told['differing']:,} differences"
            return "verified", seconds, f"{told['rows']:,} rows: {result}"
        case _:
            return event.kind.value, told.get("seconds"), _said(event)


def _said(event: Event) -> str:
    counts = event.told.get("counts")
    if counts is None:
        return str(event.told.get("told", ""))
    added, updated, deleted = (
        sum(each[name] for each in counts.values()) for name in ("added", "updated", "deleted")
    )
    return f"{added:,} rows added, {updated:,} changed, {deleted:,} taken away"


def _software(facts: Facts) -> list[tuple[str, str]]:
    software = [(name, str(version)) for name, version in facts.plan.get("software", {}).items()]
    return [*software, ("Database server", facts.server), *sorted(facts.settings.items())]
