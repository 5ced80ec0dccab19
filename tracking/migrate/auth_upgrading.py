"""A process of its own that lets MLflow make or upgrade the tables of its users and permissions.

Asked like `upgrading`. MLflow's own migration does not run on MySQL or MariaDB as it stands (up
to 3.17: mlflow#9642): two tables name a foreign key alike, and there such a name may occur once.
Here that one name is left out, and the server gives each its own; nothing else is different.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from tracking.migrate import child

_TWICE = "CONSTRAINT fk_user_id FOREIGN KEY"


def upgrade(address: str, session: Sequence[str]) -> None:
    """Bring an auth database to MLflow's newest tables; an empty one gets them all."""
    utils = tables_without_the_app()
    _watch(session)
    engine = create_engine(make_url(address), poolclass=NullPool)
    utils.migrate(engine, "head")


def tables_without_the_app() -> Any:  # Any: MLflow's module, which has no types
    """What makes the tables. The package starts its web app when loaded, which needs Flask-WTF."""
    import mlflow  # noqa: PLC0415  # costs seconds

    root = Path(mlflow.__file__).parent
    for name in ("mlflow.server", "mlflow.server.auth"):
        bare = ModuleType(name)
        bare.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = bare
    from mlflow.server.auth.db import utils  # noqa: PLC0415  # as above

    return utils


def _watch(session: Sequence[str]) -> None:
    """MLflow's script makes engines of its own: so every engine of this process is watched."""

    @event.listens_for(Engine, "connect")
    def pin(connection: Any, _record: object) -> None:  # Any: a driver's
        cursor = connection.cursor()
        for statement in session:
            cursor.execute(statement)
        cursor.close()

    @event.listens_for(Engine, "before_cursor_execute", retval=True)
    def unname(
        _connection: object, _cursor: object, statement: str, parameters: object,
        _context: object, _many: object,
    ) -> tuple[str, object]:  # fmt: skip
        return (statement.replace(_TWICE, "FOREIGN KEY") if session else statement), parameters


def main() -> None:
    """Do what was asked."""
    request = child.asked()
    upgrade(request["address"], request["session"])
