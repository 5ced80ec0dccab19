"""Socket Mode: the bot calls Slack, and calls again whenever the line is dead.

slack_sdk reconnects when a connection is closed or Slack asks for a new one. A line that just
falls silent (a laptop that slept, a router that forgot) is noticed here, by its missing pongs.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocketApp, WebSocketException

from bot.clients import client
from bot.settings import BotSettings
from texttosql.errors import ExitCode, SettingsError, TextToSQLError

_log = logging.getLogger(__name__)

_PING = 5.0
"""Seconds between two pings, and between two looks at whether the connection still lives."""
_SILENCE = 15.0
"""Seconds without a pong after which a line is dead."""
_CONCURRENCY = 10
"""Envelopes that are handled at once."""
_CONNECTED_WITHIN = 10.0


class Disconnected(TextToSQLError):
    """Slack could not be reached, or turned the token away, when the bot started."""

    exit_code = ExitCode.NO_CONNECTION


class _Handler(SocketModeHandler):
    """Bolt's, but an acknowledgement that a dying line does not take is no traceback.

    Slack sends what was not acknowledged again, and the inbox knows it already.
    """

    # The override is Bolt's own: its base class names another client.
    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Let the app hear an envelope, then acknowledge it."""
        heard = run_bolt_app(self.app, req)
        try:
            send_response(client, req, heard, 0.0)
        # slack_sdk 3.47 looks for a session_id that this client lacks when the line is down.
        except (AttributeError, OSError, WebSocketException, SlackClientError):
            _log.info("the line went down before %s was acknowledged", req.envelope_id)


@contextmanager
def socket_mode(app: App, settings: BotSettings) -> Iterator[None]:
    """Connected to Slack inside. Raises Disconnected when the first connection fails."""
    if settings.app_token is None:
        what = "SLACK_APP_TOKEN is not set."
        raise SettingsError(what, "Socket Mode needs it.")
    token = settings.app_token.get_secret_value()
    handler = _Handler(
        app, token, logger=_log, web_client=client(token, settings.api_url),
        ping_interval=_PING, concurrency=_CONCURRENCY,
    )  # fmt: skip
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(handler.client, ended), name="line", daemon=True)
    try:
        _connect(handler, settings.api_url)
        watch.start()
        yield
    finally:
        ended.set()
        _hang_up(handler.client)


def _connect(handler: SocketModeHandler, api_url: str) -> None:
    opened = threading.Event()
    handler.client.on_open_listeners.append(lambda _session: opened.set())
    handler.client.on_error_listeners.append(_let_go)
    handler.client.on_message_listeners.append(_leave_when_asked)
    try:
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt has no types here
    except (SlackClientError, OSError) as error:
        raise _disconnected(api_url, error) from error
    if not opened.wait(_CONNECTED_WITHIN):
        raise _disconnected(api_url, TimeoutError())


def _leave_when_asked(session: WebSocketApp, message: str) -> None:
    """End a line that Slack wants to replace, in the thread that reads it.

    slack_sdk closes it from another one, which the reader may notice only after 10 seconds (the
    timeout of its select): no new line begins before that.
    """
    if '"disconnect"' in message and json.loads(message).get("type") == "disconnect":
        session.keep_running = False


def _let_go(session: WebSocketApp, _error: Exception) -> None:
    """websocket-client 1.9 keeps the socket of a line that the other side has closed."""
    if session.sock is not None:
        session.sock.shutdown()  # type: ignore[no-untyped-call]  # untyped there


def _hang_up(slack: SocketModeClient) -> None:
    """Close the line; slack_sdk's own close() waits for a thread that may sleep for 10 s."""
    slack.closed, slack.auto_reconnect_enabled = True, False
    for runner in (
        slack.current_session_runner,
        slack.current_app_monitor,
        slack.message_processor,
    ):
        runner.event.set()
    _let_connect(slack.current_session)
    slack.disconnect()
    slack.message_workers.shutdown(wait=True)


def _let_connect(session: WebSocketApp | None) -> None:
    """Wait for a line that is just being opened: websocket-client 1.9 would lose its socket."""
    ends = time.monotonic() + _CONNECTED_WITHIN
    while session is not None and session.sock is not None and time.monotonic() < ends:
        if session.sock.connected:
            return
        time.sleep(0.01)


def _watch(slack: SocketModeClient, ended: threading.Event) -> None:
    """Leave a line whose pongs stay away. websocket-client notes when the last one came."""
    watched, since = slack.current_session, time.time()
    while not ended.wait(_PING):
        session = slack.current_session
        if session is not watched or session is None:
            watched, since = session, time.time()
        elif time.time() - max(since, session.last_pong_tm) > _SILENCE:
            _log.warning("the line to Slack is silent; calling again")
            session.close()


def _disconnected(api_url: str, error: Exception) -> Disconnected:
    _log.warning("no connection: %s", type(error).__name__)
    code = error.response.get("error") if isinstance(error, SlackApiError) else None
    if code in {"invalid_auth", "not_authed", "token_revoked", "not_allowed_token_type"}:
        return Disconnected(
            f"Slack turned SLACK_APP_TOKEN away ({code}).",
            "Make an app-level token with connections:write on the app's page, and set it.",
        )
    what = f"Slack cannot be reached at {api_url} ({code or type(error).__name__})."
    return Disconnected(what, "Check the network and SLACK_API_URL, then start it again.")
