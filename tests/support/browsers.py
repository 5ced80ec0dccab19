"""Finds the browser that this machine has: the tests drive it, none is downloaded."""

from __future__ import annotations

import shutil
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ON_A_MAC = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
NO_BROWSER = "no Chromium here: install chromium (Debian) or the cask chromium (brew)"


def browser_program() -> Path | None:
    """Chromium or Chrome; None when there is neither."""
    found = [Path(path) for name in _NAMES if (path := shutil.which(name))]
    return next(iter([*found, *(path for path in _ON_A_MAC if path.exists())]), None)
