from __future__ import annotations

from datetime import UTC, datetime

from tracking.demo import studies_health, studies_tabular, studies_vision
from tracking.demo.plans import RunPlan
from tracking.demo.schedule import DAY_MS, schedule

ANCHOR_MS = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000)
STUDIES = (studies_health.screening(), studies_vision.digits_net(), studies_tabular.fraud())


def told(plans: tuple[RunPlan, ...]) -> list[tuple[object, ...]]:
    return [(p.key, p.user, p.start_ms, p.status, p.deleted, p.tags, p.pace) for p in plans]


def test_the_same_anchor_tells_the_same_story() -> None:
    assert told(schedule(STUDIES, ANCHOR_MS)) == told(schedule(STUDIES, ANCHOR_MS))


def test_an_added_study_moves_no_run_of_another() -> None:
    alone = told(schedule(STUDIES[:1], ANCHOR_MS))
    among = told(schedule(STUDIES, ANCHOR_MS))
    assert [run for run in among if str(run[0]).startswith("breast-cancer")] == alone


def test_nothing_starts_after_the_anchor_or_90_days_before_it_on_any_day_of_the_week() -> None:
    for day in range(7):
        anchor = ANCHOR_MS + day * DAY_MS
        ages = [(anchor - plan.start_ms) / DAY_MS for plan in schedule(STUDIES, anchor)]
        assert min(ages) >= 0
        assert max(ages) <= 90


def test_a_parent_comes_before_its_children_and_shares_its_user_with_them() -> None:
    seen: dict[str, RunPlan] = {}
    for plan in schedule(STUDIES, ANCHOR_MS):
        if plan.parent:
            assert seen[plan.parent].user == plan.user
        seen[plan.key] = plan
    assert any(plan.parent for plan in seen.values())
