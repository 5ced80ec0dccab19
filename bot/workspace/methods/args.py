"""The arguments of an API call: form fields and JSON alike, read as what they should be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.workspace.people import Json
from bot.workspace.tickets import Denied


class Args:
    """What a call was given. Every reader raises Denied with Slack's code for a bad one."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = {name: value for name, value in given.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def text(self, name: str) -> str:
        """A text, "" when it is not there."""
        value = self.given.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        value = self.text(name)
        if not value:
            raise Denied(
                error="invalid_arguments", messages=[f"[ERROR] missing required field: {name}"]
            )
        return value

    def flag(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.text(name).lower() in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            reason = f"[ERROR] must be an integer [json-pointer:/{name}]"
            raise Denied(error="invalid_arguments", messages=[reason]) from None

    def array(self, name: str, error: str) -> list[Json] | None:
        """A list of objects; None when it is not there, `error` when it is something else."""
        value = self._json(name, error)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise Denied(
                error=error,
                messages=[f"[ERROR] must be an array of objects [json-pointer:/{name}]"],
            )
        return value

    def mapping(self, name: str, error: str) -> Json:
        """An object, {} when it is not there."""
        value = self._json(name, error)
        if not isinstance(value, dict | None):
            raise Denied(
                error=error, messages=[f"[ERROR] must be an object [json-pointer:/{name}]"]
            )
        return value or {}

    def _json(self, name: str, error: str) -> object:
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Denied(
                error=error, messages=[f"[ERROR] must be valid JSON [json-pointer:/{name}]"]
            ) from None
