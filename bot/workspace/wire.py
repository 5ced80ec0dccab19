"""A WebSocket to write to from any thread: text is queued, and sent in order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect


class Wire:
    """One accepted WebSocket; `send` and `close` come back at once."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._outgoing: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, text: str) -> None:
        """Queue a text."""
        self._put(text)

    def close(self) -> None:
        """Close it after what is queued."""
        self._put(None)

    async def run(self, on_text: Callable[[str], None]) -> None:
        """Send and receive until either end closes."""
        sending = asyncio.create_task(self._send_all())
        receiving = asyncio.create_task(self._receive_all(on_text))
        _, pending = await asyncio.wait((sending, receiving), return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(sending, receiving, return_exceptions=True)

    def _put(self, text: str | None) -> None:
        # The loop is gone once the server has stopped; then there is nobody left to hear it.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._outgoing.put_nowait, text)

    async def _send_all(self) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while (text := await self._outgoing.get()) is not None:
                await self._socket.send_text(text)
            await self._socket.close(1001)

    async def _receive_all(self, on_text: Callable[[str], None]) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                on_text(await self._socket.receive_text())
