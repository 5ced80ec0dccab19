"""The dev questions are many, mixed, and each has right rows in the demo store.

How their gold queries read a question: deleted runs and experiments are left out; a metric is
its latest value unless the question says curve, peak or ever; NaN and infinities are in no
ranking and no average; days are UTC, weeks start on Monday; "last 7 days" is rolling, "last
week" the calendar week before; a running run has no duration; a group without a value is no
row. A line marked `empty` has, rightly, no rows.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.demo_fixture import demo_database
from tests.unit.texttosql.evaluation.verdicts import house
from texttosql.evaluation.files import Asked, Row, read_questions
from texttosql.evaluation.golds import Golds

FOLDER = Path(__file__).resolve().parents[2] / "eval"
LINES = {
    name: (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    for name in ("questions", "threads")
}
SINGLES = read_questions(LINES["questions"])
TURNS = read_questions(LINES["threads"])
THREADS = [json.loads(line) for line in LINES["threads"]]
MARKED_EMPTY = {
    record["id"] for record in map(json.loads, LINES["questions"]) if record.get("empty")
}
AT_THE_CUT = re.compile(r" LIMIT (?=\d)")


@pytest.fixture(scope="module")
def store() -> Iterator[Golds]:
    with closing(house(f"sqlite:///{demo_database()}", max_rows=2_000)) as opened:
        yield Golds(opened)


def golds(asked: Asked) -> list[str]:
    return [] if asked.gold is None else [asked.gold, *asked.also]


def every_gold() -> Iterator[tuple[str, str]]:
    return ((asked.id, gold) for asked in (*SINGLES, *TURNS) for gold in golds(asked))


def test_there_are_at_least_150_questions() -> None:
    assert len(SINGLES) >= 150


def test_there_are_at_least_25_threads_of_two_to_four_turns() -> None:
    assert len(THREADS) >= 25
    assert {len(thread["turns"]) for thread in THREADS} <= {2, 3, 4}


@pytest.mark.parametrize("expect", ["clarify", "refuse"])
def test_at_least_15_are_ambiguous_and_15_to_decline(expect: str) -> None:
    assert sum(asked.expect == expect for asked in SINGLES) >= 15


def test_no_id_and_no_single_question_comes_twice() -> None:
    ids = Counter(asked.id for asked in (*SINGLES, *TURNS))
    texts = Counter(asked.text.casefold() for asked in SINGLES)
    assert [name for name, times in (ids + texts).items() if times > 1] == []


def test_only_a_question_that_expects_rows_has_a_gold_query() -> None:
    asked = (*SINGLES, *TURNS)
    assert [one.id for one in asked if (one.gold is None) == (one.expect == "rows")] == []


def test_a_threads_turns_after_the_first_are_scored_as_follow_ups() -> None:
    for thread in THREADS:
        assert {turn.get("category") for turn in thread["turns"][1:]} == {"follow-up"}


def test_every_gold_query_gives_rows_or_is_marked_empty(store: Golds) -> None:
    asked = [one for one in (*SINGLES, *TURNS) if one.gold is not None]
    without = {one.id for one in asked if not _has_values(store, str(one.gold))}
    assert without == MARKED_EMPTY


def test_every_further_accepted_query_gives_rows_or_is_marked_empty(store: Golds) -> None:
    wrong = [n for n, sql in every_gold() if n not in MARKED_EMPTY and not _has_values(store, sql)]
    assert wrong == []


def test_no_top_k_is_cut_between_equal_values(store: Golds) -> None:
    cut = [(name, sql) for name, sql in every_gold() if AT_THE_CUT.search(sql)]
    ranked = [(name, sql) for name, sql in cut if " live l " in sql]
    assert len(ranked) > 50
    assert [name for name, sql in ranked if _depends_on_the_tie(store, sql)] == []


def _has_values(store: Golds, sql: str) -> bool:
    """Whether a row came that holds something: an average over nothing is one row of NULL."""
    return any(cell is not None for row in _rows(store, sql) for cell in row)


def _rows(store: Golds, sql: str) -> tuple[Row, ...]:
    """Through the guard, as `tracktalk eval --score` runs it; none of it cut."""
    (rows,) = store.of(Asked("gold", "gold", "?", "rows", gold=sql))
    return rows


def _depends_on_the_tie(store: Golds, sql: str) -> bool:
    """Whether runs of equal rank, taken in another order, give other rows."""
    one, other = (
        Counter(_rows(store, AT_THE_CUT.sub(f", l.run_uuid {way} LIMIT ", sql)))
        for way in ("ASC", "DESC")
    )
    return one != other
