"""A store that writes down what is asked of it, and the whole way of a question to a stand-in."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.injection.loading import Answered, Case
from tests.support.model import Stage
from texttosql import wire
from texttosql.assistant import Assistant
from texttosql.factory import build_assistant
from texttosql.flow import Dialect, Question, Reply, ResultTable, SafeQuery
from texttosql.ports import Warehouse
from texttosql.relay.asked import Asked
from texttosql.schema import ASKABLE, Schema
from texttosql.settings import Settings, from_env
from texttosql.terminal import Screen, show

NOW = datetime(2025, 11, 24, 12, tzinfo=UTC)
THREAD = "C1/1700000000.000100"
_NAMES = re.compile(r'(?:FROM|JOIN)\s+"(\w+)"', re.IGNORECASE)
_ALL = re.compile(r'"([^"]*)"')
_MORE = frozenset("; INTO ATTACH PRAGMA INSERT UPDATE DELETE DROP ALTER CREATE REPLACE".split())
"""Words that do more than read."""


class Witness:
    """`ports.Warehouse` in front of another one, keeping every query that it was handed."""

    def __init__(self, inner: Warehouse) -> None:
        self._inner = inner
        self.ran: list[SafeQuery] = []

    @property
    def dialect(self) -> Dialect:
        """The inner one's."""
        return self._inner.dialect

    def schema(self) -> Schema:
        """The inner one's."""
        return self._inner.schema()

    def sizes(self) -> Mapping[str, int]:
        """The inner one's."""
        return self._inner.sizes()

    def run(self, query: SafeQuery, deadline: float) -> ResultTable:
        """The inner one's rows."""
        self.ran.append(query)
        return self._inner.run(query, deadline)

    def rehearse(self, query: SafeQuery, deadline: float) -> None:
        """As the inner one does."""
        self.ran.append(query)
        self._inner.rehearse(query, deadline)

    def close(self) -> None:
        """Close the inner one."""
        self._inner.close()

    @property
    def unfit(self) -> list[str]:
        """What of it the guard cannot have approved: another type, another table, more than read.

        Every text is a parameter, so that what stands in quotes is a name.
        """
        return [query.sql for query in self.ran if _is_unfit(query)]


def _is_unfit(query: object) -> bool:
    if not isinstance(query, SafeQuery) or not query.tables <= ASKABLE:
        return True
    ctes = set(re.findall(r'"(\w+)" AS \(', query.sql))
    words = set(_ALL.sub("", query.sql).upper().split())
    return not set(_NAMES.findall(query.sql)) <= ASKABLE | ctes or bool(words & _MORE)


@dataclass
class Captured:
    """A stand-in's script: the answers of the case at hand, the last one again and again."""

    _ready: list[Answered] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def will_say(self, *answers: Answered) -> None:
        """From now on."""
        self._ready, self.asked = list(answers), []

    def __call__(self, asked: Asked) -> Answered:
        """The next answer."""
        self.asked.append(asked)
        return self._ready.pop(0) if len(self._ready) > 1 else self._ready[0]


@dataclass(frozen=True)
class Seen:
    """What came of a case: the reply, all that the model was sent for it, what the store ran."""

    reply: Reply
    sent: tuple[Asked, ...]
    witness: Witness
    untouched: bool

    @property
    def json(self) -> dict[str, Any]:  # Any: JSON
        """What `ask --json` prints."""
        found: dict[str, Any] = json.loads(wire.line(wire.reply_object(self.reply)))
        return found

    @property
    def screens(self) -> Iterator[str]:
        """What a terminal and a pipe get, talk included."""
        for pretty in (True, False):
            out, err = io.StringIO(), io.StringIO()
            show(self.reply, Screen(out, err, pretty, ZoneInfo("UTC")))
            yield out.getvalue() + err.getvalue()

    @property
    def last_messages(self) -> list[str]:
        """The newest message of each request."""
        return [asked.messages[-1]["text"] for asked in self.sent]

    @property
    def user_messages(self) -> set[str]:
        """Every message that is not the model's own, old ones as well."""
        return {m["text"] for asked in self.sent for m in asked.messages if m["role"] == "user"}


def settings_for(store: Path, stage: Stage, **more: str) -> Settings:
    """The environment of somebody who has switched Claude on; the journal stands by the store."""
    return from_env({
        **stage.environ,
        "TRACKTALK_STORE": f"sqlite:///{store}",
        "TRACKTALK_JOURNAL": f"sqlite:///{store.with_suffix('.journal')}",
        "TRACKTALK_ENGINE": "claude",
        **more,
    })  # fmt: skip


@contextmanager
def watched(settings: Settings) -> Iterator[tuple[Assistant, Witness]]:
    """The factory's own assistant, its store seen through a witness."""
    assistant = build_assistant(settings)
    house = assistant._storehouse  # noqa: SLF001 - the factory has no place for a witness
    witness = Witness(house._warehouse)  # noqa: SLF001 - as above
    house._warehouse = witness  # noqa: SLF001 - as above
    try:
        yield assistant, witness
    finally:
        assistant.close()


def asked(case: Case, store: Path, stage: Stage, captured: Captured) -> Seen:
    """The case's question, after the turn that it leans on where there is one."""
    before = _digest(store)
    with watched(settings_for(store, stage)) as (assistant, witness):
        thread = None if case.first is None else THREAD
        if case.first is not None:
            captured.will_say(case.first)
            assistant.ask(Question("list them", NOW, "mallory", thread))
        captured.will_say(*case.answers)
        reply = assistant.ask(Question(case.asks, NOW, "alice", thread))
        return Seen(reply, tuple(captured.asked), witness, _digest(store) == before)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
