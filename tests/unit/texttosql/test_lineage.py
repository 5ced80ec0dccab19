"""Which earlier turns a question leans on, when several people talk in one thread."""

from __future__ import annotations

from datetime import UTC, datetime

from texttosql.flow import Turn
from texttosql.lineage import lineage

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def _thread(*told: str) -> tuple[Turn, ...]:
    """Turns from "id asker follows" lines; "-" is nobody and nothing."""
    turns = []
    for line in told:
        ident, asker, follows = (None if word == "-" else word for word in line.split())
        turns.append(Turn(ident or "", "?", NOON, "rows", asker, follows=follows))
    return tuple(turns)


def _ids(turns: tuple[Turn, ...]) -> str:
    return " ".join(turn.id for turn in turns)


TWO = _thread("1 ann -", "2 bob 1", "3 ann 1", "4 bob 2", "5 ann 3")


def test_two_people_in_one_thread_each_go_on_from_their_own_last_answer() -> None:
    assert _ids(lineage(TWO, "ann")) == "1 3 5"
    assert _ids(lineage(TWO, "bob")) == "1 2 4"


def test_who_is_new_to_a_thread_goes_on_from_its_last_answer() -> None:
    assert _ids(lineage(TWO, "cem")) == "1 3 5"
    assert _ids(lineage(TWO[:4], "cem")) == "1 2 4"


def test_an_unknown_asker_goes_on_from_the_last_answer() -> None:
    assert _ids(lineage(TWO, None)) == "1 3 5"


def test_a_turn_that_is_named_comes_before_the_askers_own() -> None:
    assert _ids(lineage(TWO, "ann", "4")) == "1 2 4"


def test_a_turn_that_is_not_there_is_as_if_none_was_named() -> None:
    assert _ids(lineage(TWO, "bob", "99")) == "1 2 4"


def test_turns_of_older_journals_step_to_the_one_before() -> None:
    old = _thread("1 ann -", "2 bob -", "3 ann -")
    assert _ids(lineage(old, "ann")) == "1 2 3"
    assert _ids(lineage(old, "bob")) == "1 2"


def test_a_line_that_leaves_what_was_looked_at_ends_there() -> None:
    assert _ids(lineage(TWO[2:], "ann")) == "3 5"


def test_a_first_question_leans_on_nothing() -> None:
    assert lineage((), "ann", "1") == ()


def test_turns_that_follow_themselves_or_later_ones_do_not_go_round_for_ever() -> None:
    assert _ids(lineage(_thread("1 ann 2", "2 ann 2"), "ann")) == "2"
