"""Where a turn was asked and what it follows; the worklist, events, templates and favourites.

MySQL's DDL has no transaction: what an earlier try has made already is not made again.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_LONG = sa.Text(4_000_000)
_NAME = sa.String(255)
_ID = sa.String(14)
_KIND: dict[str, Any] = {  # Any: alembic takes a dialect's options by name
    "if_not_exists": True,
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
    "mariadb_engine": "InnoDB",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_bin",
}
_INDEXES = {
    "turns": {"turns_place": ["place", "id"]},
    "work": {
        "work_event": ["event_id"],
        "work_open": ["finished_at", "lease_until"],
        "work_thread": ["thread", "finished_at"],
        "work_user": ["asked_by", "accepted_at"],
        "work_place": ["place", "accepted_at"],
    },
    "templates": {"templates_name": ["scope", "holder", "folded"]},
    "favourites": {"favourites_newest": ["asker", "added_at"]},
}
_UNIQUE = frozenset({"work_event", "templates_name"})


def upgrade() -> None:
    """Make what is missing."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("turns")}
    for name, kind in (("place", _NAME), ("follows", _ID)):
        if name not in there:
            op.add_column("turns", sa.Column(name, kind))
    _make_work()
    _make_the_rest()
    for table, wanted in _INDEXES.items():
        made = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}
        for name in sorted(wanted.keys() - made):
            op.create_index(name, table, wanted[name], unique=name in _UNIQUE)


def _make_work() -> None:
    op.create_table(
        "work",
        sa.Column("key", _NAME, primary_key=True),
        sa.Column("event_id", _NAME),
        sa.Column("kind", sa.String(64), nullable=False),
        *(sa.Column(name, _NAME) for name in ("thread", "asked_by", "place")),
        sa.Column("payload", _LONG, nullable=False),
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("message_ts", sa.String(64)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("accepted_at", sa.BigInteger, nullable=False),
        sa.Column("owner", _NAME, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        **_KIND,
    )
    op.create_table(
        "events",
        sa.Column("id", _NAME, primary_key=True),
        sa.Column("claimed_at", sa.BigInteger, nullable=False),
        **_KIND,
    )


def _make_the_rest() -> None:
    op.create_table(
        "templates",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("text", _LONG, nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("owner", _NAME, nullable=False),
        *(sa.Column(name, _NAME) for name in ("place", "team")),
        *(sa.Column(name, _NAME, nullable=False) for name in ("holder", "folded")),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        **_KIND,
    )
    op.create_table(
        "favourites",
        sa.Column("asker", _NAME, primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("text", _LONG, nullable=False),
        sa.Column("store", _NAME, nullable=False),
        sa.Column("turn_id", _ID),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        **_KIND,
    )


def downgrade() -> None:
    """Nothing is ever thrown away by a step back."""
    msg = "the journal does not go back: restore a copy instead"
    raise NotImplementedError(msg)
