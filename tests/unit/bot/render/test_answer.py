"""An answer in Slack: everything it says, in every tier."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.render import NATIVE, Look, Message, Rendered, render
from tests.unit.bot.render.judge import broken
from tests.unit.bot.render.results import (
    BERLIN,
    LINKED,
    LOOK,
    RUN,
    answer,
    named,
    names,
    numbers,
    of_type,
    reply,
    table,
    words,
)
from texttosql.chart import choose_chart
from texttosql.flow import Answer, ChartWish

RUNS = table("run:text auc:real run_id:text", [("a", 0.93, RUN), ("b", 0.91, "f" * 32)])
BARS = choose_chart(RUNS, ChartWish("bar"), "auc")


def shown(given: Answer, look: Look = LOOK, turn: str | None = "t1") -> Rendered:
    made = render(reply(given, turn), look)
    assert {i: broken(tier) for i, tier in enumerate(made.tiers) if broken(tier)} == {}
    return made


def small(message: Message) -> str:
    """The small print."""
    return "\n".join(e["text"] for b in of_type(message, "context") for e in b["elements"])


def test_tiers_lose_one_kind_of_block_at_a_time_and_end_in_text() -> None:
    made = shown(answer(RUNS, chart=BARS))

    assert [tier.needs for tier in made.tiers] == [
        {"data_table", "data_visualization", "context_actions"},
        {"data_table", "context_actions"},
        {"table", "context_actions"},
        set(),
        set(),
    ]
    assert [tier.blocks is None for tier in made.tiers] == [False] * 4 + [True]
    assert made.png == BARS


@pytest.mark.parametrize("accepted", [NATIVE, NATIVE - {"data_table"}, {"table"}, set()])
def test_no_tier_needs_what_slack_no_longer_accepts(accepted: frozenset[str]) -> None:
    made = shown(answer(RUNS, chart=BARS), replace(LOOK, native=frozenset(accepted)))

    assert all(tier.needs <= set(accepted) for tier in made.tiers)
    assert made.tiers[-1].blocks is None


def test_every_tier_says_everything() -> None:
    headline = "Best: a (auc 0.93). Second is b."
    given = answer(RUNS, headline, chart=BARS)
    for tier in shown(given, replace(LINKED, refines="all runs")).tiers:
        said = words(tier)
        for part in ("Best: a (auc 0.93).", "Second is b.", "0.91", "01234567", "by user",
                     "only the failed ones", "Latest auc, deleted runs left out", "offline engine",
                     "42 ms", "refines “all runs”"):  # fmt: skip
            assert part in said, (part, said)
        assert "SELECT 1" in said or named(tier, "show_sql")


def test_the_first_sentence_is_bold() -> None:
    first = of_type(shown(answer(RUNS, "Two runs. One failed.")).tiers[0], "section")[0]

    assert first["text"] == {
        "type": "mrkdwn", "text": "*Two runs.* One failed.", "verbatim": True,
    }  # fmt: skip


def test_the_notification_is_the_headline_defused() -> None:
    made = shown(answer(RUNS, "Best: <!channel> *x* by *y*."))

    assert made.tiers[0].text == "Best: &lt;!channel&gt; `*x*` by `*y*`."


def test_buttons_are_named_as_the_app_hears_them() -> None:
    made = shown(answer(RUNS, chart=BARS)).tiers

    tools = ["show_sql", "edit_sql", "csv", "chart_type", "refresh", "save_template", "favourite"]
    assert names(made[0]) == [*tools, "follow_0", "follow_1", "feedback"]
    assert names(made[3]) == [*tools, "follow_0", "follow_1", "feedback_up", "feedback_down"]


def test_values_name_the_turn_and_what_is_asked_for() -> None:
    made = shown(answer(RUNS, chart=BARS)).tiers[0]
    pair = named(made, "feedback")

    def value(name: str) -> object:
        return json.loads(named(made, name)["value"])

    assert value("show_sql") == {"t": "t1"}
    assert value("favourite") == {"t": "t1", "on": True}
    assert value("follow_1") == {"t": "t1", "q": "only the failed ones"}
    assert json.loads(pair["positive_button"]["value"]) == {"t": "t1", "v": "up"}
    assert json.loads(pair["negative_button"]["value"]) == {"t": "t1", "v": "down"}


def test_a_favourite_can_be_taken_back() -> None:
    made = shown(answer(RUNS), replace(LOOK, saved=True)).tiers[0]

    assert named(made, "favourite")["text"]["text"] == "★ Favourite"
    assert json.loads(named(made, "favourite")["value"]) == {"t": "t1", "on": False}


def test_the_menu_has_the_charts_that_can_be_drawn_and_the_one_that_is_wished() -> None:
    automatic = named(shown(answer(RUNS, chart=BARS)).tiers[0], "chart_type")
    wished = shown(answer(RUNS, chart=BARS), replace(LOOK, chart="bar", page=0))
    nothing = shown(answer(RUNS, chart=BARS), replace(LOOK, chart="none"))

    values = [json.loads(option["value"]) for option in automatic["options"]]
    assert values == [
        {"t": "t1"}, {"t": "t1", "chart": "bar"}, {"t": "t1", "chart": "none"},
    ]  # fmt: skip
    assert automatic["initial_option"]["text"]["text"] == "Chart: automatic"
    menu = named(wished.tiers[0], "chart_type")
    assert menu["initial_option"]["text"]["text"] == "Bar chart"
    assert nothing.png is None
    assert not of_type(nothing.tiers[0], "data_visualization")


def test_what_cannot_be_drawn_has_no_menu() -> None:
    assert "chart_type" not in names(shown(answer(table("run:text", [("a",)]))).tiers[0])


def test_pages_lead_to_each_other_and_keep_the_chart() -> None:
    look = replace(LOOK, page=1, chart="none")
    made = shown(answer(numbers(250)), look).tiers[0]

    assert "Rows 101–200 of 250." in small(made)
    assert json.loads(named(made, "page_prev")["value"]) == {"t": "t1", "chart": "none"}
    after = json.loads(named(made, "page_next")["value"])
    assert after == {"t": "t1", "page": 2, "chart": "none"}


def test_the_first_and_the_last_page_lead_one_way() -> None:
    first = shown(answer(numbers(250))).tiers[0]
    last = shown(answer(numbers(250)), replace(LOOK, page=99)).tiers[0]

    assert "page_prev" not in names(first)
    assert "page_next" not in names(last)
    assert "Rows 201–250 of 250." in small(last)
    assert json.loads(named(last, "refresh")["value"]) == {"t": "t1", "page": 2}


def test_a_table_that_slack_does_not_page_is_shorter() -> None:
    made = shown(answer(numbers(250)), replace(LOOK, native=NATIVE - {"data_table"}))

    assert len(of_type(made.tiers[0], "table")[0]["rows"]) == 51
    assert "Rows 1–50 of 250." in small(made.tiers[0])


def test_a_result_that_was_cut_says_that_there_is_more() -> None:
    found = replace(numbers(20), truncated=True)

    assert "Rows 1–20 of the first 20; there are more." in small(shown(answer(found)).tiers[0])


def test_text_alone_has_as_many_rows_as_fit_and_says_how_many() -> None:
    rows = [(f"run-{i}", "a note about it", "another") for i in range(250)]
    alone = shown(answer(table("run:text note:text more:text", rows))).tiers[-1].text

    assert 30 < alone.count("\nrun-") < 100
    last = [line for line in alone.split("\n") if line.startswith("run-")][-1].split()[0]
    assert f"Rows 1–{int(last[4:]) + 1} of 250." in alone


def test_columns_left_out_are_named() -> None:
    wide = table(" ".join(f"p{i}:text" for i in range(30)), [["x"] * 30])
    made = shown(answer(wide)).tiers

    assert "Left out here, but in the CSV: p20, p21, p22, p23, p24, p25 and 4 more." in small(
        made[0]
    )
    assert "Left out: " in made[-1].text


def test_cut_texts_are_told() -> None:
    made = shown(answer(table("run:text n:real", [("x" * 99, 1.0)]))).tiers[0]

    assert "Long texts are cut, but whole in the CSV." in small(made)


@pytest.mark.parametrize("rows", [[(2,)], []], ids=["one number", "no rows"])
def test_what_the_headline_says_in_full_needs_no_table(rows: list[tuple[int]]) -> None:
    made = shown(answer(table("runs:integer", rows), "2 runs.")).tiers

    assert all(not tier.needs & {"data_table", "table"} for tier in made)
    assert [sorted(tier.needs) for tier in made] == [["context_actions"], [], []]
    assert "```\nruns" not in words(made[1])
    assert ("csv" in names(made[0])) == bool(rows)


def test_runs_are_linked_where_cells_cannot_be() -> None:
    plain = shown(answer(RUNS), LINKED).tiers[-2]

    assert not plain.needs
    assert f"<https://mlflow.example/#/runs/{RUN}|01234567>" in small(plain)


def test_a_turn_that_nobody_keeps_shows_its_sql_and_has_no_tools() -> None:
    made = shown(answer(RUNS, sql="SELECT 1 < 2"), turn=None).tiers[0]

    assert "```\nSELECT 1 &lt; 2\n```" in words(made)
    assert set(names(made)) == {"follow_0", "follow_1"}


def test_a_suggestion_too_long_for_its_button_is_written_out() -> None:
    long = "runs of " + "a-very-long-name " * 10
    made = shown(answer(RUNS, suggestions=(long, "x" * 3000))).tiers[0]

    assert long.strip() in small(made)
    assert "follow_0" in names(made)
    assert "follow_1" not in names(made)


def test_times_stand_in_the_teams_zone() -> None:
    found = table("run:text started:time", [("a", 1795176000000)])

    assert all("2026-11-20 13:00" in words(tier) for tier in shown(answer(found)).tiers)
    assert Look(BERLIN) == LOOK


def test_long_sentences_and_assumptions_are_whole_in_blocks() -> None:
    headline, assumed = "Best: " + "a" * 1300 + ". " + "b" * 1300, "c" * 1900
    made = shown(answer(RUNS, headline, assumptions=(assumed,)))

    for tier in made.tiers[:-1]:
        assert all(part in words(tier) for part in ("a" * 1300, "b" * 1300, "C" + "c" * 1899))
