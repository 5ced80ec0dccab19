"""Alembic's door: runs the steps on the connection that `journal.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from texttosql.journal.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()
