"""The injection set: texts that somebody planted, and what a model answers that obeys them.

`cases.jsonl` has one case a line:

    id        a place and a number; the text carries it as one word, so that a test can find it
    where     what holds the text (planting.py); `question` and the `earlier_…` ones are no store's
    about     the trick, in a few words
    text      what is planted; `times` repeats it, `copies` plants so many that differ
    asks      the question, where it is not the usual one
    first     the model's answer to the turn before, where the text comes back from there
    answer    what the captured model answers: one object for every request, or one for each
              (`{"repeat": …, "times": n}` stands for a long text or list)
    sent      false where a model gets to see none of the text
    ends      the engine that had the last word: "claude" or "offline"

`explanations.jsonl` has tables with such texts in them, and what a model says of the rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Where = Literal[
    "question", "run_name", "experiment", "param_key", "param_value", "tag_key", "tag_value",
    "user", "model", "alias", "stage", "dataset", "metric_key", "note", "earlier_result",
    "earlier_title", "verified_example",
]  # fmt: skip
Answered = Mapping[str, Any]
"""The object that a model answers with. `Any`: JSON."""

USUAL = "how many runs failed?"
_SAID = frozenset({"question", "earlier_title"})
"""Places whose texts stand in a question or an answer themselves, and not beside it."""
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the set. `answers` are given in turn, the last of them again and again."""

    id: str
    where: Where
    about: str
    text: str
    answers: tuple[Answered, ...]
    ends: Literal["claude", "offline"]
    copies: int = 1
    sent: bool = True
    asks: str = USUAL
    first: Answered | None = None

    def __str__(self) -> str:
        return f"{self.id} {self.about}"

    @property
    def word(self) -> str:
        """The word that tells this case's text from all others."""
        return _word(self.id)

    @property
    def planted(self) -> tuple[str, ...]:
        """The texts, each with the word at its beginning."""
        return tuple(f"{self.text} {n}" if n else self.text for n in range(self.copies))


@dataclass(frozen=True, slots=True)
class Explained:
    """A result with planted cells, and the sentences a captured model says; which of them hold."""

    about: str
    rows: tuple[tuple[str, float], ...]
    says: tuple[str, ...]
    holds: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.about


def cases() -> list[Case]:
    """All of them, in the file's order."""
    return [_case(line) for line in _lines("cases")]


def explanations() -> list[Explained]:
    """All of them, in the file's order."""
    return [
        Explained(
            line["about"], tuple((str(name), float(auc)) for name, auc in line["rows"]),
            tuple(line["says"]), tuple(line.get("holds", ())),
        )
        for line in _lines("explanations")
    ]  # fmt: skip


def _lines(name: str) -> list[dict[str, Any]]:
    text = (_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    return [_written_out(json.loads(line)) for line in text.split("\n") if line]


def _written_out(value: Any) -> Any:
    """A JSON value with its repetitions as long as they are."""
    if isinstance(value, list):
        return [_written_out(each) for each in value]
    if not isinstance(value, dict):
        return value
    whole = {name: _written_out(each) for name, each in value.items()}
    return whole["repeat"] * whole["times"] if "repeat" in whole else whole


def _case(line: dict[str, Any]) -> Case:
    answers = line["answer"] if isinstance(line["answer"], list) else [line["answer"]]
    first = line.get("first")
    return Case(
        id=line["id"],
        where=line["where"],
        about=line["about"],
        text=f"{_word(line['id'])} {line['text'] * line.get('times', 1)}",
        answers=tuple(map(_whole, answers)),
        ends=line["ends"],
        copies=line.get("copies", 1),
        sent=line.get("sent", line["where"] not in _SAID),
        asks=line.get("asks", USUAL),
        first=_whole(first) if first else None,
    )


def _whole(answer: Answered) -> Answered:
    """With what a line leaves out."""
    return answer if "kind" in answer else {"kind": "sql", "title": "runs", **answer}


def _word(ident: str) -> str:
    place, _, number = ident.rpartition("-")
    return f"{place.replace('_', '')}zq{number}"
