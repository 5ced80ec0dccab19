"""The Bolt app and what stands behind it. Importing this does nothing; `build` makes it all."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.oauth.oauth_settings import OAuthSettings

from bot import listeners
from bot.answering import Answering
from bot.clients import Clients, client
from bot.delivery import Delivery
from bot.doorway import Doorway
from bot.identity import Identity
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.patience import Patience
from bot.people import People
from bot.porch import Porch
from bot.postman import Postman
from bot.settings import BotSettings
from bot.workroom import Workroom
from texttosql.office import Office

_log = logging.getLogger(__name__)

_BOLTS_OWN = ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET")
GRACE = 20.0
"""Seconds in which a bot that is told to stop finishes what it accepted."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A Bolt app, and the threads that work for it."""

    app: App
    porch: Porch
    workroom: Workroom
    patience: Patience
    listeners: ThreadPoolExecutor

    def start(self) -> None:
        """Take over what an earlier process left unanswered, and read the stores' names ahead."""
        self.workroom.start()
        threading.Thread(target=self.porch.office.stores, name="warm-up", daemon=True).start()

    def stop(self, grace: float = GRACE) -> None:
        """Finish what was accepted, within `grace` seconds; leave the rest to others."""
        ends = time.monotonic() + grace
        self.listeners.shutdown(wait=True)
        self.workroom.stop(grace)
        self.porch.outbox.drain(max(ends - time.monotonic(), 1.0))
        self.porch.outbox.close()
        self.patience.close()
        self.workroom.release()


class _App(App):
    """Bolt's, with everything that Slack sends coming in by the doorway."""

    def __init__(self, doorway: Doorway, **given: Any) -> None:  # Any: Bolt's own arguments
        super().__init__(**given)
        self._doorway = doorway

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """What is answered to Slack at once."""
        with self._doorway.coming_in():
            return super().dispatch(req)


def build_app(settings: BotSettings, assistant: Office) -> App:
    """The Bolt app alone, at work from its first event on."""
    bot = build(settings, assistant)
    bot.start()
    return bot.app


def build(settings: BotSettings, office: Office, *, owner: str | None = None) -> Bot:
    """Everything, connected and not yet started. `owner` names this process in the worklist."""
    owner = owner or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    clients = Clients(settings.api_url, _tokens(settings))
    outbox, patience = Outbox(time.monotonic), Patience(time.monotonic)
    delivery, people = Delivery(clients), People(clients, time.monotonic)
    postman = Postman(outbox, delivery, office.work, office.journal)
    answering = Answering(settings, office, postman, people, patience)
    doorway = Doorway()
    workroom = Workroom(
        office.work, answering.answer, owner=owner, size=settings.workers,
        let_pass=doorway.let_pass,
    )  # fmt: skip
    inbox = Inbox(settings, office.journal, office.work, workroom, answering, owner=owner)
    pool = ThreadPoolExecutor(settings.listeners, thread_name_prefix="listener")
    porch = Porch(settings, office, inbox, outbox, delivery, people)
    app = _bolt(settings, pool, doorway)
    listeners.register(app, porch)
    return Bot(app, porch, workroom, patience, pool)


def _bolt(settings: BotSettings, pool: ThreadPoolExecutor, doorway: Doorway) -> App:
    secret = settings.signing_secret
    with _unread(*_BOLTS_OWN):
        return _App(
            doorway,
            name="tracktalk",
            logger=_log,
            client=client(None, settings.api_url),
            signing_secret=secret.get_secret_value() if secret else "",
            request_verification_enabled=secret is not None,
            listener_executor=pool,
            **_rights(settings),
        )


@contextmanager
def _unread(*names: str) -> Iterator[None]:
    """Without these variables inside: Bolt reads them past the settings.

    An empty SLACK_CLIENT_ID, as in .env.sample, is enough for it to set up an OAuth of its own.
    """
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


def _rights(settings: BotSettings) -> dict[str, Any]:  # Any: Bolt's own arguments
    """Where a workspace's token comes from."""
    if settings.many_workspaces:
        return {"oauth_settings": _oauth(settings)}
    token = settings.bot_token.get_secret_value() if settings.bot_token else None
    identity = Identity(client(token, settings.api_url), token, time.monotonic)
    return {"authorize": identity}


def _oauth(settings: BotSettings) -> OAuthSettings:
    from bot.installations import oauth  # noqa: PLC0415 - only several workspaces need SQLAlchemy's

    return oauth(settings)


def _tokens(settings: BotSettings) -> Callable[[str], str | None]:
    if settings.many_workspaces:
        from bot.installations import installations  # noqa: PLC0415 - as above

        return installations(settings)
    token = settings.bot_token.get_secret_value() if settings.bot_token else None
    return lambda _team: token
