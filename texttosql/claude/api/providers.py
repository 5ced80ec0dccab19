"""Where Claude runs: Anthropic or a gateway, Amazon Bedrock, Google Vertex.

Each through the SDK's own client, of which a process keeps one for each set of settings. For
Anthropic only what the settings say counts; the clouds find their credentials by themselves.
"""
# ruff: noqa: PLC0415 - the SDK takes a second to load, which an offline answer must not pay

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from texttosql.claude.api.line import line
from texttosql.claude.api.patience import MOST_RETRIES, give_up_in_time
from texttosql.errors import SettingsError
from texttosql.model_settings import ModelSettings, Provider
from texttosql.redact import Redactor

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic, AsyncAnthropicBedrock, AsyncAnthropicVertex

    from texttosql.claude.api.client import ClaudeModel

    Client = AsyncAnthropic | AsyncAnthropicBedrock | AsyncAnthropicVertex

ADDRESS = "https://api.anthropic.com"
_CLOSE_SECONDS = 2.0
_EXTRAS: Mapping[Provider, tuple[str, str]] = {
    "bedrock": ("boto3", "anthropic[bedrock]"),
    "vertex": ("google.auth", "anthropic[vertex]"),
}


@dataclass(frozen=True, slots=True)
class Connection:
    """A client, and the errors of its cloud's own library, which the SDK lets through."""

    client: Client
    troubles: tuple[type[Exception], ...] = ()


def open_model(settings: ModelSettings, name: str | None = None) -> ClaudeModel:
    """The model that the settings name, or the one called `name` at the same provider.

    Connects to nothing yet. Raises SettingsError: no key, or a library that is not installed.
    """
    from texttosql.claude.api.client import ClaudeModel

    if not settings.reachable:
        what = "Claude needs a key, and ANTHROPIC_API_KEY is not set."
        raise SettingsError(what, "Make a key in the Anthropic console and set it.")
    _require_library(settings.provider)
    redactor = Redactor(settings.key, settings.token)
    return ClaudeModel(
        lambda: connection(settings), name or settings.name, settings.effort, redactor
    )


def _require_library(provider: Provider) -> None:
    if provider not in _EXTRAS:
        return
    module, extra = _EXTRAS[provider]
    if not _installed(module):
        what = f"TRACKTALK_PROVIDER is {provider}, which needs {module}, and that is not installed."
        raise SettingsError(what, f"Install it: pip install '{extra}'")


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package that it would be in
        return False


_lock = threading.Lock()
_connections: dict[object, Connection] = {}


def connection(settings: ModelSettings) -> Connection:
    """The process's one client for these settings.

    Raises ValueError or AnthropicError when a cloud's region or project is not known.
    """
    key = (settings.provider, settings.key, settings.token, settings.base_url)
    with _lock:
        if key not in _connections:
            _connections[key] = _connect(settings)
        return _connections[key]


def hang_up() -> None:
    """Close every client of this process; the next question makes a new one."""
    with _lock:
        for each in _connections.values():
            line().within(_CLOSE_SECONDS, each.client.close)
        _connections.clear()


def _connect(settings: ModelSettings) -> Connection:
    import anthropic

    common: dict[str, Any] = {  # Any: arguments of the SDK, each of its own type
        "max_retries": MOST_RETRIES,
        "middleware": [give_up_in_time],
    }
    if settings.provider == "anthropic":
        return Connection(_anthropic(settings, common))
    if settings.provider == "bedrock":
        bedrock = anthropic.AsyncAnthropicBedrock(base_url=settings.base_url, **common)
        return Connection(bedrock, _troubles("botocore.exceptions", "BotoCoreError"))
    vertex = anthropic.AsyncAnthropicVertex(base_url=settings.base_url, **common)
    return Connection(vertex, _troubles("google.auth.exceptions", "GoogleAuthError"))


def _troubles(module: str, name: str) -> tuple[type[Exception], ...]:
    """A cloud's own error, from an extra; and the SDK's, where there are no credentials."""
    own: type[Exception] = getattr(import_module(module), name)
    return (own, RuntimeError)


def _anthropic(settings: ModelSettings, common: Mapping[str, Any]) -> AsyncAnthropic:
    """Given a key or a token, the SDK looks for no others; it takes only one of them."""
    from anthropic import AsyncAnthropic

    address = settings.base_url or ADDRESS
    if settings.key is not None:
        key = settings.key.get_secret_value()
        return AsyncAnthropic(api_key=key, base_url=address, **common)
    token = settings.token.get_secret_value() if settings.token else None
    return AsyncAnthropic(auth_token=token, base_url=address, **common)
