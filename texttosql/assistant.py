"""The corridor itself: a question walks through every room and comes out as a reply.

Nothing here is global and nothing is kept between questions: a thread's past is the journal's,
the store's names are the storehouse's. One Assistant serves many threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

from texttosql.errors import Refused, TextToSQLError, WarehouseError
from texttosql.flow import (
    Answer,
    ChartWish,
    ChartWished,
    Clarification,
    Declined,
    Draft,
    Found,
    OnStage,
    Outcome,
    Question,
    Reply,
    SafeQuery,
    Turn,
)
from texttosql.guard import approve
from texttosql.lineage import lineage
from texttosql.ports import Interpreter, Journal
from texttosql.storehouse import Snapshot, Storehouse
from texttosql.tell import fill, tell
from texttosql.trial import OpenTrial

_PAST = 10  # earlier turns a question may lean on
_LOOKED_AT = 40  # turns of a thread among which they are: several people may talk in it

Interpret = Callable[[Snapshot, OpenTrial], Found]


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

    def ask(
        self, question: Question, *, turn_id: str | None = None, on_stage: OnStage | None = None
    ) -> Reply:
        """How the turn ended, recorded. Raises JournalError when it cannot be recorded.

        `turn_id`: the turn was promised before, and may have been begun by who did not live to
        finish it.
        """
        return self._turn(question, turn_id, on_stage, self._interpreted)

    def run_sql(
        self,
        question: Question,
        sql: str,
        title: str,
        *,
        turn_id: str | None = None,
        on_stage: OnStage | None = None,
    ) -> Reply:
        """A turn whose SQL somebody wrote; it goes through the guard like any other."""
        return self._turn(question, turn_id, on_stage, lambda *_: Draft(sql, title, "sql"))

    def replay(self, turn: Turn, draft: Draft, chart: ChartWished | None = None) -> Reply:
        """The rows of a turn's draft as they are now, drawn as `chart` if given; not a new turn."""
        again = replace(draft, chart=ChartWish(chart)) if chart else draft
        question = Question(
            turn.question, turn.asked_at, turn.asked_by, turn.thread, turn.store, place=turn.place
        )
        walk = self._walk(None)
        reply = walk.reply(question, lambda *_: again)
        laps = dict(walk.watch.laps)
        return replace(reply, turn_id=turn.id, follows=turn.follows, timings_ms=laps)

    def close(self) -> None:
        """Give back the store's and the journal's connections."""
        self._storehouse.close()
        self._journal.close()

    def _turn(
        self,
        question: Question,
        turn_id: str | None,
        on_stage: OnStage | None,
        interpret: Callable[[Question, Sequence[Turn], Snapshot, OpenTrial], Found],
    ) -> Reply:
        turn_id = self._journal.begin(question, turn_id)
        turns = self._past(question, turn_id)
        walk = self._walk(on_stage)
        reply = walk.reply(question, lambda names, trial: interpret(question, turns, names, trial))
        follows, laps = turns[-1].id if turns else None, dict(walk.watch.laps)
        reply = replace(reply, turn_id=turn_id, follows=follows, timings_ms=laps)
        self._journal.finish(reply)
        return reply

    def _walk(self, on_stage: OnStage | None) -> _Walk:
        return _Walk(self._storehouse, self._zone, Stopwatch(self._clock), on_stage)

    def _past(self, question: Question, turn_id: str) -> Sequence[Turn]:
        """The turns it leans on, oldest first; those of another thread where `follows` says so."""
        named = self._followed(question)
        thread = named.thread if named else question.thread
        turns: tuple[Turn, ...] = ()
        if thread is not None:
            turns = self._journal.thread(thread, question.store, _LOOKED_AT, before=turn_id)
        if named is not None and all(turn.id != named.id for turn in turns):
            turns = (named, *turns)
        return lineage(turns, question.asked_by, question.follows)[-_PAST:]

    def _followed(self, question: Question) -> Turn | None:
        """The turn it says it follows, where that has ended and is of the same store."""
        turn = self._journal.turn(question.follows) if question.follows else None
        usable = turn is not None and turn.outcome is not None and turn.store == question.store
        return turn if usable else None

    def _interpreted(
        self, question: Question, turns: Sequence[Turn], names: Snapshot, trial: OpenTrial
    ) -> Found:
        return self._interpreter.interpret(question, turns, names.catalog, trial)


class _Walk:
    """One question's way through the rooms."""

    def __init__(
        self, storehouse: Storehouse, zone: ZoneInfo, watch: Stopwatch, on_stage: OnStage | None
    ) -> None:
        self._storehouse, self._zone, self._on_stage = storehouse, zone, on_stage
        self.watch = watch

    def reply(self, question: Question, interpret: Interpret) -> Reply:
        """How it ended; what went wrong in a room is in the reply."""
        draft: Draft | None = None
        try:
            self._say("catalog")
            with self.watch.lap("catalog"):
                names = self._storehouse.snapshot()
            trial = OpenTrial(self._storehouse, names.policy, self._running)
            self._say("interpret")
            with self.watch.lap("interpret"):
                found = interpret(names, trial)
            if isinstance(found, Clarification):
                return Reply(question, "clarify", clarification=found)
            if isinstance(found, Declined):
                return Reply(question, "refuse", declined=found)
            draft = found
            return Reply(question, "rows", answer=self._answer(draft, names, trial), draft=draft)
        except TextToSQLError as error:
            outcome: Outcome = "refuse" if isinstance(error, Refused) else "error"
            return Reply(question, outcome, error=error, draft=draft)

    def _answer(self, draft: Draft, names: Snapshot, trial: OpenTrial) -> Answer:
        with self.watch.lap("guard"):
            query = approve(draft.sql, names.policy)
        table = trial.run(query)
        with self.watch.lap("run"):
            notes = tuple(self._probed(draft, "note", names))
            reasons = () if table.rows else self._why_empty(draft, names)
        with self.watch.lap("tell"):
            return tell(draft, query, table, notes=notes, why_empty=reasons, zone=self._zone)

    @contextmanager
    def _running(self, query: SafeQuery) -> Iterator[None]:
        """While the store works on a query, whoever sent it."""
        self._say_running(query)
        with self.watch.lap("run"):
            yield

    def _say(self, stage: str) -> None:
        if self._on_stage is not None:
            self._on_stage(stage, {})

    def _say_running(self, query: SafeQuery) -> None:
        """Sizes are looked at only where somebody listens: a command line's question is cold."""
        if self._on_stage is None:
            return
        sizes, tables = self._storehouse.sizes(), sorted(query.tables)
        rows = {table: sizes[table] for table in tables if table in sizes}
        self._on_stage("run", {"tables": tuple(tables), "rows": rows})

    def _why_empty(self, draft: Draft, names: Snapshot) -> Sequence[str]:
        """What would not be empty, up to the first count that fails: the answer stands without."""
        reasons: list[str] = []
        with suppress(WarehouseError):
            for reason in self._probed(draft, "why_empty", names):
                reasons.append(reason)  # noqa: PERF402 - kept one by one, for the next may fail
        return reasons

    def _probed(self, draft: Draft, kind: str, names: Snapshot) -> Iterator[str]:
        """The filled texts of the draft's probes of a kind."""
        for probe in draft.probes:
            if probe.kind != kind:
                continue
            table = self._storehouse.run(approve(probe.sql, names.policy))
            count = table.rows[0][0] if table.rows else 0
            text = fill(probe, int(count or 0))
            if text is not None:
                yield text


class Stopwatch:
    """Named laps in milliseconds; a lap run twice adds up, and one inside another is not its."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.laps: dict[str, float] = {}
        self._inside = 0.0

    @contextmanager
    def lap(self, name: str) -> Iterator[None]:
        """Time what happens inside, also when it raises."""
        start, outer = self._clock(), self._inside
        self._inside = 0.0
        try:
            yield
        finally:
            spent = (self._clock() - start) * 1000
            self.laps[name] = self.laps.get(name, 0.0) + spent - self._inside
            self._inside = outer + spent
