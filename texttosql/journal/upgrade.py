"""A journal's schema is made or brought up to date here, and only when it has to be.

One cheap query tells the stored revision; alembic is imported only when it is not today's:
its import takes about 0.25 s, a quarter of what a cold question may take.
Processes that find an old schema together go one after the other; the later find it done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError

from texttosql.errors import JournalError
from texttosql.journal.tables import HEAD, VERSION_TABLE

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = "tracktalk.journal"
_LOCK_SECONDS = 60


def bring_up_to_date(engine: Engine) -> None:
    """Make the schema today's. Raises JournalError when it is of a newer program."""
    with engine.connect() as connection:
        if stored_revision(connection) == HEAD:
            return
        with _alone(connection):
            revision = stored_revision(connection)
            if revision != HEAD:
                _run_steps(connection, revision)


def stored_revision(connection: Connection) -> str | None:
    """The revision a database is at; None when it holds no journal yet."""
    query = f"SELECT version_num FROM {VERSION_TABLE}"
    try:
        return connection.exec_driver_sql(query).scalar()
    except DBAPIError:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        # It was made in between, by another process; any other trouble comes up again.
        return connection.exec_driver_sql(query).scalar()


def _run_steps(connection: Connection, revision: str | None) -> None:
    # Imported here: only a new or old schema pays for alembic.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise _newer(revision)
    command.upgrade(config, "head")


def _newer(revision: str) -> JournalError:
    return JournalError(
        f"The journal has schema {revision}, newer than this program's {HEAD}.",
        "Upgrade Tracktalk, or set TRACKTALK_JOURNAL to another file or database.",
    )


def _being_upgraded() -> JournalError:
    return JournalError(
        f"The journal's schema is being upgraded, for more than {_LOCK_SECONDS} s already.",
        "Try again when the other Tracktalk process is done.",
    )


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Only one process at a time changes the schema; on SQLite all of it or nothing."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
        return
    got = connection.exec_driver_sql(f"SELECT GET_LOCK('{_LOCK}', {_LOCK_SECONDS})").scalar()
    if got != 1:
        raise _being_upgraded()
    try:
        yield
    finally:
        connection.exec_driver_sql(f"SELECT RELEASE_LOCK('{_LOCK}')")
