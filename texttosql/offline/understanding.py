"""One question in its place in a thread, and the plan it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from texttosql.offline import followup
from texttosql.offline.frame import Context, Frame
from texttosql.offline.meaning import NeedsMetric, plan_of
from texttosql.offline.reading import read
from texttosql.offline.sentence import Sentence
from texttosql.offline.tokenizing import sentence_of
from texttosql.plan import Plan

_LIST_THEM = r"\b(?:list|show|display|name) (?:them|those|these|it|all)\b"
_EVERYTHING = (
    r"\W*(?:(?:and|for|now|ok) )*(?:all time|everyone|everybody|all users|all experiments|"
    r"everywhere|how often each|for each|each)\W*"
)
_TO_THE_BOT = r"\byou(?:'re| are|r|)\b"
_NOUNS = frozenset({"run", "experiment", "user", "model", "version", "dataset"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's text, the plan before it in the thread, what a reading needs besides.

    `unread`: the answer before it came from elsewhere and has no plan to go on from;
    `sure_earlier`: it has one, and nothing in that was guessed.
    """

    text: str
    earlier: Plan | None
    context: Context
    unread: bool = False
    sure_earlier: bool = False


def plan_for(asked: Asked, sentence: Sentence, frame: Frame) -> Plan | None:
    """The plan of a reading; None when it says too little. Raises NeedsMetric."""
    bare = asked.earlier is not None and re.search(_BARE, asked.text.lower())
    if not bare and not _says_something(frame, asked.text.lower()):
        return None
    if asked.earlier is None and _only_drawn(frame):
        return None
    if asked.earlier is not None and followup.is_followup(asked.text, frame, sentence):
        return followup.patch(asked.earlier, frame, asked.text, asked.context)
    return plan_of(frame, asked.context)


_BARE = (
    r"^\W*(?:and )?which(?: (?:ones|runs|are they|of them|are those))?\W*$|"
    r"\b(?:next|following) \w+|^\W*(?:show )?more\W*$"
)


def _only_drawn(frame: Frame) -> bool:
    """Whether "plot it" is all that was said, with nothing before it."""
    said = (
        frame.tests or frame.windows or frame.metrics or frame.shown or frame.groups or frame.nouns
    )
    more = (
        frame.which or frame.measures or frame.order or frame.count or frame.percent or frame.curve
    )
    return bool(frame.chart) and not (said or more or frame.keys or frame.history or frame.trend)


def reworded(asked: Asked, text: str) -> Plan | None:
    """The plan of other words in the question's place; None when they have none."""
    return reread(replace(asked, text=text))


def reread(asked: Asked) -> Plan | None:
    """The plan of a question read from the start; None when it has none."""
    sentence = sentence_of(asked.text, asked.context)
    frame = read(sentence, asked.context)
    try:
        return plan_for(asked, sentence, frame)
    except NeedsMetric:
        return None


def _says_something(frame: Frame, lower: str) -> bool:
    """Whether any slot was filled by more than small talk: "you're the best" fills one."""
    named = frame.nouns or frame.metrics or frame.tests or frame.order_ref or frame.limit
    if frame.order is not None and not named and re.search(_TO_THE_BOT, lower):
        return False
    return bool(
        frame.tests or frame.windows or frame.metrics or frame.shown or frame.groups or frame.which
        or frame.measures or frame.order or frame.count or frame.percent or frame.keys
        or frame.history or frame.having or frame.chart or frame.limit or frame.sort_ref
        or frame.deleted != "no" or frame.descending is not None or frame.trend or frame.compare
        or frame.before or frame.none_of or frame.detail or frame.nouns & _NOUNS
        or re.search(_LIST_THEM, lower) or re.fullmatch(_EVERYTHING, lower)
    )  # fmt: skip
