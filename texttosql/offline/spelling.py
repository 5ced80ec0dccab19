"""Typos are read as the nearest word of the store or of the trade, when one is clearly nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from texttosql.offline.lexer import Word, parts
from texttosql.offline.lexicon import (
    AGGREGATES,
    FILLER,
    GROUPING,
    NEGATIONS,
    SUPERLATIVES,
    VOCABULARY,
)
from texttosql.offline.names import NameIndex
from texttosql.offline.plainwords import COMMON, RULE_WORDS

_SHORTEST = 4
_EMPTY = FILLER - GROUPING - set(AGGREGATES) - set(SUPERLATIVES) - NEGATIONS
_CAREFUL = 5  # up to this many letters, a typo keeps the first one


def corrected(words: tuple[Word, ...], index: NameIndex) -> tuple[Word, ...]:
    """The words with typos replaced; what was typed stays in `text`, the reading in `lower`."""
    return tuple(_corrected(word, index) for word in words)


def near(text: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Names of the store that look like what was typed, nearest first; for "did you mean"."""
    lowered = {name.lower(): name for name in names}
    hits = process.extract(
        text.lower(),
        lowered.keys(),
        scorer=OSA.normalized_similarity,
        score_cutoff=0.6,
        limit=limit,
    )
    inside = [name for low, name in lowered.items() if text.lower() in parts(low)]
    return list(dict.fromkeys([*(lowered[low] for low, _, _ in hits), *inside]))[:limit]


def _corrected(word: Word, index: NameIndex) -> Word:
    if word.kind != "word" or len(word.lower) < _SHORTEST or not word.lower.isascii():
        return word
    if _is_known(word.lower, index):
        return word
    if len(word.parts) > 1:
        return _corrected_pieces(word, index)
    if any(c.isdigit() for c in word.lower):
        return word
    best = _stem(word.lower, index) or _best(word.lower, index)
    return word if best is None else replace(word, lower=best, parts=parts(best), read_as=best)


def _stem(word: str, index: NameIndex) -> str | None:
    """The known word it is a form of: "grasping" is no typo where the store knows "grasp"."""
    for ending in ("ation", "ing", "ers", "ed", "er", "ly"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST and index.known(stem):
            return stem
    return None


def _corrected_pieces(word: Word, index: NameIndex) -> Word:
    """A name such as `val_accurcy` is mended piece by piece, or as a whole."""
    whole = _best(word.lower, index)
    if whole is not None:
        return replace(word, lower=whole, parts=parts(whole), read_as=whole)
    pieces = tuple(
        piece if _is_known(piece, index) or len(piece) < _SHORTEST else _best(piece, index) or piece
        for piece in word.parts
    )
    if pieces == word.parts:
        return word
    read = "_".join(pieces)
    return replace(word, lower=read, parts=pieces, read_as=read)


def _is_known(word: str, index: NameIndex) -> bool:
    stems = {word}
    if not word.endswith("ss"):
        stems |= {word.removesuffix("s"), word.removesuffix("es")}
    return any(
        stem in VOCABULARY or stem in RULE_WORDS or stem in COMMON or index.known(stem)
        for stem in stems
    )


def _shuffled(word: str, text: str) -> bool:
    """An empty word is only read where letters changed places or the word is long: "whcih"."""
    return sorted(word) == sorted(text) or len(word) >= _CAREFUL + 2


def _allowed(length: int) -> int:
    return 1 if length < 9 else 2


def _best(word: str, index: NameIndex) -> str | None:
    """The one nearest word within one slip (two for long words), the store's before the trade's."""
    single = re.sub(r"(.)\1+", r"\1", word)
    if single != word and (single in index.raw_pieces or single in VOCABULARY):
        return single
    cutoff = _allowed(len(word))
    for pool in ((*index.raw_pieces, *index.texts()), VOCABULARY):
        hits = process.extract(word, pool, scorer=OSA.distance, score_cutoff=cutoff, limit=6)
        hits = [hit for hit in hits if len(hit[0]) >= _SHORTEST]
        if not hits:
            continue
        least = min(distance for _, distance, _ in hits)
        nearest = sorted({text for text, distance, _ in hits if distance == least})
        same_start = [text for text in nearest if text[0] == word[0]]
        if len(word) > _CAREFUL:
            same_start = same_start or nearest
        if pool is VOCABULARY:
            same_start = [t for t in same_start if t not in _EMPTY or _shuffled(word, t)]
        if not same_start:
            continue
        stems = {text.removesuffix("s") for text in same_start}
        if len(stems) == 1 or (least == 1 and len(same_start) == 1):
            return min(same_start, key=len)
        longer = [text for text in same_start if len(text) > len(word)]
        if len(longer) == 1:  # a letter left out is the commonest slip
            return longer[0]
    return None
