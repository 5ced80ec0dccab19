"""The turns table.

A first try that was cut off on MySQL, whose DDL has no transaction, leaves a table without
some indexes: what is there already is not made again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INDEXES = {
    "turns_thread": ["thread", "store", "id"],
    "turns_user": ["asked_by", "id"],
    "turns_asked_at": ["asked_at"],
}


def upgrade() -> None:
    """Make the table and its indexes."""
    long = sa.Text(4_000_000)
    op.create_table(
        "turns",
        sa.Column("id", sa.String(14), primary_key=True),
        sa.Column("thread", sa.String(255)),
        sa.Column("store", sa.String(255), nullable=False),
        sa.Column("asked_by", sa.String(255)),
        sa.Column("question", long, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("accepted_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("outcome", sa.String(16)),
        sa.Column("engine", sa.String(64)),
        *(sa.Column(name, long) for name in ("title", "headline", "sql", "params", "draft")),
        *(sa.Column(name, long) for name in ("plan", "assumptions", "suggestions", "options")),
        sa.Column("columns", long),
        sa.Column("row_count", sa.Integer),
        sa.Column("truncated", sa.Integer),
        sa.Column("cells", long),
        sa.Column("error_kind", sa.String(64)),
        sa.Column("error_rule", sa.String(128)),
        sa.Column("error_what", long),
        sa.Column("error_fix", long),
        sa.Column("error_reference", sa.String(64)),
        sa.Column("timings_ms", long),
        *(sa.Column(f"{kind}_tokens", sa.Integer) for kind in ("input", "output", "cached")),
        sa.Column("usd", sa.Float(53)),
        sa.Column("feedback", sa.String(16)),
        sa.Column("feedback_by", sa.String(255)),
        sa.Column("feedback_at", sa.BigInteger),
        sa.Column("correction", long),
        if_not_exists=True,
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mariadb_engine="InnoDB",
        mariadb_charset="utf8mb4",
        mariadb_collate="utf8mb4_bin",
    )
    there = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("turns")}
    for name in sorted(_INDEXES.keys() - there):
        op.create_index(name, "turns", _INDEXES[name])


def downgrade() -> None:
    """Turns are never thrown away by a step back."""
    msg = "the journal does not go back: restore a copy instead"
    raise NotImplementedError(msg)
