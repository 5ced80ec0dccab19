"""A real app at the other end: slack_sdk's Socket Mode client, and a plain HTTP endpoint."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.workspace import Workspace

Json = dict[str, Any]


@dataclass
class App:
    """An app that acknowledges what it hears, and remembers it."""

    client: SocketModeClient
    heard: list[SocketModeRequest] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=dict)
    """What to acknowledge with, by the payload's type ("command" for a slash command)."""
    silent: bool = False

    def events(self, kind: str) -> list[Json]:
        """The events of this type it heard."""
        return [r.payload["event"] for r in self.heard if _kind(r.payload) == kind]

    def payloads(self, kind: str) -> list[Json]:
        """The interactions or commands of this type it heard."""
        return [r.payload for r in self.heard if _kind(r.payload) == kind]

    def hear(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if not self.silent:
            answer = self.answers.get(_kind(request.payload))
            response = SocketModeResponse(request.envelope_id, answer)
            client.send_socket_mode_response(response)


def _kind(payload: Json) -> str:
    kind = payload.get("event", payload).get("type")
    return str(kind or "command")


@contextmanager
def connected(workspace: Workspace, answers: dict[str, Json] | None = None) -> Iterator[App]:
    """An app connected by Socket Mode."""
    web = WebClient(token=workspace.bot_token, base_url=f"{workspace.address}/api/")
    client = SocketModeClient(workspace.app_token, web_client=web, ping_interval=0.2)
    app = App(client, answers=answers or {})
    client.socket_mode_request_listeners.append(app.hear)
    before = len(workspace.courier.connections)
    client.connect()
    assert workspace.wait_for(lambda: len(workspace.courier.connections) > before)
    try:
        yield app
    finally:
        client.close()


@dataclass(frozen=True)
class Posted:
    """A request that came to the endpoint."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Endpoint:
    """An app's HTTP endpoint: what came, and the (status, body) it answers."""

    address: str = ""
    verifies: bool = True
    posts: list[Posted] = field(default_factory=list)
    replies: list[tuple[int, str]] = field(default_factory=list)


@contextmanager
def http_app() -> Iterator[Endpoint]:
    """An endpoint that answers 200 with nothing once its `replies` are used up."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            endpoint.posts.append(Posted(dict(self.headers), body))
            status, text = endpoint.replies.pop(0) if endpoint.replies else (200, "")
            if b"url_verification" in body and endpoint.verifies:
                text = json.loads(body)["challenge"]
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        endpoint.address = f"http://127.0.0.1:{server.server_port}/slack/events"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            thread.join()
