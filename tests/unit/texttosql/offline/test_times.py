"""Words for a period and what they mean at noon on Wednesday, 28 October 2026, in Berlin."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.unit.texttosql.offline.asking import BERLIN, NOW
from texttosql.offline.lexer import words
from texttosql.offline.line import Line
from texttosql.offline.times import find

PHRASES = """
today | 2026-10-28 | 2026-10-29
yesterday | 2026-10-27 | 2026-10-28
the day before yesterday | 2026-10-26 | 2026-10-27
this week | 2026-10-26 | 2026-11-02
last week | 2026-10-19 | 2026-10-26
previous week | 2026-10-19 | 2026-10-26
week before last | 2026-10-12 | 2026-10-19
this month | 2026-10-01 | 2026-11-01
last month | 2026-09-01 | 2026-10-01
previous month | 2026-09-01 | 2026-10-01
this quarter | 2026-10-01 | 2027-01-01
last quarter | 2026-07-01 | 2026-10-01
this year | 2026-01-01 | 2027-01-01
last year | 2025-01-01 | 2026-01-01
past week | 2026-10-21T12:00 | -
past month | 2026-09-28T12:00 | -
past year | 2025-10-28T12:00 | -
last 7 days | 2026-10-21T12:00 | -
past 3 days | 2026-10-25T12:00 | -
last two weeks | 2026-10-14T12:00 | -
last couple of days | 2026-10-26T12:00 | -
in the last 6 months | 2026-04-28T12:00 | -
last 24 hours | 2026-10-27T12:00 | -
last 48h | 2026-10-26T12:00 | -
in the last hour | 2026-10-28T11:00 | -
last 30 minutes | 2026-10-28T11:30 | -
3 days ago | 2026-10-25 | 2026-10-26
2 weeks ago | 2026-10-12 | 2026-10-19
a week ago | 2026-10-19 | 2026-10-26
a month ago | 2026-09-01 | 2026-10-01
since monday | 2026-10-26 | -
since last friday | 2026-10-23 | -
since yesterday | 2026-10-27 | -
since october | 2026-10-01 | -
since 3 days ago | 2026-10-25T12:00 | -
since 2026-10-01 | 2026-10-01 | -
since Oct 5 | 2026-10-05 | -
since the start of the month | 2026-10-01 | -
after october 10 | 2026-10-11 | -
before october 10 | - | 2026-10-10
before 2026-10-25T10:00 | - | 2026-10-25T10:00
until october 10 | - | 2026-10-11
older than 30 days | - | 2026-09-28T12:00
newer than 2 days | 2026-10-26T12:00 | -
more than 2 weeks ago | - | 2026-10-14T12:00
less than 3 days ago | 2026-10-25T12:00 | -
in october | 2026-10-01 | 2026-11-01
in september | 2026-09-01 | 2026-10-01
in november | 2025-11-01 | 2025-12-01
in march 2025 | 2025-03-01 | 2025-04-01
2026-09 | 2026-09-01 | 2026-10-01
in 2025 | 2025-01-01 | 2026-01-01
q3 | 2026-07-01 | 2026-10-01
in q3 2025 | 2025-07-01 | 2025-10-01
on 2026-10-12 | 2026-10-12 | 2026-10-13
on 10/12 | 2026-10-12 | 2026-10-13
10/12/2026 | 2026-10-12 | 2026-10-13
12 october | 2026-10-12 | 2026-10-13
october 12th | 2026-10-12 | 2026-10-13
dec 24 | 2025-12-24 | 2025-12-25
on monday | 2026-10-26 | 2026-10-27
on wednesday | 2026-10-28 | 2026-10-29
last wednesday | 2026-10-21 | 2026-10-22
last sunday | 2026-10-25 | 2026-10-26
over the weekend | 2026-10-24 | 2026-10-26
week of october 12 | 2026-10-12 | 2026-10-19
between october 1 and october 10 | 2026-10-01 | 2026-10-11
between 2026-10-01 and 2026-10-07 | 2026-10-01 | 2026-10-08
from monday to wednesday | 2026-10-26 | 2026-10-29
october 3 to 9 | 2026-10-03 | 2026-10-10
"""
CASES = [tuple(part.strip() for part in line.split("|")) for line in PHRASES.strip().splitlines()]


def _ms(text: str) -> int | None:
    if text == "-":
        return None
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000)


@pytest.mark.parametrize(("phrase", "start", "end"), CASES, ids=[case[0] for case in CASES])
def test_a_period_is_read(phrase: str, start: str, end: str) -> None:
    (period,) = find(Line(words(phrase)), NOW)
    assert (period.window.start_ms, period.window.end_ms) == (_ms(start), _ms(end))


@pytest.mark.parametrize("phrase", ["last week", "in october", "since monday", "on 2026-10-12"])
def test_a_period_is_found_inside_a_question_and_its_words_are_taken(phrase: str) -> None:
    line = Line(words(f"runs by alice {phrase} with f1 above 0.9"))
    (period,) = find(line, NOW)
    assert line.said(period.first, period.end) == phrase
    assert line.text.startswith("runs by alice ·")
    assert line.text.endswith("· with f1 above 0.9")


@pytest.mark.parametrize(
    "text", ["top 5 runs by f1", "runs with lr 0.01", "feb 30", "may i see the runs"]
)
def test_what_is_no_period_is_not_read_as_one(text: str) -> None:
    assert find(Line(words(text)), NOW) == []


def test_a_week_with_the_change_of_the_clocks_is_an_hour_longer() -> None:
    (period,) = find(Line(words("last week")), NOW)
    assert period.window.start_ms is not None
    assert period.window.end_ms is not None
    assert period.window.end_ms - period.window.start_ms == (7 * 24 + 1) * 3_600_000


def test_the_words_of_a_period_are_kept_for_titles() -> None:
    (period,) = find(Line(words("runs since Oct 5 please")), NOW)
    assert period.window.words == "since Oct 5"
