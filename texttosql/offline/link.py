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
from texttosql.offline.names import Name, NameIndex, canonical

_LONGEST = 7  # words of a name
_STEM = 4  # letters a word must share with a name it only begins like
_PARTIAL_KINDS = frozenset(
    {"metric", "param", "experiment", "user", "value", "tagvalue", "model", "run", "dataset", "tag"}
)
_FULL, _PIECES, _GLUED, _BAG, _NEAR, _PART = 1.0, 0.95, 0.9, 0.86, 0.8, 0.5
_SAME_SPLIT = {
    "val": ("eval", "dev"), "eval": ("val",), "dev": ("val", "eval"),
    "time": ("second", "seconds", "ms", "duration", "minute", "hour", "min", "h", "s"),
    "duration": ("second", "seconds", "time", "ms"), "latency": ("ms", "second", "seconds", "time"),
}  # fmt: skip

_JOINTS = ("_", "-", "/", ":", "", ": ")
_LEADS = frozenset({*lexicon.SUPERLATIVES, *lexicon.AGGREGATES})
_EDGE = frozenset("a an the of to for in on at with by from and or is are was were than per vs did "
                  "do does has have me my our all show give run runs".split())  # fmt: skip
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
"""Words with a job in a sentence: alone they name something only in a fitting place."""

_COUNTED = frozenset("epoch epochs step steps iteration iterations".split())
_BOUND = re.compile(
    "(?:^| )(?:"
    + "|".join((*lexicon.ABOVE, *lexicon.OVER, *lexicon.BELOW, *lexicon.UNDER, "[<>]=?"))
    + ")$"
)


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

    @property
    def spelled(self) -> bool:
        """Whether the whole name was said, or its pieces in full under their usual names."""
        return self.score >= _PIECES


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
    if any(line.taken[first:end]) or not _can_name(words, index):
        return None
    names, score = _named(words, index)
    if not names and len(words) == 1 and (counted := _counted(line, first, index)):
        return Mention(first, end, counted, _PART)
    if not names:
        return None
    if all(word.lower in GRAMMAR for word in words) and words[0].kind != "quoted":
        return _everyday(words, first, names, score)
    if len(words) == 1 and _only_version(words[0], score):
        return None
    return Mention(first, end, tuple(names), score)


def is_bounded(line: Line, at: int) -> bool:
    """Whether a number with a bound stands right before: "fewer than 13 epochs"."""
    if at < 2 or line.words[at - 1].kind not in {"number", "atleast"}:
        return False
    said = " ".join(line.lower(index) for index in range(max(0, at - 4), at - 1))
    return _BOUND.search(said) is not None


def _counted(line: Line, at: int, index: NameIndex) -> tuple[Name, ...]:
    """The one metric or param that a bounded number of epochs or steps can be: `epochs_trained`."""
    if line.lower(at) not in _COUNTED or not is_bounded(line, at):
        return ()
    (piece,) = canonical(line.words[at].parts)
    keys = tuple(name for name in index.by_piece[piece] if name.kind in {"metric", "param"})
    return keys if len(keys) == 1 else ()


def _can_name(words: Sequence[Word], index: NameIndex) -> bool:
    """Whether words may be a name at all, by their kinds and by what they begin and end with."""
    if any(word.kind in {"mark", "operator", "date"} for word in words):
        return False
    if all(word.kind in {"number", "atleast"} for word in words):
        return False
    if len(words) == 1:
        return True
    if words[0].lower in _EDGE or words[-1].lower in _EDGE:
        return False
    leads = words[0].lower in _LEADS and _names_itself(words[1:], index)
    return not leads or _only_whole(words, index)


def _only_whole(words: Sequence[Word], index: NameIndex) -> bool:
    """Whether a metric is called "mean faithfulness" in full, and none "faithfulness" alone."""
    pieces = canonical(tuple(piece for word in words for piece in word.parts))
    rest = canonical(tuple(piece for word in words[1:] for piece in word.parts))
    whole = index.by_pieces.get(pieces) or index.by_bag.get(frozenset(pieces))
    alone = [name for name in index.by_pieces.get(rest, ()) if name.kind == "metric"]
    return bool(whole) and not alone and words[0].lower in lexicon.AGGREGATES


def _named(words: Sequence[Word], index: NameIndex) -> tuple[list[Name], float]:
    """Every name the words can mean, and how surely."""
    pieces = tuple(piece for word in words for piece in word.parts)
    names, score = _look_up([word.lower for word in words], pieces, index)
    if len(words) == 1 and (short := _abbreviated(words[0].lower, index)):
        names, score = [*short, *(n for n in names if n not in short)], max(score, _GLUED)
    elif names and score >= _NEAR and all(name.kind in {"param", "tag"} for name in names):
        names = [*names, *_telling_metrics(pieces, index)]
    if own := index.registry.get(canonical(pieces), []):
        names, score = [*names, *own], max(score, _PIECES)
    return names, score


def _everyday(words: Sequence[Word], first: int, names: list[Name], score: float) -> Mention | None:
    """Words with a job in a sentence: "best model" is no run's name, "batch size" is a param's."""
    end = first + len(words)
    if len(words) > 1:
        keys = tuple(name for name in names if name.kind in {"metric", "param", "tag"})
        return Mention(first, end, keys, score) if keys else None
    text = words[0].text
    shouted = text.isupper() and len(text) > 1
    if shouted and (exact := tuple(name for name in names if name.text == text)):
        return Mention(first, end, exact, score)
    if score < _BAG or _only_version(words[0], score):
        return None
    return Mention(first, end, tuple(names), score, weak=True)


def _names_itself(words: Sequence[Word], index: NameIndex) -> bool:
    """Whether the rest is a metric: the best of `silhouette`, though `best_silhouette` exists."""
    pieces = tuple(piece for word in words for piece in word.parts)
    names, _ = _look_up([word.lower for word in words], pieces, index)
    return any(name.kind == "metric" for name in names)


def _abbreviated(word: str, index: NameIndex) -> list[Name]:
    """Names by their usual short form: "rf" where the store says RandomForestClassifier."""
    found: list[Name] = []
    for starts in lexicon.ABBREVIATIONS.get(word, ()):
        for name in index.by_piece.get(canonical(starts)[0], ()):
            fits = canonical(parts(name.text))[: len(canonical(starts))] == canonical(starts)
            if name.kind in {"value", "tagvalue"} and fits:
                found.append(name)
    return found


def _telling_metrics(pieces: tuple[str, ...], index: NameIndex) -> list[Name]:
    """The metrics a telling word is part of: "loss" is a param of some models, but rarely meant."""
    if not {*pieces} & (lexicon.LOWER_IS_BETTER | lexicon.HIGHER_IS_BETTER):
        return []
    return [name for name in _partial(canonical(pieces), index)[0] if name.kind == "metric"]


def _only_version(word: Word, score: float) -> bool:
    """A part of many names that means none of them: "v3"."""
    return score < _NEAR and re.fullmatch(r"v?\d+\w?", word.lower) is not None


def _look_up(
    lowers: Sequence[str], pieces: tuple[str, ...], index: NameIndex
) -> tuple[list[Name], float]:
    """Names of this spelling or these pieces, the surest way first; else names with these in."""
    wanted = canonical(pieces)
    for found, score in _ways(lowers, wanted, index):
        if found:
            return _heaviest(found), score
    return _partial(wanted, index) if wanted else ([], 0.0)


def _ways(
    lowers: Sequence[str], wanted: tuple[str, ...], index: NameIndex
) -> Iterator[tuple[Sequence[Name], float]]:
    """The ways in which a whole name can have been said, each with how surely it is meant."""
    yield index.by_text.get(" ".join(lowers), []), _FULL
    yield index.by_text.get(" ".join(lowers).removesuffix("s"), []), _FULL
    if len(lowers) > 1:
        joined = [index.by_text.get(joint.join(lowers), []) for joint in _JOINTS]
        names = [name for found in joined for name in found]
        same = index.by_pieces.get(wanted, []) if names else []
        yield list(dict.fromkeys([*names, *same])), _FULL
    if not wanted:
        return
    yield index.by_pieces.get(wanted, []), _PIECES
    yield index.by_glued.get("".join(wanted), []), _GLUED
    if len(wanted) > 1:
        yield index.by_bag.get(frozenset(wanted), []), _BAG
    yield _other_split(wanted, index), _NEAR


def _other_split(wanted: tuple[str, ...], index: NameIndex) -> list[Name]:
    """Metrics of the other usual word for a split: "validation f1" for eval_f1."""
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
    if (not all(lists) and not _longer(wanted, index)) or all(
        piece in stops or len(piece) < 2 for piece in wanted
    ):
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
    """Names a word begins or goes on from: "yolov8" for yolov8m, "augmentation" for aug."""
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


def _heaviest(names: Sequence[Name]) -> list[Name]:
    return sorted(names, key=lambda name: (-name.weight, name.kind, name.text))
