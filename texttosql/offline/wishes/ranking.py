"""Which end of a ranking is wanted: "the best", "the longest runs", "which is better"."""

from __future__ import annotations

import re

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.comparing import ref_of
from texttosql.offline.frame import Context, Frame, Order
from texttosql.offline.sentence import Sentence
from texttosql.offline.wishes.dimensions import DURATION, SUPERLATIVE

FIRM = (
    r"(?P<way>longest|shortest|fastest|slowest|quickest|highest|lowest|best|worst|biggest|largest|"
    r"smallest|most recent|latest|newest|oldest|cheapest)(?= |$)"
)
"""Superlatives that cannot be small talk, which says more than the "top" before them."""
LENGTHS = frozenset({"longest", "shortest"})
SPEEDS = frozenset({"fastest", "slowest", "quickest"})

_FOUND = (
    r"(?:(?:the|our|my|all time|all-time|single|absolute|overall|very|current) )*"
    rf"(?P<way>{SUPERLATIVE})(?:[- ](?:performing|scoring|ever|overall))?"
)
_NEAR = (
    r"(?:(?:of|the|final|latest|possible|overall|value|for|,|a|an|average|mean) )*"
    rf"(?P<key>{t.METRIC}|{t.PARAM})"
)
_TO_TRAIN = r"(?:to (?:train|run|finish|complete)|running|training)(?= |$)"
_ADJECTIVE = (
    r"(?:works?|working|worked|performs?|performed|did|does|do|is|was|are|looks?|doing|scores?|"
    r"scored)?(?: (?:much|significantly|usually|generally|typically|on average|overall))* ?"
    r"(?P<way>better|worse|faster|slower|higher|lower|wins?|winning|won)"
)
_ADJECTIVES: dict[str, Order] = {
    "worse": "worst", "faster": "fast", "slower": "slow", "higher": "high", "lower": "low",
}  # fmt: skip
_BETWEEN = frozenset({"performing", "scoring", "few", "finished", "failed"})
_ONE = r"run|trial|job|model|experiment|user|version|one|person|training"
_MANY = (
    r"(?:runs|trials|jobs|models|experiments|users|versions|ones|results|trainings|people|"
    r"performers|attempts|scores|values|architectures|algorithms|configs)"
)


def order_of(word: str) -> Order:
    """The end of a ranking that a superlative means."""
    return lexicon.SUPERLATIVES.get(word, "best")  # type: ignore[return-value]  # its values are Orders


def superlatives(sentence: Sentence, frame: Frame, context: Context) -> None:
    """The first superlative, unless a rule about limits has understood one already."""
    if (frame.limit is not None and frame.order is not None) or _most_recent(sentence, frame):
        return
    if (hit := sentence.find(_FOUND)) is None:
        _adjectives(sentence, frame)
        return
    match, first, end = hit
    if match["way"] in {"low", "high", "most", "least"} and not sentence.has(t.KEY):
        return
    sentence.take(first, end)
    way = _firmer(sentence, match["way"])
    frame.order = frame.order or order_of(way)
    frame.top = "many" if _plural_after(sentence, end, frame) else "one"
    _by_time(sentence, frame, way)
    _by_key(sentence, frame, way, end, context)


def _most_recent(sentence: Sentence, frame: Frame) -> bool:
    recent = sentence.find(r"(?:the )?most recent(?:ly)?")
    if recent is None:
        return False
    sentence.take(recent[1], recent[2])
    frame.order = frame.order or "new"
    frame.top = "many" if _plural_after(sentence, recent[2], frame) else "one"
    return True


def _firmer(sentence: Sentence, way: str) -> str:
    """The superlative that counts: "the top of the slowest" asks for the slowest."""
    other = sentence.eat(FIRM) if way in {"top", "first", "bottom"} else None
    if other is None:
        return way
    return "latest" if other["way"] == "most recent" else other["way"]


def _by_time(sentence: Sentence, frame: Frame, way: str) -> None:
    """The longest is so by duration, and the fastest too unless a metric is named."""
    if way in LENGTHS | SPEEDS:
        sentence.eat(r"(?:running|performing)(?= |$)")
    if way in LENGTHS or (way in SPEEDS and not sentence.has(t.METRIC)):
        frame.order_ref = DURATION
        sentence.eat(_TO_TRAIN)


def _by_key(sentence: Sentence, frame: Frame, way: str, end: int, context: Context) -> None:
    """The metric or param right behind the superlative decides."""
    if way in LENGTHS | SPEEDS and sentence.has(t.METRIC):
        timed = sentence.find(rf"(?:(?:{way}|the|of|by) )*(?P<key>{t.METRIC})", end)
        if timed is not None and timed[1] <= end:
            frame.order_ref = ref_of(sentence, timed[0]["key"], frame, context)
    near = sentence.find(_NEAR, end)
    if near is not None and near[1] <= end and frame.order not in {"new", "old"}:
        frame.order_ref = frame.order_ref or ref_of(sentence, near[0]["key"], frame, context)


def _plural_after(sentence: Sentence, end: int, frame: Frame) -> bool:
    """Many are the best runs and the best f1 runs; "best f1, only runs from …" is one."""
    noun = _noun_after(sentence, end)
    if re.fullmatch(_ONE, noun):
        return False
    if re.fullmatch(_MANY, noun) or sentence.has(rf"(?:which|what) {_MANY}"):
        return True
    return frame.top == "many" and frame.which is not None


def _noun_after(sentence: Sentence, at: int) -> str:
    """The first word behind the names of the store that follow, or ''."""
    while at < len(sentence.tokens) and (
        sentence.tokens[at].kind is not None or sentence.lower(at) in _BETWEEN
    ):
        at += 1
    return sentence.tokens[at].said.lower() if at < len(sentence.tokens) else ""


def _adjectives(sentence: Sentence, frame: Frame) -> None:
    """Better of a few is best of them: "which is better, adam or sgd"."""
    match = sentence.eat(_ADJECTIVE)
    if match is None:
        return
    frame.top = frame.top or "one"
    frame.order = _ADJECTIVES.get(match["way"], "best")
    frame.compare = True
    if match["way"] in {"faster", "slower"}:
        frame.order_ref = DURATION
