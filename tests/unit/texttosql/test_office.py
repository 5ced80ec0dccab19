"""Many stores and one journal: what a bot gets, also when stores are missing and threads many."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.unit.texttosql.offices import count, open_office, question, write_stores
from tests.unit.texttosql.offline.small_store import new_small_store
from texttosql.errors import JournalError, SettingsError, WarehouseDown
from texttosql.factory import build_office
from texttosql.flow import Reply
from texttosql.journal.memory_examples import MemoryExamples
from texttosql.journal.sql import SqlJournal
from texttosql.learning.lessons import Teacher
from texttosql.office import Memory, Office, Room
from texttosql.settings import from_env


def test_each_question_goes_to_the_store_it_names(office: Office) -> None:
    small = count(office.ask(question()))
    large = count(office.ask(question(store="large")))
    assert (small, large) == (office.catalog("small").runs, office.catalog("large").runs)
    assert small != large


def test_nothing_is_opened_before_it_is_asked(stores: Path, tmp_path: Path) -> None:
    with closing(open_office(stores, tmp_path / "journal.db")) as office:
        assert office.zone("lost").key == "UTC"
        assert office.ask(question()).outcome == "rows"


def test_an_unknown_store_is_an_error_that_names_the_known_ones(office: Office) -> None:
    reply = office.ask(question(store="prod"))
    assert isinstance(reply.error, SettingsError)
    assert "small, large" in reply.error.fix
    turn = office.journal.turn(reply.turn_id or "")
    assert turn is not None
    assert (turn.outcome, turn.headline) == ("error", reply.error.what)


def test_a_store_that_is_not_there_is_an_error_until_it_comes(tmp_path: Path) -> None:
    write_stores(tmp_path)
    with closing(open_office(tmp_path, tmp_path / "journal.db")) as office:
        assert isinstance(office.ask(question()).error, WarehouseDown)
        new_small_store(tmp_path / "small.db")
        assert office.ask(question()).outcome == "rows"


def test_a_promised_turn_is_the_replys(office: Office) -> None:
    promised = [office.journal.new_id() for _ in range(3)]
    replies = [
        office.ask(question(), turn_id=promised[0]),
        office.run_sql(question(), "SELECT 1 AS n", "one", turn_id=promised[1]),
        office.ask(question(store="lost"), turn_id=promised[2]),
    ]
    assert [reply.turn_id for reply in replies] == promised
    assert [office.journal.turn(each) is not None for each in promised] == [True] * 3


def test_a_turn_that_a_dead_process_began_is_finished_under_the_same_id(office: Office) -> None:
    asked = question(thread="T")
    turn_id = office.journal.begin(asked)
    reply = office.ask(asked, turn_id=turn_id)
    assert reply.outcome == "rows"
    assert [turn.id for turn in office.journal.thread("T", "small")] == [turn_id]


def test_stages_are_told_in_order_with_the_sizes_of_what_is_read(office: Office) -> None:
    told: list[tuple[str, dict[str, object]]] = []
    reply = office.ask(
        question("average latency_ms by experiment", "large"),
        on_stage=lambda stage, detail: told.append((stage, dict(detail))),
    )
    assert reply.outcome == "rows"
    assert [stage for stage, _ in told] == ["catalog", "interpret", "run"]
    assert told[-1][1]["tables"] == ("experiments", "latest_metrics", "runs")
    rows = told[-1][1]["rows"]
    assert isinstance(rows, dict)
    assert rows["runs"] == 300
    assert rows["latest_metrics"] > 300


def test_sizes_of_a_whole_store_are_not_told_to_who_may_see_a_part(office: Office) -> None:
    told: list[object] = []
    office.ask(question(store="scoped"), on_stage=lambda _, detail: told.append(detail))
    assert told[-1] == {"tables": ("experiments", "runs"), "rows": {}}


def test_a_follow_up_patches_the_question_before_it_also_after_a_restart(
    stores: Path, tmp_path: Path
) -> None:
    with closing(open_office(stores, tmp_path / "journal.db")) as office:
        whole = count(office.ask(question("how many runs?", "large", thread="T")))
    with closing(open_office(stores, tmp_path / "journal.db")) as office:
        reply = office.ask(question("only the failed ones", "large", thread="T"))
        assert reply.outcome == "rows"
        assert count(reply) < whole


def test_two_people_in_one_thread_each_refine_their_own_answer(office: Office) -> None:
    def ask(text: str, by: str) -> Reply:
        return office.ask(question(text, "large", thread="T", asked_by=by))

    first = ask("how many runs by bob", "ann")
    ask("how many failed runs", "cem")
    refined = ask("what about alice?", "ann")
    assert refined.follows == first.turn_id
    assert refined.draft is not None
    assert "failed" not in refined.draft.title
    theirs = ask("by user", "cem")
    assert theirs.draft is not None
    assert "failed" in theirs.draft.title


def test_a_question_may_follow_an_answer_of_another_thread(office: Office) -> None:
    first = office.ask(question("how many failed runs", "large", thread="T1"))
    assert first.turn_id is not None
    reply = office.ask(question("by user", "large", thread="T2", follows=first.turn_id))
    assert reply.follows == first.turn_id
    assert reply.draft is not None
    assert "failed" in reply.draft.title


def test_a_question_may_follow_an_answer_outside_any_thread(office: Office) -> None:
    first = office.ask(question("how many failed runs", "large"))
    reply = office.ask(question("by user", "large", follows=first.turn_id or ""))
    assert reply.follows == first.turn_id
    assert reply.draft is not None
    assert "failed" in reply.draft.title


def test_a_turn_that_is_answered_again_leans_neither_on_itself_nor_on_later_ones(
    office: Office,
) -> None:
    first = office.ask(question("how many failed runs", "large", thread="T"))
    office.ask(question("by user", "large", thread="T"))
    again = office.ask(question("how many failed runs", "large", thread="T"), turn_id=first.turn_id)
    assert (first.follows, again.follows) == (None, None)
    assert count(again) == count(first)


def test_an_answer_of_another_store_is_not_followed(office: Office) -> None:
    first = office.ask(question("how many failed runs", "large"))
    assert first.turn_id is not None
    reply = office.ask(question("how many runs?", "small", follows=first.turn_id))
    assert reply.follows is None


def test_every_store_tells_how_it_is(office: Office) -> None:
    before = datetime.now(UTC)
    small, large, scoped, lost = office.stores()
    assert [each.name for each in (small, large, scoped, lost)] == [
        "small", "large", "scoped", "lost",
    ]  # fmt: skip
    assert (small.reachable, small.dialect, small.experiments) == (
        True, "sqlite", len(office.catalog("small").experiments),
    )  # fmt: skip
    assert small.runs == office.catalog("small").runs
    assert small.as_of is not None
    assert before - timedelta(seconds=1) <= small.as_of <= datetime.now(UTC)
    assert scoped.experiments == 2
    assert (lost.reachable, lost.runs, lost.as_of) == (False, 0, None)
    assert isinstance(lost.problem, WarehouseDown)
    assert "lost.db" in lost.problem.what


def test_a_stores_zone_is_its_own_and_the_teams_where_it_is_unknown(office: Office) -> None:
    assert (office.zone("small").key, office.zone("nowhere").key) == ("Europe/Berlin", "UTC")


def test_cards_are_of_the_store_and_the_policy_they_are_asked_for(office: Office) -> None:
    names = {each.id: each.name for each in office.catalog("large").experiments}
    hidden = next(number for number in names if number > 2)
    assert office.experiment_card("large", hidden) is not None
    assert office.experiment_card("scoped", hidden) is None
    assert office.experiment_card("scoped", 1) is not None
    with pytest.raises(SettingsError):
        office.run_card("nowhere", "0" * 32)


def test_a_store_is_opened_by_one_at_a_time(office: Office) -> None:
    both_inside = threading.Barrier(2)

    def open_room(name: str) -> Room:
        with suppress(threading.BrokenBarrierError):
            both_inside.wait(timeout=0.3)
        raise WarehouseDown(name, "This test opens nothing.")

    memory = Memory(
        office.journal, office.work, office.templates, office.favourites, MemoryExamples(),
        office.usage, lambda: None,
    )  # fmt: skip
    zones = {"a": ZoneInfo("UTC")}
    slow = Office(zones, open_room, memory, scopes={}, zone=ZoneInfo("UTC"))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: slow.ask(question(store="a")), range(2)))
    assert both_inside.broken


def test_fifty_threads_ask_two_stores_and_none_is_lost_or_mixed_up(office: Office) -> None:
    start = threading.Barrier(50)

    def converse(place: int) -> list[Reply]:
        start.wait(timeout=60)
        store = ("small", "large")[place % 2]
        return [
            office.ask(
                question(text, store, thread=f"T{place}", asked_by=f"u{place}"),
                turn_id=office.journal.new_id(),
                on_stage=lambda *_: None,
            )
            for text in ("how many runs?", "only the failed ones")
        ]

    with ThreadPoolExecutor(50) as pool:
        replies = list(pool.map(converse, range(50)))
    for kind in (0, 1):
        same = [[count(reply) for reply in each] for each in replies[kind::2]]
        assert all(each == same[0] for each in same)
    assert all(second.follows == first.turn_id for first, second in replies)
    turns = office.journal.history(limit=1_000)
    assert len(turns) == 100
    assert all(turn.outcome == "rows" for turn in turns)


def test_the_journal_worklist_templates_and_favourites_are_one_database(
    office: Office, tmp_path: Path
) -> None:
    office.favourites.add("ann", "best runs", "small")
    assert office.work.claim("E1")
    assert not office.work.claim("E1")
    assert office.templates.visible_to("ann", None, None)
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".db"] == ["journal.db"]


def test_a_journal_that_fails_is_told_and_not_answered_around(stores: Path, tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_text("dear diary, " * 400)
    with pytest.raises(JournalError, match="not a SQLite database"):
        open_office(stores, tmp_path / "journal.db")


def test_an_office_without_any_store_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No store is named"):
        build_office(from_env({"TRACKTALK_JOURNAL": f"{tmp_path}/journal.db"}))


def test_closing_twice_is_allowed_and_the_journal_can_be_opened_again(
    stores: Path, tmp_path: Path
) -> None:
    office = open_office(stores, tmp_path / "journal.db")
    office.ask(question())
    office.close()
    office.close()
    with closing(SqlJournal.open(f"sqlite:///{tmp_path}/journal.db")) as journal:
        assert len(journal.history()) == 1


def test_what_was_verified_is_answered_so_in_its_store_and_policy_alone(office: Office) -> None:
    """The store called scoped is the very database of the one called large, seen in part."""
    asked = office.ask(question(store="large"))
    office.lessons.praised(asked.turn_id or "", Teacher("bob"))

    again = office.ask(question("How many runs, please?", store="large"))
    assert again.answer is not None
    assert again.answer.engine == "verified"
    assert again.answer.assumptions[0].startswith("verified by bob on ")
    for other in ("scoped", "small"):
        reply = office.ask(question(store=other))
        assert reply.answer is not None
        assert reply.answer.engine == "offline"


def test_what_was_verified_is_replayed_and_refined_like_any_answer(office: Office) -> None:
    first = office.ask(question("top 3 runs by latency_ms", "large"))
    office.lessons.praised(first.turn_id or "", Teacher("bob"))
    verified = office.ask(question("top 3 runs by latency_ms", "large", thread="T"))
    assert verified.answer is not None
    assert first.answer is not None

    again = office.replay(verified.turn_id or "")
    refined = office.ask(question("what about the top 1", "large", thread="T"))

    assert verified.answer.engine == "verified"
    assert again is not None
    assert again.answer is not None
    assert again.answer.table.rows == verified.answer.table.rows == first.answer.table.rows
    assert refined.answer is not None
    assert refined.answer.table.rows == first.answer.table.rows[:1]
