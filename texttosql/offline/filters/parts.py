"""What every condition by name is made of: how names are strung together, and their test."""

from __future__ import annotations

import re
from collections.abc import Iterable

from texttosql.offline import tokens as t
from texttosql.offline.frame import Frame
from texttosql.offline.sentence import Sentence, Token
from texttosql.plan import Op

AND = (
    r"(?: (?:,|ahead of|ahead|or|and|vs|versus|against|/|to|than|compared|with|over|beat|beats|"
    r"better|outperform|outperforms|worse|faster|slower))+(?: (?:the|a|an|with|by|in|for|that|"
    r"those|of))*"
)
WORTH = rf"(?:{t.VALUE}|{t.NUM}|{t.QUOTED}|true|false|none|null)"


def op_of(values: tuple[object, ...], *, negated: bool) -> Op:
    """Equal to the one value, or one of several; or the opposite."""
    if len(values) == 1:
        return "!=" if negated else "="
    return "not in" if negated else "in"


def said_of(tokens: Iterable[Token]) -> str:
    """How some tokens were typed."""
    return " and ".join(token.said for token in tokens)


def tokens_in(sentence: Sentence, text: str) -> list[Token]:
    """The tokens whose placeholders stand in a matched text."""
    return [sentence.token(found) for found in re.findall(r"[A-Z]+#\d+", text)]


def note_versus(said: str, frame: Frame) -> None:
    """Names strung together by "vs" or "beats" are to be compared, not only selected."""
    if re.search(
        (
            r" (?:vs|versus|against|compared|than|over|ahead|beats?|better|outperforms?|worse|"
            r"faster|slower) "
        ),
        f" {said} ",
    ):
        frame.compare = True
