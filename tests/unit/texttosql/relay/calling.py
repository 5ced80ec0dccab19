"""How these tests call the Messages API: plain HTTP, no SDK."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HEADERS = {
    "x-api-key": "any", "anthropic-version": "2023-06-01", "content-type": "application/json",
}  # fmt: skip
SCHEMA = {
    "type": "object",
    "properties": {"kind": {"enum": ["sql", "declined"]}, "sql": {"type": "string"}},
    "required": ["kind"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:  # Any: JSON
        return json.loads(self.text)

    @property
    def events(self) -> list[tuple[str, Any]]:  # Any: JSON
        """Of a stream: (name, data) of each event."""
        parts = [event.split("\n") for event in self.text.strip().split("\n\n")]
        return [(name[7:], json.loads(data[6:])) for name, data in parts]


def body(**changed: object) -> dict[str, Any]:  # Any: JSON
    """A request that is taken; None leaves a field out."""
    whole = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "how many runs?"}],
    }
    return {name: value for name, value in {**whole, **changed}.items() if value is not None}


def call(
    address: str, data: object, path: str = "/v1/messages", headers: Mapping[str, str] = HEADERS
) -> Reply:
    """What comes back, errors included."""
    sent = data if isinstance(data, bytes) else json.dumps(data).encode()
    request = urllib.request.Request(address + path, sent, dict(headers))  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:  # noqa: S310 - loopback
            return Reply(reply.status, dict(reply.headers), reply.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, dict(error.headers), error.read().decode())
