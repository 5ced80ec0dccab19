"""The app's manifest, as Slack is given it: what the bot subscribes to and is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "manifest.yml"


def read_manifest() -> dict[str, Any]:  # Any: YAML; Slack's schema tells its shape
    """manifest.yml as a mapping."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
