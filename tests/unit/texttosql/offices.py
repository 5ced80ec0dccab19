"""An office with several stores in it, and short ways to ask it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from texttosql.factory import build_office
from texttosql.flow import Question, Reply
from texttosql.office import Office
from texttosql.settings import from_env

NOW = datetime(2026, 10, 28, 12, tzinfo=UTC)
CONFIG = """
default: small
stores:
  small: {{url: "sqlite:///{folder}/small.db", timezone: Europe/Berlin}}
  large: {{url: "sqlite:///{folder}/large.db"}}
  scoped: {{url: "sqlite:///{folder}/large.db", policy: two}}
  lost: {{url: "sqlite:///{folder}/lost.db"}}
policies:
  two: {{experiments: [1, 2]}}
"""


def write_stores(folder: Path) -> Path:
    """The file that names the stores of a folder, of which the one called lost is never made."""
    path = folder / "stores.yml"
    path.write_text(CONFIG.format(folder=folder))
    return path


def open_office(folder: Path, journal: Path, **more: str) -> Office:
    """The office of a folder's stores, with the journal in a file; `more` is further settings."""
    environ = {"TRACKTALK_CONFIG": f"{folder / 'stores.yml'}", "TRACKTALK_JOURNAL": f"{journal}"}
    return build_office(from_env(environ | more))


def question(text: str = "how many runs?", store: str = "small", **more: str) -> Question:
    """What ann asks at NOW."""
    return replace(Question(text, NOW, "ann", store=store), **more)  # type: ignore[arg-type]  # names


def count(reply: Reply) -> int:
    """The first number of an answer."""
    assert reply.answer is not None, reply
    return int(reply.answer.table.rows[0][0] or 0)
