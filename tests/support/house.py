"""A Slack workspace with the real bot in it: real WebSocket or HTTP, a real store and journal."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_server
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.app import Bot, build
from bot.manifest import read_manifest
from bot.serve import http_app
from bot.settings import from_env
from bot.socket import socket_mode
from bot.workspace import Workspace, serving
from texttosql.factory import build_office

SECONDS = 20.0
"""How long something may take before a test says that it did not happen."""

WORKING = "🔎"
"""What a message begins with until it is an answer."""

Message = Mapping[str, Any]
"""A Slack message. `Any`: JSON."""


@dataclass
class House:
    """A workspace, and the bots that a test lets in."""

    workspace: Workspace
    address: str
    store: str
    folder: Path
    more: dict[str, str] = field(default_factory=dict)
    bots: list[Bot] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        """What a bot process is told."""
        return {
            "HOME": str(self.folder),
            "TRACKTALK_STORE": self.store,
            "TRACKTALK_JOURNAL": f"sqlite:///{self.folder / 'journal.db'}",
            "SLACK_API_URL": f"{self.address}/api/",
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_APP_TOKEN": self.workspace.app_token,
            "SLACK_SIGNING_SECRET": self.workspace.signing_secret,
            **self.more,
        }

    @contextmanager
    def made(self, *, http: bool = False) -> Iterator[Bot]:
        """A bot that nothing connects to Slack yet; stopped afterwards."""
        settings = from_env(self.environ, http=http)
        office = build_office(settings.corridor)
        bot = build(settings, office)
        bot.start()
        self.bots.append(bot)
        try:
            yield bot
        finally:
            bot.stop(grace=5)
            office.close()

    @contextmanager
    def bot(self) -> Iterator[Bot]:
        """A bot connected by Socket Mode."""
        with self.made() as bot, socket_mode(bot.app, bot.porch.settings):
            yield bot

    @contextmanager
    def http(self) -> Iterator[Bot]:
        """A bot that Slack calls by HTTP."""
        with self.made(http=True) as bot, served(http_app(bot)) as address:
            self.workspace.http_endpoint = f"{address}/slack/events"
            yield bot
            self.workspace.http_endpoint = None

    @contextmanager
    def process(self) -> Iterator[subprocess.Popen[bytes]]:
        """`tracktalk bot` in a process of its own, connected; ended if it still lives."""
        # Not by their number: the line of a process that was killed may be about to go.
        before = list(self.workspace.courier.connections)
        with (self.folder / "bot.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [Path(sys.executable).with_name("tracktalk"), "bot"],
                env={**self.environ, "PATH": os.environ["PATH"]}, stdout=log, stderr=log,
            )  # fmt: skip
            try:
                self.until(lambda: self._new_line(before), "a connection of the bot")
                yield process
            finally:
                process.terminate()
                process.wait(2 * SECONDS)

    def _new_line(self, before: Sequence[object]) -> bool:
        return any(each not in before for each in self.workspace.courier.connections)

    @property
    def lines(self) -> int:
        """How many connections bots have."""
        return len(self.workspace.courier.connections)

    def channel(self, name: str) -> str:
        """A channel's id."""
        return self.workspace.channel(name).id

    def person(self, name: str) -> str:
        """A user's id."""
        return self.workspace.user(name).id

    def direct(self, who: str) -> str:
        """A person's conversation with the app."""
        return self.workspace.dm(who)

    def by_bot(self, where: str) -> list[Message]:
        """What the bot has posted in a channel, outside threads."""
        return [m for m in self.workspace.messages(where) if m.get("bot_id")]

    def alone(self, who: str, where: str) -> list[Message]:
        """What only this person can see there, in threads as well."""
        seen = self.workspace.messages(where, user=self.person(who))
        threads = [m["ts"] for m in seen if m.get("reply_count") or not m.get("thread_ts")]
        for ts in threads:
            seen += self.workspace.messages(where, ts, user=self.person(who))
        return list({m["ts"]: m for m in seen if m.get("is_ephemeral")}.values())

    def say(self, who: str, where: str, text: str, thread_ts: str | None = None) -> str:
        """Let a person post, with `@bot` for a mention; the message's ts."""
        words = text.replace("@bot", self.workspace.mention)
        return self.workspace.say(self.person(who), where, words, thread_ts)

    def deliver_all_again(self) -> None:
        """Every event so far, once more."""
        for event_id in [e.event_id for e in self.workspace.envelopes if e.event_id]:
            self.workspace.redeliver(event_id)

    def replies(self, where: str, thread_ts: str) -> list[Message]:
        """What the bot has posted in a thread."""
        return [m for m in self.workspace.messages(where, thread_ts) if m.get("bot_id")]

    def until(self, happened: Callable[[], Any], what: str) -> Any:  # Any: what happened
        """Wait for something in the workspace; what it gave."""
        assert self.workspace.wait_for(happened, SECONDS), f"did not happen: {what}"
        return happened()

    def answer(self, where: str, thread_ts: str, nth: int = 0) -> Message:
        """The bot's nth message in a thread, once it is an answer and no sign of work."""

        def answered() -> Message | None:
            done = [m for m in self.replies(where, thread_ts) if WORKING not in said(m)]
            return done[nth] if len(done) > nth else None

        found: Message = self.until(answered, f"answer {nth} in {thread_ts}")
        return found


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """An app on a free port of the loopback address; yields "http://127.0.0.1:PORT"."""
    listener = create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def house(store: str, folder: Path, **more: str) -> Iterator[House]:
    """A workspace on a free port, and a place for a journal."""
    with ExitStack() as stack:
        workspace = Workspace(manifest=read_manifest())
        address = stack.enter_context(serving(workspace))
        yield House(workspace, address, store, folder, more)


def elements(message: Message) -> Iterator[Message]:
    """Every button and menu of a message."""
    for block in message.get("blocks") or ():
        yield from block.get("elements") or ()
        if "accessory" in block:
            yield block["accessory"]


def buttons(message: Message) -> dict[str, Message]:
    """A message's buttons and menus by action_id."""
    return {e["action_id"]: e for e in elements(message) if "action_id" in e}


def said(message: Message) -> str:
    """All the words of a message's blocks, or its text where there are none."""
    return "\n".join(_words(message.get("blocks"))) or str(message["text"])


def _words(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            yield from _words(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _words(each)
