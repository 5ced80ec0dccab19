"""A plan survives being written down: the journal keeps it, and a follow-up reads it back."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.unit.texttosql.compose.plans import PLANS
from texttosql.plan import (
    Act,
    Anchor,
    Measure,
    Plan,
    Ref,
    Sort,
    Subject,
    Window,
    dumps,
    loads,
)
from texttosql.plan import Test as Condition

FULL = Plan(
    act="summary",
    subject="versions",
    tests=(
        Condition(
            Ref("metric", "val: loss/é", "min"), ">=", (0.1, 3), "at least", Anchor("run", "x")
        ),
        Condition(
            Ref("either", "model", of=(Ref("param", "model"), Ref("tag", "model"))),
            "in",
            ("a", "b"),
        ),
        Condition(Ref("rtag", "team"), "missing"),
    ),
    window=Window(1, None, "since then", "created"),
    windows=(Window(None, 5, "before"), Window(5, 9, "after")),
    show=(Ref("field", "duration"), Ref("bucket", "week")),
    measures=(Measure("pct", Ref("metric", "f1"), percentile=0.9), Measure("count")),
    by=(Ref("param", "lr"),),
    each=Ref("field", "user"),
    sort=Sort(1, descending=True),
    limit=7,
    offset=2,
    keys="metric",
    deleted="with",
    chart="bar",
    having=(Condition(Ref("field", "runs"), ">", (3,)),),
    peak="max",
    step=4,
)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_read_back_is_the_plan_written_down(name: str) -> None:
    assert loads(dumps(PLANS[name])) == PLANS[name]


@pytest.mark.parametrize("act", get_args(Act))
@pytest.mark.parametrize("subject", get_args(Subject))
def test_every_act_of_every_subject_can_be_written_down(act: Act, subject: Subject) -> None:
    plan = Plan(act, subject)
    assert loads(dumps(plan)) == plan


def test_a_plan_that_uses_everything_survives() -> None:
    assert loads(dumps(FULL)) == FULL


@pytest.mark.parametrize("value", [3, 3.0, "3", 0.1, -2, "a 'b' 🙂", ""])
def test_a_value_keeps_its_type(value: str | float) -> None:
    plan = Plan("list", tests=(Condition(Ref("param", "lr"), "=", (value,)),))
    (read,) = loads(dumps(plan)).tests[0].values
    assert (read, type(read)) == (value, type(value))


def test_what_is_as_by_default_is_not_written() -> None:
    assert dumps(Plan("list")) == '{"act":"list"}'


def test_a_plan_is_one_line() -> None:
    plan = Plan("list", tests=(Condition(Ref("param", "a\nb"), "=", ("c\nd",)),))
    assert "\n" not in dumps(plan)
    assert loads(dumps(plan)) == plan


@pytest.mark.parametrize(
    "text", ["", "no json", "{}", '{"act":"dance"}', '{"act":"list","limit":"x"}']
)
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        loads(text)
