"""The journal's tables, as today's program sees them; `migrations/` makes databases agree.

Times are epoch milliseconds in UTC. Lists and mappings are JSON text (see `rows`), because
MySQL compares its JSON type by value and SQLite has none. A test compares this with the
schema that the migrations make.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text

VERSION_TABLE = "journal_version"
"""Alembic's note of the revision; its own name, so it never meets MLflow's alembic_version."""

HEAD = "0005"
"""The revision this program reads and writes. A test pins it to the newest migration."""

_LONG = 4_000_000
"""Characters: MySQL makes a MEDIUMTEXT of it, where a plain TEXT ends at 65,535 bytes."""

METADATA = MetaData()

TURNS = Table(
    "turns",
    METADATA,
    Column("id", String(14), primary_key=True),
    Column("thread", String(255)),
    Column("store", String(255), nullable=False),
    Column("asked_by", String(255)),
    Column("question", Text(_LONG), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("accepted_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("outcome", String(16)),
    Column("engine", String(64)),
    Column("title", Text(_LONG)),
    Column("headline", Text(_LONG)),
    Column("sql", Text(_LONG)),
    Column("params", Text(_LONG)),
    Column("draft", Text(_LONG)),
    Column("plan", Text(_LONG)),
    Column("assumptions", Text(_LONG)),
    Column("suggestions", Text(_LONG)),
    Column("options", Text(_LONG)),
    Column("columns", Text(_LONG)),
    Column("row_count", Integer),
    Column("truncated", Integer),
    Column("cells", Text(_LONG)),
    Column("error_kind", String(64)),
    Column("error_rule", String(128)),
    Column("error_what", Text(_LONG)),
    Column("error_fix", Text(_LONG)),
    Column("error_reference", String(64)),
    Column("timings_ms", Text(_LONG)),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cached_tokens", Integer),
    Column("usd", Float(53)),
    Column("feedback", String(16)),
    Column("feedback_by", String(255)),
    Column("feedback_at", BigInteger),
    Column("correction", Text(_LONG)),
    Column("place", String(255)),
    Column("follows", String(14)),
    Column("written_tokens", Integer),
    Column("model_calls", Integer),
    Column("model_ms", Float(53)),
    Column("model", String(255)),
    Index("turns_thread", "thread", "store", "id"),
    Index("turns_user", "asked_by", "id"),
    Index("turns_asked_at", "asked_at"),
    Index("turns_place", "place", "id"),
)

WORK = Table(
    "work",
    METADATA,
    Column("key", String(255), primary_key=True),
    Column("event_id", String(255)),
    Column("kind", String(64), nullable=False),
    Column("thread", String(255)),
    Column("asked_by", String(255)),
    Column("place", String(255)),
    Column("payload", Text(_LONG), nullable=False),
    Column("turn_id", String(14), nullable=False),
    Column("message_ts", String(64)),
    Column("attempts", Integer, nullable=False),
    Column("accepted_at", BigInteger, nullable=False),
    Column("owner", String(255), nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Index("work_event", "event_id", unique=True),
    Index("work_open", "finished_at", "lease_until"),
    Index("work_thread", "thread", "finished_at"),
    Index("work_user", "asked_by", "accepted_at"),
    Index("work_place", "place", "accepted_at"),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("id", String(255), primary_key=True),
    Column("claimed_at", BigInteger, nullable=False),
)

TEMPLATES = Table(
    "templates",
    METADATA,
    Column("id", String(14), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("text", Text(_LONG), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("owner", String(255), nullable=False),
    Column("place", String(255)),
    Column("team", String(255)),
    Column("holder", String(255), nullable=False),
    Column("folded", String(255), nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index("templates_name", "scope", "holder", "folded", unique=True),
)
"""`holder` is whose it is (user, place or team by scope), `folded` the name without its case."""

FAVOURITES = Table(
    "favourites",
    METADATA,
    Column("asker", String(255), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("text", Text(_LONG), nullable=False),
    Column("store", String(255), nullable=False),
    Column("turn_id", String(14)),
    Column("added_at", BigInteger, nullable=False),
    Index("favourites_newest", "asker", "added_at"),
)
"""`digest` stands for text and store together, which are too long for a key."""

EXAMPLES = Table(
    "examples",
    METADATA,
    Column("id", String(14), primary_key=True),
    Column("scope", String(255), nullable=False),
    Column("store", String(255), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("question", Text(_LONG), nullable=False),
    Column("draft", Text(_LONG), nullable=False),
    Column("plan", Text(_LONG)),
    Column("source", String(16), nullable=False),
    Column("verified_by", String(255), nullable=False),
    Column("verified_as", String(255)),
    Column("verified_at", BigInteger, nullable=False),
    Column("asked_by", String(255)),
    Column("asked_at", BigInteger, nullable=False),
    Column("turn_id", String(14)),
    Column("place", String(255)),
    Column("private_to", String(255)),
    Column("withdrawn_by", String(255)),
    Column("withdrawn_at", BigInteger),
    Column("retired", Text(_LONG)),
    Index("examples_question", "digest"),
    Index("examples_known", "scope", "id"),
    Index("examples_turn", "turn_id"),
)
"""`digest` stands for scope, asker (of a private one) and the question's words that count."""

CHARGES = Table(
    "charges",
    METADATA,
    Column("id", String(14), primary_key=True),
    Column("turn_id", String(14), nullable=False),
    Column("asked_by", String(255)),
    Column("place", String(255)),
    Column("usd", Float(53), nullable=False),
    Index("charges_user", "asked_by", "id"),
    Index("charges_place", "place", "id"),
)
"""What was paid, when: `id` tells the moment as a turn's does, asker and place are the turn's."""
