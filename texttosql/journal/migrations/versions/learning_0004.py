"""Verified examples.

MySQL's DDL has no transaction: what an earlier try has made already is not made again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_LONG = sa.Text(4_000_000)
_NAME = sa.String(255)
_INDEXES = {
    "examples_question": ["digest"],
    "examples_known": ["scope", "id"],
    "examples_turn": ["turn_id"],
}


def upgrade() -> None:
    """Make the table and its indexes."""
    op.create_table(
        "examples",
        sa.Column("id", sa.String(14), primary_key=True),
        *(sa.Column(name, _NAME, nullable=False) for name in ("scope", "store")),
        sa.Column("digest", sa.String(64), nullable=False),
        *(sa.Column(name, _LONG, nullable=False) for name in ("question", "draft")),
        sa.Column("plan", _LONG),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("verified_by", _NAME, nullable=False),
        sa.Column("verified_as", _NAME),
        sa.Column("verified_at", sa.BigInteger, nullable=False),
        sa.Column("asked_by", _NAME),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("turn_id", sa.String(14)),
        *(sa.Column(name, _NAME) for name in ("place", "private_to", "withdrawn_by")),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.Column("retired", _LONG),
        if_not_exists=True,
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mariadb_engine="InnoDB",
        mariadb_charset="utf8mb4",
        mariadb_collate="utf8mb4_bin",
    )
    there = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("examples")}
    for name in sorted(_INDEXES.keys() - there):
        op.create_index(name, "examples", _INDEXES[name])


def downgrade() -> None:
    """Nothing is ever thrown away by a step back."""
    msg = "the journal does not go back: restore a copy instead"
    raise NotImplementedError(msg)
