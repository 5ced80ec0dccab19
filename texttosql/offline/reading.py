"""From text to frame: cut, spell, link, type, and let the rules fill the slots in order."""

from __future__ import annotations

import re
from dataclasses import replace

from texttosql.offline import comparing, filtering, lexicon, registering, times, wishes
from texttosql.offline.frame import Context, Frame
from texttosql.offline.lexer import Word, words
from texttosql.offline.line import TAKEN, Line
from texttosql.offline.link import Mention, link
from texttosql.offline.names import Name, canonical
from texttosql.offline.plainwords import ADVERBS, VERBS
from texttosql.offline.sentence import Sentence, build
from texttosql.offline.spelling import corrected
from texttosql.plan import Window

_ENDED = frozenset("finished ended completed finish end".split())


def sentence_of(text: str, context: Context) -> Sentence:
    """The typed tokens of a question."""
    text = _names_quoted(text, context)
    typed = tuple(piece for word in words(text) for piece in _unglued(word, context))
    line = Line(corrected(typed, context.index))
    quoted = [index for index, word in enumerate(typed) if word.kind == "quoted"]
    mentions = [m for m in link(line, context.index) if m.end - m.first > 1 or m.first in quoted]
    long_names = [m for m in mentions if not m.partial and not m.weak]
    long_names += [m for m in link(line, context.index) if _is_no_month(m, line)]
    long_names += _date_values(line, context)
    for mention in long_names:  # a name with a date in it is a name
        line.take(mention.first, mention.end)
    periods = times.find(line, context.now)
    for mention in long_names:
        for index in range(mention.first, mention.end):
            line.taken[index] = False
    mentions = link(line, context.index)
    mentions += [m for m in _date_values(line, context) if not any(line.taken[m.first : m.end])]
    return build(line, sorted(mentions, key=lambda mention: mention.first), periods)


def _date_values(line: Line, context: Context) -> list[Mention]:
    """A date right behind a key that has dates as values: "data_cut 2026-11-01 vs 2026-10-01"."""
    dates = [i for i, word in enumerate(line.words) if word.kind == "date"]
    keys = {n.text: n for m in link(line, context.index) if dates for n in m.names if n.kind in {"param", "tag"}}
    found: list[Mention] = []
    for index in dates:
        for key, owner in keys.items():
            table = context.catalog.params if owner.kind == "param" else context.catalog.tags
            if key in table and line.words[index].text in table[key].values:
                kind = "value" if owner.kind == "param" else "tagvalue"
                name = Name(kind, line.words[index].text, key, 1)  # type: ignore[arg-type]  # both are Kinds
                found.append(Mention(index, index + 1, (name,), 1.0))
    return found


_DATED = frozenset("in since during until before after last this of from next by through".split())


def _is_no_month(mention: Mention, line: Line) -> bool:
    """A param called `aug` is a param, unless the words around make it August."""
    if mention.end - mention.first > 1 or mention.score < 1.0:
        return False
    follows = line.words[mention.end] if mention.end < len(line.words) else None
    dated = line.lower(mention.first - 1) in _DATED - {"by"} or (
        follows is not None and follows.kind == "number"
    )
    return re.fullmatch(f"{times.MONTH}|{times.DAY}", line.lower(mention.first)) is not None and not dated


def _names_quoted(text: str, context: Context) -> str:
    """Names with spaces, colons or brackets in them, put in quotes so that they stay whole."""
    for name in context.index.awkward:
        if len(name) < _SHORTEST_NAME or name not in text.lower():
            continue
        pattern = rf"(?<![\w\"]){re.escape(name)}(?![\w\"])"
        text = re.sub(pattern, lambda match: f'"{match.group()}"', text, flags=re.IGNORECASE)
    return text


_SHORTEST_NAME = 4


def _unglued(word: Word, context: Context) -> tuple[Word, ...]:
    """ "runs/user" is two words unless the store has such a name."""
    index = context.index
    if word.kind != "word" or not re.search(r"[/:+]", word.text) or word.lower in index.by_text:
        return (word,)
    if canonical(word.parts) in index.by_pieces:
        return (word,)
    pieces = re.split(r"([/:+])", word.text)
    joints = {"/": "per", ":": ":", "+": "and"}
    known = [p for p in pieces if p.lower() in lexicon.VOCABULARY or index.known(p.lower())]
    if len(known) < len(pieces) // 2 + 1:
        return (word,)
    return tuple(w for piece in pieces for w in words(joints.get(piece, piece)))


def read(sentence: Sentence, context: Context) -> Frame:
    """The slots of a sentence. What no rule took stands in `frame.unknown`."""
    frame = Frame()
    filtering.noise(sentence)
    _better(sentence, frame)
    earlier = sentence.eat(r"(?:in |and |for )?the (?P<unit>day|week|month|year|quarter) before(?: that)?(?= \?|$)")
    if earlier is not None:
        frame.before = earlier["unit"]
    _ever(sentence, frame)
    _windows(sentence, frame)
    filtering.scopes(sentence, frame, context)
    filtering.several_values(sentence, frame, context)
    registering.read(sentence, frame, context)
    filtering.children(sentence, frame, context)
    comparing.read(sentence, frame, context)
    filtering.read(sentence, frame, context)
    filtering.merge(frame)
    wishes.read(sentence, frame, context)
    frame.unknown += unaccounted(sentence)
    if not sentence.tokens or frame.unknown:
        frame.unknown = [*_meant(sentence)]
    return frame


def _better(sentence: Sentence, frame: Frame) -> None:
    """ "lower is better here" settles which end is best."""
    said = sentence.eat(r"(?:\( ?)?(?:where |since |as |because )?(?P<way>lower|smaller|less|higher|larger|bigger|more) (?:is|=|are|means) better(?: (?:here|ofc|obviously|for this|for it|of course))*")
    if said is not None:
        frame.higher = said["way"] in {"higher", "larger", "bigger", "more"}


def _ever(sentence: Sentence, frame: Frame) -> None:
    latest = sentence.eat(
        r"(?:,|but)? ?not (?:just |only )?(?:the |its |their )*(?:final|latest|last)(?: one| value| ones| values)?"
    )
    both = (
        sentence.eat(
            r"(?:final|latest|last|current) (?:vs|versus|and|or|against) (?:the |its )?(?:best[- ]ever|best|peak|max)"
        )
        if sentence.has(
            r"(?:final|latest|last|current) (?:vs|versus|and|or|against) (?:the |its )?(?:best[- ]ever|peak|max|best)"
        )
        else None
    )
    if both is not None:
        frame.take, frame.also_latest = "ever", True
        return
    while (hit := sentence.find(_EVER)) is not None:
        match, first, end = hit
        steps = match["steps"] or match["steps2"]
        if steps and not _is_step(sentence, steps):
            break
        frame.take = "ever"
        if re.match(r"peak|best|max|all[- ]time", match.group()):
            frame.order, frame.top = "best", "one"
        sentence.take(first, end)
    if frame.take == "ever":
        frame.also_latest = latest is None and bool(
            sentence.eat(
                r"(?:vs|versus|and|compared (?:to|with)|against) (?:also )?(?:the |its |their )*(?:final|latest|last)(?: one| value)?"
            )
        )
        return
    if sentence.eat(
        r"(?:initial|starting|first logged|first value of|at the (?:start|beginning)|at step 0|first epoch|in the first epoch)(?: of training)?"
    ):
        frame.take = "first"


_EVER = (
    r"(?:(?:reached )?at any (?P<steps>point|time|steps?|epochs?|METRIC#\d+|PARAM#\d+)|best[- ]ever|ever|at some point|"
    r"all[- ]time(?: best| high| low)?|peak(?:ed)?(?: at)?|over (?:its|their|the) (?:whole |entire |full )?(?:history|lifetime)|"
    r"during training|best seen|max ever|(?:across|over|of) all (?:the |its )?(?P<steps2>steps|epochs|METRIC#\d+|PARAM#\d+))"
)


def _is_step(sentence: Sentence, text: str) -> bool:
    if "#" not in text:
        return True
    return (
        re.search(r"\b(?:steps?|epochs?|iterations?)\b", sentence.token(text).said.lower())
        is not None
    )


def _windows(sentence: Sentence, frame: Frame) -> None:
    periods = [(i, t.period) for i, t in enumerate(sentence.tokens) if t.period is not None]
    for index, period in periods:
        window = period.window
        if sentence.lower(index - 1) in _ENDED:
            window = replace(window, field="ended")
            sentence.take(index - 1, index)
        frame.windows.append(window)
    between = len(periods) > 1 and sentence.has(
        r"PERIOD#\d+ (?:\S+ ){0,4}?(?:vs|versus|against|compared|than|and|to|or|with|from)(?: \S+){0,3}? PERIOD#\d+"
    )
    compared = sentence.has(r"compare|compared|vs|versus|against|than|difference")
    if len(periods) > 1 and (between or compared):
        frame.side_by_side = True
    elif len(periods) > 1:
        frame.windows = [_overlap(frame.windows)]
    for index, _ in periods:
        sentence.take(index, index + 1)


def _overlap(windows: list[Window]) -> Window:
    """Several periods that are not held against each other all bind: "in october, since the 5th"."""
    starts = [window.start_ms for window in windows if window.start_ms is not None]
    ends = [window.end_ms for window in windows if window.end_ms is not None]
    words = " ".join(window.words for window in windows)
    return Window(max(starts, default=None), min(ends, default=None), words, windows[0].field)


_TALK = frozenset("""
    hi hey hello yo sorry thanks thank thx ty please pls plz cheers ok okay so morning afternoon lol
    ugh haha btw fyi excuse i im my me we our us you your quick dumb stupid question again coffee
    guys team folks boss asap appreciate kindly bother bug wondering if possible
""".split())
_ASKS = re.compile(
    r"(?:and|so|but|then|because|cause|since) (?=(?:i|we|would|could|can|need|want|please|tell|show|give|who|what|which|how)\b)"
)


def _meant(sentence: Sentence) -> list[str]:
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
            kept += unaccounted(sentence, first, end)
    return kept


def _has_content(sentence: Sentence, first: int, end: int) -> bool:
    """Whether a clause names something of the store, or its runs, experiments or models."""
    nouns = lexicon.RUN_NOUNS | lexicon.EXPERIMENT_NOUNS | lexicon.MODEL_NOUNS | lexicon.USER_NOUNS
    return any(
        sentence.tokens[i].kind is not None
        or sentence.tokens[i].said.lower() in nouns
        or sentence.tokens[i].period is not None
        or sentence.tokens[i].text.startswith(("NUM#", "ATLEAST#"))
        for i in range(first, end)
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


def unaccounted(sentence: Sentence, first: int = 0, end: int | None = None) -> list[str]:
    """What was said and nobody understood; empty words are not counted."""
    left: list[str] = []
    for index, token in enumerate(sentence.tokens):
        if index < first or (end is not None and index >= end):
            continue
        if sentence.taken[index] or _is_empty(sentence, index):
            continue
        left.append(token.said)
    return left


_ADJECTIVE_OF = re.compile(
    r"runs?|trials?|jobs?|models?|experiments?|versions?|metrics?|params?|users?|values?|ones?"
)


def _carries_nothing(sentence: Sentence, index: int) -> bool:
    """A verb or adverb that singles nothing out: "needed", "anywhere", "at the moment".

    Right before a noun it may well single out ("converged runs"), so there it counts.
    """
    word = sentence.lower(index)
    if word in lexicon.OUTSIDE or word in _SIGNALS:
        return False
    if word in lexicon.CHANGES and not (word in _DONE and _told(sentence, index)):
        return False
    if word in VERBS and sentence.lower(index - 1) in {"on", "in", "by", "for", "with", "of", "from"}:
        return False  # "who is on call" is about calls
    if word not in VERBS and word not in ADVERBS:
        return False
    return _ADJECTIVE_OF.fullmatch(sentence.lower(index + 1)) is None or word not in _PARTICIPLES


_DONE = frozenset("register train launch start create log deploy upload submit schedule".split())


def _told(sentence: Sentence, index: int) -> bool:
    """ "did each user register": a verb of doing that only says what was done."""
    return any(
        sentence.tokens[i].said.lower() in {"did", "do", "does", "has", "have", "had", "who"}
        for i in range(index)
    )


_SIGNALS = lexicon.NEGATIONS | frozenset(lexicon.SUPERLATIVES) | frozenset(lexicon.AGGREGATES)
_PARTICIPLES = frozenset(word for word in VERBS if word.endswith(("ed", "ing")))


def _is_empty(sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    if token.text == TAKEN or token.word is None:
        return False
    if token.word.kind in {"mark", "operator"}:
        return True
    return token.kind is None and (
        token.word.lower in lexicon.FILLER
        or _carries_nothing(sentence, index)
        or len(token.word.lower) == 1
        and token.word.kind == "word"
    )
