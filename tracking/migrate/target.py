"""What stands in the target before anything is done to it. Looks, and writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field

from tracking.migrate import handover, ledger, server
from tracking.migrate.addresses import Target
from tracking.migrate.handover import Handover
from tracking.migrate.ledger import Entry
from tracking.migrate.server import Connection, Server
from tracking.migrate.source import REVISION_TABLES

SEEDED = {
    "experiments": "experiment_id <> 0 OR name <> 'Default'",
    "workspaces": "name <> 'default'",
}
"""Tables in which MLflow itself puts a first row, and what would be another one."""
SERVERS_OWN = frozenset({"scheduler_leases", "job_locks"})
"""What a server that only has been started leaves: its own locks."""


@dataclass(frozen=True, slots=True)
class Found:
    """The target as it stands.

    `filled`: MLflow's tables with rows that are not a fresh store's; `foreign`: tables of others.
    `settings`: the server's variables that matter; `rights`: what the account may do, as granted.
    """

    server: Server
    exists: bool
    tables: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()
    revision: str | None = None
    collation: str | None = None
    collations: Mapping[str, str] = field(default_factory=dict)
    entry: Entry | None = None
    handover: Handover | None = None
    ids: Mapping[int, int] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    rights: tuple[str, ...] = ()

    @property
    def packet(self) -> int:
        """max_allowed_packet."""
        return int(self.settings["max_allowed_packet"])

    @property
    def loads(self) -> bool:
        """Whether it takes LOAD DATA LOCAL."""
        return self.settings["local_infile"] in {"ON", "1"}


_SETTINGS = ("max_allowed_packet", "local_infile", "read_only", "wait_timeout", "partial_revokes",
             "log_bin", "log_bin_trust_function_creators")  # fmt: skip


def look(target: Target, mlflow_tables: frozenset[str]) -> Found:
    """What stands there. Raises TargetDown, TargetRefused."""
    with closing(server.connect(target, database=False)) as connection:
        there = server.ask(
            connection,
            "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = %s",
            [target.database],
        )
        kind = server.server_of(connection)
        settings = _settings(connection)
        rights = tuple(server.grants(connection, kind))
        if not there:
            return Found(kind, exists=False, settings=settings, rights=rights)
        connection.select_db(target.database)
        return _look_inside(connection, kind, str(there[0][0]), settings, rights, mlflow_tables)


def _look_inside(
    connection: Connection, kind: Server, collation: str, settings: Mapping[str, str],
    rights: tuple[str, ...], mlflow_tables: frozenset[str],
) -> Found:  # fmt: skip
    collations = dict(
        server.ask(
            connection,
            "SELECT table_name, table_collation FROM information_schema.tables"
            " WHERE table_schema = DATABASE()",
        )
    )
    tables = frozenset(collations)
    mlflow = tables & (mlflow_tables | {"alembic_version"})
    return Found(
        server=kind,
        exists=True,
        tables=mlflow,
        foreign=tables - mlflow - ledger.OURS,
        filled=frozenset(name for name in mlflow if _filled(connection, name)),
        revision=_revision(connection) if "alembic_version" in tables else None,
        collation=collation,
        collations={name: collations[name] for name in mlflow},
        entry=ledger.read(connection),
        handover=handover.read(connection),
        ids=ledger.experiment_ids(connection),
        settings=settings,
        rights=rights,
    )


def _filled(connection: Connection, table: str) -> bool:
    if table in SERVERS_OWN | REVISION_TABLES:
        return False
    where = f" WHERE {SEEDED[table]}" if table in SEEDED else ""
    return bool(server.ask(connection, f"SELECT 1 FROM {server.quoted(table)}{where} LIMIT 1"))


def _revision(connection: Connection) -> str | None:
    found = server.ask(connection, "SELECT version_num FROM alembic_version")
    return str(found[0][0]) if found else None


def _settings(connection: Connection) -> dict[str, str]:
    names = ", ".join(f"'{name}'" for name in _SETTINGS)
    return dict(server.ask(connection, f"SHOW GLOBAL VARIABLES WHERE variable_name IN ({names})"))
