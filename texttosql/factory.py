"""The one place that names adapters: settings become an Assistant, an Office, a journal.

Adapters are imported when they are needed, so a question to a SQLite store by the offline engine
pays for neither a MySQL driver nor a model's SDK.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from texttosql.assistant import Assistant
from texttosql.cost import Usage
from texttosql.ports import Examples, Journal, Warehouse
from texttosql.settings import Settings
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from texttosql.claude.engine import ClaudeInterpreter
    from texttosql.explaining.explanation import Explains, Explanation
    from texttosql.flow import Reply
    from texttosql.journal.database import Database
    from texttosql.journal.memory import MemoryJournal
    from texttosql.journal.sql import SqlJournal
    from texttosql.minds import Minds
    from texttosql.office import Memory, Office, Room
    from texttosql.spending.budget import Purse


@dataclass(frozen=True, slots=True)
class Kept:
    """What an assistant remembers by; closing the journal closes all of it."""

    journal: Journal
    examples: Examples
    usage: Usage


def _now() -> datetime:
    return datetime.now(UTC)


def build_assistant(
    settings: Settings,
    *,
    store: str | None = None,
    engine: str | None = None,
    max_rows: int | None = None,
    journal: MemoryJournal | None = None,
) -> Assistant:
    """An assistant for one store. Raises SettingsError, WarehouseError or JournalError.

    `store` is a name or address, `engine` a wish for this run; None takes what settings say.
    """
    storehouse = _storehouse(settings, store, max_rows)
    kept = _kept(settings, journal)
    minds = _minds(settings, engine, store, kept)
    zone = settings.store(store).timezone
    return Assistant(storehouse, minds, kept.journal, zone, time.perf_counter)


def build_office(settings: Settings) -> Office:
    """An office for all the stores that settings name. Raises SettingsError or JournalError.

    No store is touched before it is asked.
    """
    from texttosql.configured import scope_of
    from texttosql.office import Office

    if not settings.stores.known:
        settings.store()  # which says what to set
    memory = _memory(settings)
    kept = Kept(memory.journal, memory.examples, memory.usage)
    stores = settings.stores.known
    zones = {name: store.timezone for name, store in stores.items()}
    return Office(
        zones,
        lambda name: _room(settings, name, kept),
        memory,
        scopes={name: scope_of(store) for name, store in stores.items()},
        zone=settings.timezone,
        over=_purse(settings, memory.usage).over,
    )


def _room(settings: Settings, store: str, kept: Kept) -> Room:
    from texttosql.office import Room
    from texttosql.offline.directions import higher_is_better

    minds = _minds(settings, None, store, kept)
    storehouse = _storehouse(settings, store, None)
    zone = settings.store(store).timezone
    assistant = Assistant(storehouse, minds, kept.journal, zone, time.perf_counter)
    return Room(storehouse, assistant, higher_is_better, _explainer(settings, zone))


def _memory(settings: Settings) -> Memory:
    from texttosql.journal.examples import SqlExamples
    from texttosql.journal.favourites import SqlFavourites
    from texttosql.journal.templates import SqlTemplates
    from texttosql.journal.usage import SqlUsage
    from texttosql.journal.work import SqlWork
    from texttosql.office import Memory

    database = _database(settings)
    journal = _journal(settings, database)
    return Memory(
        journal,
        SqlWork(database),
        SqlTemplates(database),
        SqlFavourites(database),
        SqlExamples(database),
        SqlUsage(database),
        journal.close,
    )


def _storehouse(settings: Settings, store: str | None, max_rows: int | None) -> Storehouse:
    chosen = settings.store(store)
    warehouse = open_warehouse(chosen.url.get_secret_value(), longest=settings.deadline)
    return Storehouse(
        warehouse,
        max_rows=max_rows or settings.max_rows,
        deadline=settings.deadline,
        ttl=settings.catalog_ttl,
        clock=time.monotonic,
        scope=chosen.policy,
    )


def _minds(settings: Settings, engine: str | None, store: str | None, kept: Kept) -> Minds:
    """Who reads a store's questions, and what was verified about it."""
    from texttosql.configured import scope_of
    from texttosql.learning.recall import Recall
    from texttosql.minds import Minds
    from texttosql.offline.engine import OfflineInterpreter

    chosen, which = settings.store(store), settings.engine_for(engine)
    recall = Recall(kept.examples, scope_of(chosen), chosen.timezone, ttl=settings.catalog_ttl)
    purse = _purse(settings, kept.usage)
    model = None if which == "offline" else _claude(settings, chosen.timezone)
    offline = OfflineInterpreter(chosen.timezone, recall.known)
    return Minds(offline, model, recall, purse.over, always=which == "claude")


def _claude(settings: Settings, zone: ZoneInfo) -> ClaudeInterpreter:
    from texttosql.claude.api.providers import open_model
    from texttosql.claude.engine import ClaudeInterpreter, Manner
    from texttosql.offline.directions import higher_is_better

    model = settings.model
    manner = Manner(zone, model.deadline, model.send_values)
    return ClaudeInterpreter(open_model(model), manner, higher_is_better, time.monotonic)


def _kept(settings: Settings, journal: MemoryJournal | None = None) -> Kept:
    """What is remembered: in the settings' journal, or as long as the one given lasts."""
    if journal is not None:
        from texttosql.journal.memory_examples import MemoryExamples
        from texttosql.journal.memory_usage import MemoryUsage

        return Kept(journal, MemoryExamples(), MemoryUsage(journal))
    from texttosql.journal.examples import SqlExamples
    from texttosql.journal.usage import SqlUsage

    database = _database(settings)
    return Kept(_journal(settings, database), SqlExamples(database), SqlUsage(database))


def _database(settings: Settings) -> Database:
    from texttosql.journal.database import Database

    return Database.open(settings.journal.get_secret_value())


def _journal(settings: Settings, database: Database) -> SqlJournal:
    """The record of every turn, traced to MLflow where that is wished."""
    from texttosql.journal.sql import SqlJournal

    if settings.model.traces is None:
        return SqlJournal(database)
    from texttosql.traces import open_traces
    from texttosql.traces.journal import TracedJournal

    return TracedJournal(database, open_traces(settings.model.traces))


def _purse(settings: Settings, usage: Usage) -> Purse:
    from texttosql.spending.budget import Purse

    return Purse(usage, settings.model.budgets, settings.timezone, _now)


def open_store(settings: Settings, store: str | None = None) -> Warehouse:
    """The warehouse of a store alone. Raises SettingsError or WarehouseError."""
    return open_warehouse(settings.store(store).url.get_secret_value(), longest=settings.deadline)


def _explainer(settings: Settings, zone: ZoneInfo) -> Explains:
    """Who says what rows show: the cheap model, unless Claude is switched off or not set up."""
    from texttosql.explaining.asking import Off
    from texttosql.explaining.explanation import model_is_off, no_model

    model = settings.model
    if not model.reachable or settings.engine == "offline":
        return Off(model_is_off() if model.reachable else no_model())
    from texttosql.claude.api.providers import open_model
    from texttosql.claude.explain.explainer import Explainer

    cheap = open_model(model, model.cheap)
    return Explainer(cheap, model.deadline, zone, send_values=model.send_values)


@contextmanager
def open_explaining(
    settings: Settings, store: str | None = None
) -> Iterator[Callable[[Reply], Explanation]]:
    """What explains a store's replies and notes the cost. Raises SettingsError, JournalError."""
    from texttosql.explaining.asking import explained

    explainer = _explainer(settings, settings.store(store).timezone)
    with open_kept(settings) as kept:
        over = _purse(settings, kept.usage).over
        yield lambda reply: explained(reply, explainer, kept.journal, over)


@contextmanager
def open_kept(settings: Settings) -> Iterator[Kept]:
    """What the settings' journal remembers, closed afterwards. Raises JournalError.

    The journal is made when there is none.
    """
    kept = _kept(settings)
    try:
        yield kept
    finally:
        kept.journal.close()
