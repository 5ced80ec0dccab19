"""What a bot needs of a journal: promised turns, places, lines, verdicts, drafts to run again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from texttosql.errors import JournalError, QueryTooSlow
from texttosql.flow import Clarification, ColumnNote, Draft, Option, Probe, Question, Reply
from texttosql.journal.sql import SqlJournal
from texttosql.ports import Journal

Ask = Callable[..., Question]
Answered = Callable[[Question, str], Reply]


def _ended(journal: Journal, question: Question, turn_id: str | None = None) -> str:
    begun = journal.begin(question, turn_id)
    journal.finish(Reply(question, "error", begun, error=QueryTooSlow("Slow.", "Less.")))
    return begun


def test_a_promised_turn_begins_under_its_id(journal: Journal, ask: Ask) -> None:
    promised = journal.new_id()

    assert journal.turn(promised) is None
    assert journal.begin(ask(), promised) == promised
    turn = journal.turn(promised)
    assert turn is not None
    assert (turn.question, turn.outcome, turn.finished_at) == ("best run?", None, None)


def test_beginning_a_turn_again_changes_nothing_of_it(
    journal: Journal, ask: Ask, answered: Answered
) -> None:
    question = ask()
    turn_id = journal.begin(question)
    journal.finish(answered(question, turn_id))
    before = journal.turn(turn_id)

    assert journal.begin(ask("something else"), turn_id) == turn_id

    assert journal.turn(turn_id) == before
    assert len(journal.history()) == 1


def test_a_turn_that_is_answered_again_keeps_nothing_of_its_first_end(
    journal: Journal, ask: Ask, answered: Answered
) -> None:
    question = ask()
    turn_id = journal.begin(question)
    journal.finish(answered(question, turn_id))
    options = (Option("a", "best a?"), Option("b", "best b?"))
    journal.finish(
        Reply(question, "clarify", turn_id, clarification=Clarification("Which?", options, "x"))
    )

    turn = journal.turn(turn_id)

    assert turn is not None
    assert (turn.outcome, turn.headline, turn.options) == ("clarify", "Which?", options)
    assert (turn.draft, turn.columns, turn.row_count, turn.cells) == (None, (), 0, ())


def test_a_thread_before_a_turn_leaves_out_that_turn_and_later_ones(
    journal: Journal, ask: Ask
) -> None:
    first, second = journal.new_id(), journal.new_id()
    _ended(journal, ask("third"), journal.new_id())
    _ended(journal, ask("second"), second)
    _ended(journal, ask("first"), first)

    assert [t.question for t in journal.thread("t1", "default", before=second)] == ["first"]
    assert [t.question for t in journal.thread("t1", "default", 2)] == ["second", "third"]


def test_a_turn_tells_where_it_was_asked_what_it_follows_and_when_it_ended(
    journal: Journal, ask: Ask
) -> None:
    question = ask(place="T1/C1")
    turn_id = journal.begin(question)
    error = QueryTooSlow("Slow.", "Less.")
    journal.finish(Reply(question, "error", turn_id, error=error, follows="0earlier"))

    turn = journal.turn(turn_id)

    assert turn is not None
    assert (turn.place, turn.follows) == ("T1/C1", "0earlier")
    assert turn.finished_at is not None
    assert turn.finished_at > question.asked_at


def test_a_turn_asked_outside_a_thread_joins_the_one_of_its_answer(
    journal: Journal, ask: Ask
) -> None:
    turn_id = _ended(journal, ask(thread=None))
    journal.note_thread(turn_id, "t9")

    assert [turn.id for turn in journal.thread("t9", "default")] == [turn_id]
    assert [turn.id for turn in journal.history(thread="t9")] == [turn_id]


def test_history_of_a_place_has_what_was_asked_there(journal: Journal, ask: Ask) -> None:
    _ended(journal, ask("here", place="C1"))
    _ended(journal, ask("there", place="C2"))

    assert [turn.question for turn in journal.history(place="C1")] == ["here"]


def test_what_somebody_asked_in_private_is_found_by_nobody_else(journal: Journal, ask: Ask) -> None:
    _ended(journal, ask("loss in private", asked_by="bob", place="D-bob"))
    _ended(journal, ask("loss in the channel", asked_by="bob", place="C1"))
    _ended(journal, ask("loss of my own", asked_by="ann", place="D-ann"))

    def found(asker: str, place: str) -> list[str]:
        turns = journal.history(visible_to=(asker, place), words="loss")
        return [turn.question for turn in turns]

    assert found("ann", "C1") == ["loss of my own", "loss in the channel"]
    assert found("bob", "C2") == ["loss in the channel", "loss in private"]
    assert found("cem", "C2") == []


def test_the_last_verdict_counts_and_can_be_taken_back(journal: Journal, ask: Ask) -> None:
    turn_id = _ended(journal, ask())

    def verdict() -> str | None:
        turn = journal.turn(turn_id)
        return turn.feedback if turn else "gone"

    assert verdict() is None
    journal.note_feedback(turn_id, "up", "ann")
    assert verdict() == "up"
    journal.note_feedback(turn_id, "down", "ann", "I meant recall")
    assert verdict() == "down"
    journal.note_feedback(turn_id, None, "ann")
    assert verdict() is None


def test_a_bare_thumb_down_does_not_lose_the_correction_before_it(
    on_disk: SqlJournal, ask: Ask, column: Callable[[str], object]
) -> None:
    turn_id = _ended(on_disk, ask())
    on_disk.note_feedback(turn_id, "down", "ann", "I meant recall")

    on_disk.note_feedback(turn_id, "down", "ann")
    assert column("correction") == "I meant recall"
    turn = on_disk.turn(turn_id)
    assert turn is not None
    assert turn.correction == "I meant recall"

    on_disk.note_feedback(turn_id, "up", "ann")
    assert column("correction") is None


def test_a_verdict_on_a_turn_that_never_began_is_an_error(journal: Journal) -> None:
    with pytest.raises(JournalError, match="no turn 0nowhere"):
        journal.note_feedback("0nowhere", "up", "ann")


def test_a_draft_comes_back_with_all_that_is_needed_to_tell_it_again(
    journal: Journal, ask: Ask, answered: Answered, draft: Draft
) -> None:
    whole = replace(
        draft,
        columns={"auc": ColumnNote("real", higher_is_better=True), "day": ColumnNote("day")},
        probes=(Probe("SELECT 1", "{n} NaN"), Probe("SELECT 2", "without {n}", "why_empty")),
        suggestions=("by user?", "only failed ones"),
    )
    question = ask()
    turn_id = journal.begin(question)
    journal.finish(replace(answered(question, turn_id), draft=whole))

    turn = journal.turn(turn_id)

    assert turn is not None
    assert turn.draft == whole
