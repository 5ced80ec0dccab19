"""Percentages: which condition is the share, and of which runs."""

from __future__ import annotations

from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning.ranking import singular
from texttosql.offline.meaning.slots import EXPERIMENT, USER, drop, noun_dimension
from texttosql.plan import Measure, Plan, Ref, Sort, Test


def share(frame: Frame, _context: Context) -> Plan:
    """The percentage of runs that pass, overall or by group; a plain split when none is said."""
    _only_shared(frame)
    of = list(frame.share_of) or _taken_out(frame)
    by = tuple(frame.groups or ([frame.which] if frame.which else []))
    counted = () if of else (Measure("count"),)
    sort = _sort(frame, by) if of else None
    one = singular(frame) if sort and frame.which and frame.order else None
    return Plan(
        "summary",
        measures=(*counted, Measure("share", of=tuple(of))),
        by=by,
        sort=sort,
        limit=frame.limit or one,
    )


def _sort(frame: Frame, by: tuple[Ref, ...]) -> Sort | None:
    """Times stay in order unless an end is asked for."""
    bucketed = any(ref.kind == "bucket" for ref in by)
    if not by or (bucketed and not frame.order):
        return None
    return Sort(0, frame.order not in {"low", "few", "fast"})


def _only_shared(frame: Frame) -> None:
    """Of a success rate the status is what is measured, not a condition."""
    for of in frame.share_of:
        for test in [t for t in frame.tests if t.ref == of.ref and t.values == of.values]:
            drop(frame, test)


def _taken_out(frame: Frame) -> list[Test]:
    """The conditions that are the share, which from now on narrow nothing."""
    of = _share_tests(frame)
    if frame.groups or frame.which:
        of = [test for test in of if test.ref.key not in {"user", "experiment_id", "run"}]
    for test in of:
        drop(frame, test)
    return of


def _share_tests(frame: Frame) -> list[Test]:
    """What the percentage is of: the condition said after the noun, a status before a value."""
    placed = list(zip(frame.tests, frame.positions, strict=True))
    hard = [pair for pair in placed if pair[0].ref.key != "experiment_id"]
    after = [test for test, at in hard if at >= frame.noun_at]
    statuses = [test for test in after if test.ref.key == "status"]
    others = [test for test in after if test.ref.key not in {"status", "user"}]
    last = [test for test, _ in hard or placed][-1:]
    if statuses and (len(after) == 1 or last[0] in statuses or not others):
        return [max(statuses, key=lambda test: frame.positions[frame.tests.index(test)])]
    return others or after[-1:] or last


def none_of(frame: Frame, context: Context) -> Plan:
    """Groups in which nothing passes: "which experiments have no failed runs"."""
    asked = frame.which or next(iter(frame.groups), None) or noun_dimension(frame, context)
    return Plan(
        "summary",
        measures=(Measure("share", of=tuple(frame.none_of)),),
        by=(asked or (USER if "user" in frame.nouns else EXPERIMENT),),
        having=(Test(Ref("field", "matching"), "=", (0,)),),
    )
