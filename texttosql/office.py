"""Many stores, one journal: what a bot asks, lists and looks up.

A store is opened when it is first asked, and one that cannot be opened is tried again by the
next question. Many threads may share an office.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from texttosql import card
from texttosql.assistant import Assistant
from texttosql.catalog import Catalog
from texttosql.cost import Usage
from texttosql.errors import Refused, SettingsError, TextToSQLError
from texttosql.explaining.asking import Off, Over, explained
from texttosql.explaining.explanation import Explains, Explanation, no_model, nothing_kept
from texttosql.flow import ChartWished, Dialect, OnStage, Question, Reply
from texttosql.guard import approve
from texttosql.learning.lessons import Lessons
from texttosql.ports import Examples, Favourites, Journal, Templates
from texttosql.storehouse import Storehouse
from texttosql.worklist import Work


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Room:
    """One open store, who answers for it, and who says what its answers show."""

    storehouse: Storehouse
    assistant: Assistant
    better: card.Better
    explainer: Explains = field(default_factory=lambda: Off(no_model()))


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept in the journal's database. `close` gives its connections back."""

    journal: Journal
    work: Work
    templates: Templates
    favourites: Favourites
    examples: Examples
    usage: Usage
    close: Callable[[], None]


@dataclass(frozen=True, slots=True)
class StoreState:
    """How a store is. `problem` says why it is not reachable; `as_of` when its names were read."""

    name: str
    reachable: bool
    dialect: Dialect | None = None
    runs: int = 0
    experiments: int = 0
    as_of: datetime | None = None
    problem: TextToSQLError | None = None


class Office:
    """`zones` are the stores there are by name, `open_room` opens one of them.

    `scopes` says by store what a verified example may be used for (`configured.scope_of`), `over`
    why a model may not be asked about a question now.
    """

    def __init__(
        self,
        zones: Mapping[str, ZoneInfo],
        open_room: Callable[[str], Room],
        memory: Memory,
        *,
        scopes: Mapping[str, str],
        zone: ZoneInfo,
        now: Callable[[], datetime] = _now,
        over: Over | None = None,
    ) -> None:
        self._zones, self._open_room, self._memory = zones, open_room, memory
        self._zone, self._now, self._over = zone, now, over
        self._rooms: dict[str, Room] = {}
        self._locks = {name: threading.Lock() for name in zones}
        self.journal, self.work = memory.journal, memory.work
        self.templates, self.favourites = memory.templates, memory.favourites
        self.usage = memory.usage
        self.lessons = Lessons(memory.journal, memory.examples, scopes, now)

    def ask(
        self, question: Question, *, turn_id: str | None = None, on_stage: OnStage | None = None
    ) -> Reply:
        """How the turn ended, recorded. Raises JournalError when it cannot be recorded."""
        try:
            room = self._room(question.store)
        except TextToSQLError as error:
            return self._noted(question, turn_id, error)
        return room.assistant.ask(question, turn_id=turn_id, on_stage=on_stage)

    def run_sql(
        self,
        question: Question,
        sql: str,
        title: str,
        *,
        turn_id: str | None = None,
        on_stage: OnStage | None = None,
    ) -> Reply:
        """A turn whose SQL somebody wrote, through the same guard. Raises JournalError."""
        try:
            room = self._room(question.store)
        except TextToSQLError as error:
            return self._noted(question, turn_id, error)
        return room.assistant.run_sql(question, sql, title, turn_id=turn_id, on_stage=on_stage)

    def check_sql(self, store: str, sql: str) -> Refused | None:
        """What the guard has against some SQL, at once: no store is asked.

        None also while a store's tables have not been read: running it will tell.
        """
        room = self._rooms.get(store)
        known = room.storehouse.last() if room else None
        if known is None:
            return None
        try:
            approve(sql, known.policy)
        except Refused as refused:
            return refused
        return None

    def replay(self, turn_id: str, *, chart: ChartWished | None = None) -> Reply | None:
        """A turn's rows as they are now; not a new turn. None when there is nothing to run.

        Raises JournalError; what goes wrong with the store is in the reply.
        """
        turn = self.journal.turn(turn_id)
        if turn is None or turn.draft is None:
            return None
        try:
            return self._room(turn.store).assistant.replay(turn, turn.draft, chart)
        except TextToSQLError as error:
            question = Question(
                turn.question, turn.asked_at, turn.asked_by, turn.thread, turn.store
            )
            return Reply(question, "error", turn_id, error=error, draft=turn.draft)

    def explains(self, store: str) -> bool:
        """Whether somebody can say what this store's answers show; False while it is not open."""
        room = self._rooms.get(store)
        return room is not None and room.explainer.ready

    def explain(self, turn_id: str) -> Explanation:
        """What a turn's rows show as they are now; the cost is added to the turn.

        Raises NotExplained, InterpreterError, JournalError, or what went wrong with the store.
        """
        reply = self.replay(turn_id)
        if reply is None:
            raise nothing_kept()
        if reply.error is not None:
            raise reply.error
        explainer = self._room(reply.question.store).explainer
        return explained(reply, explainer, self.journal, self._over)

    def catalog(self, store: str) -> Catalog:
        """The names in a store. Raises SettingsError or WarehouseError."""
        return self._room(store).storehouse.snapshot().catalog

    def dialect(self, store: str) -> Dialect:
        """The SQL that a store speaks. Raises SettingsError or WarehouseError."""
        return self._room(store).storehouse.dialect

    def zone(self, store: str) -> ZoneInfo:
        """The time zone that a store's days are counted in; the team's own for an unknown one."""
        return self._zones.get(store, self._zone)

    def stores(self) -> tuple[StoreState, ...]:
        """Every store and its state, in the order of the settings. Never fails."""
        return tuple(map(self._state, self._zones))

    def run_card(self, store: str, run_id: str) -> card.RunCard | None:
        """A run at a glance; None when there is none. Raises SettingsError or WarehouseError."""
        room = self._room(store)
        return card.run_card(room.storehouse, run_id, room.better)

    def experiment_card(self, store: str, wanted: int | str) -> card.ExperimentCard | None:
        """An experiment by id or name; None when there is none. Raises as `run_card`."""
        room = self._room(store)
        return card.experiment_card(room.storehouse, wanted, room.better)

    def close(self) -> None:
        """Give back every connection. May be called twice."""
        for room in list(self._rooms.values()):
            room.storehouse.close()
        self._memory.close()

    def _room(self, store: str) -> Room:
        """The room of a store, opened by the first who comes. Raises SettingsError and others."""
        if store not in self._zones:
            what = f"There is no store called {store!r}."
            raise SettingsError(what, f"Known: {', '.join(self._zones)}.")
        with self._locks[store]:
            if store not in self._rooms:
                self._rooms[store] = self._open_room(store)
            return self._rooms[store]

    def _noted(self, question: Question, turn_id: str | None, error: TextToSQLError) -> Reply:
        """The turn of a store that cannot be opened: it is kept like any other."""
        begun = self.journal.begin(question, turn_id)
        reply = Reply(question, "error", begun, error=error)
        self.journal.finish(reply)
        return reply

    def _state(self, store: str) -> StoreState:
        try:
            house = self._room(store).storehouse
            catalog = house.snapshot().catalog
        except TextToSQLError as error:
            room = self._rooms.get(store)
            dialect = room.storehouse.dialect if room else None
            return StoreState(store, reachable=False, dialect=dialect, problem=error)
        read = self._now() - timedelta(seconds=house.age() or 0)
        return StoreState(
            store, True, house.dialect, catalog.runs, len(catalog.experiments), as_of=read
        )
