"""What was paid, at the moment it was: a turn that is asked again is paid for again.

What was spent until now counts to the moment its turn began. MySQL's DDL has no transaction: what
an earlier try has made already is not made again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_INDEXES = {
    "charges_user": ["asked_by", "id"],
    "charges_place": ["place", "id"],
}


def upgrade() -> None:
    """Make the table and its indexes, with what the turns have cost so far."""
    op.create_table(
        "charges",
        sa.Column("id", sa.String(14), primary_key=True),
        sa.Column("turn_id", sa.String(14), nullable=False),
        sa.Column("asked_by", sa.String(255)),
        sa.Column("place", sa.String(255)),
        sa.Column("usd", sa.Float(53), nullable=False),
        if_not_exists=True,
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mariadb_engine="InnoDB",
        mariadb_charset="utf8mb4",
        mariadb_collate="utf8mb4_bin",
    )
    there = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("charges")}
    for name in sorted(_INDEXES.keys() - there):
        op.create_index(name, "charges", _INDEXES[name])
    op.execute(
        "INSERT INTO charges (id, turn_id, asked_by, place, usd)"
        " SELECT id, id, asked_by, place, usd FROM turns"
        " WHERE usd > 0 AND id NOT IN (SELECT id FROM charges)"
    )


def downgrade() -> None:
    """Nothing is ever thrown away by a step back."""
    msg = "the journal does not go back: restore a copy instead"
    raise NotImplementedError(msg)
