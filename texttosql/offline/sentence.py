"""The question as typed tokens: METRIC#4 above NUM#6 since PERIOD#8.

Rules are patterns over these tokens, so none of them ever sees a store's name. What a rule took is
gone for the next; what nobody took is what the question said that we did not understand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from texttosql.offline import lexicon
from texttosql.offline.kinds import kind_of
from texttosql.offline.lexer import Word
from texttosql.offline.line import Line
from texttosql.offline.link import Mention
from texttosql.offline.names import Kind, Name
from texttosql.offline.times import Period

_TYPES: dict[Kind, str] = {
    "metric": "METRIC", "param": "PARAM", "tag": "TAG", "value": "VALUE", "tagvalue": "VALUE",
    "experiment": "EXP", "user": "USER", "run": "RUN", "model": "MODEL", "alias": "ALIAS",
    "stage": "STAGE", "dataset": "DATASET", "rtag": "RTAG", "rvalue": "RVALUE",
}  # fmt: skip
_NONE = Word("", "", "none", ())


@dataclass(frozen=True, slots=True)
class Token:
    """One typed token: a word, a number, a period, or a mention with what it can mean.

    `partial`, `spelled`: how much of a name was said (Mention); `mended`: after a slip was.
    """

    text: str
    said: str
    first: int
    word: Word | None = None
    period: Period | None = None
    kind: Kind | None = None
    names: tuple[Name, ...] = ()
    rivals: tuple[Name, ...] = ()
    partial: bool = False
    spelled: bool = False
    mended: bool = False

    @property
    def name(self) -> Name:
        """What the mention most likely means."""
        return self.names[0]


class Sentence(Line):
    """The tokens, and which of them are accounted for. Patterns see `Token.text`."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        super().__init__(())
        self.tokens = tuple(tokens)
        self.words = tuple(token.word or _NONE for token in tokens)
        self.taken = [False] * len(self.tokens)
        self._texts = [token.text for token in tokens]

    def token(self, text: str) -> Token:
        """The token a placeholder such as METRIC#4 stands for."""
        return self.tokens[int(text.rpartition("#")[2])]

    def said(self, first: int, end: int) -> str:
        """Tokens [first, end) as they were typed."""
        return " ".join(token.said for token in self.tokens[first:end])

    def retype(self, index: int, token: Token) -> None:
        """Put another reading of a token in its place."""
        tokens = list(self.tokens)
        tokens[index] = token
        self.tokens = tuple(tokens)
        self._texts[index] = token.text


def build(line: Line, mentions: Sequence[Mention], periods: Sequence[Period]) -> Sentence:
    """The typed tokens of a line, with each mention's kind settled by the words around it."""
    starts = {mention.first: mention for mention in mentions}
    spans = {period.first: period for period in periods}
    tokens: list[Token] = []
    at = 0
    while at < len(line.words):
        position = len(tokens)
        if (period := spans.get(at)) is not None:
            tokens.append(Token(f"PERIOD#{position}", line.said(at, period.end), at, period=period))
            at = period.end
        elif (mention := starts.get(at)) is not None and (
            token := _mention_token(line, mention, position, starts)
        ):
            tokens.append(token)
            at = mention.end
        else:
            tokens.append(_word_token(line.words[at], at, position))
            at += 1
    return Sentence(tokens)


def _word_token(word: Word, at: int, position: int) -> Token:
    if word.kind in {"number", "atleast", "quoted"}:
        label = {"number": "NUM", "atleast": "ATLEAST", "quoted": "QUOTED"}[word.kind]
        return Token(f"{label}#{position}", word.text, at, word=word)
    if word.kind == "word" and word.lower in lexicon.NUMBERS:
        number = Word(
            word.text, word.lower, "number", word.parts, float(lexicon.NUMBERS[word.lower])
        )
        return Token(f"NUM#{position}", word.text, at, word=number)
    mended = word.read_as is not None
    return Token(word.lower.replace(" ", "_"), word.text, at, word=word, mended=mended)


def _mention_token(
    line: Line, mention: Mention, position: int, starts: dict[int, Mention]
) -> Token | None:
    kind = kind_of(line, mention, starts)
    if kind is None:
        return None
    return Token(
        text=f"{_TYPES[kind]}#{position}",
        said=line.said(mention.first, mention.end),
        first=mention.first,
        word=line.words[mention.end - 1],
        kind=kind,
        names=tuple(name for name in mention.names if name.kind == kind),
        rivals=tuple(name for name in mention.names if name.kind != kind),
        partial=mention.partial,
        spelled=mention.spelled,
        mended=any(word.read_as for word in line.words[mention.first : mention.end]),
    )
