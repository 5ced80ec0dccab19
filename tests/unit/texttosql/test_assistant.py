"""The corridor end to end: many threads at once, every turn recorded, every side door a reply."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.bench.make_store import USERS, Size, make
from tests.support.doubles import Failing, Found, Full, Scripted
from texttosql.assistant import Assistant, Stopwatch
from texttosql.errors import JournalError, QueryFailed, Refused, TextToSQLError
from texttosql.flow import Clarification, Declined, Draft, Option, Probe, Question, Reply
from texttosql.journal.memory import MemoryJournal
from texttosql.offline.engine import OfflineInterpreter
from texttosql.ports import Interpreter, Journal, Warehouse
from texttosql.sqlite.warehouse import SQLiteWarehouse
from texttosql.storehouse import Storehouse

ZONE = ZoneInfo("UTC")
NOW = datetime(2025, 11, 24, 12, tzinfo=UTC)
AT_ONCE = 16


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 runs by ten users in twenty experiments, one of them deleted."""
    path = tmp_path_factory.mktemp("assistant") / "mlflow.db"
    make(path, Size(runs=300, metric_rows=3_000))
    return path


def _assistant(
    store: Path | Warehouse, interpreter: Interpreter | None = None, journal: Journal | None = None
) -> Assistant:
    warehouse = SQLiteWarehouse(store) if isinstance(store, Path) else store
    storehouse = Storehouse(warehouse, max_rows=500, deadline=30, ttl=3_600, clock=time.monotonic)
    mind = interpreter or OfflineInterpreter(ZONE)
    return Assistant(storehouse, mind, journal or MemoryJournal(), ZONE, time.perf_counter)


def _ask(store: Path, found: Found, text: str = "how many runs?") -> Reply:
    with closing(_assistant(store, Scripted(found))) as assistant:
        return assistant.ask(Question(text, NOW))


def _draft(sql: str, *probes: Probe) -> Draft:
    return Draft(sql, "runs", "scripted", probes=probes)


def _runs_of(store: Path, user: str) -> int:
    sql = (
        "SELECT COUNT(*) FROM runs r JOIN experiments e USING (experiment_id) WHERE user_id = ?"
        " AND r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active'"
    )
    with closing(sqlite3.connect(store)) as database:
        return int(database.execute(sql, (user,)).fetchone()[0])


def _at_once(work: Callable[[int], list[Reply]]) -> list[list[Reply]]:
    """What `work` gives for 0 … 15, all started together."""
    start = threading.Barrier(AT_ONCE)

    def run(place: int) -> list[Reply]:
        start.wait(timeout=30)
        return work(place)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_one_assistant_gives_sixteen_threads_each_their_own_right_answer(store: Path) -> None:
    expected = {user: _runs_of(store, user) for user in USERS}
    with closing(_assistant(store)) as assistant:

        def converse(place: int) -> list[Reply]:
            first, second = USERS[place % 10], USERS[(place + 3) % 10]
            asked = (f"how many runs by {first}", f"what about {second}?")
            thread = f"thread-{place}"
            return [assistant.ask(Question(text, NOW, first, thread)) for text in asked]

        replies = _at_once(converse)
    for place, (first, second) in enumerate(replies):
        assert first.answer is not None
        assert second.answer is not None
        assert first.answer.table.rows == ((expected[USERS[place % 10]],),)
        assert second.answer.table.rows == ((expected[USERS[(place + 3) % 10]],),)


def test_the_journal_has_every_turn_of_every_thread_and_how_it_ended(store: Path) -> None:
    journal = MemoryJournal()
    with closing(_assistant(store, journal=journal)) as assistant:
        texts = ("how many runs?", "", "delete all runs", "best run by frobnication")
        replies = _at_once(
            lambda place: [assistant.ask(Question(t, NOW, f"u{place}", f"T{place}")) for t in texts]
        )
    turns = {turn.id: turn for turn in journal.history(limit=1_000)}
    assert len(turns) == AT_ONCE * len(texts)
    for conversation in replies:
        for reply in conversation:
            assert reply.turn_id is not None
            assert turns[reply.turn_id].outcome == reply.outcome
            assert turns[reply.turn_id].asked_by == reply.question.asked_by
    assert [r.outcome for r in replies[0]] == ["rows", "refuse", "refuse", "refuse"]


def test_a_follow_up_is_handed_the_turns_of_its_own_thread_and_store(store: Path) -> None:
    journal, mind = MemoryJournal(), Scripted(Declined("no", (), "scripted"))
    with closing(_assistant(store, mind, journal)) as assistant:
        assistant.ask(Question("first", NOW, thread="T"))
        assistant.ask(Question("elsewhere", NOW, thread="U"))
        assistant.ask(Question("of another store", NOW, thread="T", store="other"))
        assistant.ask(Question("second", NOW, thread="T"))
        assert [turn.question for turn in mind.turns] == ["first"]
        assistant.ask(Question("third", NOW))
        assert mind.turns == ()


def test_a_draft_the_guard_refuses_is_a_refusal_with_its_rule(store: Path) -> None:
    journal, mind = MemoryJournal(), Scripted(_draft("DELETE FROM runs"))
    with closing(_assistant(store, mind, journal)) as assistant:
        reply = assistant.ask(Question("remove them", NOW))
    assert reply.outcome == "refuse"
    assert reply.answer is None
    assert isinstance(reply.error, Refused)
    assert reply.error.rule == "statement.not_select"
    assert reply.error.fix
    assert isinstance(mind.rehearsed, Refused)
    assert mind.rehearsed.rule == reply.error.rule
    (turn,) = journal.history()
    assert (turn.outcome, turn.headline) == ("refuse", reply.error.what)


def test_a_rehearsal_says_nothing_against_a_draft_that_would_run(store: Path) -> None:
    mind = Scripted(_draft("SELECT COUNT(*) AS n FROM runs"))
    with closing(_assistant(store, mind)) as assistant:
        assert assistant.ask(Question("how many?", NOW)).outcome == "rows"
    assert mind.rehearsed is None


def test_a_warehouse_that_fails_is_an_error_with_its_reference(store: Path) -> None:
    failed = QueryFailed("The database turned it down.", "Say it otherwise.", reference="ab12cd34")
    warehouse, journal = Failing(SQLiteWarehouse(store), failed), MemoryJournal()
    with closing(_assistant(warehouse, journal=journal)) as assistant:
        assert assistant.ask(Question("how many runs?", NOW)).outcome == "rows"
        warehouse.broken = True
        reply = assistant.ask(Question("how many runs?", NOW))
    assert reply.outcome == "error"
    assert reply.error is failed
    assert reply.error.reference == "ab12cd34"
    assert reply.draft is not None
    assert journal.history()[0].outcome == "error"


def test_a_store_that_vanished_is_an_error_and_the_turn_is_kept(
    sqlite_store: Path,
) -> None:
    journal = MemoryJournal()
    with closing(_assistant(sqlite_store, journal=journal)) as assistant:
        sqlite_store.unlink()
        reply = assistant.ask(Question("how many runs?", NOW))
    assert reply.outcome == "error"
    assert reply.error is not None
    assert str(sqlite_store) in reply.error.what
    assert [turn.question for turn in journal.history()] == ["how many runs?"]


def test_what_an_engine_raises_becomes_the_reply(store: Path) -> None:
    error = TextToSQLError("I lost the thread.", "Say it another way.")
    reply = _ask(store, error)
    assert (reply.outcome, reply.error) == ("error", error)


def test_a_question_back_and_a_no_pass_through_as_they_are(store: Path) -> None:
    asked = Clarification("Which one?", (Option("a", "the a"), Option("b", "the b")), "scripted")
    no = Declined("Not here.", ("how many runs?",), "scripted")
    assert _ask(store, asked).clarification is asked
    assert _ask(store, asked).outcome == "clarify"
    assert _ask(store, no).declined is no
    assert _ask(store, no).outcome == "refuse"


def test_a_question_that_cannot_be_recorded_is_not_asked(store: Path) -> None:
    with (
        closing(_assistant(store, journal=Full())) as assistant,
        pytest.raises(JournalError, match="no room"),
    ):
        assistant.ask(Question("how many runs?", NOW))


def test_a_note_is_said_when_its_count_is_not_zero(store: Path) -> None:
    some = Probe("SELECT COUNT(*) AS n FROM experiments", "{n} experiments looked at")
    none = Probe("SELECT COUNT(*) AS n FROM runs WHERE name = 'no such'", "{n} odd ones left out")
    reply = _ask(store, _draft("SELECT COUNT(*) AS n FROM runs", some, none))
    assert reply.answer is not None
    words = " ".join((reply.answer.headline, *reply.answer.assumptions))
    assert "20 experiments looked at" in words
    assert "odd ones" not in words


@pytest.mark.parametrize(("where", "told"), [("name = 'no such'", True), ("1 = 1", False)])
def test_an_empty_answer_says_which_condition_emptied_it(
    store: Path, where: str, told: bool
) -> None:
    why = Probe(
        "SELECT COUNT(*) AS n FROM runs", "without the name there are {n} runs", "why_empty"
    )
    reply = _ask(store, _draft(f"SELECT name FROM runs WHERE {where}", why))
    assert reply.answer is not None
    words = " ".join((reply.answer.headline, *reply.answer.assumptions))
    assert ("without the name there are 300 runs" in words) is told


def test_a_count_that_fails_leaves_the_empty_answer_standing(store: Path) -> None:
    every = "SELECT COUNT(*) AS n FROM runs"
    bad = "SELECT JSON_EXTRACT(name, '$[') AS n FROM runs"
    probes = [Probe(sql, f"{{n}} rows {at}", "why_empty") for at, sql in enumerate((every, bad))]

    reply = _ask(store, _draft("SELECT name FROM runs WHERE name = 'no such'", *probes))

    assert reply.answer is not None, reply.error
    assert "300 rows 0" in " ".join((reply.answer.headline, *reply.answer.assumptions))


def test_a_reply_says_how_long_each_room_took(store: Path) -> None:
    reply = _ask(store, _draft("SELECT COUNT(*) AS n FROM runs"))
    assert list(reply.timings_ms) == ["catalog", "interpret", "guard", "run", "tell"]
    assert all(spent >= 0 for spent in reply.timings_ms.values())


def test_a_lap_counts_in_milliseconds_adds_up_and_counts_when_it_raises() -> None:
    seconds = iter([0.0, 0.25, 1.0, 1.5])
    watch = Stopwatch(lambda: next(seconds))
    with watch.lap("run"):
        pass
    with pytest.raises(KeyError), watch.lap("run"):
        raise KeyError
    assert watch.laps == {"run": 750.0}
