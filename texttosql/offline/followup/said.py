"""A follow-up as the changes to a plan see it, and what those changes share."""

from __future__ import annotations

from dataclasses import dataclass, replace

from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.plan import Plan, Ref

Change = tuple[Plan, bool]
"""A plan, and whether the follow-up is answered by it: no other change may follow."""


@dataclass(frozen=True, slots=True)
class Said:
    """The slots of a follow-up, its text in small letters, what a reading needs besides."""

    frame: Frame
    lower: str
    context: Context


def bare(plan: Plan) -> Plan:
    """The plan's subject and conditions alone: nothing shown, sorted, cut or grouped by rank."""
    return replace(
        plan, again=None, again_limit=None, show=(), each=None, sort=None, limit=None, offset=0,
        keys=None, having=(),
    )  # fmt: skip


def descending(frame: Frame, ref: Ref) -> bool:
    """Whether the end asked for is the high one; the best end when none is said."""
    high = best_is_high(ref)
    return {
        "best": high, "worst": not high, "high": True, "low": False, "fast": False, "slow": True,
        "new": True, "old": False, "many": True, "few": False,
    }[frame.order or "best"]  # fmt: skip


def summary_descends(plan: Plan, frame: Frame) -> bool:
    """The same for the first measure of a summary; a count is best when it is high."""
    ref = plan.measures[0].ref
    return descending(frame, ref) if ref else frame.order not in {"few", "low", "worst"}
