"""The question as typed tokens: METRIC#4 above NUM#6 since PERIOD#8.

Rules are patterns over these tokens, so none of them ever sees a store's name. What a rule took is
gone for the next; what nobody took is what the question said that we did not understand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from texttosql.offline import lexicon
from texttosql.offline.directions import higher_is_better
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
_PRIORITY: tuple[Kind, ...] = (
    "metric", "param", "experiment", "user", "value", "tag", "tagvalue", "model", "run", "alias",
    "stage", "dataset", "rtag", "rvalue",
)  # fmt: skip
_REGISTRY = frozenset(
    "version versions registered registry alias aliases aliased stage registrations promoted".split()
)
_OF_A_RUN = lexicon.METRIC_NOUNS | lexicon.PARAM_NOUNS | lexicon.TAG_NOUNS
_BEFORE: dict[str, tuple[Kind, ...]] = {
    **dict.fromkeys(lexicon.EXPERIMENT_NOUNS, ("experiment",)),
    **dict.fromkeys(("run", "runs", "called", "named", "trial"), ("run",)),
    **dict.fromkeys(("user", "by", "author", "owner", "person"), ("user",)),
    **dict.fromkeys(("model", "models", "version", "versions"), ("model", "value", "tagvalue")),
    **dict.fromkeys(("registered", "registry"), ("model",)),
    **dict.fromkeys(("alias", "aliased"), ("alias",)),
    **dict.fromkeys(("tag", "tagged", "tags", "label", "labelled", "labeled"), ("tag", "tagvalue")),
    **dict.fromkeys(("param", "parameter", "hyperparameter", "hyperparam"), ("param",)),
    **dict.fromkeys(("metric", "average", "mean", "median", "best", "highest", "lowest", "worst",
                     "max", "min", "maximum", "minimum", "avg"), ("metric",)),
    **dict.fromkeys(("dataset", "datasets"), ("dataset",)),
    **dict.fromkeys(("stage", "stages"), ("stage", "tag")),
}  # fmt: skip
_AFTER: dict[str, tuple[Kind, ...]] = {
    **dict.fromkeys(lexicon.EXPERIMENT_NOUNS, ("experiment",)),
    **dict.fromkeys(("model", "models"), ("model", "value", "tagvalue")),
    **dict.fromkeys(("version", "versions", "registry"), ("model",)),
    **dict.fromkeys(("alias",), ("alias",)),
    **dict.fromkeys(("tag", "tags"), ("tag", "tagvalue")),
    **dict.fromkeys(("param", "parameter", "hyperparameter"), ("param",)),
    **dict.fromkeys(("metric", "curve", "history"), ("metric",)),
    **dict.fromkeys(("dataset", "datasets"), ("dataset",)),
    **dict.fromkeys(("stage",), ("stage",)),
}  # fmt: skip
_ARTICLES = frozenset("the a an my our of is was s".split())
_FIELD_WORDS = frozenset("status state user experiment run date time name duration".split())
_ASKS_KEY = frozenset("by per each every across which what whose different distinct unique various "
                      "group grouped and".split())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One typed token: a word, a number, a period, or a mention with what it can mean."""

    text: str
    said: str
    first: int
    word: Word | None = None
    period: Period | None = None
    kind: Kind | None = None
    names: tuple[Name, ...] = ()
    rivals: tuple[Name, ...] = ()
    partial: bool = False

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


_NONE = Word("", "", "none", ())


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
    return Token(word.lower.replace(" ", "_"), word.text, at, word=word)


def _mention_token(
    line: Line, mention: Mention, position: int, starts: dict[int, Mention]
) -> Token | None:
    before, after = _neighbour(line, mention.first, -1), _neighbour(line, mention.end - 1, 1)
    possessive = line.words[mention.end - 1].possessive
    if mention.weak and not _fits(mention, before, after, starts, line):
        return None
    kinds = _kinds(mention, before, after, possessive=possessive)
    lowers = {word.lower for word in line.words}
    if (
        kinds[0] == "experiment"
        and "model" in kinds
        and (lowers & _REGISTRY or before in lexicon.MODEL_NOUNS)
    ):
        kinds.insert(0, "model")
    if "run" in kinds and kinds[0] in {"value", "tagvalue"} and lowers & _OF_A_RUN:
        kinds.insert(0, "run")
    named = any(n.kind == "model" and not m.partial for m in starts.values() for n in m.names)
    if kinds[0] in {"rtag", "rvalue"} and not named and not lowers & (_REGISTRY | lexicon.MODEL_NOUNS):
        return None
    if (
        kinds[0] in {"param", "tag", "value", "tagvalue"}
        and set(kinds) & {"rtag", "rvalue"}
        and lowers & _REGISTRY
    ):
        kinds.insert(0, "rtag" if "rtag" in kinds else "rvalue")
    kind = _both(mention, kinds, before, line) or _beside_key(mention, starts) or kinds[0]
    names = tuple(name for name in mention.names if name.kind == kind)
    rivals = tuple(name for name in mention.names if name.kind != kind)
    said = line.said(mention.first, mention.end)
    word = line.words[mention.end - 1]
    return Token(f"{_TYPES[kind]}#{position}", said, mention.first, word=word, kind=kind,
                 names=names, rivals=rivals, partial=mention.partial)  # fmt: skip


def _neighbour(line: Line, at: int, step: int) -> str:
    at += step
    while line.lower(at) in _ARTICLES:
        at += step
    return line.lower(at)


def _kinds(mention: Mention, before: str, after: str, *, possessive: bool) -> list[Kind]:
    """The kinds the mention can be, the most fitting first."""
    present = {name.kind for name in mention.names}
    hints: list[Kind] = []
    if possessive and "user" in present:
        hints.append("user")
    hints += [*_AFTER.get(after, ()), *_BEFORE.get(before, ())]
    order = [kind for kind in (*hints, *_PRIORITY) if kind in present]
    return list(dict.fromkeys(order))


def _both(mention: Mention, kinds: list[Kind], before: str, line: Line) -> Kind | None:
    """A name that is a metric and a param: what the words around do with it decides."""
    if not {"metric", "param"} <= set(kinds):
        return None
    follows = line.words[mention.end] if mention.end < len(line.words) else None
    if follows is not None and (follows.text == "=" or follows.lower in {"true", "false"}):
        return "param"
    if before in _ASKS_KEY:
        ranks = any(w.lower in lexicon.SUPERLATIVES or w.lower in {"sort", "sorted", "ranked", "rank"}
                    for w in line.words)  # fmt: skip
        groups = any(
            w.lower in {*lexicon.AGGREGATES, "grouped", "group", "split"} for w in line.words
        )
        return "metric" if before == "by" and ranks and not groups else "param"
    told = higher_is_better(mention.names[0].text) is not None
    return "metric" if told or kinds[0] == "metric" and before in _BEFORE else "param"


def _beside_key(mention: Mention, starts: dict[int, Mention]) -> Kind | None:
    """A value said next to its key is that value, whatever else has the same name."""
    beside = [m for m in starts.values() if m.end == mention.first or m.first == mention.end]
    keys = {name.text for other in beside for name in other.names if name.kind in {"param", "tag"}}
    for name in mention.names:
        if name.kind in {"value", "tagvalue"} and name.key in keys:
            return name.kind
    return None


def _fits(
    mention: Mention, before: str, after: str, starts: dict[int, Mention], line: Line
) -> bool:
    """Whether an everyday word stands where it can only be a name of the store."""
    present = {name.kind for name in mention.names}
    hinted = {*_AFTER.get(after, ()), *_BEFORE.get(before, ())} & present
    if hinted & {"experiment", "user", "alias", "tag", "tagvalue", "stage", "dataset", "run"}:
        return not (
            hinted <= {"user"} and before == "by" and line.lower(mention.first) in _ASKS_KEY
        )
    if line.words[mention.first].lower in _FIELD_WORDS:
        beside = _key_of_next(mention, starts)
        return beside or bool({*_AFTER.get(after, ()), *_BEFORE.get(before, ())} & {"param", "tag"})
    if "alias" in present and (
        before in {"which", "what", "whats", "one"}
        or any(name.kind == "model" for other in starts.values() for name in other.names)
    ):
        return True
    if present & {"param", "tag", "rtag"}:
        next_word = line.words[mention.end] if mention.end < len(line.words) else None
        operator = next_word is not None and (
            next_word.kind in {"operator", "number"} or next_word.lower in {"true", "false"}
        )
        return (
            before in _ASKS_KEY
            or operator
            or after in {"value", "values"}
            or _key_of_next(mention, starts)
        )
    if "metric" in present and line.lower(mention.first) not in lexicon.RUN_NOUNS:
        return before in {*lexicon.AGGREGATES, *lexicon.SUPERLATIVES, "by", "sort", "on", "in"}
    keys = {name.key for name in mention.names if name.kind in {"value", "tagvalue"}}
    if (
        keys
        and line.lower(mention.first) not in lexicon.FILLER
        and (
            before in {"in", "on", "from"}
            or any(
                name.key in keys
                for other in starts.values()
                if other is not mention
                for name in other.names
            )
        )
    ):
        return True
    nearby = [other for other in starts.values() if other is not mention]
    return any(
        name.text in keys
        for other in nearby
        if other.end == mention.first or other.first == mention.end
        for name in other.names
    )


def _key_of_next(mention: Mention, starts: dict[int, Mention]) -> bool:
    keys = {name.text for name in mention.names}
    following = starts.get(mention.end)
    preceding = [m for m in starts.values() if m.end == mention.first]
    return any(
        name.key in keys
        for other in (following, *preceding)
        if other is not None
        for name in other.names
    )
