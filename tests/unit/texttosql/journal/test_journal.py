"""What every journal promises, in memory and on disk alike."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from texttosql.errors import JournalError, QueryTooSlow, Refused, TextToSQLError
from texttosql.flow import (
    Answer,
    Cell,
    Clarification,
    Column,
    Declined,
    Draft,
    Option,
    Question,
    Reply,
    ResultTable,
)
from texttosql.plan import Plan
from texttosql.ports import Journal

Ask = Callable[..., Question]
Answered = Callable[[Question, str], Reply]


def _table(*rows: tuple[Cell, ...]) -> ResultTable:
    columns = tuple(Column(f"c{n}", "text") for n in range(len(rows[0])))
    return ResultTable(columns, rows, truncated=False, elapsed_ms=1.0)


def _told(question: Question, turn_id: str, table: ResultTable) -> Reply:
    answer = Answer("Here.", table, None, (), "SELECT 1", {}, (), "t", "offline")
    return Reply(question, "rows", turn_id, answer=answer)


def _ended(journal: Journal, question: Question, error: TextToSQLError | None = None) -> str:
    turn_id = journal.begin(question)
    journal.finish(Reply(question, "error", turn_id, error=error or QueryTooSlow("Slow.", "Less.")))
    return turn_id


def test_a_follow_up_gets_back_what_it_needs_to_patch_the_last_question(
    journal: Journal, ask: Ask, answered: Answered, draft: Draft
) -> None:
    question = ask()
    turn_id = journal.begin(question)
    journal.finish(answered(question, turn_id))

    (turn,) = journal.thread("t1", "default")

    assert turn.id == turn_id
    assert (turn.question, turn.asked_at, turn.asked_by) == (
        "best run?",
        question.asked_at,
        "alice",
    )
    assert (turn.outcome, turn.headline) == ("rows", "Best: run 6 (0.6).")
    assert turn.draft == draft
    assert (turn.columns, turn.row_count) == (("name", "score"), 7)
    assert turn.cells == tuple((f"run {n}", n / 10) for n in range(5))


def test_options_of_a_question_back_return_with_their_plans(
    journal: Journal, ask: Ask, plan: Plan
) -> None:
    question = ask("best accuracy?")
    options = (Option("val_accuracy", "best val_accuracy?", plan), Option("acc", "best acc?"))
    turn_id = journal.begin(question)
    asked = Clarification("Which accuracy?", options, "offline")
    journal.finish(Reply(question, "clarify", turn_id, clarification=asked))

    (turn,) = journal.thread("t1", "default")

    assert (turn.outcome, turn.headline, turn.options) == ("clarify", "Which accuracy?", options)


def test_a_declined_question_keeps_the_reason(journal: Journal, ask: Ask) -> None:
    question = ask("what is the weather?")
    turn_id = journal.begin(question)
    declined = Declined("That is not about runs.", ("which runs failed?",), "offline")
    journal.finish(Reply(question, "refuse", turn_id, declined=declined))

    (turn,) = journal.thread("t1", "default")

    assert (turn.outcome, turn.headline) == ("refuse", "That is not about runs.")
    assert turn.draft is None


def test_a_refused_draft_is_kept_with_what_was_said(
    journal: Journal, ask: Ask, draft: Draft
) -> None:
    question = ask()
    turn_id = journal.begin(question)
    refused = Refused("function.not_allowed", "SLEEP() is not allowed.", "Try AVG().")
    journal.finish(Reply(question, "refuse", turn_id, error=refused, draft=draft))

    (turn,) = journal.thread("t1", "default")

    assert (turn.headline, turn.draft) == ("SLEEP() is not allowed.", draft)


def test_a_turn_nobody_finished_stands_in_the_history_but_not_in_its_thread(
    journal: Journal, ask: Ask
) -> None:
    turn_id = journal.begin(ask("still running"))

    assert journal.thread("t1", "default") == ()
    (turn,) = journal.history()
    assert (turn.id, turn.outcome, turn.draft, turn.cells) == (turn_id, None, None, ())


def test_a_thread_is_its_last_turns_oldest_first_on_one_store(journal: Journal, ask: Ask) -> None:
    for number in range(5):
        _ended(journal, ask(f"question {number}"))
    _ended(journal, ask("another store", store="prod"))
    _ended(journal, ask("another thread", thread="t2"))
    _ended(journal, ask("no thread", thread=None))

    turns = journal.thread("t1", "default", limit=3)

    assert [turn.question for turn in turns] == ["question 2", "question 3", "question 4"]


def test_history_is_newest_first_and_limited(journal: Journal, ask: Ask) -> None:
    for number in range(5):
        _ended(journal, ask(f"question {number}"))

    assert [t.question for t in journal.history(limit=2)] == ["question 4", "question 3"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"thread": "t1"}, ["Best ÉPOCH"]),
        ({"asked_by": "bob"}, ["slow 100%"]),
        ({"store": "prod"}, ["slow 100%"]),
        ({"words": "époch BEST"}, ["Best ÉPOCH"]),
        ({"words": "0%"}, ["slow 100%"]),
        ({"words": "s_ow"}, []),
        ({"thread": "t1", "asked_by": "bob"}, []),
        ({}, ["slow 100%", "Best ÉPOCH"]),
    ],
)
def test_history_keeps_every_filter(
    journal: Journal, ask: Ask, chosen: dict[str, str], expected: list[str]
) -> None:
    _ended(journal, ask("Best ÉPOCH"))
    _ended(journal, ask("slow 100%", thread="t2", asked_by="bob", store="prod"))

    turns = journal.history(
        thread=chosen.get("thread"),
        asked_by=chosen.get("asked_by"),
        store=chosen.get("store"),
        words=chosen.get("words"),
    )

    assert [turn.question for turn in turns] == expected


def test_history_since_a_moment_leaves_out_what_was_asked_before(
    journal: Journal, ask: Ask
) -> None:
    berlin = timezone(timedelta(hours=1))
    _ended(journal, ask("before", asked_at=datetime(2026, 3, 1, 10, 59, tzinfo=UTC)))
    _ended(journal, ask("after", asked_at=datetime(2026, 3, 1, 11, 0, tzinfo=UTC)))

    turns = journal.history(since=datetime(2026, 3, 1, 12, 0, tzinfo=berlin))

    assert [turn.question for turn in turns] == ["after"]


def test_a_turn_tells_its_thread_and_store(journal: Journal, ask: Ask) -> None:
    journal.begin(ask(store="prod"))

    (turn,) = journal.history()

    assert (turn.thread, turn.store) == ("t1", "prod")


@pytest.mark.parametrize("text", ["🚀 beste läufe?", "a\x00b\x1b[31m", "x" * 10_000, "'; DROP --"])
def test_any_text_comes_back_as_it_was_asked(journal: Journal, ask: Ask, text: str) -> None:
    _ended(journal, ask(text, thread=text, asked_by=text[:50]))

    (turn,) = journal.thread(text, "default")

    assert (turn.question, turn.asked_by) == (text, text[:50])


def test_half_a_character_from_a_foreign_terminal_does_not_lose_the_turn(
    journal: Journal, ask: Ask
) -> None:
    _ended(journal, ask("caf\udce9"))

    assert [turn.question for turn in journal.history()] == ["caf?"]


def test_special_numbers_and_missing_cells_come_back(journal: Journal, ask: Ask) -> None:
    question = ask()
    turn_id = journal.begin(question)
    journal.finish(_told(question, turn_id, _table((float("inf"), None, 2**60, "ü"))))

    (turn,) = journal.thread("t1", "default")

    assert turn.cells == ((float("inf"), None, 2**60, "ü"),)


def test_a_large_result_leaves_only_a_taste(journal: Journal, ask: Ask) -> None:
    question = ask()
    turn_id = journal.begin(question)
    wide = tuple("y" * 5_000 for _ in range(12))
    journal.finish(_told(question, turn_id, _table(wide, wide, wide)))

    (turn,) = journal.thread("t1", "default")

    assert turn.row_count == 3
    assert turn.cells == (tuple("y" * 199 + "…" for _ in range(12)),)


def test_an_answer_to_a_turn_that_never_began_is_an_error(journal: Journal, ask: Ask) -> None:
    with pytest.raises(JournalError, match="no turn 0nowhere"):
        journal.finish(Reply(ask(), "error", "0nowhere", error=Refused("a", "b", "c")))


def test_ids_sort_as_the_turns_began_and_fit_a_url(journal: Journal, ask: Ask) -> None:
    ids = [journal.begin(ask()) for _ in range(50)]

    assert ids == sorted(set(ids))
    assert all(each.isascii() and each.isalnum() and len(each) == 14 for each in ids)


def test_many_threads_at_once_lose_nothing(journal: Journal, ask: Ask) -> None:
    def work(number: int) -> None:
        for _ in range(10):
            _ended(journal, ask(thread=f"t{number}"))

    workers = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(journal.history(limit=1_000)) == 160
    assert all(len(journal.thread(f"t{n}", "default", 99)) == 10 for n in range(16))


def test_closing_twice_is_allowed(journal: Journal) -> None:
    journal.close()
    journal.close()
