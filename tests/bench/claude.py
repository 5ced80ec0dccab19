"""What the Claude engine costs beside the model's own time, and how large its prompts are.

The model is a stand-in on the loopback address that answers at once with SQL that the offline
engine wrote, so that all the time there is, is ours: names, prompt, guard, telling. Taken off,
and told as well, is what the model's side takes: SDK, HTTP and the stand-in's own work. The
database's time is measured elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from tests.bench.measure import Figure
from tests.bench.ours import NOW, QUESTIONS, TimedWarehouse
from tests.bench.stores import Measured
from tests.support.model import Stage, scripted
from texttosql.assistant import Assistant
from texttosql.claude.api.providers import hang_up, open_model
from texttosql.claude.engine import ClaudeInterpreter, Manner
from texttosql.claude.estimate import tokens
from texttosql.flow import Draft, Question, Reply
from texttosql.journal.memory import MemoryJournal
from texttosql.journal.memory_examples import MemoryExamples
from texttosql.learning.recall import Recall
from texttosql.minds import Minds
from texttosql.offline.directions import higher_is_better
from texttosql.offline.engine import OfflineInterpreter
from texttosql.relay.asked import Asked
from texttosql.storehouse import Storehouse
from texttosql.warehouses import open_warehouse

OVERHEAD_GOAL = 40.0
SYSTEM_GOAL, FOLLOW_UP_GOAL = 6_000.0, 1_500.0
FOLLOW_UP = "how many runs failed last week"
_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Asking:
    """An assistant whose every question goes to the stand-in."""

    assistant: Assistant
    warehouse: TimedWarehouse
    stage: Stage

    def timed(self, text: str) -> tuple[float, float]:
        """Milliseconds that were ours, and the model's side's."""
        database, started = self.warehouse.spent_ms, perf_counter()
        model = self.ask(text).cost.model_ms
        whole = (perf_counter() - started) * 1000
        return whole - model - (self.warehouse.spent_ms - database), model

    def ask(self, text: str, thread: str | None = None) -> Reply:
        """The reply. Raises RuntimeError when it is not the model's: that would measure nothing."""
        reply = self.assistant.ask(Question(text, NOW, "alice", thread))
        if reply.answer is None or reply.answer.engine != "claude":
            msg = f"{text!r} was not answered by the model: {reply.answer or reply.error}"
            raise RuntimeError(msg)
        return reply


def claude(store: Measured, rounds: int) -> list[Figure]:
    """The overhead of a question, and the sizes of what is sent with it."""
    with _asking(store) as asking:
        for text in QUESTIONS:
            asking.ask(text)
        each = [asking.timed(text) for text in QUESTIONS for _ in range(rounds)]
        first = asking.stage.requests[-1]
        for _ in range(3):
            asking.ask(FOLLOW_UP, "thread")
        later = asking.stage.requests[-1]
    own, models = zip(*each, strict=True)
    return [
        Figure("claude: ours beside the model", store.name, "ms", own, OVERHEAD_GOAL),
        Figure("claude: SDK, HTTP, stand-in", store.name, "ms", models),
        _size("claude: system prompt", store, first.system, SYSTEM_GOAL),
        _size("claude: a first question", store, first.messages[-1]["text"]),
        _size("claude: a follow-up", store, later.messages[-1]["text"], FOLLOW_UP_GOAL),
    ]


def _size(what: str, store: Measured, text: str, goal: float | None = None) -> Figure:
    return Figure(what, store.name, "tokens", (float(tokens(text)),), goal)


@contextmanager
def _asking(store: Measured) -> Iterator[Asking]:
    warehouse = TimedWarehouse(open_warehouse(store.url))
    house = Storehouse(warehouse, max_rows=1_000, deadline=60, ttl=3_600, clock=time.monotonic)
    answers = _answers(house)
    recall = Recall(MemoryExamples(), "bench", _ZONE, ttl=3_600)
    with scripted(lambda asked: _answer(asked, answers)) as stage:
        manner = Manner(_ZONE, 25.0)
        model = open_model(stage.settings())
        reader = ClaudeInterpreter(model, manner, higher_is_better, time.monotonic)
        minds = Minds(OfflineInterpreter(_ZONE), reader, recall, lambda _: None, always=True)
        journal = MemoryJournal()
        assistant = Assistant(house, minds, journal, _ZONE, time.perf_counter)
        try:
            yield Asking(assistant, warehouse, stage)
        finally:
            assistant.close()
            hang_up()


def _answers(house: Storehouse) -> Mapping[str, str]:
    """The offline engine's SQL of each question, read beforehand."""
    offline, catalog = OfflineInterpreter(_ZONE), house.snapshot().catalog
    found = {
        text: offline.interpret(Question(text, NOW, "alice"), (), catalog, lambda _: None)
        for text in QUESTIONS
    }
    return {text: draft.sql for text, draft in found.items() if isinstance(draft, Draft)}


def _answer(asked: Asked, answers: Mapping[str, str]) -> Mapping[str, Any]:  # Any: JSON
    """The SQL of the question that stands last."""
    last = asked.messages[-1]["text"]
    text = max(answers, key=last.rfind)
    return {"kind": "sql", "sql": answers[text], "title": text}
