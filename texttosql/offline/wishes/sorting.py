"""In what order the rows are wanted, when an order is named."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.comparing import ref_of
from texttosql.offline.directions import best_is_high
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.plan import Ref

_WAY = (
    r"(?P<way>descending|desc|ascending|asc|highest first|lowest first|high to low|low to high|"
    r"newest first|oldest first|best first|worst first|in reverse|latest first|most recent first|"
    r"longest first|shortest first|largest first|smallest first)"
)
_BY = (
    rf"(?P<by>{t.KEY}|duration|runtime|date|time|start time|start date|start|started|end time|"
    r"created|recency|age|name|when they (?:ran|started)|user|experiment|length|count|"
    r"number of runs|runs|status|how long they took)"
)
_SORTED = (
    r"(?:and )?(?:sort|sorted|order|ordered|rank|ranked|ranking|arranged?|resort|re-sort|reorder)"
    r"(?: (?:it|them|these|those|that|this|the|results?|runs?|all|list))*(?: by| on| in order of)?"
    rf"(?: (?:the|their))* {_BY}(?:(?: in)? {_WAY})?(?: order)?"
)
_FROM_AN_END = (
    r"(?:and )?(?:sort|sorted|order|ordered|rank|ranked|listed)(?: (?:it|them))? from (?:the )?"
    r"(?P<way>lowest|highest|smallest|largest|best|worst|newest|oldest|longest|shortest)"
    r"(?: to (?:the )?(?:lowest|highest|smallest|largest|best|worst|newest|oldest|longest|"
    r"shortest))?"
)
_RANK_THEM = (
    rf"(?:rank|leaderboard of|leaderboard)(?: (?:the|all|our))* (?:{t.PARAM}|{t.TAG}|users?|"
    r"models?|experiments?)"
)
_DOWNWARD = r"desc|highest|high to|newest|best|latest|most|longest|largest|in reverse"
_FIELDS = {
    **dict.fromkeys(("duration", "runtime", "length", "how long they took"), "duration"),
    **dict.fromkeys(("count", "number of runs", "runs"), "runs"),
    "name": "run", "user": "user", "experiment": "experiment", "status": "status",
    "end time": "ended",
}  # fmt: skip


def sorting(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: sorted by f1 descending; newest first; rank the optimizers."""
    if _rank_them(sentence, frame):
        return
    if (hit := sentence.find(_SORTED)) is None:
        _bare_way(sentence, frame)
        return
    match, first, end = hit
    frame.sort_ref = _target(sentence, match["by"], frame, context)
    if match["way"]:
        frame.descending = _descending(match["way"])
    sentence.take(first, end)


def _rank_them(sentence: Sentence, frame: Frame) -> bool:
    """To rank things without saying by what is to ask which is best."""
    hit = sentence.find(_RANK_THEM)
    if hit is None or sentence.has(t.METRIC) or sentence.has(r"by"):
        return False
    sentence.take(hit[1], hit[1] + 1)
    frame.order = "best"
    return True


def _bare_way(sentence: Sentence, frame: Frame) -> None:
    match = sentence.eat(_FROM_AN_END) or sentence.eat(_WAY)
    if match is None:
        return
    frame.descending = _descending(match["way"])
    tested = next((test.ref for test in frame.tests if test.ref.kind == "metric"), None)
    if tested is not None and re.match("best|worst", match["way"]):
        frame.descending = best_is_high(tested) == match["way"].startswith("best")
    if re.search(r"newest|oldest|latest|recent", match["way"]):
        frame.sort_ref = Ref("field", "started")


def _descending(way: str) -> bool:
    return re.match(_DOWNWARD, way) is not None


def _target(sentence: Sentence, said: str, frame: Frame, context: Context) -> Ref:
    if "#" in said:
        return ref_of(sentence, said, frame, context)
    return Ref("field", _FIELDS.get(said, "started"))
