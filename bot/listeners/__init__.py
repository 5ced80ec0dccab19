"""The phone book: which listener hears what. Each file has a `register(app, porch)`."""

from __future__ import annotations

from slack_bolt import App

from bot.listeners import (
    answers,
    commands,
    history,
    home,
    keeping,
    links,
    migration,
    modals,
    prompts,
    questions,
    shortcuts,
    templates,
)
from bot.porch import Porch

_PARTS = (
    questions, commands, shortcuts, answers, modals, templates, keeping, history, home, prompts,
    links, migration,
)  # fmt: skip


def register(app: App, porch: Porch) -> None:
    """Let the app hear everything that manifest.yml subscribes to."""
    for part in _PARTS:
        part.register(app, porch)
