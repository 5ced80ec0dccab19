"""The cellar's settings, read once at the door and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STATUS = "TRACKTALK_MIGRATION_STATUS"
"""The bot's setting of that name: who moves a store with it set, moves it in the bot's sight."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`migration_status`: the file in which a migration says how far it is. `state`: our folder."""

    migration_status: Path
    state: Path


def from_env(environ: Mapping[str, str]) -> Settings:
    """The settings."""
    from tracking.status import status_file  # noqa: PLC0415  # pydantic: only a command pays for it

    default = status_file(environ)
    return Settings(Path(environ.get(STATUS) or default), default.parent)
