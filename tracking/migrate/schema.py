"""Tables as MLflow itself makes them: its own upgrade runs on the copy, and on the target."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tracking.errors import SchemaMismatch
from tracking.migrate import server
from tracking.migrate.addresses import Target
from tracking.migrate.child import Child, Task
from tracking.migrate.server import Connection

_REVISION = re.compile(r"""^(down_)?revision\s*(?::[^=]*)?=\s*["'(]*([0-9a-f]{6,})""", re.MULTILINE)


@cache
def head() -> str:
    """The newest revision of the MLflow that is installed; MLflow itself is not loaded for it."""
    made, passed = _revisions()
    (newest,) = made - passed
    return newest


def known(revision: str | None) -> bool:
    """Whether the installed MLflow can start an upgrade from a revision."""
    return revision is None or revision in _revisions()[0]


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """All that MLflow's migrations make, and all that they start from. Raises SchemaMismatch."""
    spec = find_spec("mlflow")
    if spec is None or not spec.submodule_search_locations:
        what = "MLflow is not installed here."
        raise SchemaMismatch(what, "Install it: it makes the tables.")
    folder = Path(spec.submodule_search_locations[0]) / "store" / "db_migrations" / "versions"
    made, passed = set[str](), set[str]()
    for script in folder.glob("*.py"):
        for down, revision in _REVISION.findall(script.read_text(encoding="utf-8")):
            (passed if down else made).add(revision)
    return frozenset(made), frozenset(passed)


def upgrade_copy(copy: Path) -> None:
    """Bring the copy of a source to MLflow's newest revision. Raises SchemaMismatch."""
    _upgrade(f"sqlite:///{copy}", [], "The copy of the source")


def make(target: Target, connection: Connection) -> None:
    """Make MLflow's tables in the target, or bring them to the newest revision."""
    pinned = server.session(server.server_of(connection))
    _upgrade(target.address, pinned, f"The database {target.database}")


def upgrade_auth(address: str, session: Sequence[str], what: str) -> None:
    """The same for MLflow's tables of users and permissions. Raises SchemaMismatch."""
    _upgrade(address, session, what, "tracking.migrate.auth_upgrading")


def _upgrade(
    address: str, session: Sequence[str], what: str, task: Task = "tracking.migrate.upgrading"
) -> None:
    asked = {"address": address, "session": list(session)}
    failed = f"{what} could not be brought to MLflow's newest tables"
    Child(task, asked).answer(failed)
