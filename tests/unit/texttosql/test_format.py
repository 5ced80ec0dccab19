"""How cells read: numbers, times, durations and names made harmless."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from texttosql.flow import Cell, Column, ColumnKind
from texttosql.format import clean, dollars, duration, formatter, number, shorten, when

BERLIN = ZoneInfo("Europe/Berlin")
MAY_4 = 1_777_852_800_000  # 2026-05-04 00:00 UTC, 02:00 in Berlin


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (1_204_000, "1,204,000"),
        (0.93456, "0.9346"),
        (0.5, "0.5"),
        (3.0, "3"),
        (12_345.678, "12,346"),
        (0.000123456, "0.0001235"),
        (0.000000123456, "1.235e-7"),
        (-0.25, "-0.25"),
        (1e20, "1e+20"),
        (0.0, "0"),
    ],
)
def test_a_number_has_four_significant_digits_and_separators(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.7976931348623157e308, "∞"),
        (-1.7976931348623157e308, "−∞"),
        (float("inf"), "∞"),
        (float("nan"), "NaN"),
    ],
)
def test_infinity_as_mlflow_stores_it_reads_as_infinity(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0125, "12.5 ms"),
        (12.5, "12.5 s"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (273_600, "3 d 4 h"),
        (-90, "-1 min 30 s"),
    ],
)
def test_a_duration_reads_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (MAY_4, "time", "2026-05-04 02:00"),
        (MAY_4, "day", "2026-05-04"),
        (MAY_4, "week", "week of 2026-05-04"),
        (MAY_4, "month", "May 2026"),
        ("2026-05", "month", "May 2026"),
        ("2026-05-04", "week", "week of 2026-05-04"),
        ("someday", "day", "someday"),
        (None, "time", "–"),
        (10**18, "time", "1e+18"),
    ],
)
def test_times_are_told_in_the_teams_zone(value: Cell, kind: ColumnKind, text: str) -> None:
    assert when(value, kind, BERLIN) == text


def test_values_that_four_digits_would_make_equal_are_told_apart() -> None:
    write = formatter(Column("auc", "real"), [0.99991, 0.99994], BERLIN)
    assert [write(0.99991), write(0.99994)] == ["0.99991", "0.99994"]
    write = formatter(Column("auc", "real"), [0.123456, 0.9], BERLIN)
    assert write(0.123456) == "0.1235"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("duration_ms", 200_000, "3 min 20 s"),
        ("avg_duration_seconds", 12.5, "12.5 s"),
        ("failed_percent", 12.5, "12.5 %"),
        ("experiment_id", 123_456_789, "123456789"),
        ("version", 1200, "1200"),
        ("runs", 1200, "1,200"),
        ("latency_ms", 1200, "1,200"),
        ("duration_ms", None, "–"),
    ],
)
def test_a_columns_name_says_what_its_numbers_are(name: str, value: Cell, text: str) -> None:
    kind: ColumnKind = "integer" if isinstance(value, int) else "real"
    assert formatter(Column(name, kind), [value], BERLIN)(value) == text


def test_data_text_loses_what_could_move_a_cursor_or_turn_a_line_around() -> None:
    assert clean("a\x1b[2Jb\u202ec\nd\u200be\x00") == "a[2Jbc de"


def test_letters_and_emoji_survive_cleaning() -> None:
    family = "👨\u200d👩\u200d👧"
    assert clean(f"modèle 模型 {family}") == f"modèle 模型 {family}"


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (0, "0.00 USD"),
        (0.00004, "under 0.0001 USD"),
        (0.0042, "0.0042 USD"),
        (0.5, "0.50 USD"),
        (0.30000000000000004, "0.30 USD"),
        (0.123, "0.1230 USD"),
        (1.234, "1.23 USD"),
        (12345.6, "12,345.60 USD"),
    ],
)
def test_money_is_told_to_the_cent_and_small_amounts_finer(usd: float, text: str) -> None:
    assert dollars(usd) == text


def test_a_cut_is_shown() -> None:
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abcd", 4) == "abcd"
