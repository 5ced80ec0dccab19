"""From text to typed tokens: cut, spell, link to the store's names, find the periods."""

from __future__ import annotations

import re

from texttosql.offline import lexicon, times
from texttosql.offline.frame import Context
from texttosql.offline.lexer import Word, words
from texttosql.offline.line import Line
from texttosql.offline.link import Mention, link
from texttosql.offline.names import Kind, Name, canonical
from texttosql.offline.points import DAY, MONTH
from texttosql.offline.sentence import Sentence, build
from texttosql.offline.spelling import corrected

_DATED = frozenset("in since during until before after last this of from next through".split())
_SHORTEST_NAME = 4


def sentence_of(text: str, context: Context) -> Sentence:
    """The typed tokens of a question."""
    text = _names_quoted(text, context)
    typed = tuple(piece for word in words(text) for piece in _unglued(word, context))
    line = Line(corrected(typed, context.index))
    quoted = {index for index, word in enumerate(typed) if word.kind == "quoted"}
    long_names = _long_names(line, quoted, context)
    for mention in long_names:  # a name with a date in it is a name
        line.take(mention.first, mention.end)
    periods = times.find(line, context.now)
    for mention in long_names:
        for index in range(mention.first, mention.end):
            line.taken[index] = False
    mentions = link(line, context.index)
    mentions += [m for m in _date_values(line, context) if not any(line.taken[m.first : m.end])]
    return build(line, sorted(mentions, key=lambda mention: mention.first), periods)


def _long_names(line: Line, quoted: set[int], context: Context) -> list[Mention]:
    """The mentions in which a month or a day would be no period."""
    linked = link(line, context.index)
    several = [
        m
        for m in linked
        if (m.end - m.first > 1 or m.first in quoted) and not m.partial and not m.weak
    ]
    no_months = [m for m in linked if _is_no_month(m, line)]
    return [*several, *no_months, *_date_values(line, context)]


def _date_values(line: Line, context: Context) -> list[Mention]:
    """A date right behind a key that has dates as values: "data_cut 2026-11-01 vs 2026-10-01"."""
    dates = [index for index, word in enumerate(line.words) if word.kind == "date"]
    keys = _keys_in(line, context) if dates else []
    found: list[Mention] = []
    for index in dates:
        text = line.words[index].text
        for owner in keys:
            table = context.catalog.params if owner.kind == "param" else context.catalog.tags
            if owner.text in table and text in table[owner.text].values:
                kind: Kind = "value" if owner.kind == "param" else "tagvalue"
                found.append(Mention(index, index + 1, (Name(kind, text, owner.text, 1),), 1.0))
    return found


def _keys_in(line: Line, context: Context) -> list[Name]:
    """The params and tags a line mentions, the last one said of each spelling."""
    mentioned = (name for mention in link(line, context.index) for name in mention.names)
    return list({n.text: n for n in mentioned if n.kind in {"param", "tag"}}.values())


def _is_no_month(mention: Mention, line: Line) -> bool:
    """A param called `aug` is a param, unless the words around make it August."""
    if mention.end - mention.first > 1 or mention.score < 1.0:
        return False
    follows = line.words[mention.end] if mention.end < len(line.words) else None
    numbered = follows is not None and follows.kind == "number"
    dated = numbered or line.lower(mention.first - 1) in _DATED
    named_so = re.fullmatch(f"{MONTH}|{DAY}", line.lower(mention.first)) is not None
    return named_so and not dated


def _names_quoted(text: str, context: Context) -> str:
    """Names with spaces, colons or brackets in them, put in quotes so that they stay whole."""
    for name in context.index.awkward:
        if len(name) < _SHORTEST_NAME or name not in text.lower():
            continue
        pattern = rf"(?<![\w\"]){re.escape(name)}(?![\w\"])"
        text = re.sub(pattern, lambda match: f'"{match.group()}"', text, flags=re.IGNORECASE)
    return text


def _unglued(word: Word, context: Context) -> tuple[Word, ...]:
    """Several words, unless the store has such a name: "runs/user"."""
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
