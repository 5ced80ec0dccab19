"""A frame becomes a plan: which act the filled slots add up to."""

from __future__ import annotations

from dataclasses import replace

from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.acts import act
from texttosql.offline.meaning.ranking import candidate_metrics
from texttosql.offline.meaning.slots import (
    DURATION,
    DURATIONS,
    EXPERIMENT,
    MANY,
    STARTED,
    USER,
    NeedsMetric,
)
from texttosql.plan import Plan, Window

__all__ = [
    "DURATION", "DURATIONS", "EXPERIMENT", "MANY", "STARTED", "USER",
    "NeedsMetric", "candidate_metrics", "plan_of",
]  # fmt: skip


def plan_of(frame: Frame, context: Context) -> Plan:
    """The plan the slots add up to. Raises NeedsMetric when only a metric is missing."""
    plan = act(frame, context)
    return replace(
        plan,
        tests=(*plan.tests, *frame.tests),
        window=_window(frame, plan),
        windows=tuple(frame.windows) if frame.side_by_side else (),
        deleted=frame.deleted,
        chart=frame.chart,
    )


def _window(frame: Frame, plan: Plan) -> Window | None:
    """The one period, which for a model version is when it was made."""
    if not frame.windows or frame.side_by_side:
        return None
    window = frame.windows[0]
    if plan.subject == "versions" and window.field == "started":
        return replace(window, field="created")
    return window
