"""What a sentence may not have in it, whatever its numbers: links, pings, markup, SQL, strangers.

A stranger is a name that nothing in the result, its title or the question is called: something
quoted, or a word that looks like a key or a run's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from texttosql.claude.explain.dates import BLANK
from texttosql.claude.explain.facts import Facts
from texttosql.claude.plaintext import tied

LONGEST = 400
"""Characters of a sentence that somebody reads to its end."""

_BANNED = (
    ("a link", re.compile(
        r"://|\bwww\.|\bmailto:|\b[\w-]+\.(?:com|net|org|io|dev|ai|app|co|info|xyz|ru|cn|me|link|site)"
        r"(?![\w-])", re.IGNORECASE,
    )),
    ("a ping", re.compile(r"@\w|<[@!#]")),
    ("markup", re.compile(r"[`|\\{}]|\*\*|__|~~|</?\w|^\s*(?:#|>|[*-] )|\]\(|&\w+;")),
    ("SQL", re.compile(
        r"\bselect\b.+\bfrom\b|\b(?:insert\s+into|delete\s+from|drop\s+table|alter\s+table"
        r"|truncate\s+table|union\s+(?:all\s+)?select|group\s+by|order\s+by)\b|/\*|;\s*$",
        re.IGNORECASE,
    )),
)  # fmt: skip
_TICKS = re.compile(r"`([^`]+)`")
_QUOTED = re.compile(
    r"[\"“”„]([^\"“”„]+)[\"“”]|(?:(?<=^)|(?<=[\s(]))['‘]([^'‘’]+)['’](?=[\s,.;:)!?]|$)"
)
_TOKEN = re.compile(r"[^\s,;:()\[\]\"“”‘’!?…–—]+")
_MEASURED = re.compile(
    r"[-−+~≈<>≤≥]?\.?\d[\d.,]*(?:[eE][-+−]?\d+)?"
    r"(?:%|x|×|k|K|M|bn|ms|s|min|h|d|st|nd|rd|th|pp|(?:-[a-z]+)+)?"
    r"(?:/\d[\d.,]*%?|-\d[\d.,]*%?|[×x]\d.*)?"
)
_COUNTING = re.compile(r"(?:top|best|bottom|worst|first|last|next)-\d+", re.IGNORECASE)
_KEY = re.compile(r"_|\d(?=.*[A-Za-z])|[A-Za-z].*\d|[a-z]\.[a-z]{2}|=|#|[A-Za-z]/[A-Za-z]+[/_]")
_VERSION = re.compile(r"v(\d+)", re.IGNORECASE)
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten half twice double triple third".split()
)


@dataclass(frozen=True, slots=True)
class Worded:
    """A sentence with the names in it found. `bare` has BLANK in place of every name."""

    text: str
    bare: str
    named: tuple[str, ...]


def untied(sentence: str, facts: Facts) -> str:
    """The sentence without backticks around what is a name: models quote that way."""
    known = set(facts.names)
    return _TICKS.sub(lambda f: f[1] if f[1].strip().lower() in known else f[0], sentence)


def worded(sentence: str, facts: Facts) -> Worded:
    """The sentence, and its names that are names here, the longest first."""
    bare, lower, named = sentence, sentence.lower(), []
    for name in facts.names:
        if name in lower and _nameable(name):
            found = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            cut = found.sub(lambda f: BLANK * len(f[0]), bare)
            named += [name] if cut != bare else []
            bare, lower = cut, cut.lower()
    return Worded(sentence, bare, tuple(named))


def _nameable(name: str) -> bool:
    """Numbers and number words have to agree with the rows even where a run is called so."""
    if ":" in name:
        return True  # a time
    return any(letter.isalpha() for letter in name) and name not in _NUMBER_WORDS


def fault(sentence: Worded, facts: Facts) -> str | None:
    """Why the sentence is not shown; None when its wording is fine."""
    if not sentence.text.strip():
        return "it is empty"
    for what, pattern in _BANNED:
        if pattern.search(sentence.text):
            return f"it has {what} in it"
    if tied(sentence.text):
        return "it has a link or a ping in it"
    if any(_unread(letter) for letter in sentence.bare):
        return "it has letters or numbers that are not read here"
    stranger = next(_strangers(sentence, facts), None)
    return f"nothing here is called {stranger}" if stranger else None


def _unread(letter: str) -> bool:
    """Numbers that are no digits (½, ²), and letters of words whose numbers nobody would find."""
    foreign = letter.isalpha() and not letter.isascii()
    return foreign or unicodedata.category(letter) in {"No", "Nl"}


def _strangers(sentence: Worded, facts: Facts) -> Iterator[str]:
    for found in _QUOTED.finditer(sentence.text):
        inside = (found[1] or found[2]).strip(" .,;:").lower()
        if inside not in facts.names and inside not in facts.said:
            yield inside
    for found in _TOKEN.finditer(sentence.bare):
        token = re.sub(r"['’]s$", "", found[0].strip(".'*-/")).strip(BLANK)
        if _KEY.search(token) and not _known(token, facts):
            yield token


def _known(token: str, facts: Facts) -> bool:
    """Whether a word that looks like a name is one, or a number with its unit."""
    if _MEASURED.fullmatch(token) or _COUNTING.fullmatch(token) or token.lower() in facts.words:
        return True
    if BLANK in token:
        return all(_known(p, facts) for p in re.split(rf"[{BLANK}=/+-]+", token) if _KEY.search(p))
    version = _VERSION.fullmatch(token)
    return version is not None and any(
        float(version[1]) in each.known for each in facts.measures if each.identity
    )
