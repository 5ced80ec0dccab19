"""The one place that names adapters: settings become an Assistant, a warehouse, a journal.

Adapters are imported when they are needed, so a question to a SQLite store by the offline engine
pays for neither a MySQL driver nor a model's SDK.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import time

from texttosql.assistant import Assistant
from texttosql.errors import SettingsError
from texttosql.ports import Interpreter, Journal, Warehouse
from texttosql.settings import Settings
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse


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
    chosen = settings.store(store)
    interpreter = _interpreter(settings, engine, store)
    warehouse = open_warehouse(chosen.url.get_secret_value(), longest=settings.deadline)
    storehouse = Storehouse(
        warehouse,
        max_rows=max_rows or settings.max_rows,
        deadline=settings.deadline,
        ttl=settings.catalog_ttl,
        clock=time.monotonic,
        scope=chosen.policy,
    )
    kept = journal or open_journal(settings)
    return Assistant(storehouse, interpreter, kept, chosen.timezone, time.perf_counter)


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
