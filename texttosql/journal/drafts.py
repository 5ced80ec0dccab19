"""A draft as JSON text and back: all that is needed to run it again and tell the same.

Drafts of older journals lack what was added later; they load with less.
"""

from __future__ import annotations

import json
from typing import Any

from texttosql import plan as plans
from texttosql.flow import ChartWish, ColumnNote, Draft, Probe
from texttosql.plan import Plan


def draft_text(draft: Draft) -> str:
    """The draft without its plan, which has a column of its own. ASCII, as all JSON here."""
    kept = {
        "sql": draft.sql,
        "title": draft.title,
        "engine": draft.engine,
        "assumptions": draft.assumptions,
        "chart": draft.chart.kind,
        "columns": {
            name: [note.kind, note.higher_is_better] for name, note in draft.columns.items()
        },
        "probes": [[probe.sql, probe.text, probe.kind] for probe in draft.probes],
        "suggestions": draft.suggestions,
        "sure": draft.sure,
    }
    return json.dumps(kept, separators=(",", ":"))


def read_draft(text: str | None, plan: str | None) -> Draft | None:
    """The draft of a turn's two columns; None for a turn that has none."""
    if text is None:
        return None
    kept: dict[str, Any] = json.loads(text)  # Any: JSON that `draft_text` wrote
    return Draft(
        sql=kept["sql"],
        title=kept["title"],
        engine=kept["engine"],
        assumptions=tuple(kept["assumptions"]),
        chart=ChartWish(kept["chart"]),
        columns={name: ColumnNote(*note) for name, note in kept.get("columns", {}).items()},
        probes=tuple(Probe(*probe) for probe in kept.get("probes", ())),
        suggestions=tuple(kept.get("suggestions", ())),
        plan=read_plan(plan),
        sure=kept.get("sure", False),
    )


def plan_text(plan: Plan | None) -> str | None:
    """A plan as its column holds it."""
    return None if plan is None else plans.dumps(plan)


def read_plan(text: str | None) -> Plan | None:
    """None also for a plan of another version: the turn still says what was asked and told."""
    try:
        return None if text is None else plans.loads(text)
    except ValueError:
        return None
