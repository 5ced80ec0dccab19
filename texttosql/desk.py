"""Where the command line sits down to ask: settings, a store, an assistant and a clock."""
# ruff: noqa: PLC0415 - what a command does not use must not cost it an import

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from texttosql.errors import SettingsError, TextToSQLError
from texttosql.flow import Question, Reply
from texttosql.redact import Redactor
from texttosql.rescue import rescued

if TYPE_CHECKING:
    from texttosql.journal.memory import MemoryJournal
    from texttosql.settings import Settings


_COLOURS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""ECMA-48's control sequences: what is copied from a coloured terminal has them in its words."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What a program gets from outside itself: its environment, and the secrets to hide."""

    environ: Mapping[str, str]
    redactor: Redactor = field(default_factory=Redactor)

    @property
    def log_file(self) -> Path:
        """Where details go: the user's state folder. A relative XDG_STATE_HOME is ignored."""
        state = Path(self.environ.get("XDG_STATE_HOME") or "")
        if not state.is_absolute():
            state = Path(self.environ.get("HOME") or Path.home()) / ".local" / "state"
        return state / "tracktalk" / "tracktalk.log"

    def settings(self) -> Settings:
        """The settings. Raises SettingsError with all faults."""
        from texttosql.settings import from_env

        return from_env(self.environ, self.redactor)


class Asked(Protocol):
    """What answers: an Assistant, or a test's own."""

    def ask(self, question: Question) -> Reply:
        """How the turn ended; what went wrong is in the reply."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """A place to ask from. `now` None means the time each question is put."""

    assistant: Asked
    store: str
    zone: ZoneInfo
    user: str | None = None
    now: datetime | None = None

    def ask(self, text: str, thread: str | None = None) -> Reply:
        """One turn; nothing that goes wrong with it is raised."""
        moment, plain = self.now or datetime.now(UTC), _COLOURS.sub("", text)
        question = Question(plain, moment, self.user, thread, self.store)
        try:
            return rescued(lambda: self.assistant.ask(question))
        except TextToSQLError as error:
            return Reply(question, "error", error=error)


@contextmanager
def open_desk(
    outside: Outside,
    *,
    store: str | None = None,
    engine: str | None = None,
    max_rows: int | None = None,
    now: str | None = None,
    user: str | None = None,
    journal: MemoryJournal | None = None,
) -> Iterator[Desk]:
    """A desk with a real assistant, closed afterwards. Raises TextToSQLError.

    `journal` None keeps turns where the settings say.
    """
    settings = outside.settings()
    chosen = settings.store(store)
    moment = read_moment(now, chosen.timezone)
    settings.engine_for(engine)
    # After the settings: a fault in those is told at once, not after half a second of imports.
    from texttosql.factory import build_assistant

    assistant = build_assistant(
        settings, store=store, engine=engine, max_rows=max_rows, journal=journal
    )
    try:
        yield Desk(assistant, chosen.name, chosen.timezone, user, moment)
    finally:
        assistant.close()


def read_moment(text: str | None, zone: ZoneInfo) -> datetime | None:
    """An ISO time; without an offset it is the team's own. Raises SettingsError."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        what = f"--now {text!r} is no ISO time."
        raise SettingsError(what, "Write it like 2026-11-20T12:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def login_name() -> str | None:
    """The operating system's name for who asks: MLflow takes a run's user from the same place."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return None
