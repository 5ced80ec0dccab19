"""What a question said that nobody understood: words that carry nothing do not count.

A clause that only greets, thanks or apologises is let go; a word that may single something out
never is.
"""

from __future__ import annotations

import re

from texttosql.offline import lexicon
from texttosql.offline.line import TAKEN
from texttosql.offline.plainwords import ADVERBS, VERBS
from texttosql.offline.sentence import Sentence

_TALK = frozenset(
    "hi hey hello yo sorry thanks thank thx ty please pls plz cheers ok okay so morning "
    "afternoon lol ugh haha btw fyi excuse i im my me we our us you your quick dumb stupid "
    "question again coffee guys team folks boss asap appreciate kindly bother bug wondering "
    "if possible".split()
)
_ASKS = re.compile(
    r"(?:and|so|but|then|because|cause|since) (?=(?:i|we|would|could|can|need|want|please|"
    r"tell|show|give|who|what|which|how)\b)"
)
_ADJECTIVE_OF = re.compile(
    r"runs?|trials?|jobs?|models?|experiments?|versions?|metrics?|params?|users?|values?|ones?"
)
_DONE = frozenset("register train launch start create log deploy upload submit schedule".split())
_SIGNALS = lexicon.NEGATIONS | frozenset(lexicon.SUPERLATIVES) | frozenset(lexicon.AGGREGATES)
_PARTICIPLES = frozenset(word for word in VERBS if word.endswith(("ed", "ing")))


def meant(sentence: Sentence) -> list[str]:
    """The unknown words, less those of clauses that are only small talk.

    A clause is small talk when no rule took anything in it and somebody is greeted, thanked or
    apologised to in it: "sorry to bug you again, …". A clause that narrows says none of that.
    """
    kept: list[str] = []
    clauses = _clauses(sentence)
    opening = next((i for i, clause in enumerate(clauses) if _has_content(sentence, *clause)), 0)
    for place, (first, end) in enumerate(clauses):
        texts = [sentence.tokens[i].said.lower() for i in range(first, end)]
        untouched = not any(sentence.taken[first:end])
        bracketed = first > 0 and sentence.lower(first - 1) == "("
        talk = place < opening or bool(_TALK.intersection(texts)) or bracketed
        changes = lexicon.CHANGES.intersection(texts)
        if not (untouched and talk) or changes or lexicon.OUTSIDE.intersection(texts):
            kept += left_over(sentence, first, end)
    return kept


def _has_content(sentence: Sentence, first: int, end: int) -> bool:
    """Whether a clause names something of the store, or its runs, experiments or models."""
    nouns = lexicon.RUN_NOUNS | lexicon.EXPERIMENT_NOUNS | lexicon.MODEL_NOUNS | lexicon.USER_NOUNS
    return any(
        token.kind is not None
        or token.said.lower() in nouns
        or token.period is not None
        or token.text.startswith(("NUM#", "ATLEAST#"))
        for token in sentence.tokens[first:end]
    )


def _clauses(sentence: Sentence) -> list[tuple[int, int]]:
    """Where clauses begin and end: at marks, and before a new request."""
    texts = [token.said.lower() for token in sentence.tokens]
    cuts = [0]
    for index, text in enumerate(texts):
        if text in {",", ".", "!", "?", ":", ";", "(", ")", "-", "–"}:
            cuts.append(index + 1)
        elif _ASKS.match(" ".join(texts[index : index + 2]) + " "):
            cuts.append(index)
    return list(zip(cuts, [*cuts[1:], len(texts)], strict=True))


def left_over(sentence: Sentence, first: int = 0, end: int | None = None) -> list[str]:
    """What was said and nobody understood; empty words are not counted."""
    left: list[str] = []
    for index, token in enumerate(sentence.tokens):
        if index < first or (end is not None and index >= end):
            continue
        if sentence.taken[index] or _is_empty(sentence, index):
            continue
        left.append(token.said)
    return left


def _carries_nothing(sentence: Sentence, index: int) -> bool:
    """A verb or adverb that singles nothing out: "needed", "anywhere", "at the moment".

    Right before a noun it may well single out ("converged runs"), so there it counts.
    """
    word = sentence.lower(index)
    if word in lexicon.OUTSIDE or word in _SIGNALS:
        return False
    if word in lexicon.CHANGES and not (word in _DONE and _told(sentence, index)):
        return False
    if word in VERBS and sentence.lower(index - 1) in {
        "on",
        "in",
        "by",
        "for",
        "with",
        "of",
        "from",
    }:
        return False  # "who is on call" is about calls
    if word not in VERBS and word not in ADVERBS:
        return False
    return _ADJECTIVE_OF.fullmatch(sentence.lower(index + 1)) is None or word not in _PARTICIPLES


def _told(sentence: Sentence, index: int) -> bool:
    """Whether a verb of doing only says what was done: "did each user register"."""
    return any(
        sentence.tokens[i].said.lower() in {"did", "do", "does", "has", "have", "had", "who"}
        for i in range(index)
    )


def _is_empty(sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    if token.text == TAKEN or token.word is None:
        return False
    if token.word.kind in {"mark", "operator"}:
        return True
    return token.kind is None and (
        token.word.lower in lexicon.FILLER
        or _carries_nothing(sentence, index)
        or (len(token.word.lower) == 1 and token.word.kind == "word")
    )
