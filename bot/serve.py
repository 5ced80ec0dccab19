"""The bot at work: connected by Socket Mode or reached by HTTP, until it is told to stop.

SIGTERM and Ctrl-C stop it gracefully: nothing new is taken, what was accepted is finished.
"""

from __future__ import annotations

import signal
import sys
import threading
from socket import create_server
from types import FrameType

from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app import Bot, build
from bot.settings import from_env
from bot.socket import socket_mode
from texttosql.desk import Outside
from texttosql.errors import SettingsError
from texttosql.factory import build_office

_SWITCH = 0.0005
"""Seconds a thread keeps the interpreter while others want it: a tenth of Python's own choice.

An acknowledgement needs it a dozen times, and would wait each time for every busy worker.
"""


def run(outside: Outside, *, http: int | None, host: str) -> int:
    """`tracktalk bot`: everything from the settings to the end; the exit status."""
    sys.setswitchinterval(_SWITCH)
    settings = from_env(outside.environ, outside.redactor, http=http is not None)
    office = build_office(settings.corridor)
    bot = build(settings, office)
    bot.start()
    try:
        if http is not None:
            serve_http(bot, host, http)
        else:
            with socket_mode(bot.app, settings):
                _say("Connected to Slack. Ctrl-C ends it.")
                wait_for_the_end()
        _say("Finishing what was asked …")
    finally:
        bot.stop()
        office.close()
    return 0


def http_app(bot: Bot) -> Starlette:
    """The same bot behind HTTP: /slack/events for everything Slack sends, /healthz for probes."""

    async def slack(request: Request) -> Response:
        body = await request.body()
        # In a thread: Bolt waits for a listener's ack, and must not hold up the other requests.
        answer = await run_in_threadpool(bot.app.dispatch, to_bolt_request(request, body))
        return to_starlette_response(answer)

    async def install(request: Request) -> Response:
        flow = bot.app.oauth_flow
        if flow is None:
            return PlainTextResponse("Not found", 404)
        act = flow.handle_installation if "install" in request.url.path else flow.handle_callback
        answer = await run_in_threadpool(act, to_bolt_request(request, b""))
        return to_starlette_response(answer)

    async def healthy(_request: Request) -> Response:
        return PlainTextResponse("ok")

    routes = [
        Route("/slack/events", slack, methods=["POST"]),
        Route("/slack/install", install),
        Route("/slack/oauth_redirect", install),
        Route("/healthz", healthy),
    ]
    return Starlette(routes=routes)


def serve_http(bot: Bot, host: str, port: int) -> None:
    """Serve until told to stop; uvicorn keeps the signals and finishes what it has.

    Raises SettingsError when the address cannot be listened on.
    """
    import uvicorn  # noqa: PLC0415 - Socket Mode has no use for a server

    try:
        listener = create_server((host, port))
    except OSError as error:
        what = f"{host}:{port} cannot be listened on: {(error.strerror or 'unknown').lower()}."
        raise SettingsError(what, "Choose another --http PORT or --host.") from error
    with listener:
        _say(f"Listening on http://{host}:{port}/slack/events")
        config = uvicorn.Config(http_app(bot), log_level="warning")
        uvicorn.Server(config).run(sockets=[listener])


def wait_for_the_end() -> None:
    """Returns when the process is told to stop, by SIGTERM or Ctrl-C."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, end)
    # In steps: on some systems a wait without end does not see signals.
    while not ended.wait(3600):
        pass


def _say(text: str) -> None:
    """A line for whoever started the bot."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
