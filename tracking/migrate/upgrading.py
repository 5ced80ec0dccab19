"""Run as a child: lets MLflow make or upgrade a store's tables.

It is asked for an `address` and the statements that each `session` is told first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from tracking.migrate import child


def upgrade(address: str, session: Sequence[str]) -> None:
    """What `mlflow db upgrade` does, in sessions that are told these statements first."""
    from mlflow.store.db import utils  # noqa: PLC0415  # costs seconds

    engine = _engine(address, session)
    # The first of MLflow's tables: where it is not, there is no store yet, whatever else is there.
    if inspect(engine).has_table("experiments"):
        utils._upgrade_db(engine)  # type: ignore[no-untyped-call]  # noqa: SLF001  # MLflow's own command calls it
    else:
        utils._initialize_tables(engine)  # type: ignore[no-untyped-call]  # noqa: SLF001  # same


def _engine(address: str, session: Sequence[str]) -> Engine:
    # MLflow's own engine would empty sql_mode, and with it every check for what does not fit.
    engine = create_engine(make_url(address), poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def pin(connection: Any, _record: object) -> None:  # Any: whichever driver's connection
        cursor = connection.cursor()
        for statement in session:
            cursor.execute(statement)
        cursor.close()

    return engine


def main() -> None:
    """Do what was asked."""
    request = child.asked()
    upgrade(request["address"], request["session"])
