"""Socket Mode: the app's WebSocket, greeted, fed with envelopes, heard for acknowledgements."""

from __future__ import annotations

import json
import secrets

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from bot.workspace.envelopes import Connection
from bot.workspace.wire import Wire
from bot.workspace.workspace import Workspace


def routes(workspace: Workspace) -> list[WebSocketRoute]:
    """Its route."""

    async def link(socket: WebSocket) -> None:
        ticket = socket.query_params.get("ticket", "")
        if ticket not in workspace.link_tickets:
            await socket.close(1008)
            return
        workspace.link_tickets.remove(ticket)
        await socket.accept()
        wire = Wire(socket)
        connection = Connection(f"link-{secrets.token_hex(4)}", wire.send, wire.close)
        workspace.courier.attach(connection)
        try:
            await wire.run(lambda text: _acknowledged(workspace, text))
        finally:
            workspace.courier.detach(connection)

    return [WebSocketRoute("/link/", link)]


def _acknowledged(workspace: Workspace, text: str) -> None:
    try:
        said = json.loads(text)
    except ValueError:
        return
    if isinstance(said, dict) and isinstance(said.get("envelope_id"), str):
        answer = said.get("payload")
        workspace.courier.ack(said["envelope_id"], answer if isinstance(answer, dict) else {})
