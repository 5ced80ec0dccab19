"""Who ran what, when, and how it ended: the same for the same anchor, whatever the machine.

Each attempt draws from its own seeded generator, so adding a run moves no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from random import Random

from tracking.demo.plans import Attempt, RunPlan, Status, Study

DAY_MS = 86_400_000
_MINUTE_MS = 60_000
_LONGEST_DAYS = 87  # leaves room for weekends being moved back: nothing is older than 90 days
_HOST = {
    "vision": "gpu-box-2",
    "risk": "k8s",
    "health": "laptop",
    "research": "laptop",
    "": "laptop",
}
_NOTES = (
    "Rerun after the data fix, numbers should replace the ones on the wiki.",
    "Looks too good, check for leakage before anyone quotes this.",
    "Same as yesterday but with the new split.",
    "Overfits after a few steps; try less depth.",
    "For Thursday's review.",
    "Don't use: wrong preprocessing.",
)


def schedule(studies: tuple[Study, ...], anchor_ms: int) -> tuple[RunPlan, ...]:
    """Every run of the studies, oldest first; a parent stands before its children."""
    plans = [
        plan
        for study in studies
        for number, attempt in enumerate(study.attempts)
        for plan in _family(study, attempt, f"{study.experiment}/{number}", anchor_ms)
    ]
    return tuple(sorted(plans, key=lambda plan: (plan.start_ms, plan.key)))


def _family(study: Study, attempt: Attempt, key: str, anchor_ms: int) -> Iterator[RunPlan]:
    parent = _plan(study, attempt, key, anchor_ms)
    yield parent
    for number, child in enumerate(attempt.children):
        yield _child(parent, child, number)


def _plan(study: Study, attempt: Attempt, key: str, anchor_ms: int) -> RunPlan:
    luck = Random(key)  # noqa: S311  # a demo's spread, no secret
    start = _start(luck, attempt, anchor_ms)
    status = attempt.status or ("FINISHED" if attempt.children else _fate(luck))
    drawn = luck.random() < 0.1 and not attempt.children
    return RunPlan(
        key=key,
        study=study,
        attempt=attempt,
        user=attempt.user or luck.choice(study.users),
        start_ms=start,
        status=status,
        deleted=drawn if attempt.deleted is None else attempt.deleted,
        tags={**_tags(luck, study, (anchor_ms - start) / DAY_MS), **attempt.tags},
        parent=None,
        pace=luck.lognormvariate(0.0, 0.5),
        cut=_cut(luck, status),
    )


def _child(parent: RunPlan, attempt: Attempt, number: int) -> RunPlan:
    key = f"{parent.key}/{number}"
    luck = Random(key)  # noqa: S311  # a demo's spread, no secret
    fates: tuple[Status, ...] = ("FINISHED", "FAILED", "KILLED")
    status = luck.choices(fates, (92, 6, 2))[0]
    status = attempt.status or status
    # A trial carries what its launcher knows; the team's review tags stay on the parent.
    shared = {
        name: text for name, text in parent.tags.items() if name not in {"ticket", "reviewed"}
    }
    shared.pop("mlflow.note.content", None)
    shared.pop("sweep", None)
    return RunPlan(
        key=key,
        study=parent.study,
        attempt=attempt,
        user=parent.user,
        start_ms=parent.start_ms + (1 + 7 * number) * _MINUTE_MS + luck.randrange(_MINUTE_MS),
        status=status,
        deleted=luck.random() < 0.04 and attempt.deleted is not False,
        tags={**shared, **attempt.tags},
        parent=parent.key,
        pace=luck.lognormvariate(0.0, 0.3),
        cut=_cut(luck, status),
    )


def _start(luck: Random, attempt: Attempt, anchor_ms: int) -> int:
    if attempt.days_ago is not None:
        return anchor_ms - int(attempt.days_ago * DAY_MS)
    day = anchor_ms // DAY_MS - int(_LONGEST_DAYS * luck.random() ** 1.3)
    if _weekday(day) >= 5 and luck.random() < 0.8:
        day -= _weekday(day) - 4
    start = day * DAY_MS + int(luck.triangular(7.0, 20.0, 11.0) * 3_600_000)
    # Two hours before the anchor everything but what is named as running has ended.
    latest = anchor_ms - 2 * 3_600_000 - (len(attempt.children) + 1) * 8 * _MINUTE_MS
    return start if start < latest else start - DAY_MS


def _weekday(day: int) -> int:
    return (day + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0


def _fate(luck: Random) -> Status:
    fates: tuple[Status, ...] = ("FINISHED", "FAILED", "KILLED", "RUNNING")
    return luck.choices(fates, (85, 9, 3, 3))[0]


def _cut(luck: Random, status: Status) -> float:
    if status == "FINISHED":
        return 1.0
    return 0.0 if status == "SCHEDULED" or luck.random() < 0.4 else luck.uniform(0.2, 0.8)


def _tags(luck: Random, study: Study, age_days: float) -> dict[str, str]:
    tags = {
        "mlflow.source.name": f"train_{study.experiment.split('-', maxsplit=1)[0].lower()}.py",
        "mlflow.source.type": "JOB" if study.team == "risk" else "LOCAL",
        "mlflow.source.git.commit": _commit(int(age_days) // 4),
        "stage": luck.choices(("dev", "staging", "prod"), (70, 20, 10))[0],
        "dataset_version": "v1" if age_days > 60 else "v2" if age_days > 20 else "v3",
        "host": _HOST[study.team],
    }
    if study.team:
        tags["team"] = study.team
    return {**tags, **_sometimes(luck)}


def _sometimes(luck: Random) -> dict[str, str]:
    extras = {
        "priority": (0.4, luck.choice(("high", "medium", "low"))),
        "reviewed": (0.25, luck.choice(("true", "false"))),
        "ticket": (0.2, f"ML-{luck.randrange(100, 400)}"),
        "mlflow.note.content": (0.14, luck.choice(_NOTES)),
    }
    return {name: text for name, (share, text) in extras.items() if luck.random() < share}


def _commit(period: int) -> str:
    return hashlib.sha1(f"commit {period}".encode(), usedforsecurity=False).hexdigest()
