"""The one place that names adapters: settings become an Assistant, an Office, a journal.

Adapters are imported when they are needed, so a question to a SQLite store by the offline engine
pays for neither a MySQL driver nor a model's SDK.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from texttosql.assistant import Assistant
from texttosql.errors import SettingsError
from texttosql.ports import Interpreter, Journal, Warehouse
from texttosql.settings import Settings
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse

if TYPE_CHECKING:
    from texttosql.office import Memory, Office, Room


def build_assistant(
    settings: Settings,
    *,
    store: str | None = None,
    engine: str | None = None,
    max_rows: int | None = None,
    journal: Journal | None = None,
) -> Assistant:
    """An assistant for one store. Raises SettingsError, WarehouseError or JournalError.

    `store` is a name or address, `engine` a wish for this run; None takes what settings say.
    """
    interpreter = _interpreter(settings, engine, store)
    storehouse = _storehouse(settings, store, max_rows)
    kept = journal or open_journal(settings)
    zone = settings.store(store).timezone
    return Assistant(storehouse, interpreter, kept, zone, time.perf_counter)


def build_office(settings: Settings) -> Office:
    """An office for all the stores that settings name. Raises SettingsError or JournalError.

    No store is touched before it is asked.
    """
    from texttosql.office import Office

    if not settings.stores.known:
        settings.store()  # which says what to set
    memory = _memory(settings)
    zones = {name: store.timezone for name, store in settings.stores.known.items()}
    return Office(
        zones,
        lambda name: _room(settings, name, memory.journal),
        memory,
        zone=settings.timezone,
    )


def _room(settings: Settings, store: str, journal: Journal) -> Room:
    from texttosql.office import Room
    from texttosql.offline.directions import higher_is_better

    interpreter = _interpreter(settings, None, store)
    storehouse = _storehouse(settings, store, None)
    zone = settings.store(store).timezone
    assistant = Assistant(storehouse, interpreter, journal, zone, time.perf_counter)
    return Room(storehouse, assistant, higher_is_better)


def _memory(settings: Settings) -> Memory:
    from texttosql.journal.database import Database
    from texttosql.journal.favourites import SqlFavourites
    from texttosql.journal.sql import SqlJournal
    from texttosql.journal.templates import SqlTemplates
    from texttosql.journal.work import SqlWork
    from texttosql.office import Memory

    database = Database.open(settings.journal.get_secret_value())
    return Memory(
        SqlJournal(database),
        SqlWork(database),
        SqlTemplates(database),
        SqlFavourites(database),
        database.close,
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


def _interpreter(settings: Settings, engine: str | None, store: str | None) -> Interpreter:
    if (engine or settings.engine) == "claude":
        what = "The claude engine is not part of this version."
        raise SettingsError(what, "Use --engine offline, or leave it out.")
    from texttosql.offline.engine import OfflineInterpreter

    return OfflineInterpreter(settings.store(store).timezone)


def open_store(settings: Settings, store: str | None = None) -> Warehouse:
    """The warehouse of a store alone. Raises SettingsError or WarehouseError."""
    return open_warehouse(settings.store(store).url.get_secret_value(), longest=settings.deadline)


def open_journal(settings: Settings) -> Journal:
    """The journal the settings name, made when there is none. Raises JournalError."""
    from texttosql.journal.sql import SqlJournal

    return SqlJournal.open(settings.journal.get_secret_value())
