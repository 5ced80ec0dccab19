"""Pasted MLflow links unfold into cards, in Slack's form, from the channel's own store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.listeners.links import MOST, ExperimentPage, Page, RunPage, page_at
from tests.demo_fixture import demo_database
from tests.support.house import House, house, said

MLFLOW = "https://mlflow.example.com/tracking"
RUN = "0123456789abcdef0123456789abcdef"

Json = Mapping[str, Any]
"""A Slack message or attachment. `Any`: JSON."""


@pytest.fixture(name="house")
def house_with_mlflow(demo_store: str, tmp_path: Path) -> Iterator[House]:
    with house(demo_store, tmp_path, TRACKTALK_MLFLOW_URL=MLFLOW) as each, each.bot():
        yield each


def _row(sql: str) -> tuple[Any, ...]:  # Any: SQLite's cells
    with closing(sqlite3.connect(f"file:{demo_database()}?mode=ro", uri=True)) as store:
        found: tuple[Any, ...] = store.execute(sql).fetchone()
    return found


def _best_recall() -> tuple[str, int, str]:
    return _row(
        "SELECT r.run_uuid, r.experiment_id, r.name FROM latest_metrics m JOIN runs r USING"
        " (run_uuid) JOIN experiments e USING (experiment_id) WHERE m.key = 'recall' AND"
        " e.name = 'fraud-detection' AND r.lifecycle_stage = 'active' AND m.is_nan = 0"
        " ORDER BY m.value DESC LIMIT 1"
    )


def _cards(house: House, channel: str, ts: str) -> list[Json]:
    """The attachments of a message; [] while there are none."""
    messages = house.workspace.messages(channel)
    return next((m.get("attachments") or [] for m in messages if m["ts"] == ts), [])


def _unfolded(house: House, text: str, channel: str = "fraud") -> list[Json]:
    ts = house.say("alice", channel, text)
    found: list[Json] = house.until(lambda: _cards(house, channel, ts), f"a card for {text}")
    return found


def _stays_bare(house: House, text: str) -> None:
    """Post the text, then a link that unfolds: what comes later shows that nothing came before."""
    bare = house.say("alice", "fraud", text)
    _unfolded(house, f"and {MLFLOW}/#/experiments/0")
    assert _cards(house, "fraud", bare) == []


def test_a_run_unfolds_with_its_params_metrics_and_place_in_the_experiment(house: House) -> None:
    run_id, experiment, name = _best_recall()

    (card,) = _unfolded(house, f"look: {MLFLOW}/#/experiments/{experiment}/runs/{run_id}")

    text = said(card)
    assert name in text
    assert "✅ finished" in text
    assert "fraud-detection" in text
    assert "`recall`" in text
    assert "🏆 best of" in text
    assert "*Params*" in text
    open_button = card["blocks"][-1]["elements"][0]
    assert open_button["url"] == f"{MLFLOW}/#/experiments/{experiment}/runs/{run_id}"


def test_an_experiment_unfolds_with_its_runs_and_its_best(house: House) -> None:
    experiment, runs = _row(
        "SELECT e.experiment_id, COUNT(*) FROM runs r JOIN experiments e USING (experiment_id)"
        " WHERE e.name = 'fraud-detection' AND r.lifecycle_stage = 'active'"
    )

    (card,) = _unfolded(house, f"{MLFLOW}/?o=3#/experiments/{experiment}/runs?orderBy=x&x=1")

    text = said(card)
    assert "fraud-detection" in text
    assert f"{runs}, " in text
    assert "*Best runs*" in text
    assert card["blocks"][-1]["elements"][0]["url"] == f"{MLFLOW}/#/experiments/{experiment}"


def test_a_deleted_run_says_so(house: House) -> None:
    (run_id,) = _row("SELECT run_uuid FROM runs WHERE lifecycle_stage = 'deleted' LIMIT 1")

    (card,) = _unfolded(house, f"{MLFLOW}/#/runs/{run_id}")

    assert "deleted" in said(card)


def test_every_link_of_a_message_unfolds_up_to_a_few(house: House) -> None:
    links = " ".join(f"{MLFLOW}/#/experiments/{number}" for number in range(1, MOST + 2))

    cards = _unfolded(house, links)

    assert len(cards) == MOST


def test_a_run_that_is_not_there_stays_a_link(house: House) -> None:
    _stays_bare(house, f"{MLFLOW}/#/experiments/1/runs/{'f' * 32}")


def test_another_host_stays_a_link(house: House) -> None:
    run_id, experiment, _ = _best_recall()

    _stays_bare(house, f"https://other.mlflow.example.com/#/experiments/{experiment}/runs/{run_id}")


def test_a_link_in_a_message_that_is_still_being_written_unfolds_by_its_id(house: House) -> None:
    run_id, experiment, _ = _best_recall()
    url = f"{MLFLOW}/#/experiments/{experiment}/runs/{run_id}"
    writing = {
        "type": "link_shared", "channel": "COMPOSER", "is_bot_user_member": True,
        "user": house.person("alice"), "message_ts": "U1-abc", "unfurl_id": "U1-abc",
        "source": "composer", "links": [{"domain": "mlflow.example.com", "url": url}],
    }  # fmt: skip

    house.workspace.tell_app(writing)

    (call,) = house.until(lambda: _calls(house), "chat.unfurl")
    assert (call["unfurl_id"], call["source"]) == ("U1-abc", "composer")
    assert "channel" not in call
    assert "ts" not in call


def test_an_event_that_comes_twice_unfolds_once(house: House) -> None:
    _unfolded(house, f"{MLFLOW}/#/experiments/1")
    event = next(
        each.event_id
        for each in house.workspace.envelopes
        if each.payload.get("event", {}).get("type") == "link_shared"
    )

    house.workspace.redeliver(str(event))

    _unfolded(house, f"{MLFLOW}/#/experiments/2")
    assert len(_calls(house)) == 2


def test_a_click_on_a_cards_link_is_acknowledged(house: House) -> None:
    ts = house.say("alice", "fraud", f"{MLFLOW}/#/experiments/1")
    house.until(lambda: _cards(house, "fraud", ts), "a card")

    answer = house.workspace.interact(
        "block_actions", house.workspace.user("alice"),
        actions=[{"type": "button", "action_id": "open_in_mlflow", "block_id": "b"}],
    )  # fmt: skip

    assert answer["ok"] is True


def _calls(house: House) -> list[Json]:
    return [call.args for call in house.workspace.calls if call.method == "chat.unfurl"]


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (f"{MLFLOW}/#/experiments/12/runs/{RUN}", RunPage(RUN)),
        (f"{MLFLOW}#/experiments/12/runs/{RUN}", RunPage(RUN)),
        (f"{MLFLOW}/#/experiments/12/runs/{RUN}/model-metrics", RunPage(RUN)),
        (f"{MLFLOW}/#/experiments/12/runs/{RUN}?tab=x", RunPage(RUN)),
        (f"{MLFLOW}/?o=77#/experiments/12/runs/{RUN}", RunPage(RUN)),
        (f"{MLFLOW}/#/runs/{RUN}", RunPage(RUN)),
        (f"http://MLflow.example.com:80/tracking/#/runs/{RUN}", RunPage(RUN)),
        (f"https://mlflow.example.com:443/tracking/#/runs/{RUN}", RunPage(RUN)),
        (f"{MLFLOW}/#/experiments/12", ExperimentPage(12)),
        (f"{MLFLOW}/#/experiments/0?searchFilter=a%20b", ExperimentPage(0)),
        (f"{MLFLOW}/#/experiments/12/runs?orderBy=x", ExperimentPage(12)),
        (f"{MLFLOW}/#/experiments/12/models", ExperimentPage(12)),
        (f"{MLFLOW}/#/compare-runs?runs=[%22{RUN}%22]&experiments=[%2212%22]", None),
        (f"{MLFLOW}/#/compare-experiments/s?experiments=[%2212%22]", None),
        (f"{MLFLOW}/#/metric?runs=[%22{RUN}%22]", None),
        (f"{MLFLOW}/#/experiments/12/runs/{RUN[:-1]}", None),
        (f"{MLFLOW}/#/experiments/12/runs/{RUN}0", None),
        (f"{MLFLOW}/#/experiments/{'9' * 19}", None),
        (f"{MLFLOW}/#/models/churn", None),
        (f"{MLFLOW}/", None),
        (f"https://mlflow.example.com/#/runs/{RUN}", None),
        (f"https://mlflow.example.com/other/#/runs/{RUN}", None),
        (f"https://mlflow.example.com:5000/tracking/#/runs/{RUN}", None),
        (f"https://mlflow.example.com.evil.org/tracking/#/runs/{RUN}", None),
        (f"https://mlflow.example.com@evil.org/tracking/#/runs/{RUN}", None),
        (f"https://evil.org/?{MLFLOW}/#/runs/{RUN}", None),
        (f"https://mlflow.example.com:port/tracking/#/runs/{RUN}", None),
        (f"https://[mlflow/tracking/#/runs/{RUN}", None),
        ("", None),
    ],
)
def test_an_address_is_a_page_of_the_own_mlflow_or_none(url: str, page: Page | None) -> None:
    assert page_at(url, f"{MLFLOW}/") == page
