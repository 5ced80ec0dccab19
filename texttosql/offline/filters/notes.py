"""A piece of free text: "a note about leakage", "with 'v2' in the name"."""

from __future__ import annotations

import re

from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.line import Hit
from texttosql.offline.sentence import Sentence
from texttosql.plan import Op, Ref

_WORD = r"(?P<word>\S+)"
_SAYS = (
    r"(?:starts? with|starting with|begins? with|beginning with|about|containing|mentioning|"
    r"mention|mentions|saying|says|say|contains|contain|that says|that mentions|with|including|"
    r"like|has|starting with|that contains|matching)"
)
_PATTERNS = (
    (
        (
            r"(?:with |whose |that have |have |has |where |the )*(?:a |the )?(?:notes?|"
            rf"descriptions?|comments?)(?: that)? {_SAYS}(?: the)?(?: words?)? {_WORD}"
        ),
        "note",
    ),
    (
        (
            r"(?:with |whose |where |the |that have |having )*(?:run )?(?:names?|"
            rf"titles?)(?: that)? {_SAYS}(?: the)?(?: words?)? {_WORD}"
        ),
        "run",
    ),
    (rf"(?:called|named) (?:something )?(?:like|with) {_WORD}", "run"),
    (
        rf"(?:with |has |have |having |containing )+{_WORD} in (?:the|its|their)(?: run)? names?",
        "run",
    ),
    (
        (
            rf"(?:that |which )?(?:mention|mentions|mentioning) {_WORD}(?: in (?:the|their|"
            r"its) (?:notes?|descriptions?))?"
        ),
        "note",
    ),
)


def notes(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """What a run's note or name says."""
    for pattern, key in _PATTERNS:
        if (hit := sentence.find(pattern)) is None:
            continue
        starts = re.search(r"\b(?:starts?|starting|begins?|beginning) with", hit[0].group())
        op: Op = "starts" if starts else "contains"
        said = _typed(sentence, hit).strip("'\"")
        keep(sentence, frame, Ref("field", key), op, (said,), hit[1:])
        sentence.eat(r"in (?:the|their|its) (?:notes?|descriptions?|names?)")


def _typed(sentence: Sentence, hit: Hit) -> str:
    """The matched word as it was typed."""
    match, first, _ = hit
    if "#" in match["word"]:
        return sentence.token(match["word"]).said
    before = match.group()[: match.start("word") - match.start()]
    return sentence.tokens[first + before.count(" ")].said
