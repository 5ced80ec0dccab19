"""Words become mentions of the store's names: exact before synonym before part before guess.

A mention keeps every name its words can mean, best first; who is meant is settled where the
sentence says more (texttosql.offline.sentence), and what stays open becomes a question back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from texttosql.offline import lexicon
from texttosql.offline.lexer import Word, parts
from texttosql.offline.line import Line
from texttosql.offline.names import Kind, Name, NameIndex, canonical

_LONGEST = 7
_PARTIAL_KINDS = frozenset(
    {"metric", "param", "experiment", "user", "value", "tagvalue", "model", "run", "dataset", "tag"}
)
_FULL, _PIECES, _GLUED, _BAG, _NEAR, _PART = 1.0, 0.95, 0.9, 0.86, 0.8, 0.5
_SAME_SPLIT = {
    "val": ("eval", "dev"), "eval": ("val",), "dev": ("val", "eval"),
    "time": ("second", "seconds", "ms", "duration", "minute", "hour", "min", "h", "s"),
    "duration": ("second", "seconds", "time", "ms"), "latency": ("ms", "second", "seconds", "time"),
}  # fmt: skip

_STOPS = frozenset().union(
    lexicon.FILLER, lexicon.AGGREGATES, lexicon.SUPERLATIVES, lexicon.RUN_NOUNS,
    lexicon.EXPERIMENT_NOUNS, lexicon.MODEL_NOUNS, lexicon.VERSION_NOUNS, lexicon.METRIC_NOUNS,
    lexicon.PARAM_NOUNS, lexicon.TAG_NOUNS, lexicon.USER_NOUNS, lexicon.DATASET_NOUNS,
    lexicon.GROUPING, lexicon.NEGATIONS, lexicon.CHART_NOUNS, lexicon.STATUSES, lexicon.BUCKETS,
    lexicon.NUMBERS, lexicon.UNITS, lexicon.CHARTS, lexicon.HISTORY, lexicon.CHANGES,
    *(p.split() for p in (*lexicon.ABOVE, *lexicon.OVER, *lexicon.BELOW, *lexicon.UNDER)),
    "percent percentage trend trends parent child children nested deleted stage alias aliases "
    "description note notes commit source duration durations improve sweep sweeps kids parents "
    "range true false none null yes no with without".split(),
)  # fmt: skip
GRAMMAR = _STOPS | frozenset(
    "rate size learning batch test train val eval dev score time type name id step steps set split "
    "data mean".split()
)
"""Words with a job in a sentence: alone they name something of the store only in a fitting place."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words [first, end) name one of `names`. `weak`: they may just be ordinary words."""

    first: int
    end: int
    names: tuple[Name, ...]
    score: float
    weak: bool = False

    @property
    def partial(self) -> bool:
        """Whether only a part of the name was said."""
        return self.score < _NEAR


def link(line: Line, index: NameIndex) -> list[Mention]:
    """The mentions in the untaken words, in order, none overlapping another."""
    found = [mention for mention in _candidates(line, index) if mention is not None]
    found.sort(key=lambda m: (m.weak, -m.score * (m.end - m.first), m.first))
    chosen: list[Mention] = []
    for mention in found:
        if all(mention.end <= other.first or other.end <= mention.first for other in chosen):
            chosen.append(mention)
    return sorted(chosen, key=lambda mention: mention.first)


def _candidates(line: Line, index: NameIndex) -> Iterator[Mention]:
    count = len(line.words)
    for first in range(count):
        for end in range(min(first + _LONGEST, count), first, -1):
            mention = _mention(line, first, end, index)
            if mention is not None:
                yield mention


def _mention(line: Line, first: int, end: int, index: NameIndex) -> Mention | None:
    words = line.words[first:end]
    if any(line.taken[first:end]) or any(w.kind in {"mark", "operator", "date"} for w in words):
        return None
    lowers = [word.lower for word in words]
    if all(word.kind in {"number", "atleast"} for word in words):
        return None
    if len(words) > 1 and (lowers[0] in _EDGE or lowers[-1] in _EDGE):
        return None
    pieces = tuple(p for word in words for p in word.parts)
    if len(words) > 1 and lowers[0] in _LEADS and _names_itself(lowers[1:], words[1:], index):
        return None
    names, score = _look_up(lowers, pieces, index)
    if len(words) == 1 and (short := _abbreviated(lowers[0], index)):
        names, score = [*short, *(n for n in names if n not in short)], max(score, _GLUED)
    elif names and score >= _NEAR and all(name.kind in {"param", "tag"} for name in names):
        names = [*names, *_telling_metrics(pieces, index)]
    own = index.registry.get(canonical(pieces), [])
    if own:
        names, score = [*names, *own], max(score, _PIECES)
    if not names:
        return None
    weak = all(low in GRAMMAR for low in lowers) and words[0].kind != "quoted"
    shouted = len(words) == 1 and words[0].text.isupper() and len(words[0].text) > 1
    if weak and shouted and (exact := [n for n in names if n.text == words[0].text]):
        return Mention(first, end, tuple(exact), score)
    if (weak and score < _BAG and len(words) == 1) or (
        len(words) == 1 and _only_version(words[0], score)
    ):
        return None
    if weak and len(words) > 1:  # "best model" is no run's name, "batch size" is a param's
        names = [name for name in names if name.kind in {"metric", "param", "tag"}]
        weak = False
    return Mention(first, end, tuple(names), score, weak) if names else None


_LEADS = frozenset({*lexicon.SUPERLATIVES, *lexicon.AGGREGATES})


def _names_itself(lowers: Sequence[str], words: Sequence[Word], index: NameIndex) -> bool:
    """ "best silhouette" asks for the best of `silhouette`, also where `best_silhouette` exists."""
    names, score = _look_up(lowers, tuple(p for word in words for p in word.parts), index)
    del score
    return any(name.kind == "metric" for name in names)


def _abbreviated(word: str, index: NameIndex) -> list[Name]:
    """ "rf" where the store says RandomForestClassifier."""
    found: list[Name] = []
    for starts in lexicon.ABBREVIATIONS.get(word, ()):
        for name in index.by_piece.get(canonical(starts)[0], ()):
            fits = canonical(parts(name.text))[: len(canonical(starts))] == canonical(starts)
            if name.kind in {"value", "tagvalue"} and fits:
                found.append(name)
    return found


def _telling_metrics(pieces: tuple[str, ...], index: NameIndex) -> list[Name]:
    """ "loss" is a param of some models, but asked for it is more likely a metric."""
    if not {*pieces} & (lexicon.LOWER_IS_BETTER | lexicon.HIGHER_IS_BETTER):
        return []
    return [name for name in _partial(canonical(pieces), index)[0] if name.kind == "metric"]


def _only_version(word: Word, score: float) -> bool:
    """ "v3" is a part of many names and means none of them."""
    return score < _NEAR and re.fullmatch(r"v?\d+\w?", word.lower) is not None


_EDGE = frozenset("a an the of to for in on at with by from and or is are was were than per vs did "
                  "do does has have me my our all show give run runs".split())  # fmt: skip


def _look_up(
    lowers: Sequence[str], pieces: tuple[str, ...], index: NameIndex
) -> tuple[list[Name], float]:
    if names := index.by_text.get(" ".join(lowers)):
        return _heaviest(names), _FULL
    joined = (index.by_text.get(joint.join(lowers), []) for joint in ("_", "-", "/", ":", "", ": "))
    wanted = canonical(pieces)
    if len(lowers) > 1 and (names := [name for found in joined for name in found]):
        return _heaviest(list(dict.fromkeys([*names, *index.by_pieces.get(wanted, [])]))), _FULL
    if not wanted:
        return [], 0.0
    if names := index.by_pieces.get(wanted):
        return _heaviest(names), _PIECES
    if names := index.by_glued.get("".join(wanted)):
        return _heaviest(names), _GLUED
    if len(wanted) > 1 and (names := index.by_bag.get(frozenset(wanted))):
        return _heaviest(names), _BAG
    if names := _other_split(wanted, index):
        return _heaviest(names), _NEAR
    return _partial(wanted, index)


def _other_split(wanted: tuple[str, ...], index: NameIndex) -> list[Name]:
    """ "validation f1" where the team says eval_f1."""
    if len(wanted) < 2:
        return []
    for piece, others in _SAME_SPLIT.items():
        for other in others if piece in wanted else ():
            bag = frozenset(other if p == piece else p for p in wanted)
            if names := [n for n in index.by_bag.get(bag, []) if n.kind == "metric"]:
                return names
    return []


def _partial(wanted: tuple[str, ...], index: NameIndex) -> tuple[list[Name], float]:
    """Names that have all the wanted pieces and more, the shortest first."""
    lists: list[list[Name]] = [index.by_piece.get(piece, []) for piece in wanted]
    stops = GRAMMAR if len(wanted) == 1 else _STOPS
    if (not all(lists) and not _longer(wanted, index)) or all(piece in stops or len(piece) < 2 for piece in wanted):
        return [], 0.0
    common = set(lists[0]).intersection(*lists) | _longer(wanted, index)
    names = [name for name in common if name.kind in _PARTIAL_KINDS]
    if not names:
        return [], 0.0

    def extra(name: Name) -> int:
        return len(canonical(parts(name.text))) - len(set(wanted))

    ranked = sorted(names, key=lambda name: (extra(name), -name.weight, name.text))
    share = len(wanted) / (len(wanted) + max(extra(ranked[0]), 1))
    return ranked[:40], _PART + 0.25 * share


def _longer(wanted: tuple[str, ...], index: NameIndex) -> set[Name]:
    """ "yolov8" for yolov8m and yolov8s, "augmentation" for a param called aug."""
    if len(wanted) != 1 or len(wanted[0]) < _STEM:
        return set()
    word = wanted[0]
    found: set[Name] = set()
    for piece, names in index.by_piece.items():
        if piece.startswith(word) and len(piece) <= len(word) + 3:
            found.update(n for n in names if n.kind in {"value", "tagvalue", "metric", "param"})
        if len(word) >= len(piece) + 3 and len(piece) >= 3 and word.startswith(piece):
            found.update(n for n in names if n.kind in {"param", "tag"} and n.text.lower() == piece)
    return found


_STEM = 4


def _heaviest(names: Sequence[Name]) -> list[Name]:
    return sorted(names, key=lambda name: (-name.weight, name.kind, name.text))


def of_kind(mention: Mention, *kinds: Kind) -> list[Name]:
    """The mention's names of these kinds, best first."""
    return [name for name in mention.names if name.kind in kinds]
