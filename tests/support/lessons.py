"""Verified examples as a test wants them, and what every keeper of them promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from texttosql.flow import ChartWish, ColumnNote, Draft, Probe
from texttosql.learning.example import Example
from texttosql.plan import Plan, Ref, Sort, Window
from texttosql.ports import Examples

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
BEST = "best 5 runs by val_äcc 🚀"
SQL = "SELECT r.name AS run FROM runs AS r WHERE r.status = 'FINISHED'"
SCORE = Ref("metric", "val_äcc")
DRAFT = Draft(
    sql=SQL,
    title="top 5 runs by val_äcc",
    engine="offline",
    assumptions=("latest val_äcc",),
    chart=ChartWish("bar"),
    columns={"run": ColumnNote("text"), "val_äcc": ColumnNote("real", higher_is_better=True)},
    probes=(Probe("SELECT COUNT(*) AS n FROM runs", "{n} NaN left out"),),
    plan=Plan("list", show=(SCORE,), sort=Sort(SCORE, descending=True), limit=5),
)
PERIOD = replace(DRAFT, plan=Plan("list", window=Window(1, 2, "last week")))


def example(question: str = BEST, sql: str = SQL, **more: Any) -> Example:  # Any: its fields
    """What bob verified at noon of what alice asked an hour before, in the scope "prod/1"."""
    made = Example(
        id="",
        scope="prod/1",
        store="prod",
        question=question,
        draft=replace(DRAFT, sql=sql),
        source="thumb",
        verified_by="U0BOB00001",
        verified_as="bob",
        verified_at=NOON,
        asked_at=NOON - timedelta(hours=1),
        asked_by="U0ALICE001",
        turn_id="0turn",
        place="T1/C1",
    )
    return replace(made, **more)


def taught(examples: Examples, *given: Any, **more: Any) -> Example:  # Any: as for `example`
    """An example that was learned, which it has to be."""
    found = examples.learn(example(*given, **more))
    assert found is not None
    return found


class ExamplesPromises:
    """Run on memory and SQLite in tests/unit, on MySQL in tests/mysql: each gives `examples`."""

    def test_an_example_comes_back_as_it_was_learned(self, examples: Examples) -> None:
        kept = taught(examples, private_to="U0ALICE001")

        assert kept == replace(example(private_to="U0ALICE001"), id=kept.id)
        assert examples.get(kept.id) == kept
        assert examples.get("0nowhere") is None

    def test_the_very_question_finds_it_however_politely_it_is_asked(
        self, examples: Examples
    ) -> None:
        kept = taught(examples)

        assert examples.asked("prod/1", "Please: BEST 5  runs by `val_äcc` 🚀 ?", "x") is None
        assert examples.asked("prod/1", "Please: Best 5  runs by `val_äcc` 🚀 ?", "x") == kept
        assert examples.asked("prod/1", "best 6 runs by val_äcc 🚀", "x") is None
        assert examples.asked("prod/2", BEST, "x") is None

    def test_a_newer_one_takes_its_place_and_says_so(self, examples: Examples) -> None:
        old = taught(examples)
        new = taught(examples, BEST.capitalize(), "SELECT 1 AS n", source="correction")

        assert examples.asked("prod/1", BEST, None) == new
        assert examples.known("prod/1", None) == (new,)
        found = examples.get(old.id)
        assert found is not None
        assert found.retired == f"{new.id} took its place"
        assert examples.list_all(unused=True) == (new, found)

    def test_a_newer_one_takes_the_place_of_one_from_a_host_whose_clock_is_ahead(
        self, examples: Examples
    ) -> None:
        ahead = taught(examples, verified_at=NOON + timedelta(minutes=5))
        new = taught(examples, sql="SELECT 1 AS n", source="correction")

        assert new.id > ahead.id
        assert examples.known("prod/1", None) == (new,)

    def test_the_same_sql_is_learned_once(self, examples: Examples) -> None:
        taught(examples)

        assert examples.learn(example(source="edited", verified_by="carol")) is None
        assert len(examples.list_all(unused=True)) == 1

    def test_a_withdrawn_one_is_not_used(self, examples: Examples) -> None:
        kept = taught(examples)

        assert examples.withdraw(kept.id, "U0CAROL001", NOON)
        assert not examples.withdraw(kept.id, "U0CAROL001", NOON)
        assert not examples.withdraw("0nowhere", "U0CAROL001", NOON)
        assert examples.asked("prod/1", BEST, None) is None
        assert examples.known("prod/1", None) == examples.list_all() == ()
        found = examples.get(kept.id)
        assert found == replace(kept, withdrawn_by="U0CAROL001", withdrawn_at=NOON)

    def test_a_thumb_brings_back_what_its_giver_withdrew_and_nothing_of_others(
        self, examples: Examples
    ) -> None:
        examples.withdraw(taught(examples).id, "U0CAROL001", NOON)

        assert examples.learn(example()) is None
        mine = taught(examples, verified_by="U0CAROL001")
        examples.withdraw(mine.id, "U0CAROL001", NOON)
        assert taught(examples, source="edited").live

    def test_what_the_store_has_outgrown_is_retired_with_the_reason(
        self, examples: Examples
    ) -> None:
        kept = taught(examples)

        assert examples.retire(kept.id, "metric val_äcc is not logged any more")
        assert not examples.retire(kept.id, "again")
        assert examples.known("prod/1", None) == ()
        found = examples.get(kept.id)
        assert found is not None
        assert found.retired == "metric val_äcc is not logged any more"

    def test_a_private_one_is_its_askers_alone(self, examples: Examples) -> None:
        hers = taught(examples, private_to="U0ALICE001")

        assert examples.asked("prod/1", BEST, "U0ALICE001") == hers
        assert examples.known("prod/1", "U0ALICE001") == (hers,)
        for other in ("U0BOB00001", None):
            assert examples.asked("prod/1", BEST, other) is None
            assert examples.known("prod/1", other) == ()

    def test_a_private_one_neither_replaces_nor_stops_one_for_all(self, examples: Examples) -> None:
        hers = taught(examples, private_to="U0ALICE001")
        everybodys = taught(examples)

        assert examples.known("prod/1", "U0ALICE001") == (everybodys, hers)
        assert examples.known("prod/1", "U0BOB00001") == (everybodys,)

    def test_those_of_a_turn_are_found_while_they_are_in_use(self, examples: Examples) -> None:
        kept = taught(examples)
        taught(examples, "another one", turn_id="0other")

        assert examples.taught_by("0turn") == (kept,)
        examples.retire(kept.id, "gone")
        assert examples.taught_by("0turn") == ()

    def test_lists_are_newest_first_of_one_store_and_no_longer_than_wanted(
        self, examples: Examples
    ) -> None:
        for number in range(4):
            at = NOON + timedelta(seconds=number)
            taught(examples, f"question {number}", verified_at=at)
        taught(examples, "elsewhere", store="dev", scope="dev/1", verified_at=at)

        assert [each.question for each in examples.known("prod/1", None, limit=2)] == [
            "question 3", "question 2",
        ]  # fmt: skip
        assert [each.question for each in examples.list_all(store="dev")] == ["elsewhere"]
        assert len(examples.list_all(limit=3)) == 3
