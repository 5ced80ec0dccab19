"""The addresses the app calls: Web API methods, uploads, response URLs."""

from __future__ import annotations

import asyncio
import json
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.workspace import gate, hooks
from bot.workspace.people import Json
from bot.workspace.tickets import Denied
from bot.workspace.workspace import Workspace


def routes(workspace: Workspace) -> list[Route]:
    """Their routes."""

    async def call(request: Request) -> Response:
        given = await _arguments(request)
        token = _token(request) or str(given.get("token", ""))
        method = request.path_params["method"]
        answer = gate.answer(workspace, method, token, given)
        await asyncio.sleep(answer.stall)
        return JSONResponse(answer.body, answer.status, dict(answer.headers))

    async def upload(request: Request) -> Response:
        try:
            workspace.files.upload(request.path_params["key"], await _upload(request))
        except Denied as denied:
            return PlainTextResponse(denied.error, 400)
        return PlainTextResponse("OK")

    async def respond(request: Request) -> Response:
        try:
            hooks.respond(workspace, request.path_params["key"], await _arguments(request))
        except Denied as denied:
            body = {"ok": False, "error": denied.error, "messages": denied.messages}
            return JSONResponse(body, 404 if denied.error.endswith("_url") else 200)
        return JSONResponse({"ok": True})

    return [
        Route("/api/{method}", call, methods=["GET", "POST"]),
        Route("/upload/v1/{key}", upload, methods=["POST", "PUT"]),
        Route("/hooks/{key}", respond, methods=["POST"]),
    ]


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""


async def _arguments(request: Request) -> Json:
    """From the query, a form, or JSON; what is not JSON after all counts as nothing."""
    given: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            return given
        return {**given, **body} if isinstance(body, dict) else given
    return {**given, **dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))}


async def _upload(request: Request) -> bytes:
    """The file's bytes, sent bare or as the one file of a form."""
    kind, body = request.headers.get("content-type", ""), await request.body()
    if not kind.startswith("multipart/"):
        return body
    form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    files = [part for part in form.walk() if part.get_filename()]
    content = files[0].get_payload(decode=True) if files else b""
    return content if isinstance(content, bytes) else b""
