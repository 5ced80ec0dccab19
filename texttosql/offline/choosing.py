"""Which of several names is meant: settled by the words around, the experiment, the habit.

What nothing settles is left as a Choice, and the engine asks instead of guessing.
"""

from __future__ import annotations

from collections.abc import Iterable

from texttosql.offline.frame import Choice, Context, Frame
from texttosql.offline.lexer import parts
from texttosql.offline.names import Name, canonical
from texttosql.offline.sentence import Sentence, Token

_CLEARLY = 5  # times as many runs: the other name is somebody's leftover
_REACH = 5  # words in which a split ("on the validation set") belongs to its metric
_SPLITS = {"val": ("val", "eval", "dev", "valid"), "test": ("test",), "train": ("train",),
           "eval": ("eval", "val"), "dev": ("dev", "val")}  # fmt: skip
_SET_WORDS = frozenset("set split data on the in of for dataset side".split())


def choose(sentence: Sentence, token: Token, frame: Frame, context: Context) -> Name:
    """The one name the token stands for; other serious candidates become a Choice."""
    position = sentence.tokens.index(token)
    chosen = context.chosen.get(f"{token.kind}:{token.said.lower()}")
    if chosen is not None:
        return chosen
    names = list(token.names)
    if token.kind == "metric":
        names = _logged_there(token, names, frame, context)
    if len(names) == 1:
        return names[0]
    if token.kind == "metric":
        names = _by_split(sentence, position, names)
    names = _in_scope(names, frame, context)
    names = _clearly(names, partial=token.partial)
    if len(names) > 1:
        frame.choices.append(Choice(token.said, position, tuple(names[:4])))
    return names[0]


def _logged_there(token: Token, names: list[Name], frame: Frame, context: Context) -> list[Name]:
    """Where the experiment in question lacks the very name, what it logs with that word in it."""
    scope = frame.scope() or context.scope
    logged = set().union(*(context.catalog.metrics_in.get(one, frozenset()) for one in scope))
    if not logged or any(name.text in logged for name in names):
        return names
    pieces = canonical(parts(token.said)) or canonical(parts(names[0].text))
    lists = [{n for n in context.index.by_piece.get(p, ()) if n.kind == "metric"} for p in pieces]
    wider = set.intersection(*lists) if lists else set()
    there = sorted((n for n in wider if n.text in logged), key=lambda n: (-n.weight, n.text))
    return there or names


def _by_split(sentence: Sentence, position: int, names: list[Name]) -> list[Name]:
    """The split that stands near the metric: "accuracy on the validation set"."""
    around = sorted(
        range(max(0, position - _REACH), min(len(sentence.tokens), position + _REACH + 1)),
        key=lambda at: abs(at - position),
    )
    for at in around:
        word = sentence.tokens[at].word
        if sentence.taken[at] or word is None or sentence.tokens[at].names:
            continue
        for split in canonical(word.parts):
            fitting = [n for s in _SPLITS.get(split, ()) for n in names if s in _pieces(n)]
            if fitting:
                _take_set(sentence, at)
                return fitting
    return names


def _take_set(sentence: Sentence, at: int) -> None:
    sentence.take(at, at + 1)
    if sentence.lower(at + 1) in {"set", "split", "data", "dataset"}:
        sentence.take(at + 1, at + 2)


def _pieces(name: Name) -> set[str]:
    return {*parts(name.text), *canonical(parts(name.text))}


def _in_scope(names: list[Name], frame: Frame, context: Context) -> list[Name]:
    """Only what the experiments in question log, when they log any of it."""
    scope = frame.scope() or context.scope
    if not scope or names[0].kind not in {"metric", "param"}:
        return names
    table = context.catalog.metrics_in if names[0].kind == "metric" else context.catalog.params_in
    logged = set().union(*(table.get(experiment, frozenset()) for experiment in scope))
    return [name for name in names if name.text in logged] or names


def _clearly(names: list[Name], *, partial: bool) -> list[Name]:
    """The name that dwarfs the others, or all that are left."""
    if partial:
        shortest = min(len(canonical(parts(name.text))) for name in names)
        close = [n for n in names if len(canonical(parts(n.text))) <= shortest + 1]
        names = close or names
    heavy = sorted(names, key=lambda name: -name.weight)
    if (
        len(heavy) > 1
        and heavy[0].kind != "experiment"
        and heavy[0].weight >= _CLEARLY * max(heavy[1].weight, 1)
    ):
        return [heavy[0]]
    return names


def of_key(token: Token, key: str) -> list[Name]:
    """The names of a value token that are values of this param or tag."""
    return [name for name in (*token.names, *token.rivals) if name.key == key]


def same_key(names: Iterable[Name]) -> dict[tuple[str, str], list[Name]]:
    """Value names by the (kind, key) they belong to, in order of first appearance."""
    found: dict[tuple[str, str], list[Name]] = {}
    for name in names:
        found.setdefault((name.kind, name.key), []).append(name)
    return found
