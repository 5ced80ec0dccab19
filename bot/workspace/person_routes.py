"""The addresses the page calls: what a person sees, and what a person does."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.workspace.interact import Place
from bot.workspace.people import Json
from bot.workspace.tickets import Denied
from bot.workspace.wire import Wire
from bot.workspace.workspace import Workspace

_INDEX = Path(__file__).with_name("page") / "index.html"
Deed = Callable[[Workspace, Json], Json]


def routes(workspace: Workspace) -> list[BaseRoute]:
    """Their routes."""

    async def live(socket: WebSocket) -> None:
        try:
            user = workspace.user(socket.query_params.get("user", ""))
        except LookupError:
            await socket.close(1008)
            return
        await socket.accept()
        wire = Wire(socket)
        leave = workspace.hub.open(user.id, wire.send)
        try:
            await wire.run(lambda _: None)
        finally:
            leave()

    async def file(request: Request) -> Response:
        found = workspace.files.get(request.path_params["id"])
        if found is None or found.body is None:
            return PlainTextResponse("There is no such file.", 404)
        shown = "inline" if found.content_type == "image/png" else "attachment"
        disposition = f"{shown}; filename*=utf-8''{quote(found.name)}"
        headers = {"content-disposition": disposition}
        return Response(found.body, media_type=found.content_type, headers=headers)

    return [
        Route("/", lambda _: FileResponse(_INDEX)),
        Route("/files/{id}", file),
        Route("/files/{id}/{name}", file),
        WebSocketRoute("/person/live", live),
        *(Route(f"/person/{name}", _get(workspace, deed)) for name, deed in _SEEN.items()),
        *(
            Route(f"/person/{name}", _post(workspace, deed), methods=["POST"])
            for name, deed in _DONE.items()
        ),
    ]


Endpoint = Callable[[Request], Awaitable[Response]]


def _get(workspace: Workspace, deed: Deed) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await _done(workspace, deed, dict(request.query_params))

    return endpoint


def _post(workspace: Workspace, deed: Deed) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            given = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"ok": False, "error": "that is no JSON"}, 400)
        return await _done(workspace, deed, given)

    return endpoint


async def _done(workspace: Workspace, deed: Deed, given: Json) -> Response:
    """In a thread of its own: a deed may wait for the app to acknowledge it."""
    try:
        return JSONResponse(await run_in_threadpool(deed, workspace, given))
    except KeyError as missing:
        return JSONResponse({"ok": False, "error": f"{missing} is missing"}, 400)
    except LookupError as gone:
        return JSONResponse({"ok": False, "error": str(gone)}, 404)
    except Denied as denied:
        return JSONResponse({"ok": False, "error": denied.error}, 400)


def _state(workspace: Workspace, given: Json) -> Json:
    return workspace.state(given["user"])


def _messages(workspace: Workspace, given: Json) -> Json:
    thread_ts = given.get("thread_ts")
    messages = workspace.messages(given["channel"], thread_ts, given["user"])
    return {"messages": messages, **workspace.beside(given["channel"], thread_ts)}


def _home(workspace: Workspace, given: Json) -> Json:
    return {"view": workspace.home(given["user"])}


def _say(workspace: Workspace, given: Json) -> Json:
    thread_ts = given.get("thread_ts")
    return {"ts": workspace.say(given["user"], given["channel"], given["text"], thread_ts)}


def _command(workspace: Workspace, given: Json) -> Json:
    text = given.get("text", "")
    return workspace.command(given["user"], given["channel"], given["command"], text)


def _place(workspace: Workspace, given: Json) -> Place:
    if given.get("view_id"):
        return workspace.in_view(given["user"], given["view_id"])
    return workspace.in_message(given["user"], given["channel"], given["message_ts"])


def _values(given: Json) -> Json:
    state = given.get("state") or {}
    values: Json = state.get("values", {})
    return values


def _action(workspace: Workspace, given: Json) -> Json:
    place = _place(workspace, given)
    return workspace.act(given["user"], place, given["action"], _values(given))


def _submit(workspace: Workspace, given: Json) -> Json:
    view_id, values = given["view_id"], _values(given)
    return workspace.submit(given["user"], view_id=view_id, state=values)


def _close(workspace: Workspace, given: Json) -> Json:
    workspace.close(given["user"], given["view_id"], clear=bool(given.get("clear")))
    return {"ok": True}


def _shortcut(workspace: Workspace, given: Json) -> Json:
    where = (given.get("channel"), given.get("message_ts"))
    outcome = workspace.shortcut(given["user"], given["callback_id"], *where)
    return {key: value for key, value in outcome.items() if key != "answer"}


def _open_home(workspace: Workspace, given: Json) -> Json:
    workspace.open_home(given["user"], given.get("tab", "home"))
    return {"ok": True}


def _options(workspace: Workspace, given: Json) -> Json:
    place = _place(workspace, given)
    asked = (given["action_id"], given.get("value", ""), given.get("block_id"))
    return workspace.options(given["user"], *asked, place=place)


def _react(workspace: Workspace, given: Json) -> Json:
    workspace.react(given["user"], given["channel"], given["ts"], given["name"])
    return {"ok": True}


_SEEN = {"state": _state, "messages": _messages, "home": _home}
_DONE = {
    "message": _say, "command": _command, "action": _action, "submit": _submit,
    "close": _close, "shortcut": _shortcut, "home": _open_home, "options": _options,
    "react": _react,
}  # fmt: skip
