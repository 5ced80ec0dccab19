"""What the Messages API turns down: a request that passes here would not get a 400 there either.

The rules are those of the strictest current models, whichever model is named: claude-sonnet-5-5
and claude-opus-5-5 take no forced tool, no sampling, no prefill and no disabled thinking
(platform.claude.com/docs, 2026-10). The wording is ours; the API's may change at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from texttosql.relay.asked import Trouble, invalid

Body = Mapping[str, Any]  # Any: JSON that nobody has looked at yet

KNOWN = frozenset(
    "cache_control container diagnostics inference_geo max_tokens messages metadata model "
    "output_config service_tier speed stop_sequences stream system thinking tool_choice tools "
    "user_profile_id workspace_id".split()
)
SAMPLING = ("temperature", "top_p", "top_k")
EFFORTS = ("low", "medium", "high", "xhigh", "max")
UNSUPPORTED = frozenset(
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength maxItems "
    "uniqueItems minProperties maxProperties oneOf not if patternProperties".split()
)
MOST_OPTIONAL = 24


def check_headers(headers: Mapping[str, str]) -> None:
    """Raises Trouble when there is no key (any will do), or no version of the API."""
    if not headers.get("x-api-key") and not headers.get("authorization"):
        kind, fault = "authentication_error", "x-api-key or Authorization is required."
        raise Trouble(kind, fault)
    if not headers.get("anthropic-version"):
        fault = "anthropic-version: this header is required."
        raise invalid(fault)


def check(body: object, *, counting: bool = False) -> Body:
    """The body, if the API would take it; a count of tokens needs no `max_tokens`.

    Raises Trouble: invalid_request_error, with the first fault.
    """
    if not isinstance(body, dict):
        fault = "The request body must be a JSON object."
        raise invalid(fault)
    for rule in (_fields, _needed if not counting else _needed_to_count, *_RULES):
        found = rule(body)
        if found:
            raise invalid(found)
    return body


def _fields(body: Body) -> str | None:
    for name in body:
        if name in SAMPLING:
            return f"{name}: this model takes no sampling parameters."
        if name not in KNOWN:
            return f"{name}: there is no such field."
    return None


def _needed(body: Body) -> str | None:
    tokens = body.get("max_tokens")
    if tokens is None:
        return "max_tokens: this field is required."
    if not isinstance(tokens, int) or isinstance(tokens, bool) or tokens < 0:
        return "max_tokens: this must be a whole number, 0 or more."
    return _needed_to_count(body)


def _needed_to_count(body: Body) -> str | None:
    if not isinstance(body.get("model"), str) or not body["model"]:
        return "model: this field is required."
    if not isinstance(body.get("messages"), list) or not body["messages"]:
        return "messages: at least one message is required."
    return None


def _messages(body: Body) -> str | None:
    for place, said in enumerate(body["messages"]):
        if not isinstance(said, dict) or said.get("role") not in {"user", "assistant"}:
            return f"messages.{place}.role: this must be user or assistant."
        fault = _content(said.get("content"), f"messages.{place}.content")
        if fault:
            return fault
    if body["messages"][0]["role"] != "user":
        return "messages.0.role: the first message must be the user's."
    if body["messages"][-1]["role"] == "assistant":
        return "messages: this model takes no prefill; the last message must be the user's."
    return None


def _content(content: object, where: str) -> str | None:
    if isinstance(content, str) and content:
        return None
    if not isinstance(content, list) or not content:
        return f"{where}: this must be text or a list of blocks, and not empty."
    for place, block in enumerate(content):
        if not isinstance(block, dict) or not isinstance(block.get("type"), str):
            return f"{where}.{place}.type: this field is required."
        if block["type"] == "text" and not block.get("text"):
            return f"{where}.{place}.text: text blocks must not be empty."
    return None


def _system(body: Body) -> str | None:
    system = body.get("system")
    return _content(system, "system") if system else None


def _breakpoints(body: Body) -> str | None:
    marked = sum("cache_control" in block for block in _blocks(body))
    return "cache_control: at most 4 blocks may carry it." if marked > 4 else None


def _blocks(body: Body) -> Iterator[Mapping[str, Any]]:
    said = (message["content"] for message in body["messages"])
    for content in (body.get("tools"), body.get("system"), *said):
        if isinstance(content, list):
            yield from content


def _thinking(body: Body) -> str | None:
    kind = (body.get("thinking") or {}).get("type")
    if kind in {None, "adaptive", "between_tools"}:
        return None
    return f"thinking.type: this model does not take {kind!r}."


def _tools(body: Body) -> str | None:
    kind = (body.get("tool_choice") or {}).get("type")
    if kind in {"any", "tool"}:
        return f"tool_choice.type: this model takes no forced tool use ({kind!r})."
    return None


def _output(body: Body) -> str | None:
    config = body.get("output_config") or {}
    for name in config:
        if name not in {"effort", "format"}:
            return f"output_config.{name}: there is no such field."
    if config.get("effort") not in {None, *EFFORTS}:
        return f"output_config.effort: this must be one of {', '.join(EFFORTS)}."
    wanted = config.get("format")
    if wanted is None:
        return None
    if wanted.get("type") != "json_schema" or not isinstance(wanted.get("schema"), dict):
        return "output_config.format: this must be a json_schema with its schema."
    return next(_schema_faults(wanted["schema"]), None)


def _schema_faults(schema: Mapping[str, Any]) -> Iterator[str]:
    optional = 0
    for where, part in _parts(schema, "schema"):
        if part.get("type") == "object":
            if part.get("additionalProperties") is not False:
                yield f"{where}: additionalProperties must be false for objects."
            optional += len(set(part.get("properties", ())) - set(part.get("required", ())))
        for name in part:
            if name in UNSUPPORTED or (name == "minItems" and part[name] not in {0, 1}):
                yield f"{where}: {name} is not supported."
    if optional > MOST_OPTIONAL:
        yield f"schema: {optional} optional properties are too many; {MOST_OPTIONAL} are allowed."


def _parts(schema: Mapping[str, Any], where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The schema and every schema inside it; a property's name is no keyword."""
    yield where, schema
    for name in ("properties", "$defs", "definitions"):
        for key, inner in schema.get(name, {}).items():
            yield from _parts(inner, f"{where}.{name}.{key}")
    for name in ("anyOf", "allOf"):
        for place, inner in enumerate(schema.get(name, ())):
            yield from _parts(inner, f"{where}.{name}.{place}")
    if isinstance(schema.get("items"), dict):
        yield from _parts(schema["items"], f"{where}.items")


_RULES: tuple[Callable[[Body], str | None], ...] = (
    _messages, _system, _breakpoints, _thinking, _tools, _output,
)  # fmt: skip
