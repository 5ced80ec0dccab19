"""Charts that Slack draws itself."""

from __future__ import annotations

import pytest

from bot.render.chart import native_chart
from tests.unit.bot.render.judge import in_blocks
from tests.unit.bot.render.results import BERLIN, Found, table
from texttosql.chart import choose_chart
from texttosql.flow import Cell, Chart, ChartKind, ChartWish, ResultTable


def drawn(found: ResultTable, kind: ChartKind | None = None, title: str = "auc") -> Found | None:
    chart = choose_chart(found, ChartWish(kind), title)
    assert chart is not None
    assert kind in {None, chart.kind}
    block = native_chart(chart, found, BERLIN)
    assert block is None or in_blocks([block]) == []
    return block


def test_bars_are_bars() -> None:
    block = drawn(table("user:text auc:real", [("bob", 3), ("alice", 0.5)]), title="top auc")

    assert block == {
        "type": "data_visualization",
        "title": "Top auc",
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": "auc",
                    "data": [{"label": "bob", "value": 3}, {"label": "alice", "value": 0.5}],
                }
            ],
            "axis_config": {"categories": ["bob", "alice"], "x_label": "user", "y_label": "auc"},
        },
    }


def test_lines_have_a_point_in_every_place_from_left_to_right() -> None:
    rows = [("b", 2, 0.4), ("a", 1, 0.1), ("a", 2, 0.2), ("b", 1, 0.3)]
    block = drawn(table("run:text step:integer loss:real", rows), "line")

    assert block is not None
    assert [(s["name"], [p["value"] for p in s["data"]]) for s in block["chart"]["series"]] == [
        ("b", [0.3, 0.4]),
        ("a", [0.1, 0.2]),
    ]
    assert block["chart"]["axis_config"]["categories"] == ["1", "2"]


@pytest.mark.parametrize(
    ("kind", "days", "labels"),
    [
        ("week", ("2026-05-11", "2026-05-04"), ["2026-05-04", "2026-05-11"]),
        ("month", ("2026-01", "2026-02", "2026-03"), ["Jan 2026", "Feb 2026", "Mar 2026"]),
        ("time", (1795176000000, 1795179600000), ["2026-11-20 13:00", "2026-11-20 14:00"]),
    ],
)
def test_times_are_written_in_the_teams_zone(
    kind: str, days: tuple[Cell, ...], labels: list[str]
) -> None:
    block = drawn(table(f"at:{kind} auc:real", [(day, 0.5) for day in days]), "line")

    assert block is not None
    assert block["chart"]["axis_config"]["categories"] == labels


@pytest.mark.parametrize(
    "steps", [(1, 2, 10), (0, 1, 2, 4), tuple(range(21))], ids=["uneven", "a gap", "too many"]
)
def test_what_slack_would_draw_wrongly_is_left_to_the_picture(steps: tuple[int, ...]) -> None:
    assert drawn(table("step:integer loss:real", [(s, s / 9) for s in steps]), "line") is None


def test_a_week_without_a_value_is_left_to_the_picture() -> None:
    days = ("2026-05-04", "2026-05-11", "2026-05-25")

    assert drawn(table("week:week auc:real", [(day, 0.5) for day in days])) is None


def test_a_series_with_a_gap_is_left_to_the_picture() -> None:
    rows = [("a", 1, 0.1), ("a", 2, 0.2), ("b", 1, 0.3)]

    assert drawn(table("run:text step:integer loss:real", rows), "line") is None


def test_more_than_six_series_are_left_to_the_picture() -> None:
    rows = [(f"r{r}", step, 0.1) for r in range(7) for step in (1, 2)]

    assert drawn(table("run:text step:integer loss:real", rows), "line") is None


@pytest.mark.parametrize("kind", ["scatter", "histogram"])
def test_points_and_histograms_are_left_to_the_picture(kind: ChartKind) -> None:
    found = table("run:text auc:real loss:real", [(f"r{i}", i / 9, i) for i in range(9)])

    assert drawn(found, kind) is None


def test_a_cut_is_told_on_the_axis() -> None:
    block = drawn(table("run:text auc:real", [(f"r{i}", i) for i in range(30)]), "bar")

    assert block is not None
    assert block["chart"]["axis_config"]["x_label"] == "run (20 of 30 shown)"


def test_long_names_keep_their_ends_and_stay_apart() -> None:
    rows = [(f"a-family-of-runs-{'x' * 40}-{i}", i) for i in range(3)]
    rows += [(f"the-beginning-{c}-the-end-of-it", 5) for c in "pq"]
    block = drawn(table("run:text auc:real", rows), "bar")

    assert block is not None
    labels = block["chart"]["axis_config"]["categories"]
    assert len(set(labels)) == 5
    assert all("…" in label or len(label) <= 20 for label in labels)


def test_infinite_and_missing_values_have_no_bar() -> None:
    rows = [("b", 2.0), ("a", 1.0), ("c", None), ("d", float("inf"))]
    block = drawn(table("run:text auc:real", rows), "bar")

    assert block is not None
    assert block["chart"]["axis_config"]["categories"] == ["b", "a"]


def test_a_single_bar_is_left_to_the_picture() -> None:
    found = table("run:text auc:real", [("a", 1.0), ("b", None)])

    assert native_chart(Chart("bar", "run", ("auc",), None, "auc"), found, BERLIN) is None
