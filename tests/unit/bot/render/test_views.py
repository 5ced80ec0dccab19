"""The windows behind an answer's buttons."""

from __future__ import annotations

import json

from bot.render import edit_view, feedback_view, sql_view
from bot.workspace.blocks import view_faults
from tests.unit.bot.render.judge import in_blocks
from tests.unit.bot.render.results import Found, every


def fields(view: Found) -> dict[str, str]:
    assert view_faults(view, "modal") == []
    assert in_blocks(view["blocks"]) == []
    assert len(view["title"]["text"]) <= 24
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {block["block_id"]: block["element"]["type"] for block in inputs}


def test_the_sql_can_be_read_to_its_end() -> None:
    sql = "\n".join(f"SELECT {i} -- `x` < y" for i in range(1000))
    view = sql_view(sql, "p0 = 'auc'", "mysql")

    assert fields(view) == {}
    texts = "\n".join(str(e["text"]) for e in every(view) if e.get("type") == "mrkdwn")
    assert "SELECT 0 -- `x` &lt; y" in texts
    assert "SELECT 999 -- `x` &lt; y" in texts
    assert "p0 = 'auc'" in texts
    assert "*MySQL*" in texts


def test_sql_beyond_all_measure_is_cut_and_that_is_told() -> None:
    view = sql_view("x" * 1_000_000, "y" * 100_000, "sqlite")

    assert len(view["blocks"]) <= 100
    assert sum("too long to show" in str(block) for block in view["blocks"]) == 2


def test_sql_to_edit_comes_with_where_its_answer_belongs() -> None:
    view = edit_view("SELECT 1", "t1", "C1", "17.5")

    assert fields(view) == {"sql": "plain_text_input"}
    assert view["blocks"][0]["element"]["initial_value"] == "SELECT 1"
    assert json.loads(view["private_metadata"]) == {
        "t": "t1", "channel": "C1", "thread_ts": "17.5",
    }  # fmt: skip
    assert view["callback_id"] == "edit_sql_view"


def test_sql_longer_than_a_field_is_not_offered_cut() -> None:
    view = edit_view("x" * 3001, "t1")

    assert fields(view) == {}
    assert "submit" not in view
    assert "3,000 characters" in str(view["blocks"])


def test_what_was_wrong_is_asked_in_two_fields() -> None:
    view = feedback_view("t1")

    assert fields(view) == {"kind": "radio_buttons", "reading": "plain_text_input"}
    assert [block["optional"] for block in view["blocks"]] == [False, True]
    assert json.loads(view["private_metadata"]) == {"t": "t1"}
    assert view["callback_id"] == "feedback_view"
