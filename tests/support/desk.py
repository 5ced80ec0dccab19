"""A channel in which people ask, click and look, and what they find there."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from bot.target import Target
from tests.support.house import House, Message, said
from texttosql.flow import Turn


@dataclass(frozen=True)
class Desk:
    """A channel of a test's own, and what people do in it."""

    house: House
    channel: str

    def elsewhere(self) -> Desk:
        """A new channel, which has not to wait for what is posted in this one."""
        number = len(self.house.workspace.directory.channels)
        return Desk(self.house, self.house.workspace.add_channel(f"channel-{number}").id)

    def asked(self, question: str = "top 5 runs by val_accuracy") -> Message:
        """The answer to what alice asks."""
        ts = self.house.say("alice", self.channel, f"@bot {question}")
        return self.house.answer(self.channel, ts)

    def click(self, answer: Message, name: str, value: object = None, who: str = "bob") -> None:
        """Let somebody click under an answer."""
        clicked = self.house.workspace.click(who, self.channel, answer["ts"], name, value)
        assert clicked == {"ok": True}

    def thread(self, answer: Message) -> list[Message]:
        """All that the bot has posted in an answer's thread."""
        return self.house.replies(self.channel, answer["thread_ts"])

    def below(self, answer: Message, nth: int = 1) -> Message:
        """A later answer in the thread."""
        return self.house.answer(self.channel, answer["thread_ts"], nth)

    def again(self, answer: Message) -> Message:
        """The same message once it has changed."""

        def changed() -> Message | None:
            now = {m["ts"]: m for m in self.thread(answer)}[answer["ts"]]
            return now if now != answer else None

        found: Message = self.house.until(changed, "a change in place")
        return found

    def window(self, who: str = "bob") -> Mapping[str, Any]:
        """The modal that somebody sees."""
        found: Mapping[str, Any] = self.house.until(
            lambda: self.house.workspace.modal(who), "a window"
        )
        return found

    def whispered(self, who: str = "bob") -> str:
        """What this person alone was told last."""
        told = self.house.until(lambda: self.house.alone(who, self.channel), "a whisper")
        return said(told[-1])

    def turn(self, answer: Message) -> Turn:
        """The newest turn of an answer's thread, as the journal has it."""
        (bot,) = self.house.bots
        thread = Target("T0TEAM0001", self.channel, answer["thread_ts"]).thread
        return bot.porch.office.journal.history(thread=thread)[0]

    def correction(self, answer: Message) -> str:
        """What somebody said would be right instead."""
        thread = Target("T0TEAM0001", self.channel, answer["thread_ts"]).thread
        with closing(sqlite3.connect(self.house.folder / "journal.db")) as journal:
            query = "SELECT correction FROM turns WHERE thread = ?"
            return str(journal.execute(query, (thread,)).fetchone()[0])

    def csv(self, answer: Message) -> list[list[str]]:
        """The rows of the file in an answer's thread."""

        def arrived() -> Message | None:
            replies = self.house.workspace.messages(self.channel, answer["thread_ts"])
            return next((m["files"][0] for m in replies if m.get("files")), None)

        file = self.house.until(arrived, "a file")
        assert file["name"].endswith(".csv")
        kept = self.house.workspace.files.get(file["id"])
        assert kept is not None
        assert kept.body is not None
        return list(csv.reader(io.StringIO(kept.body.decode("utf-8-sig"))))


def block(message: Message, kind: str) -> Mapping[str, Any] | None:
    """The one block of this kind."""
    return next((b for b in message["blocks"] if b["type"] == kind), None)


def column(message: Message, name: str) -> list[str]:
    """A column of the message's table."""
    table = block(message, "data_table")
    assert table is not None
    header, *rows = table["rows"]
    at = [cell["text"] for cell in header].index(name)
    return [row[at]["text"] for row in rows]
