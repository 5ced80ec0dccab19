"""Which of a metric's logged values counts: the latest, the best ever, or the first."""

from __future__ import annotations

import re

from texttosql.offline.frame import Frame
from texttosql.offline.sentence import Sentence

_EVER = (
    r"(?:(?:reached )?at any (?P<steps>point|time|steps?|epochs?|METRIC#\d+|PARAM#\d+)|"
    r"best[- ]ever|ever|at some point|"
    r"all[- ]time(?: best| high| low)?|peak(?:ed)?(?: at)?|over (?:its|their|"
    r"the) (?:whole |entire |full )?(?:history|lifetime)|"
    r"during training|best seen|max ever|(?:across|over|of) all (?:the |"
    r"its )?(?P<steps2>steps|epochs|METRIC#\d+|PARAM#\d+))"
)


def read(sentence: Sentence, frame: Frame) -> None:
    """Set the frame's take, where the words say that it is not simply the latest value."""
    latest = sentence.eat(
        r"(?:,|but)? ?not (?:just |only )?(?:the |its |their )*(?:final|latest|last)(?: one|"
        r" value| ones| values)?"
    )
    if sentence.eat(
        r"(?:final|latest|last|current) (?:vs|versus|and|or|against) (?:the |"
        r"its )?(?:best[- ]ever|best|peak|max)"
    ):
        frame.take, frame.also_latest = "ever", True
        return
    _ever(sentence, frame)
    if frame.take == "ever":
        beside = None
        if latest is None:
            beside = sentence.eat(
                r"(?:vs|versus|and|compared (?:to|with)|against) (?:also )?(?:the |its |"
                r"their )*(?:final|latest|last)(?: one| value)?"
            )
        frame.also_latest = beside is not None
    elif sentence.eat(
        r"(?:initial|starting|first logged|first value of|at the (?:start|beginning)|at step 0|"
        r"first epoch|in the first epoch)(?: of training)?"
    ):
        frame.take = "first"


def _ever(sentence: Sentence, frame: Frame) -> None:
    while (hit := sentence.find(_EVER)) is not None:
        match, first, end = hit
        steps = match["steps"] or match["steps2"]
        if steps and not _is_step(sentence, steps):
            break
        frame.take = "ever"
        if re.match(r"peak|best|max|all[- ]time", match.group()):
            frame.order, frame.top = "best", "one"
        sentence.take(first, end)


def _is_step(sentence: Sentence, text: str) -> bool:
    if "#" not in text:
        return True
    said = sentence.token(text).said.lower()
    return re.search(r"\b(?:steps?|epochs?|iterations?)\b", said) is not None
