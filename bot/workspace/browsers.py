"""What a browser may do here: only our own page may call, and it loads nothing from elsewhere.

Any site open in the same browser can reach the loopback address; what gives it away is the
Origin, and after DNS rebinding the Host.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOSTS = frozenset({"127.0.0.1", "localhost"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: https:; font-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}


class Browsers:
    """The middleware that turns other sites away and adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is ours, with the headers; refuse the rest."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        if scope["type"] in {"http", "websocket"} and not _ours(Headers(scope=scope)):
            await _refuse(scope, receive, send)
        else:
            await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def _ours(headers: Headers) -> bool:
    host, origin = headers.get("host", ""), headers.get("origin")
    return urlsplit(f"//{host}").hostname in _HOSTS and origin in {None, f"http://{host}"}


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    refusal = "This workspace answers its own page and the app on this machine only."
    await PlainTextResponse(refusal, 403)(scope, receive, send)
