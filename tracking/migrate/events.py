"""The events of a move, made from what each of its parts returns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tracking.migrate import plan as planning
from tracking.migrate.plan import Plan
from tracking.migrate.record import Event, Kind
from tracking.migrate.server import right_collation
from tracking.migrate.verify import telling
from tracking.migrate.verify.findings import Proof
from tracking.migrate.verify.verify import Terms

SHOWN = 100
"""Differences that are kept of a verification; their number is kept whatever it is."""


def planned(plan: Plan, started_at: datetime) -> Event:
    """What stood in the plan that a copy has begun with, and with which software."""
    found = plan.found
    told = json.loads(planning.to_json(plan)) | {
        "collation": right_collation(found.server),
        "settings": dict(found.settings),
        "infinities": plan.prepared.infinities,
        "started_at": started_at.isoformat(),
        "how": "LOAD DATA LOCAL" if plan.found.loads else "INSERT",
        "software": software(),
    }
    return Event(Kind.PLANNED, told)


def begun(rows_there: int) -> Event:
    """A run goes to work, with so many rows there from an earlier one."""
    return Event(Kind.BEGUN, {"rows_there": rows_there})


def copied(rows: int) -> Event:
    """A run has copied what was missing; it took as long as this is after its beginning."""
    return Event(Kind.COPIED, {"rows": rows})


def verified(proof: Proof, source: Path, terms: Terms) -> Event:
    """A verification came to its end, whatever it found."""
    told = telling.to_object(proof)
    told["differences"] = told["differences"][:SHOWN]
    told |= {"source": str(source), "sample": terms.sample, "write": terms.write}
    return Event(Kind.VERIFIED, told, proof.at)


def software() -> Mapping[str, Any]:  # Any: JSON
    """What did the move, by name and version."""
    names = {"Tracktalk": "tracktalk", "MLflow": "mlflow", "PyMySQL": "pymysql"}
    return {shown: _version(name) for shown, name in names.items()} | {
        "SQLite": sqlite3.sqlite_version
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"
