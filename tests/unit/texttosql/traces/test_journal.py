"""What the journal has noted is traced, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from texttosql.errors import JournalError
from texttosql.flow import Declined, Question, Reply, Verdict
from texttosql.journal.database import Database
from texttosql.traces.journal import TracedJournal

ASKED = Question("how many runs?", datetime(2026, 11, 20, 12, tzinfo=UTC), "alice")


class Told:
    """`traces.Tracing` that keeps what it is told."""

    def __init__(self) -> None:
        self.turns: list[Reply] = []
        self.verdicts: list[tuple[str, Verdict | None, str, str | None]] = []
        self.closed = False

    def turn(self, reply: Reply, /) -> None:
        """Keep it."""
        self.turns.append(reply)

    def feedback(
        self, turn_id: str, verdict: Verdict | None, by: str, correction: str | None = None
    ) -> None:
        """Keep it."""
        self.verdicts.append((turn_id, verdict, by, correction))

    def close(self) -> None:
        """Note it."""
        self.closed = True


@pytest.fixture
def told() -> Told:
    """Where traces go."""
    return Told()


@pytest.fixture
def journal(tmp_path: Path, told: Told) -> TracedJournal:
    """A journal on disk."""
    return TracedJournal(Database.open(f"sqlite:///{tmp_path}/journal.db"), told)


def test_a_turn_is_traced_when_it_has_ended_and_its_feedback_after_it(
    journal: TracedJournal, told: Told
) -> None:
    turn = journal.begin(ASKED)
    assert told.turns == []

    reply = Reply(ASKED, "refuse", turn, declined=Declined("No.", (), "offline"))
    journal.finish(reply)
    journal.note_feedback(turn, "down", "bob", "I meant failed ones")

    assert told.turns == [reply]
    assert told.verdicts == [(turn, "down", "bob", "I meant failed ones")]
    noted = journal.turn(turn)
    assert noted is not None
    assert (noted.outcome, noted.feedback) == ("refuse", "down")
    journal.close()
    assert told.closed


def test_what_could_not_be_noted_is_not_traced(journal: TracedJournal, told: Told) -> None:
    reply = Reply(ASKED, "refuse", "1nosuchturn000", declined=Declined("No.", (), "offline"))

    with pytest.raises(JournalError):
        journal.finish(reply)
    with pytest.raises(JournalError):
        journal.note_feedback("1nosuchturn000", "up", "bob")

    assert (told.turns, told.verdicts) == ([], [])
    journal.close()
