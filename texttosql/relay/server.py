"""The Messages API on this machine's loopback address, whoever answers behind it.

It checks requests as the API does (rules.py), counts their tokens (counting.py), and lets go
of an answer that nobody waits for any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from secrets import token_hex
from typing import cast

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from texttosql.relay import events, rules
from texttosql.relay.asked import Answer, Answerer, Asked, Trouble, invalid
from texttosql.relay.counting import Meter

HOST = "127.0.0.1"
_START_SECONDS = 10.0
_STOP_SECONDS = 1


def app(answerer: Answerer) -> Starlette:
    """The ASGI app that asks `answerer`."""
    meter = Meter(time.monotonic)

    async def messages(request: Request) -> Response:
        asked = await _asked(request)
        answer = await _while_awaited(request, answerer, asked)
        usage = meter.count(asked)
        headers = {"request-id": asked.id}
        if asked.body.get("stream"):
            body = b"".join(events.stream(asked, answer, usage))
            return Response(body, media_type="text/event-stream", headers=headers)
        return JSONResponse(events.message(asked, answer, usage), headers=headers)

    async def count(request: Request) -> Response:
        asked = await _asked(request, counting=True)
        estimate = Meter(time.monotonic).count(asked).fresh
        return JSONResponse({"input_tokens": estimate}, headers={"request-id": asked.id})

    routes = [
        Route("/v1/messages", messages, methods=["POST"]),
        Route("/v1/messages/count_tokens", count, methods=["POST"]),
    ]
    handlers = {Trouble: _told, HTTPException: _elsewhere}
    return Starlette(routes=routes, exception_handlers=handlers)


async def _asked(request: Request, *, counting: bool = False) -> Asked:
    """The request, if the API would take it. Raises Trouble."""
    headers = dict(request.headers)
    rules.check_headers(headers)
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        fault = "The request body is not JSON."
        raise invalid(fault) from error
    return Asked(_new_id(), rules.check(body, counting=counting), headers)


def _new_id() -> str:
    return f"req_{token_hex(12)}"


async def _while_awaited(request: Request, answerer: Answerer, asked: Asked) -> Answer:
    """The answer, unless the client hangs up first: then who answers is told to stop."""
    answering = asyncio.ensure_future(answerer.answer(asked))
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise _hung_up()
        return answering.result()
    finally:
        for task in (answering, leaving):
            task.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)


def _hung_up() -> Trouble:
    return Trouble("timeout_error", "The client hung up.", status=499)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _told(_request: Request, error: Exception) -> Response:
    trouble = cast("Trouble", error)  # Starlette hands over what the handler is for
    request_id = _new_id()
    headers = {"request-id": request_id}
    if trouble.retry_after is not None:
        headers["retry-after"] = f"{trouble.retry_after:g}"
    return JSONResponse(events.error(trouble, request_id), trouble.status, headers)


async def _elsewhere(request: Request, error: Exception) -> Response:
    status = cast("HTTPException", error).status_code  # same
    kind = "not_found_error" if status == 404 else "invalid_request_error"
    message = f"{request.method} {request.url.path} is not served here."
    return await _told(request, Trouble(kind, message, status=status))


@contextlib.contextmanager
def serving(what: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve on the loopback address, and nowhere else; yields "http://127.0.0.1:PORT".

    Port 0 is any that is free. Raises OSError when the port is taken.
    """
    listener = socket.create_server((HOST, port))
    # Inherited by what is accepted: head and body go out at once, not 40 ms apart.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        what, log_level="critical", access_log=False, lifespan="off", ws="none",
        timeout_graceful_shutdown=_STOP_SECONDS,
    )  # fmt: skip
    config.load()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="relay")
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            reason = "the relay's server did not start"
            raise RuntimeError(reason)
        time.sleep(0.005)
