"""What a turn cost at a model's provider, in full."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns that are missing; MySQL's DDL has no transaction to go back to."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("turns")}
    wanted = (
        sa.Column("written_tokens", sa.Integer),
        sa.Column("model_calls", sa.Integer),
        sa.Column("model_ms", sa.Float(53)),
        sa.Column("model", sa.String(255)),
    )
    for column in wanted:
        if column.name not in there:
            op.add_column("turns", column)


def downgrade() -> None:
    """Nothing is ever thrown away by a step back."""
    msg = "the journal does not go back: restore a copy instead"
    raise NotImplementedError(msg)
