"""A real Assistant over the small store, and its answers in the form a test reads."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from texttosql.assistant import Assistant
from texttosql.flow import Cell, Question, Reply
from texttosql.journal.memory import MemoryJournal
from texttosql.offline.engine import OfflineInterpreter
from texttosql.plan import Plan
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 10, 28, 12, 0, tzinfo=BERLIN)
"""A Wednesday; the clocks went back on the Sunday before."""


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, read by column names."""

    reply: Reply

    @property
    def outcome(self) -> str:
        """rows, clarify, refuse or error."""
        return self.reply.outcome

    @property
    def columns(self) -> tuple[str, ...]:
        """The result's column names."""
        assert self.reply.answer is not None, self.words
        return self.reply.answer.table.names

    def rows(self, *names: str) -> list[tuple[Cell, ...]]:
        """These columns of the answer's rows, in order."""
        places = [self.columns.index(name) for name in names]
        assert self.reply.answer is not None
        return [tuple(row[place] for place in places) for row in self.reply.answer.table.rows]

    def pairs(self, key: str, value: str) -> dict[Cell, Cell]:
        """One column's cells by another's."""
        keys, values = self.column(key), self.column(value)
        return dict(zip(keys, values, strict=True))

    def column(self, name: str) -> list[Cell]:
        """One column of the answer's rows, in order."""
        return [cell for (cell,) in self.rows(name)]

    @property
    def runs(self) -> list[Cell]:
        """The names of the runs, in order."""
        return self.column("run")

    @property
    def number(self) -> Cell:
        """The first cell of the first row."""
        return self.column(self.columns[0])[0]

    @property
    def plan(self) -> Plan:
        """What the question was understood as."""
        draft = self.reply.draft
        assert draft is not None, self.words
        assert draft.plan is not None
        return draft.plan

    @property
    def options(self) -> list[str]:
        """What a question back offers."""
        asked = self.reply.clarification
        return [option.label for option in asked.options] if asked else []

    @property
    def words(self) -> str:
        """What is said: the headline, the question back, the reason or the error."""
        reply = self.reply
        said = (
            reply.answer and reply.answer.headline,
            reply.clarification and reply.clarification.question,
            reply.declined and reply.declined.reason,
            reply.error and str(reply.error),
        )
        return next(text for text in said if text)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was taken for granted, and what was left out."""
        return self.reply.answer.assumptions if self.reply.answer else ()


class Team:
    """Asks one assistant, as alice and at NOW unless told otherwise."""

    def __init__(self, store: Path, zone: ZoneInfo = BERLIN) -> None:
        self.storehouse = Storehouse(
            open_warehouse(f"sqlite:///{store}"),
            max_rows=1_000,
            deadline=20.0,
            ttl=3_600.0,
            clock=time.monotonic,
        )
        self._assistant = Assistant(
            self.storehouse, OfflineInterpreter(zone), MemoryJournal(), zone, time.perf_counter
        )
        self._threads = itertools.count()

    def ask(
        self, text: str, *, thread: str | None = None, by: str = "alice", at: datetime = NOW
    ) -> Said:
        """One question, a follow-up when `thread` has had others."""
        return Said(self.answer(Question(text, at, asked_by=by, thread=thread)))

    def answer(self, question: Question) -> Reply:
        """The reply to a question in full."""
        return self._assistant.ask(question)

    def talk(self, *texts: str) -> Said:
        """The questions one after the other in a thread of their own; the last one's reply."""
        thread = f"thread {next(self._threads)}"
        return [self.ask(text, thread=thread) for text in texts][-1]

    def close(self) -> None:
        """Give the store back."""
        self._assistant.close()


Ask = Callable[..., Said]
