"""A Slack that knows two methods, and answers 404 to all others: what the bot cannot do without.

It shares nothing with bot/workspace, so that the bot cannot lean on that one's ways.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from websockets.sync.server import ServerConnection, serve

Json = dict[str, Any]
"""A payload. `Any`: JSON."""


@dataclass
class BareSlack:
    """What was posted, what was acknowledged, and the lines that bots hold."""

    address: str = ""
    socket: str = ""
    posts: list[Json] = field(default_factory=list)
    acked: list[str] = field(default_factory=list)
    lines: list[ServerConnection] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def send(self, payload: Json, envelope: str = "e1") -> None:
        """Deliver an event over the newest line."""
        body = {"type": "events_api", "envelope_id": envelope, "payload": payload}
        self.lines[-1].send(json.dumps(body))

    def hold(self, line: ServerConnection) -> None:
        """Greet a bot and note what it acknowledges, for as long as it is connected."""
        line.send(json.dumps({"type": "hello"}))
        self._note(self.lines, line)
        for message in line:
            self._note(self.acked, json.loads(message)["envelope_id"])

    def called(self, method: str, sent: bytes) -> Json | None:
        """What a method answers; None for those that this Slack does not know."""
        if method == "apps.connections.open":
            return {"ok": True, "url": self.socket}
        if method != "chat.postMessage":
            return None
        self._note(self.posts, json.loads(sent))
        return {"ok": True, "ts": f"1700000000.{len(self.posts):06d}", "channel": "C1"}

    def until(self, happened: Callable[[], object], seconds: float = 20) -> bool:
        """Wait for something."""
        with self.changed:
            return bool(self.changed.wait_for(happened, seconds))

    def _note(self, where: list[Any], what: object) -> None:
        with self.changed:
            where.append(what)
            self.changed.notify_all()


def _api(slack: BareSlack) -> type[BaseHTTPRequestHandler]:
    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
            answer = slack.called(self.path.rpartition("/")[2], sent)
            body = b"<h1>Not found</h1>" if answer is None else json.dumps(answer).encode()
            self.send_response(404 if answer is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    return Api


@contextmanager
def bare_slack() -> Iterator[BareSlack]:
    """Served on two ports of the loopback address."""
    slack = BareSlack()
    api = ThreadingHTTPServer(("127.0.0.1", 0), _api(slack))
    with serve(slack.hold, "127.0.0.1", 0) as socket:
        slack.address = f"http://127.0.0.1:{api.server_port}"
        slack.socket = f"ws://127.0.0.1:{socket.socket.getsockname()[1]}"
        threads = [threading.Thread(target=each.serve_forever) for each in (api, socket)]
        for thread in threads:
            thread.start()
        try:
            yield slack
        finally:
            api.shutdown()
            socket.shutdown()
            api.server_close()
            for thread in threads:
                thread.join()
