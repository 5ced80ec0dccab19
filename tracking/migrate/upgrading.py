"""A process of its own that lets MLflow make or upgrade a store's tables.

    python -m tracking.migrate.upgrading  <  {"address": …, "session": ["SET …", …]}

The address comes on stdin: a command line can be read by every user of the machine. It is a
process of its own because MLflow takes more memory than the whole copy, and talks on stderr.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool


def upgrade(address: str, session: Sequence[str]) -> None:
    """What `mlflow db upgrade` does, in sessions that are told these statements first."""
    from mlflow.store.db import utils  # noqa: PLC0415  # costs seconds

    engine = _engine(address, session)
    # The first of MLflow's tables: where it is not, there is no store yet, whatever else is there.
    if inspect(engine).has_table("experiments"):
        utils._upgrade_db(engine)  # noqa: SLF001  # what MLflow's own command calls
    else:
        utils._initialize_tables(engine)  # noqa: SLF001  # same


def _engine(address: str, session: Sequence[str]) -> Engine:
    # MLflow's own engine would empty sql_mode, and with it every check for what does not fit.
    engine = create_engine(make_url(address), poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def pin(connection, _record) -> None:  # type: ignore[no-untyped-def]  # a driver's, untyped
        cursor = connection.cursor()
        for statement in session:
            cursor.execute(statement)
        cursor.close()

    return engine


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    upgrade(asked["address"], asked["session"])
