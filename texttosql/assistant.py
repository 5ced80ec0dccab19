"""The corridor itself: a question walks through every room and comes out as a reply.

Nothing here is global and nothing is kept between questions: the thread's past is the journal's,
the store's names are the storehouse's. One Assistant serves many threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

from texttosql.errors import Refused, TextToSQLError
from texttosql.flow import Answer, Clarification, Declined, Draft, Outcome, Question, Reply, Turn
from texttosql.guard import approve
from texttosql.ports import Interpreter, Journal
from texttosql.storehouse import Snapshot, Storehouse
from texttosql.tell import fill, tell

_PAST = 10  # earlier turns a question may lean on


class Assistant:
    """Questions in, replies out. `clock` gives seconds; only their differences are used."""

    def __init__(
        self,
        storehouse: Storehouse,
        interpreter: Interpreter,
        journal: Journal,
        zone: ZoneInfo,
        clock: Callable[[], float],
    ) -> None:
        self._storehouse, self._interpreter, self._journal = storehouse, interpreter, journal
        self._zone, self._clock = zone, clock

    def ask(self, question: Question) -> Reply:
        """How the turn ended, recorded. Raises JournalError when it cannot be recorded."""
        turn_id = self._journal.begin(question)
        watch = Stopwatch(self._clock)
        reply = self._walk(question, watch)
        reply = replace(reply, turn_id=turn_id, timings_ms=dict(watch.laps))
        self._journal.finish(reply)
        return reply

    def close(self) -> None:
        """Give back the store's and the journal's connections."""
        self._storehouse.close()
        self._journal.close()

    def _walk(self, question: Question, watch: Stopwatch) -> Reply:
        draft: Draft | None = None
        try:
            with watch.lap("catalog"):
                snapshot = self._storehouse.snapshot()
            with watch.lap("interpret"):
                found = self._interpret(question, snapshot)
            if isinstance(found, Clarification):
                return Reply(question, "clarify", clarification=found)
            if isinstance(found, Declined):
                return Reply(question, "refuse", declined=found)
            draft = found
            return Reply(question, "rows", answer=self._answer(draft, snapshot, watch), draft=draft)
        except TextToSQLError as error:
            outcome: Outcome = "refuse" if isinstance(error, Refused) else "error"
            return Reply(question, outcome, error=error, draft=draft)

    def _interpret(
        self, question: Question, snapshot: Snapshot
    ) -> Draft | Clarification | Declined:
        turns: Sequence[Turn] = ()
        if question.thread:
            turns = self._journal.thread(question.thread, question.store, _PAST)
        return self._interpreter.interpret(
            question,
            turns,
            snapshot.catalog,
            lambda draft: self._storehouse.rehearse(draft, snapshot.policy),
        )

    def _answer(self, draft: Draft, snapshot: Snapshot, watch: Stopwatch) -> Answer:
        with watch.lap("guard"):
            query = approve(draft.sql, snapshot.policy)
        with watch.lap("run"):
            table = self._storehouse.run(query)
            notes = self._probed(draft, "note", snapshot)
            reasons = () if table.rows else self._probed(draft, "why_empty", snapshot)
        with watch.lap("tell"):
            return tell(draft, query, table, notes=notes, why_empty=reasons, zone=self._zone)

    def _probed(self, draft: Draft, kind: str, snapshot: Snapshot) -> Sequence[str]:
        """The filled texts of the draft's probes of a kind."""
        texts: list[str] = []
        for probe in draft.probes:
            if probe.kind != kind:
                continue
            table = self._storehouse.run(approve(probe.sql, snapshot.policy))
            count = table.rows[0][0] if table.rows else 0
            text = fill(probe, int(count or 0))
            if text is not None:
                texts.append(text)
        return texts


class Stopwatch:
    """Named laps in milliseconds; a lap run twice adds up."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.laps: dict[str, float] = {}

    @contextmanager
    def lap(self, name: str) -> Iterator[None]:
        """Time what happens inside, also when it raises."""
        start = self._clock()
        try:
            yield
        finally:
            spent = (self._clock() - start) * 1000
            self.laps[name] = self.laps.get(name, 0.0) + spent
