"""Which chart a result gets, and what is drawn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import altair as alt
import pytest
from jsonschema import ValidationError  # type: ignore[import-untyped]  # it has no stubs

from texttosql.chart import choose_chart, render_png, vega_lite
from texttosql.chart.draw import COLOURS
from texttosql.flow import Cell, Chart, ChartKind, ChartWish, ResultTable
from texttosql.shape import dress

MakeTable = Callable[..., ResultTable]
UTC = ZoneInfo("UTC")
DAY = 86_400_000
MAY_4 = 1_777_852_800_000
INFINITE = 1.7976931348623157e308


def choose(table: ResultTable, title: str = "", wish: ChartKind | None = None) -> Chart | None:
    return choose_chart(dress(table, {}), ChartWish(wish), title)


def kind(table: ResultTable, title: str = "", wish: ChartKind | None = None) -> str | None:
    chart = choose(table, title, wish)
    return chart.kind if chart else None


def drawn(table: ResultTable, title: str = "", wish: ChartKind | None = None) -> dict[str, Any]:
    chart = choose(table, title, wish)
    assert chart is not None
    return vega_lite(chart, dress(table, {}), UTC)


def ranked(count: int) -> Sequence[Sequence[Cell]]:
    return [(f"run-{i}", 0.9 - i / 1000) for i in range(count)]


def test_named_values_are_bars(make_table: MakeTable) -> None:
    assert choose(make_table("run:text auc:real", ranked(5)), "top runs") == Chart(
        "bar", "run", ("auc",), None, "top runs"
    )


def test_values_over_days_or_steps_are_a_line(make_table: MakeTable) -> None:
    days = [(MAY_4 + i * DAY, i) for i in range(4)]
    assert kind(make_table("day:day runs:integer", days)) == "line"
    assert kind(make_table("step:integer loss:real", [(0, 0.9), (1, 0.5)])) == "line"


def test_histories_of_several_runs_are_lines_of_their_own(make_table: MakeTable) -> None:
    rows = [(run, step, 0.5) for run in "ab" for step in range(3)]
    chart = choose(make_table("run:text step:integer loss:real", rows))
    assert chart == Chart("line", "step", ("loss",), "run", "")


def test_two_measures_on_one_scale_share_a_line_chart(make_table: MakeTable) -> None:
    rows = [(0, 0.9, 1.0), (1, 0.5, 0.6)]
    chart = choose(make_table("step:integer train_loss:real val_loss:real", rows))
    assert chart is not None
    assert chart.y == ("train_loss", "val_loss")


def test_two_measures_without_names_are_points(make_table: MakeTable) -> None:
    assert kind(make_table("fit_time:real auc:real", [(1.0, 0.8), (2.0, 0.9)])) == "scatter"


def test_values_of_a_crowd_of_runs_are_a_histogram(make_table: MakeTable) -> None:
    assert kind(make_table("run:text auc:real", ranked(100))) == "histogram"


def test_two_groupings_are_bars_in_colours(make_table: MakeTable) -> None:
    rows = [(model, data, 0.5) for model in ("xgb", "rf") for data in ("wine", "digits")]
    chart = choose(make_table("model:text dataset:text f1:real", rows))
    assert chart == Chart("bar", "model", ("f1",), "dataset", "")


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ("runs:integer", [(12,)]),
        ("run:text auc:real", [("a", 0.9)]),
        ("run:text status:text", [("a", "FAILED"), ("b", "RUNNING")]),
        ("run:text auc:real", [("a", 0.9), ("b", None)]),
        ("run:text auc:real", [("a", 0.9), ("b", INFINITE)]),
        ("run:text auc:real", []),
        ("name:text version:integer", [("a", 1), ("b", 2)]),
    ],
)
def test_what_shows_nothing_gets_no_chart(
    columns: str, rows: Sequence[Sequence[Cell]], make_table: MakeTable
) -> None:
    assert kind(make_table(columns, rows)) is None


def test_a_wish_is_granted_where_it_can_be(make_table: MakeTable) -> None:
    days = make_table("day:day runs:integer", [(MAY_4 + i * DAY, i + 1) for i in range(4)])
    assert kind(days, wish="bar") == "bar"
    assert kind(make_table("run:text auc:real", ranked(5)), wish="histogram") == "histogram"
    rates = make_table("run:text lr:text auc:real", [("a", "0.1", 0.9), ("b", "0.01", 0.8)])
    assert choose(rates, wish="scatter") == Chart("scatter", "lr", ("auc",), None, "")


def test_a_wish_that_cannot_be_met_gives_what_suits(make_table: MakeTable) -> None:
    assert kind(make_table("run:text auc:real", ranked(5)), wish="line") == "bar"


def test_no_chart_is_drawn_where_none_is_wished(make_table: MakeTable) -> None:
    table = dress(make_table("run:text auc:real", ranked(5)), {})
    assert choose_chart(table, ChartWish("none"), "") is None


EVERY_KIND = [
    ("run:text auc:real", ranked(5), None),
    ("lr:text auc:real", [("0.1", 0.9), ("0.01", 0.8)], None),
    ("model:text r2:real", [("a", 0.5), ("b", -0.5)], None),
    ("model:text data:text f1:real", [(m, d, 0.5) for m in "ab" for d in "cd"], None),
    ("month:month runs:integer", [("2026-04", 3), ("2026-05", 8)], None),
    ("start_time:time auc:real", [(MAY_4, 0.8), (MAY_4 + DAY, 0.9)], None),
    ("run:text step:integer loss:real", [(r, s, 0.5) for r in "ab" for s in range(3)], None),
    ("lr:real auc:real", [(0.0001, 0.8), (1.0, 0.9)], "scatter"),
    ("run:text auc:real", ranked(100), "histogram"),
]


@pytest.mark.parametrize(("columns", "rows", "wish"), EVERY_KIND)
def test_every_specification_is_valid_vega_lite(
    columns: str, rows: Sequence[Sequence[Cell]], wish: ChartKind | None, make_table: MakeTable
) -> None:
    alt.Chart.from_dict(drawn(make_table(columns, rows), "a title", wish))


def test_the_schema_check_notices_a_misspelt_property(make_table: MakeTable) -> None:
    line = drawn(make_table("step:integer loss:real", [(0, 0.9), (1, 0.5)]))
    line["mark"]["strokeWidht"] = 2
    bars = drawn(make_table("run:text auc:real", ranked(5)))
    bars["layer"][0]["encoding"]["x"]["axsi"] = {}
    for spec in (line, bars):
        with pytest.raises(ValidationError):
            alt.Chart.from_dict(spec)


def test_bars_start_at_zero_and_lines_near_one_do_not(make_table: MakeTable) -> None:
    bars = drawn(make_table("run:text auc:real", [("a", 0.97), ("b", 0.98)]))
    assert bars["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == 0
    line = drawn(make_table("step:integer auc:real", [(0, 0.97), (1, 0.98)]))
    assert line["encoding"]["y"]["scale"]["zero"] is False


def test_bars_stand_in_order_of_size_with_their_values(make_table: MakeTable) -> None:
    rows = [("FAILED", 12), ("FINISHED", 1204), ("RUNNING", 3)]
    spec = drawn(make_table("status:text runs:integer", rows))
    points = spec["data"]["values"]
    assert [(p["x"], p["label"]) for p in points] == [
        ("FINISHED", "1,204"), ("FAILED", "12"), ("RUNNING", "3"),
    ]  # fmt: skip


def test_categories_that_are_numbers_stay_in_their_own_order(make_table: MakeTable) -> None:
    rows = [("1.0", 0.4), ("0.001", 0.93), ("0.1", 0.88)]
    spec = drawn(make_table("lr:text f1:real", rows))
    assert spec["layer"][0]["encoding"]["x"]["sort"] == ["0.001", "0.1", "1.0"]


def test_no_more_than_twenty_bars_are_drawn_and_the_cut_is_said(make_table: MakeTable) -> None:
    spec = drawn(make_table("user:text runs:integer", [(f"u{i}", 100 - i) for i in range(57)]))
    assert len(spec["data"]["values"]) == 20
    assert spec["title"]["subtitle"] == "20 of 57 shown"


def test_no_more_lines_than_colours_are_drawn(make_table: MakeTable) -> None:
    rows = [(f"r{run}", step, 0.5) for run in range(12) for step in range(2)]
    spec = drawn(make_table("run:text step:integer loss:real", rows))
    assert len({p["s"] for p in spec["data"]["values"]}) == len(COLOURS)
    assert spec["title"]["subtitle"] == "8 of 12 series shown"


def test_infinite_and_empty_values_are_left_out(make_table: MakeTable) -> None:
    rows = [("a", 0.5), ("b", INFINITE), ("c", None), ("d", 0.4)]
    spec = drawn(make_table("run:text loss:real", rows))
    assert [p["x"] for p in spec["data"]["values"]] == ["a", "d"]


def test_runs_of_one_name_get_bars_of_their_own(make_table: MakeTable) -> None:
    spec = drawn(make_table("run:text auc:real", [("seed0", 0.9), ("seed0", 0.8)]))
    assert [p["x"] for p in spec["data"]["values"]] == ["seed0", "seed0 #2"]


def test_long_names_that_differ_at_the_end_stay_different(make_table: MakeTable) -> None:
    rows = [(f"random_forest_sweep_over_everything_{i:04}", 0.9 - i / 100) for i in range(3)]
    spec = drawn(make_table("run:text auc:real", rows))
    names = [p["x"] for p in spec["data"]["values"]]
    assert len(set(names)) == 3
    assert max(map(len, names)) <= 32


def test_weeks_are_marked_on_the_days_they_start(make_table: MakeTable) -> None:
    rows = [(MAY_4 + 7 * i * DAY, i) for i in range(3)]
    axis = drawn(make_table("week:week runs:integer", rows))["encoding"]["x"]["axis"]
    assert [(v["month"], v["date"]) for v in axis["values"]] == [(5, 4), (5, 11), (5, 18)]


def test_times_stand_where_the_teams_clock_puts_them(make_table: MakeTable) -> None:
    table = dress(make_table("start_time:time auc:real", [(MAY_4, 0.8), (MAY_4 + DAY, 0.9)]), {})
    chart = choose_chart(table, ChartWish(), "")
    assert chart is not None
    spec = vega_lite(chart, table, ZoneInfo("Europe/Berlin"))
    assert spec["data"]["values"][0]["x"] == "2026-05-04T02:00:00Z"


def test_learning_rates_over_decades_get_a_logarithmic_axis(make_table: MakeTable) -> None:
    rows = [("0.0001", 0.8), ("0.01", 0.9), ("1.0", 0.5)]
    spec = drawn(make_table("lr:text auc:real", rows), wish="scatter")
    assert spec["encoding"]["x"]["scale"]["type"] == "log"


def test_a_column_name_full_of_vega_syntax_is_only_a_name(make_table: MakeTable) -> None:
    rows = [("a", 0.5), ("b", 0.4)]
    spec = drawn(make_table("run:text metrics['a.b'][0]:real", rows))
    assert spec["layer"][0]["encoding"]["x"]["title"] == "metrics['a.b'][0]"
    assert spec["layer"][0]["encoding"]["x"]["field"] == "y"


def test_the_picture_is_a_png_in_which_text_can_be_read(make_table: MakeTable) -> None:
    table = dress(make_table("run:text auc:real", ranked(3)), {})
    one, other = (Chart("bar", "run", ("auc",), None, title) for title in ("one", "another"))
    picture = render_png(one, table)
    assert picture.startswith(b"\x89PNG")
    # A font that the renderer does not have draws nothing, and then titles make no difference.
    assert picture != render_png(other, table)


def test_choosing_a_chart_loads_no_renderer() -> None:
    code = (
        "import sys, texttosql.chart; print({'altair', 'vl_convert', 'pandas'} & set(sys.modules))"
    )
    # S603: the interpreter that runs this test, on the line above.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - see above
    assert done.stdout.strip() == "set()"


def test_curves_of_runs_that_share_a_name_are_lines_named_by_id(make_table: MakeTable) -> None:
    rows = [("mlp", step, 0.5, run_id * 32) for run_id in "ab" for step in range(3)]
    rows += [("svc", step, 0.5, "c" * 32) for step in range(3)]
    spec = drawn(make_table("run:text step:integer loss:real run_id:text", rows))
    assert {row["s"] for row in spec["data"]["values"]} == {
        "mlp (aaaaaaaa)",
        "mlp (bbbbbbbb)",
        "svc",
    }


def test_groups_of_one_week_are_bars(make_table: MakeTable) -> None:
    rows = [(MAY_4, "iris", 3), (MAY_4, "wine", 5)]
    assert kind(make_table("week:week experiment:text runs:integer", rows)) == "bar"


def test_of_shares_the_percentage_is_drawn(make_table: MakeTable) -> None:
    rows = [("rf", 4, 8, 50.0), ("mlp", 3, 10, 30.0)]
    table = make_table("model:text matching:integer runs:integer percent:real", rows)
    chart = choose(table, "runs with recall above 0.8 per model")
    assert chart is not None
    assert chart.y[0] == "percent"
