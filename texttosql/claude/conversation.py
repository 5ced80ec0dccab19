"""What is said to the model for one question: the thread, and then the newest message.

The newest message has the clock, who asks, the names that the question may mean, verified
answers, and the question, last. A first question's is at most 3,000 tokens, a follow-up's 1,500
by texttosql/claude/estimate.py, whatever the size of the store.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

from texttosql.catalog import Catalog
from texttosql.claude.clock import clock
from texttosql.claude.data import as_json, block, question_line, safe
from texttosql.claude.estimate import CHARACTERS_PER_TOKEN
from texttosql.claude.folding import folded
from texttosql.claude.model import Said
from texttosql.claude.nameindex import NameIndex
from texttosql.claude.retrieval import is_name, relevant
from texttosql.claude.thread import messages, result, split
from texttosql.claude.veil import Veil
from texttosql.flow import Question, Turn

FIRST_TOKENS, FOLLOW_UP_TOKENS = 3_000, 1_500
_LONGEST_QUESTION = 1_500  # characters
_LEAST_ROOM = 500  # characters for names, however long the rest is
_EXAMPLES, _EXAMPLE_SQL, _FOLLOW_UP_EXAMPLES = 3, 600, 1
_KNOWN_AS = 4
_TEXT = re.compile(r"'((?:[^']|'')*)'")
_HIDDEN = "[hidden 1] in a text of SQL is a value of the store: write it so to mean it"


class Example(Protocol):
    """An answer that the team has confirmed."""

    @property
    def question(self) -> str:
        """As it was asked."""
        ...

    @property
    def sql(self) -> str:
        """What answered it."""
        ...


def conversation(
    question: Question,
    turns: Sequence[Turn],
    index: NameIndex,
    zone: ZoneInfo,
    *,
    examples: Sequence[Example] = (),
    veil: Veil | None = None,
) -> tuple[Said, ...]:
    """The messages, oldest first; the asker's own question is the last.

    All but the last stay byte for byte when the thread goes on, until an old turn is dropped.
    With a `veil` no value of a param or tag and no result is in them.
    """
    values = veil is None
    older, told = split(turns)
    said = tuple(messages(told, veil))
    parts = _parts(question, older, told, index.catalog, zone, values=values)
    parts |= _verified(examples, veil, follow_up=bool(told))
    parts |= {} if veil is None or not veil.marks else {"hidden": as_json(_HIDDEN)}
    text = question_line(question.text, _LONGEST_QUESTION)
    budget = FOLLOW_UP_TOKENS if told else FIRST_TOKENS
    room = int(budget * CHARACTERS_PER_TOKEN) - len(block(parts)) - len(text) - 30
    names = relevant(
        question.text, index, max(room, _LEAST_ROOM), turns=_thread(turns), values=values
    )
    parts |= {"names": names.json, "found": names.found}
    return (*said, Said("user", f"{block(parts)}\n{text}"))


def _parts(
    question: Question,
    older: Sequence[Turn],
    told: Sequence[Turn],
    catalog: Catalog,
    zone: ZoneInfo,
    *,
    values: bool,
) -> dict[str, object]:
    parts: dict[str, object] = {}
    if told:
        parts["result"] = result(told[-1], cells=values)
    if older:
        parts["asked_before"] = [safe(turn.question, 120) for turn in older[-4:]]
    parts["clock"] = clock(question.asked_at, zone, catalog.first_ms)
    if asker := _asker(question, catalog):
        parts["asker"] = asker
    return parts


def _asker(question: Question, catalog: Catalog) -> list[str]:
    """The names the asker's runs are under, where that is known; else what they are called."""
    called = [name for name in (*question.known_as, question.asked_by) if name]
    users = {folded(user): user for user in catalog.users}
    known = [users[folded(name)] for name in called if folded(name) in users]
    return [safe(name) for name in dict.fromkeys(known or called)][:_KNOWN_AS]


def _verified(
    examples: Sequence[Example], veil: Veil | None, *, follow_up: bool
) -> dict[str, object]:
    shown = examples[: _FOLLOW_UP_EXAMPLES if follow_up else _EXAMPLES]
    told = [
        {
            "question": safe(one.question, 200),
            "sql": safe(one.sql if veil is None else veil.over(one.sql), _EXAMPLE_SQL),
        }
        for one in shown
    ]
    return {"verified": told} if told else {}


def _thread(turns: Sequence[Turn]) -> list[str]:
    """What earlier turns were about, the latest first: their words, and the texts in their SQL."""
    return [
        " . ".join((turn.question, *(_TEXT.findall(turn.draft.sql) if turn.draft else ())))
        for turn in reversed(turns)
    ]


def veil_of(question: Question, turns: Sequence[Turn], index: NameIndex) -> Veil:
    """Texts pass that are names of the store, that an asker typed, or that say nothing."""
    typed = folded(" ".join((question.text, *(turn.question for turn in turns))))

    def may(text: str) -> bool:
        return not any(map(str.isalnum, text)) or is_name(text, index) or folded(text) in typed

    return Veil(may, index.catalog.schema.dialect)
