"""The sentence for each shape of result, and that every number in it comes from the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import pytest

from texttosql.flow import (
    Cell,
    ChartWish,
    ColumnNote,
    Draft,
    Probe,
    ResultTable,
)
from texttosql.format import number
from texttosql.guard import approve
from texttosql.guard.mlflow_schema import default_schema
from texttosql.guard.policy import Policy
from texttosql.shape import dress
from texttosql.tell import fill, headline, in_words, tell

UTC = ZoneInfo("UTC")
MakeTable = Callable[..., ResultTable]
HIGHER = ColumnNote("real", higher_is_better=True)
LOWER = ColumnNote("real", higher_is_better=False)
DAY = 86_400_000
MAY_4 = 1_777_852_800_000
NEEDLESS = "SELECT name FROM experiments"


def said(table: ResultTable, title: str, why_empty: Sequence[str] = (), **notes: ColumnNote) -> str:
    draft = Draft(NEEDLESS, title, "offline", columns=notes)
    return headline(draft, dress(table, notes), UTC, why_empty)


def test_a_count_is_said_with_its_noun(make_table: MakeTable) -> None:
    assert said(make_table("runs:integer", [(12,)]), "number of runs") == "12 runs."
    assert said(make_table("runs:integer", [(1,)]), "number of runs") == "1 run."
    assert said(make_table("runs:integer", [(0,)]), "number of runs") == "0 runs."
    assert said(make_table("count:integer", [(1204,)]), "failed runs") == "1,204 runs."


def test_a_summary_is_said_in_words(make_table: MakeTable) -> None:
    table = make_table("avg_val_accuracy:real", [(0.912,)])
    assert said(table, "average val_accuracy") == "Average val_accuracy is 0.912."


def test_a_summary_of_nothing_is_said_to_have_no_value(make_table: MakeTable) -> None:
    table = make_table("avg_f1:real", [(None,)])
    assert said(table, "average f1") == "There is no value for average f1."


def test_a_ranking_names_the_best_and_the_next(make_table: MakeTable) -> None:
    rows = [("xgb-deep-7", 0.934), ("rf-2", 0.92), ("svm", 0.9), ("mlp", 0.8), ("nb", 0.7)]
    assert said(make_table("run:text auc:real", rows), "top 5 runs by auc", auc=HIGHER) == (
        "Best: xgb-deep-7 (auc 0.934), then rf-2 (0.92), svm (0.9) and 2 more."
    )


def test_the_lowest_loss_is_the_best(make_table: MakeTable) -> None:
    rows = [("a", 0.1), ("b", 0.2)]
    table = make_table("run:text loss:real", rows)
    assert said(table, "top 2 runs by loss", loss=LOWER).startswith("Best: a (loss 0.1)")


def test_the_worst_are_told_from_the_bottom(make_table: MakeTable) -> None:
    table = make_table("run:text auc:real", [("a", 0.1), ("b", 0.2)])
    assert said(table, "worst 2 runs by auc", auc=HIGHER) == "Worst: a (auc 0.1), then b (0.2)."


def test_a_tie_at_the_top_is_said(make_table: MakeTable) -> None:
    rows = [("a", 0.9), ("b", 0.9), ("c", 0.8)]
    assert said(make_table("run:text auc:real", rows), "best runs by auc", auc=HIGHER) == (
        "Best is a tie of 2 (auc 0.9): a and b; then c (0.8)."
    )


def test_rows_that_are_all_equal_are_said_to_tie(make_table: MakeTable) -> None:
    table = make_table("run:text auc:real", [("a", 0.9), ("b", 0.9)])
    assert said(table, "best runs by auc", auc=HIGHER) == "Both tie (auc 0.9): a and b."


def test_runs_of_the_same_name_are_told_apart_by_id(make_table: MakeTable) -> None:
    rows = [("seed0", "a" * 32, 0.9), ("seed0", "b" * 32, 0.8)]
    assert said(make_table("run:text run_id:text auc:real", rows), "best runs", auc=HIGHER) == (
        "Best: seed0 (aaaaaaaa) (auc 0.9), then seed0 (bbbbbbbb) (0.8)."
    )


def test_groups_are_led_by_the_largest_whatever_their_order(make_table: MakeTable) -> None:
    rows = [("FAILED", 12), ("FINISHED", 120), ("RUNNING", 3)]
    assert said(make_table("status:text runs:integer", rows), "runs by status") == (
        "Most: FINISHED (120 runs), then FAILED (12) and RUNNING (3)."
    )


def test_groups_that_happen_to_stand_in_rising_order_are_still_led_by_the_best(
    make_table: MakeTable,
) -> None:
    rows = [("a", 0.7), ("b", 0.8), ("c", 0.9)]
    assert said(make_table("model:text f1:real", rows), "f1 by model", f1=HIGHER).startswith(
        "Best: c (f1 0.9)"
    )


def test_a_group_that_is_a_number_is_named_with_its_param(make_table: MakeTable) -> None:
    rows = [("0.1", 0.8), ("0.01", 0.9), ("0.001", 0.7)]
    table = make_table("lr:text avg_f1:real", rows)
    assert said(table, "average f1 by lr", avg_f1=HIGHER).startswith("Best: lr 0.01 (average f1")


def test_filtered_runs_are_counted_and_the_best_is_named(make_table: MakeTable) -> None:
    rows = [("a", 0.91), ("b", 0.95), ("c", 0.92), ("d", 0.91)]
    assert said(make_table("run:text recall:real", rows), "runs with recall", recall=HIGHER) == (
        "4 runs. Best: b (recall 0.95)."
    )


def test_two_groups_are_compared_with_their_difference(make_table: MakeTable) -> None:
    rows = [("rf", 0.8811), ("xgb", 0.9123)]
    assert said(make_table("model:text avg_f1:real", rows), "f1 by model", avg_f1=HIGHER) == (
        "xgb 0.9123 beats rf 0.8811 by 0.0312 (average f1)."
    )


def test_the_lower_loss_beats_the_higher(make_table: MakeTable) -> None:
    rows = [("rf", 0.5), ("xgb", 0.2)]
    assert said(make_table("model:text loss:real", rows), "rf vs xgb", loss=LOWER) == (
        "xgb 0.2 beats rf 0.5 by 0.3 (loss)."
    )


def test_two_counts_are_compared_without_calling_one_better(make_table: MakeTable) -> None:
    rows = [("FINISHED", 120), ("FAILED", 12)]
    assert said(make_table("status:text runs:integer", rows), "runs by status") == (
        "FINISHED 120 is above FAILED 12 by 108 (runs)."
    )


def test_a_difference_to_infinity_is_not_computed(make_table: MakeTable) -> None:
    rows = [("a", 1.7976931348623157e308), ("b", 0.5)]
    assert said(make_table("model:text loss:real", rows), "a vs b", loss=LOWER) == (
        "b 0.5 beats a ∞ (loss)."
    )


def test_a_trend_has_its_ends_and_its_best(make_table: MakeTable) -> None:
    rows = [(MAY_4 + i * DAY, v) for i, v in enumerate([0.81, 0.95, 0.93])]
    table = make_table("day:day avg_auc:real", rows)
    assert said(table, "average auc by day", avg_auc=HIGHER) == (
        "Average auc went from 0.81 (2026-05-04) to 0.93 (2026-05-06); best 0.95 (2026-05-05)."
    )


def test_a_trend_reads_in_the_order_of_time(make_table: MakeTable) -> None:
    table = make_table("day:text runs:integer", [("2026-05-06", 7), ("2026-05-04", 3)])
    assert said(table, "runs per day") == "Runs went from 3 (2026-05-04) to 7 (2026-05-06)."


def test_a_flat_trend_is_said_to_stay(make_table: MakeTable) -> None:
    table = make_table("step:integer loss:real", [(0, 0.5), (1, 0.5), (2, 0.5)])
    assert said(table, "loss by step") == "loss stayed at 0.5 (step 0 to step 2)."


def test_each_series_of_a_history_is_told(make_table: MakeTable) -> None:
    rows = [("a", 0, 0.9), ("a", 5, 0.1), ("b", 0, 0.8), ("b", 5, 0.2)]
    table = make_table("run:text step:integer loss:real", rows)
    assert said(table, "loss by step", loss=LOWER) == (
        "loss: a went from 0.9 (step 0) to 0.1 (step 5); b went from 0.8 (step 0) to 0.2 (step 5)."
    )


def test_a_list_is_counted_and_read_out(make_table: MakeTable) -> None:
    table = make_table("experiment:text", [("a",), ("b",), ("c",)])
    assert said(table, "experiments") == "3 experiments: a, b and c."


def test_the_latest_run_is_said_with_its_time(make_table: MakeTable) -> None:
    rows = [("a", MAY_4), ("b", MAY_4 - DAY)]
    table = make_table("run:text start_time:integer", rows)
    assert said(table, "latest 2 runs") == "2 runs, latest first: a (2026-05-04 00:00) and b."


def test_versions_are_named_by_their_model_and_no_order_is_claimed_that_is_none(
    make_table: MakeTable,
) -> None:
    rows = [("risk", 4, "svc", MAY_4), ("digits", 3, "mlp", MAY_4 + DAY), ("wine", 2, "rf", MAY_4)]
    table = make_table("model:text version:integer run:text creation_time:integer", rows)
    assert said(table, "latest version of each model") == (
        "3 versions: risk v4, digits v3 and wine v2."
    )


def test_one_thing_is_told_with_what_is_known_of_it(make_table: MakeTable) -> None:
    table = make_table("run:text status:text user:text", [("a", "FAILED", "kim")])
    assert said(table, "run a") == "a: status FAILED and user kim."


def test_an_empty_answer_says_what_emptied_it(make_table: MakeTable) -> None:
    table = make_table("run:text auc:real", [])
    why = ["without 'status failed' there are 14"]
    assert said(table, "failed runs", why) == (
        "No runs match: without 'status failed' there are 14."
    )
    assert said(table, "failed runs") == "No runs match."


def test_a_cut_result_is_said_to_be_cut(make_table: MakeTable) -> None:
    table = make_table("experiment:text", [("a",), ("b",)], truncated=True)
    assert said(table, "experiments").endswith(" First 2 rows; there are more.")


def test_infinity_is_shown_and_ranked(make_table: MakeTable) -> None:
    rows = [("a", 1.7976931348623157e308), ("b", 0.5)]
    assert said(make_table("run:text loss:real", rows), "worst runs by loss", loss=LOWER) == (
        "Worst: a (loss ∞), then b (0.5)."
    )


def test_hostile_names_are_cleaned(make_table: MakeTable) -> None:
    rows = [("a\x1b[31m\u202eevil", 0.9), ("b", 0.8)]
    told = said(make_table("run:text auc:real", rows), "best runs by auc", auc=HIGHER)
    assert "\x1b" not in told
    assert "\u202e" not in told


EVERY_SHAPE: Sequence[tuple[str, Sequence[Sequence[Cell]], str]] = [
    ("run:text auc:real", [("a", 0.934), ("b", 0.92), ("c", 0.9), ("d", 0.8)], "top runs by auc"),
    ("status:text runs:integer", [("F", 12), ("G", 120), ("H", 3)], "runs by status"),
    ("day:day auc:real", [(MAY_4, 0.81), (MAY_4 + DAY, 0.95), (MAY_4 + 2 * DAY, 0.93)], "auc"),
    ("step:integer loss:real", [(0, 0.9), (7, 0.1)], "loss by step"),
    ("run:text loss:real", [("a", None), ("b", 0.25)], "runs"),
    ("loss:real", [(0.5,), (0.25,)], "losses"),
]


@pytest.mark.parametrize(("columns", "rows", "title"), EVERY_SHAPE)
def test_every_number_of_a_headline_is_a_cell_or_a_count_of_rows(
    columns: str, rows: Sequence[Sequence[Cell]], title: str, make_table: MakeTable
) -> None:
    told = re.sub(r"\d{4}-\d\d-\d\d", "", said(make_table(columns, rows), title))
    cells = {number(v) for row in rows for v in row if isinstance(v, int | float)}
    counts = {str(count) for count in range(len(rows) + 1)}
    assert set(re.findall(r"\d[\d,.]*\d|\d", told)) <= cells | counts


def _told(table: ResultTable, draft: Draft, zone: ZoneInfo, notes: Sequence[str] = ()) -> list[str]:
    query = approve(draft.sql, Policy(default_schema("sqlite"), "sqlite"))
    return list(tell(draft, query, table, notes=notes, zone=zone).assumptions)


def test_assumptions_carry_the_probes_and_the_zone_of_shown_times(make_table: MakeTable) -> None:
    table = make_table("run:text start_time:integer", [("a", MAY_4)])
    draft = Draft(NEEDLESS, "latest run", "offline", assumptions=("deleted runs left out",))
    told = _told(table, draft, ZoneInfo("Europe/Berlin"), ["3 NaN left out"])
    assert told == ["deleted runs left out", "3 NaN left out", "times in Europe/Berlin"]


def test_a_chart_wish_that_cannot_be_met_is_said(make_table: MakeTable) -> None:
    draft = Draft(NEEDLESS, "experiments", "offline", chart=ChartWish("line"))
    told = _told(make_table("experiment:text", [("a",), ("b",)]), draft, UTC)
    assert told == ["this result cannot be drawn as a line chart"]


def test_an_answer_keeps_the_sql_that_ran_and_its_parameters(make_table: MakeTable) -> None:
    draft = Draft("SELECT name FROM experiments WHERE name = 'x'", "x", "offline")
    query = approve(draft.sql, Policy(default_schema("sqlite"), "sqlite"))
    answer = tell(draft, query, make_table("name:text", [("x",)]), zone=UTC)
    assert answer.sql == query.sql
    assert list(answer.params.values()).count("x") == 1


def test_a_probe_of_zero_says_nothing() -> None:
    assert fill(Probe("…", "{n} NaN left out"), 0) is None
    assert fill(Probe("…", "{n} NaN left out"), 1204) == "1,204 NaN left out"


def test_a_probe_of_one_is_in_the_singular() -> None:
    probe = Probe("…", "without “failed” it would be {n} runs")
    assert fill(probe, 1) == "without “failed” it would be 1 run"
    assert fill(probe, 14) == "without “failed” it would be 14 runs"


def test_assumptions_read_as_one_sentence() -> None:
    parts = ["latest val_accuracy", "deleted runs left out.", "", "3 NaN left out"]
    assert in_words(parts) == "Latest val_accuracy, deleted runs left out, 3 NaN left out."
    assert in_words([]) == ""


def test_runs_that_share_a_name_are_called_by_it_and_not_by_their_user(
    make_table: MakeTable,
) -> None:
    rows = [("logreg", "carla", 0.95, "aaaa1111"), ("logreg", "ali", 0.92, "bbbb2222")]
    table = make_table("run:text user:text recall:real run_id:text", rows)
    draft = Draft("SELECT name FROM runs", "top 2 runs by recall", "offline")
    said = headline(draft, table, UTC)
    assert "logreg" in said
    assert said.index("logreg") < said.index("0.95")


A, B = "a" * 32, "b" * 32


def test_curves_of_runs_that_share_a_name_are_told_apart(make_table: MakeTable) -> None:
    rows = [("mlp", 0, 1.5, A), ("mlp", 9, 0.7, A), ("mlp", 0, 0.6, B), ("mlp", 9, 0.1, B)]
    table = make_table("run:text step:integer loss:real run_id:text", rows)
    assert said(table, "loss of the mlp runs", loss=LOWER) == (
        "loss: mlp (aaaaaaaa) went from 1.5 (step 0) to 0.7 (step 9);"
        " mlp (bbbbbbbb) went from 0.6 (step 0) to 0.1 (step 9)."
    )


def test_a_step_of_each_run_is_told_and_is_no_curve(make_table: MakeTable) -> None:
    table = make_table("run:text step:integer run_id:text", [("mlp", 2, A), ("mlp", 9, B)])
    assert said(table, "first step with auc 0.9") == ("2 runs. Earliest: mlp (aaaaaaaa) (step 2).")


def test_the_column_that_orders_the_rows_is_what_the_answer_is_about(make_table: MakeTable) -> None:
    rows = [("a", 1.4, 0.6), ("b", 2.3, 0.3), ("c", 0.1, 0.02)]
    table = make_table("run:text val_loss:real worse_by:real", rows)
    assert said(table, "runs with last val_loss above their best", val_loss=LOWER) == (
        "Highest: a (worse_by 0.6), then b (0.3) and c (0.02)."
    )


def test_what_was_counted_at_a_place_comes_after_it(make_table: MakeTable) -> None:
    assert said(make_table("hour:integer runs:integer", [(12, 58)]), "hour with most runs") == (
        "Hour 12: 58 runs."
    )
    assert said(make_table("avg_f1:real runs:integer", [(0.8, 9)]), "average f1") == (
        "Average f1 0.8 over 9 runs."
    )


def test_a_time_and_a_count_of_one_thing_read_as_words(make_table: MakeTable) -> None:
    table = make_table("experiment:text last_finished:time runs:integer", [("iris", MAY_4, 4)])
    assert said(table, "experiments without runs since") == (
        "iris: last finished 2026-05-04 00:00 and 4 runs."
    )


def test_a_duration_says_its_unit_once(make_table: MakeTable) -> None:
    table = make_table("run:text duration_min:real", [("a", 400.0), ("b", 80.0), ("c", 7.0)])
    assert said(table, "longest runs").startswith("Longest: a (duration 6 h 40 min), then b")


def test_two_rows_of_a_list_are_not_set_against_each_other(make_table: MakeTable) -> None:
    table = make_table("user:text runs:integer", [("carlos", 60), ("zoe", 3)])
    assert said(table, "users without killed runs") == "Most: carlos (60 runs), then zoe (3)."
    assert said(table, "runs by user") == "carlos 60 is above zoe 3 by 57 (runs)."


def test_groups_are_called_by_what_tells_them_apart(make_table: MakeTable) -> None:
    rows = [("bob", "iris", 9), ("mei", "wine", 7), ("ann", "iris", 2)]
    table = make_table("user:text experiment:text hours:real", rows)
    assert said(table, "experiment with the most compute time per user") == (
        "Most: bob (hours 9), then mei (7) and ann (2)."
    )


def test_of_shares_the_percentage_is_told(make_table: MakeTable) -> None:
    rows = [("rf", 4, 8, 50.0), ("mlp", 3, 10, 30.0), ("nb", 1, 20, 5.0)]
    table = make_table("model:text matching:integer runs:integer percent:real", rows)
    assert said(table, "runs with recall above 0.8 per model") == (
        "Highest: rf (percent 50 %), then mlp (30 %) and nb (5 %)."
    )


def test_the_epoch_that_was_asked_for_is_told_before_the_metric(make_table: MakeTable) -> None:
    rows = [("mlp", 9, 0.2, A), ("mlp", 3, 0.3, B), ("rf", 5, 0.1, "c" * 32)]
    table = make_table("run:text step:integer val_loss:real run_id:text", rows)
    told = said(table, "epoch of the lowest val_loss", val_loss=LOWER)
    assert told == "Earliest: mlp (bbbbbbbb) (step 3), then rf (5) and mlp (aaaaaaaa) (9)."
