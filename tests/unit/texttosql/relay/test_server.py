from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.support.model import refusal, scripted, status
from tests.unit.texttosql.relay.calling import HEADERS, SCHEMA, body, call
from texttosql.relay.asked import Answer, Asked
from texttosql.relay.server import app, serving


class Echo:
    """`Answerer` that says what it was asked."""

    async def answer(self, asked: Asked, /) -> Answer:
        return Answer(f"You said: {asked.messages[-1]['text']}")


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    with serving(app(Echo())) as address:
        yield address


def test_an_answer_is_a_message_with_its_usage(echo: str) -> None:
    reply = call(echo, body())

    assert reply.status == 200
    assert reply.headers["request-id"].startswith("req_")
    message = reply.body
    assert (message["type"], message["role"], message["stop_reason"]) == (
        "message", "assistant", "end_turn",
    )  # fmt: skip
    assert [block["type"] for block in message["content"]] == ["thinking", "text"]
    assert message["content"][1]["text"] == "You said: how many runs?"
    assert message["usage"] == {
        "input_tokens": 5, "output_tokens": 8,
        "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
    }  # fmt: skip


def test_a_stream_tells_the_same_from_start_to_stop(echo: str) -> None:
    question = 'line separator \u2028, quote ", and a long text ' * 5
    said = [{"role": "user", "content": question}]
    events = call(echo, body(stream=True, messages=said)).events

    names = [name for name, _ in events]
    assert (names[0], names[-2:]) == ("message_start", ["message_delta", "message_stop"])
    assert all(data["type"] == name for name, data in events)
    pieces = [data["delta"]["text"] for _, data in events if "text" in data.get("delta", {})]
    assert "".join(pieces) == f"You said: {question}"
    assert len(pieces) > 1
    assert events[-2][1]["delta"]["stop_reason"] == "end_turn"
    assert events[-2][1]["usage"]["output_tokens"] > 1


def test_a_refusal_has_its_category_and_no_content() -> None:
    with scripted([refusal("frontier_llm")]) as model:
        message = call(model.base_url, body()).body

    assert message["stop_reason"] == "refusal"
    assert message["stop_details"]["category"] == "frontier_llm"
    assert message["content"] == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [(429, "rate_limit_error"), (529, "overloaded_error"), (402, "billing_error")],
)
def test_an_error_has_the_apis_form(code: int, kind: str) -> None:
    with scripted([status(code, retry_after=7)]) as model:
        reply = call(model.base_url, body())

    assert (reply.status, reply.headers["retry-after"]) == (code, "7")
    assert reply.body["type"] == "error"
    assert reply.body["error"]["type"] == kind
    assert reply.body["request_id"] == reply.headers["request-id"]


def test_a_cached_prompt_is_written_once_and_read_afterwards() -> None:
    mark = {"cache_control": {"type": "ephemeral"}}
    system = [{"type": "text", "text": "x" * 300, **mark}]
    thread = [
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": [{"type": "text", "text": "y" * 30, **mark}]},
        {"role": "user", "content": "second"},
    ]
    with serving(app(Echo())) as address:
        alone = call(address, body(system=system)).body["usage"]
        again = call(address, body(system=system)).body["usage"]
        longer = call(address, body(system=system, messages=thread)).body["usage"]

    def cache(usage: dict[str, int]) -> tuple[int, int]:
        return usage["cache_creation_input_tokens"], usage["cache_read_input_tokens"]

    assert [cache(alone), cache(again), cache(longer)] == [(100, 0), (0, 100), (12, 100)]
    assert alone["input_tokens"] == 5


def test_tokens_are_counted_without_asking_anybody() -> None:
    with scripted([]) as model:
        said = body(max_tokens=None, system="s" * 30)
        reply = call(model.base_url, said, "/v1/messages/count_tokens")

    assert reply.body == {"input_tokens": 15}
    assert model.requests == []


@pytest.mark.parametrize("missing", ["x-api-key", "anthropic-version"])
def test_a_header_that_is_missing_is_told(echo: str, missing: str) -> None:
    headers = {name: value for name, value in HEADERS.items() if name != missing}
    reply = call(echo, body(), headers=headers)

    assert reply.status == (401 if missing == "x-api-key" else 400)
    assert missing in reply.body["error"]["message"]


def test_a_bearer_token_is_as_good_as_a_key(echo: str) -> None:
    headers = {"authorization": "Bearer any", "anthropic-version": "2023-06-01"}
    assert call(echo, body(), headers=headers).status == 200


def test_another_address_is_not_served(echo: str) -> None:
    reply = call(echo, body(), "/v1/models")

    assert reply.status == 404
    assert reply.body["error"]["type"] == "not_found_error"


def test_what_is_no_json_is_told(echo: str) -> None:
    reply = call(echo, b"{")

    assert (reply.status, reply.body["error"]["message"]) == (400, "The request body is not JSON.")


def _object(**more: object) -> dict[str, object]:
    return {"output_config": {"format": {"type": "json_schema", "schema": {**SCHEMA, **more}}}}


_USER = {"role": "user", "content": "hi"}
_PREFILL = {"role": "assistant", "content": "{"}
REJECTED: list[tuple[dict[str, object], str]] = [
    ({"max_tokens": None}, "max_tokens"),
    ({"max_tokens": "10"}, "max_tokens"),
    ({"model": None}, "model"),
    ({"messages": []}, "messages"),
    ({"messages": None}, "messages"),
    ({"messages": [_PREFILL, _USER]}, "messages.0.role"),
    ({"messages": [_USER, _PREFILL]}, "prefill"),
    ({"messages": [{"role": "robot", "content": "hi"}]}, "messages.0.role"),
    ({"messages": [{"role": "user", "content": ""}]}, "messages.0.content"),
    ({"messages": [{"role": "user", "content": [{"text": "hi"}]}]}, "content.0.type"),
    ({"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]}, "not be empty"),
    ({"temperature": 0}, "temperature"),
    ({"top_p": 0.5}, "top_p"),
    ({"top_k": 5}, "top_k"),
    ({"tool_choice": {"type": "any"}}, "tool_choice"),
    ({"tool_choice": {"type": "tool", "name": "x"}}, "tool_choice"),
    ({"thinking": {"type": "disabled"}}, "thinking"),
    ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "thinking"),
    ({"output_format": SCHEMA}, "output_format"),
    ({"output_config": {"effort": "none"}}, "effort"),
    ({"output_config": {"colour": "red"}}, "output_config.colour"),
    ({"output_config": {"format": {"type": "json"}}}, "json_schema"),
    (_object(additionalProperties=True), "additionalProperties"),
    (_object(properties={"n": {"type": "integer", "minimum": 0}}), "minimum"),
    (_object(properties={"n": {"type": "array", "minItems": 2}}), "minItems"),
    (_object(properties={"n": {"type": "object"}}), "schema.properties.n"),
    (_object(properties={f"p{n}": {"type": "string"} for n in range(30)}), "optional"),
    ({"system": [{"type": "text", "text": "s", "cache_control": {}}] * 5}, "cache_control"),
]


@pytest.mark.parametrize(("changed", "named"), REJECTED)
def test_what_the_real_models_reject_is_rejected(
    echo: str, changed: dict[str, object], named: str
) -> None:
    whole = body()
    sent = {name: changed.get(name, whole.get(name)) for name in {**whole, **changed}}
    reply = call(echo, {name: value for name, value in sent.items() if value is not None})

    assert reply.status == 400
    assert reply.body["error"]["type"] == "invalid_request_error"
    assert named in reply.body["error"]["message"]


@pytest.mark.parametrize(
    "more",
    [
        {"thinking": {"type": "adaptive"}},
        {"thinking": {"type": "between_tools"}},
        {"tool_choice": {"type": "auto"}},
        {"output_config": {"effort": "max"}},
        _object(),
        _object(properties={"minimum": {"type": "string"}, "n": {"type": "array", "minItems": 1}}),
        {"messages": [_USER, _USER]},
        {"system": ""},
    ],
)
def test_what_the_real_models_take_is_taken(echo: str, more: dict[str, object]) -> None:
    assert call(echo, body(**more)).status == 200


def test_who_answers_is_told_when_the_client_hangs_up() -> None:
    cancelled = threading.Event()

    class Slow:
        async def answer(self, _asked: Asked, /) -> Answer:
            import asyncio  # noqa: PLC0415 - the only place here that has to do with it

            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()
            return Answer("")

    with serving(app(Slow())) as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            text = '{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}'
            connection.sendall(
                f"POST /v1/messages HTTP/1.1\r\nhost: {host}\r\nx-api-key: k\r\n"
                f"anthropic-version: 1\r\ncontent-length: {len(text)}\r\n\r\n{text}".encode()
            )
        assert cancelled.wait(10)


def test_only_this_machine_is_listened_to(echo: str) -> None:
    assert echo.startswith("http://127.0.0.1:")
    with socket.create_server(("127.0.0.2", int(echo.rpartition(":")[2]))):
        pass  # another address of this machine is free: the server has only the one
