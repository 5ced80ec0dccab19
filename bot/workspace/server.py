"""The workspace over HTTP and WebSocket, on this machine alone."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.workspace import link, person_routes, slack_routes
from bot.workspace.browsers import Browsers
from bot.workspace.workspace import Workspace

_HOST = "127.0.0.1"
_PAGE = Path(__file__).with_name("page")
_START_SECONDS = 10.0
_STOP_SECONDS = 3


def app(workspace: Workspace) -> Starlette:
    """The ASGI app; its deadlines are kept while it runs."""

    @contextlib.asynccontextmanager
    async def deadlines(_: Starlette) -> AsyncIterator[None]:
        keeper = threading.Thread(target=workspace.courier.run, name="workspace-deadlines")
        keeper.start()
        yield
        workspace.courier.stop()
        keeper.join()

    routes = [
        *slack_routes.routes(workspace),
        *link.routes(workspace),
        *person_routes.routes(workspace),
        Mount("/page", StaticFiles(directory=_PAGE)),
    ]
    starlette = Starlette(routes=routes, lifespan=deadlines)
    starlette.add_middleware(Browsers)
    return starlette


@contextlib.contextmanager
def serving(workspace: Workspace, port: int = 0) -> Iterator[str]:
    """Serve on the loopback address; yields "http://127.0.0.1:PORT"."""
    listener = socket.create_server((_HOST, port))
    workspace.address = f"http://{_HOST}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        app(workspace), log_level="warning", access_log=False, ws="websockets-sansio",
        ws_ping_interval=0.5, timeout_graceful_shutdown=_STOP_SECONDS,
    )  # fmt: skip
    config.load()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="workspace")
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield workspace.address
    finally:
        workspace.courier.drop()
        server.should_exit = True
        thread.join()
        listener.close()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            reason = "the workspace's server did not start"
            raise RuntimeError(reason)
        time.sleep(0.005)
