"""An answer as the Messages API writes it: one JSON object, or a stream of server-sent events.

The first block is a `thinking` block without its text, as the current models send by default.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from texttosql.relay.asked import Answer, Asked, Trouble
from texttosql.relay.counting import Usage, tokens

PIECE = 48
"""Characters in one delta of a stream."""

Object = dict[str, Any]  # Any: JSON


def message(asked: Asked, answer: Answer, usage: Usage) -> Object:
    """The whole message."""
    return {
        "id": asked.id.replace("req_", "msg_"),
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": [_thinking(), {"type": "text", "text": answer.text}] if answer.text else [],
        "stop_reason": answer.stop_reason,
        "stop_sequence": None,
        "stop_details": _details(answer),
        "usage": usage.told(tokens(answer.text)),
    }


def stream(asked: Asked, answer: Answer, usage: Usage) -> Iterator[bytes]:
    """The same, from message_start to message_stop."""
    whole = message(asked, answer, usage)
    begun = {**whole, "content": [], "stop_reason": None, "stop_details": None}
    yield _event("message_start", message={**begun, "usage": usage.told(1)})
    yield _event("ping")
    for index, block in enumerate(whole["content"]):
        yield from _block(index, block)
    ended = {name: whole[name] for name in ("stop_reason", "stop_sequence", "stop_details")}
    yield _event("message_delta", delta=ended, usage=whole["usage"])
    yield _event("message_stop")


def error(trouble: Trouble, request_id: str) -> Object:
    """The body of an error."""
    told: Object = {"type": trouble.kind, "message": trouble.message}
    if trouble.details:
        told["details"] = dict(trouble.details)
    return {"type": "error", "error": told, "request_id": request_id}


def _thinking() -> Object:
    return {"type": "thinking", "thinking": "", "signature": "c3RhbmQtaW4="}


def _details(answer: Answer) -> Object | None:
    if answer.stop_reason != "refusal":
        return None
    return {"type": "refusal", "category": answer.category, "explanation": None}


def _block(index: int, block: Object) -> Iterator[bytes]:
    text = block.get("text", "")
    empty = {**block, "text": ""} if block["type"] == "text" else {**block, "signature": ""}
    yield _event("content_block_start", index=index, content_block=empty)
    if block["type"] == "thinking":
        signed = {"type": "signature_delta", "signature": block["signature"]}
        yield _event("content_block_delta", index=index, delta=signed)
    for start in range(0, len(text), PIECE):
        piece = {"type": "text_delta", "text": text[start : start + PIECE]}
        yield _event("content_block_delta", index=index, delta=piece)
    yield _event("content_block_stop", index=index)


def _event(kind: str, **rest: object) -> bytes:
    # ASCII: a line separator inside the text must not end the line of the event.
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **rest})}\n\n".encode()
