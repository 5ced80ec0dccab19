"""Faults are gathered, so that somebody sets everything right at once, not one by one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from texttosql.errors import SettingsError

_SEE = ".env.sample lists every setting."


class Faults:
    """What is wrong with the settings so far."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    def add(self, what: str, fix: str) -> None:
        """Note one more: what is wrong, and what to do about it; neither holds a secret."""
        self._found.append((what, fix))

    def settle(self) -> None:
        """Raise all of them as one SettingsError; do nothing when there are none."""
        if len(self._found) == 1:
            raise SettingsError(*self._found[0])
        if self._found:
            lines = (f"\n  - {what} {fix}" for what, fix in self._found)
            what = f"{len(self._found)} settings are wrong:{''.join(lines)}\n"
            raise SettingsError(what, _SEE)


def did_you_mean(given: str, known: Iterable[str], otherwise: str) -> str:
    """The names most like the given one as a question; `otherwise` when none is."""
    names = {name.lower(): name for name in known}
    near = [names[name] for name in get_close_matches(given.lower(), names, n=3, cutoff=0.6)]
    return f"Did you mean {' or '.join(near)}?" if near else otherwise
