"""Which kind of thing a mention is: settled by the words around it.

A name can be a metric, a param and a user at once; "by" before it, "=" behind it or a key beside
it say which. Where nothing does, the usual kind comes first.
"""

from __future__ import annotations

from collections.abc import Mapping

from texttosql.offline import lexicon
from texttosql.offline.directions import higher_is_better
from texttosql.offline.lexer import Word
from texttosql.offline.line import Line
from texttosql.offline.link import Mention, is_bounded
from texttosql.offline.names import Kind

_PRIORITY: tuple[Kind, ...] = (
    "metric", "param", "experiment", "user", "value", "tag", "tagvalue", "model", "run", "alias",
    "stage", "dataset", "rtag", "rvalue",
)  # fmt: skip
_REGISTRY = frozenset(
    (
        "version versions registered registry alias aliases aliased stage registrations promoted"
    ).split()
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
_Starts = Mapping[int, Mention]
"""The mentions of a line by their first word."""


def kind_of(line: Line, mention: Mention, starts: _Starts) -> Kind | None:
    """The kind of thing the mention is here; None when its words are just ordinary words."""
    before, after = _neighbour(line, mention.first, -1), _neighbour(line, mention.end - 1, 1)
    if mention.weak and not _fits(mention, before, after, starts, line):
        return None
    possessive = line.words[mention.end - 1].possessive
    kinds = _kinds(mention, before, after, possessive=possessive)
    lowers = {word.lower for word in line.words}
    if kinds[0] in {"rtag", "rvalue"} and not _is_about_registry(lowers, starts):
        return None
    favoured = _favoured(kinds, lowers, before)
    kinds = [favoured, *kinds] if favoured else kinds
    return _both(mention, kinds, before, line) or _beside_key(mention, starts, line) or kinds[0]


def _favoured(kinds: list[Kind], lowers: set[str], before: str) -> Kind | None:
    """The kind that a word elsewhere in the sentence puts before the usual one."""
    of_registry = bool(lowers & _REGISTRY)
    if kinds[0] == "experiment" and "model" in kinds:
        return "model" if of_registry or before in lexicon.MODEL_NOUNS else None
    if kinds[0] in {"value", "tagvalue"} and "run" in kinds and lowers & _OF_A_RUN:
        return "run"
    if kinds[0] in {"param", "tag", "value", "tagvalue"} and of_registry:
        return next((kind for kind in ("rtag", "rvalue") if kind in kinds), None)
    return None


def _is_about_registry(lowers: set[str], starts: _Starts) -> bool:
    named = any(n.kind == "model" and not m.partial for m in starts.values() for n in m.names)
    return named or bool(lowers & (_REGISTRY | lexicon.MODEL_NOUNS))


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
        lowers = {word.lower for word in line.words}
        ranks = lowers & {*lexicon.SUPERLATIVES, "sort", "sorted", "ranked", "rank"}
        groups = lowers & {*lexicon.AGGREGATES, "grouped", "group", "split"}
        return "metric" if before == "by" and ranks and not groups else "param"
    told = higher_is_better(mention.names[0].text) is not None
    return "metric" if told or (kinds[0] == "metric" and before in _BEFORE) else "param"


def _beside_key(mention: Mention, starts: _Starts, line: Line) -> Kind | None:
    """A value said next to its key is that value, whatever else has the same name.

    One small word may stand between: "reviewed by anika" where reviewed_by is a tag.
    """
    linked = line.lower(mention.first - 1) in {"by", "is", "=", "of", "was", "to"}
    ends = {mention.first, mention.first - 1} if linked else {mention.first}
    beside = [m for m in starts.values() if m.end in ends or m.first == mention.end]
    keys = {name.text for other in beside for name in other.names if name.kind in {"param", "tag"}}
    for name in mention.names:
        if name.kind in {"value", "tagvalue"} and name.key in keys:
            return name.kind
    return None


def _fits(mention: Mention, before: str, after: str, starts: _Starts, line: Line) -> bool:
    """Whether an everyday word stands where it can only be a name of the store."""
    present = {name.kind for name in mention.names}
    around = {*_AFTER.get(after, ()), *_BEFORE.get(before, ())}
    hinted = around & present
    word = line.lower(mention.first)
    if hinted & {"experiment", "user", "alias", "tag", "tagvalue", "stage", "dataset", "run"}:
        return not (hinted <= {"user"} and before == "by" and word in _ASKS_KEY)
    if line.words[mention.first].lower in _FIELD_WORDS:
        return _key_of_next(mention, starts) or bool(around & {"param", "tag"})
    if "alias" in present and _asks_alias(before, starts):
        return True
    if present & {"param", "tag", "rtag"}:
        return _stands_as_key(mention, before, after, starts, line)
    if "metric" in present and word not in lexicon.RUN_NOUNS:
        return before in {*lexicon.AGGREGATES, *lexicon.SUPERLATIVES, "by", "sort", "on", "in"}
    return _stands_as_value(mention, before, word, starts)


def _asks_alias(before: str, starts: _Starts) -> bool:
    named = any(name.kind == "model" for other in starts.values() for name in other.names)
    return named or before in {"which", "what", "whats", "one"}


def _stands_as_key(mention: Mention, before: str, after: str, starts: _Starts, line: Line) -> bool:
    """A key is asked by, set to something, or has its value beside it."""
    if before in {"without", "with", "no", "lacking", "missing"} and after in {"", "?"}:
        return True
    if is_bounded(line, mention.first):
        return True
    if before in _ASKS_KEY or after in {"value", "values"} or _key_of_next(mention, starts):
        return True
    at = mention.end
    while line.lower(at) in {"is", "was", "are", "of", ":", "to", "at"}:
        at += 1  # "where batch is 16"
    return at < len(line.words) and _sets(line.words[at])


def _sets(word: Word) -> bool:
    return word.kind in {"operator", "number"} or word.lower in {"true", "false"}


def _stands_as_value(mention: Mention, before: str, word: str, starts: _Starts) -> bool:
    """A value has its key beside it, or another value of that key somewhere."""
    keys = {name.key for name in mention.names if name.kind in {"value", "tagvalue"}}
    others = [other for other in starts.values() if other is not mention]
    if keys and word not in lexicon.FILLER:
        of_same = any(name.key in keys for other in others for name in other.names)
        if of_same or before in {"in", "on", "from"}:
            return True
    beside = (o for o in others if o.end == mention.first or o.first == mention.end)
    return any(name.text in keys for other in beside for name in other.names)


def _key_of_next(mention: Mention, starts: _Starts) -> bool:
    """Whether a value of the key that the mention names stands right beside it."""
    keys = {name.text for name in mention.names}
    following = starts.get(mention.end)
    beside = [m for m in starts.values() if m.end == mention.first]
    beside += [following] if following is not None else []
    return any(name.key in keys for other in beside for name in other.names)
