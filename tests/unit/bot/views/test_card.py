from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.render.blocks import Block
from bot.views.card import experiment_blocks, run_blocks
from bot.workspace.blocks import faults
from texttosql.card import Best, ExperimentCard, Metric, RunCard

BERLIN = ZoneInfo("Europe/Berlin")
URL = "https://mlflow.example.com/#/experiments/1/runs/0"
NASTY = "<!channel> *bold* `code` ```fence``` <https://evil.org|x> \u202eright\n:tada:" * 200
START = int(datetime(2026, 11, 19, 12, tzinfo=UTC).timestamp() * 1000)
RUN = RunCard(
    run_id="0" * 32,
    name="gbm-1",
    status="FINISHED",
    experiment_id=1,
    experiment="churn",
    user="alice",
    started_ms=START,
    ended_ms=START + 200_000,
    deleted=False,
    params=(("lr", "0.1"),),
    metrics=(Metric("f1", 0.91, True, 1, 42), Metric("loss", 0.3, False, 3, 42)),
)
EXPERIMENT = ExperimentCard(
    experiment_id=1,
    name="churn",
    deleted=False,
    runs=12,
    failed=2,
    users=3,
    last_ms=START,
    last_run_id="0" * 32,
    last_run="gbm-1",
    best=(Best("f1", 0.91, True, "0" * 32, "gbm-1", ties=1),),
)


def _texts(blocks: list[Block]) -> str:
    found = [block.get("text", {}).get("text", "") for block in blocks]
    found += [field["text"] for block in blocks for field in block.get("fields", ())]
    found += [e.get("text", "") for b in blocks if b["type"] == "context" for e in b["elements"]]
    return "\n".join(found)


def test_a_run_tells_how_it_went_and_where_it_stands() -> None:
    blocks = run_blocks(RUN, URL, BERLIN)

    text = _texts(blocks)
    assert "*gbm-1* · ✅ finished" in text
    assert "*Started*\n2026-11-19 13:00" in text
    assert "*Took*\n3 min 20 s" in text
    assert "`f1` 0.91 · 🏆 best of 42" in text
    assert "`loss` 0.3 · 3 of 42" in text
    assert "`lr` `0.1`" in text
    assert blocks[-1]["elements"][0]["url"] == URL


def test_a_run_that_is_not_over_and_knows_little_says_no_more_than_that() -> None:
    bare = replace(
        RUN, status="RUNNING", user="", started_ms=None, ended_ms=None, params=(), metrics=()
    )

    text = _texts(run_blocks(bare, None, BERLIN))

    assert "🏃 running" in text
    assert "*Took*\nnot finished" in text
    assert "*User*\n–" in text
    assert "Metrics" not in text
    assert "Params" not in text


def test_without_an_address_there_is_no_button() -> None:
    assert [b for b in run_blocks(RUN, None, BERLIN) if b["type"] == "actions"] == []


def test_what_a_card_leaves_out_is_counted() -> None:
    text = _texts(run_blocks(replace(RUN, more_params=7), URL, BERLIN))

    assert "and 7 more in MLflow" in text


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        (Metric("f1", 0.5, True, 1, 1), "`f1` 0.5"),
        (Metric("f1", 0.5, None, None, 9), "`f1` 0.5"),
        (Metric("f1", math.nan, True), "`f1` NaN"),
        (Metric("f1", math.inf, True), "`f1` ∞"),
    ],
)
def test_a_metric_without_a_place_claims_none(metric: Metric, said: str) -> None:
    text = _texts(run_blocks(replace(RUN, metrics=(metric,)), URL, BERLIN))

    assert f"• {said}\n" in f"{text}\n"


def test_an_experiment_tells_its_runs_and_its_best() -> None:
    text = _texts(experiment_blocks(EXPERIMENT, URL, BERLIN))

    assert "*Runs*\n12, 2 failed" in text
    assert "*Last run*\ngbm-1, 2026-11-19 13:00" in text
    assert "`f1` 0.91 · gbm-1, and 1 run with the same" in text


def test_an_empty_experiment_has_no_last_run_and_no_best() -> None:
    empty = replace(EXPERIMENT, runs=0, failed=0, users=0, last_ms=None, last_run=None, best=())

    text = _texts(experiment_blocks(empty, URL, BERLIN))

    assert "Last run" not in text
    assert "Best" not in text


def test_whatever_the_names_are_slack_takes_the_card_and_nobody_is_pinged() -> None:
    metrics = tuple(Metric(f"{i}{NASTY}", i / 7, True, i + 1, 99) for i in range(10))
    params = tuple((f"{i}{NASTY}", NASTY) for i in range(20))
    run = replace(
        RUN, name=NASTY, status=NASTY, experiment=NASTY, user=NASTY, params=params,
        metrics=metrics, more_params=3, more_metrics=4, deleted=True,
    )  # fmt: skip
    best = tuple(Best(f"{i}{NASTY}", 0.1, True, "0" * 32, NASTY, 3) for i in range(3))
    experiment = replace(EXPERIMENT, name=NASTY, last_run=NASTY, best=best, deleted=True)

    for blocks in (run_blocks(run, URL, BERLIN), experiment_blocks(experiment, URL, BERLIN)):
        assert faults(blocks, "message") == []
        assert "<!" not in _texts(blocks)
        assert "<https" not in _texts(blocks)
        assert "```" not in _texts(blocks)
