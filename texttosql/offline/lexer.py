"""Text becomes words: what was typed, cut so that names, numbers and operators stay whole.

A word keeps its spelling; `parts` are its pieces in small letters ("val_acc" -> val, acc), which
is how names of a store and words of a question are compared.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(
    r"""
    (?P<quoted>"[^"]{1,120}"|`[^`]{1,120}`|“[^”]{1,120}”|(?<![\w])'[^'\n]{1,120}'(?!\w))
  | (?P<date>\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?Z?)?|\d{4}-\d{2}(?![\d-])
        |\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\w/])|\d{1,2}\.\d{1,2}\.\d{4}
        |\d{1,2}:\d{2}(?::\d{2})?(?![\w:]))
  | (?P<number>[-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?
        (?:\s?%|\+(?!\d)|[kKmM](?![A-Za-z]))?(?![\w@/\-.:]*[A-Za-z_@]))
  | (?P<operator><=|>=|!=|<>|==|=|<|>|≥|≤|≠)
  | (?P<word>[^\W_](?:[\w@/:.\-+]*\w)?(?:'s\b|s'(?!\w))?|_\w+)
  | (?P<mark>[?!,;:()&+~*/|%.…—-])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9]{2})(?=[A-Z][a-z])|(?<=[a-z]{2})(?=[A-Z])")
_SPLIT = re.compile(r"[^0-9a-zA-Z\u00c0-\uffff]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question. `number` is set for numbers; `kind` says what it looked like."""

    text: str
    lower: str
    kind: str
    parts: tuple[str, ...]
    number: float | None = None
    percent: bool = False
    possessive: bool = False
    read_as: str | None = None


@lru_cache(maxsize=65_536)
def parts(name: str) -> tuple[str, ...]:
    """The pieces of a name in small letters: `valLoss/epoch-2` -> val, loss, epoch, 2."""
    pieces = (camel for piece in _SPLIT.split(name) for camel in _CAMEL.split(piece))
    return tuple(piece.lower() for piece in pieces if piece)


def words(text: str) -> tuple[Word, ...]:
    """The words of a text, in order. Marks stay as words of kind `mark`."""
    return tuple(_word(match) for match in _WORD.finditer(_spelled_out(text)))


_SPELLED = (
    (r"[’‘]", "'"),
    (r"\br\s?\^\s?2\b|\br²", "r2"),
    (r"\b(what|who|where|how|when|which|that|it|there|let)'s\b", r"\1 is"),
    (r"\b(what|who|where|how|when)s\b(?=\s)", r"\1 is"),
    (r"\b(do|does|did|is|are|was|were|has|have|had|ca|wo|should|would|could)n'?t\b", r"\1 not"),
    (r"\b(i|we|you|they)'(ve|re|d|ll|m)\b", r"\1"),
    (
        r"\b(how many|different|many|which|other|most|these|some|the|what|distinct|unique) ppl\b",
        r"\1 people",
    ),
    (r"(?<!\S)@\w[\w-]*(?!\S|\d)", " "),
    (r"\b(?:u+h+m*|h+m+|u+m+)\b", " "),
    (
        r"\b(?:still |currently )?(?:in progress|underway|under way|still going|ongoing)\b",
        "running",
    ),
    (r"\bgood (?:morning|afternoon|evening|day|job|stuff|one)\b", " "),
    (
        (
            r"\b(?:it(?:'d| would| will)? be|would be|i'?d) "
            r"(?:great|good|nice|awesome|helpful|cool|love|like)(?: (?:to|if you could|if))?\b"
        ),
        " ",
    ),
    (r"^(?:i'?m |i am )?not sure (?:if|whether)?[^,]*,?(?: but)?", " "),
    (r"\bmost (?:small|low)\b", "lowest"),
    (r"\bmost (?:big|high|large)\b", "highest"),
    (r"\bi(?: would)? (?:love|like) to (?:know|see|have)\b", " "),
    (r"\bfrm\b", "from"),
    (r"\bremind me\b(?!.*\b(?:tomorrow|later|in \d))", "tell me"),
    (r"\b(?:just|only) (?:the|a) (?:number|count)\b", "count"),
    (r"\bat (?:the |its )?(?:last|final) (?:step|epoch|iteration)\b", " "),
    (r"\bhow long ago (?:was|were|did)\b", "when was"),
    (
        r"\b(yesterday|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s\b(?= \w)",
        r"\1",
    ),
    (r"\bbreak (?:it |them |this |that |all |the |runs |of )*down\b", "breakdown"),
    (
        (
            r"\bfor (?:the|my|our|a|this) (?:(?:month|week|quarter|dai)ly |annual )?(?:report|"
            r"meeting|slides?|deck|review|presentation|standup|sync|newsletter|retro)\b"
        ),
        " ",
    ),
    (r"\ball in all\b", "altogether"),
    (r"\b(?:nr|no|num)\. of\b", "number of"),
    (r"\bbst\b", "best"),
    (r"\bavrg\b", "avg"),
    (r"\bevry\b", "every"),
    (r"\bmeen\b", "mean"),
    (r"\bhw\b", "how"),
    (r"\busrs?\b", "user"),
    (r"\bcnt\b", "count"),
    (r"\bmnth\b", "month"),
    (r"\b(?:wich|whch|wihch)\b", "which"),
    (r"\b(?:wat|wut|wht)\b", "what"),
    (r"\bbtwn\b", "between"),
    (r"\byday\b", "yesterday"),
    (r"\bn\b(?= (?:which|what|who|the|when|how|also)\b)", "and"),
    (r"\b(?:if )?(?:you|u|ya)? ?do(?:n'?t| not) mind\b", " "),
    (r"\b(?:std|standard)\.? dev(?:iation)?\b", "std"),
    (r"(?<!\w)#\s?of\b", "number of"),
    (r"(\w)-(tagged|based|trained|only)\b", r"\1 \2"),
    (r"(?<!\w)w/o(?!\w)", "without"),
    (r"(?<!\w)w/(?=\s|\w)", "with "),
    (r"\b(top|last|first|best|worst|bottom)[- ]?(\d+)\b", r"\1 \2"),
    (r"\b(user|exp|experiment|status|tag|param|metric|model|run|by|alias):(?=\S)", r"\1 "),
    (r"(\d)\s?-\s?(?=\d+\s?(?:days?|weeks?|months?|hours?)\b)", r"\1 to "),
    (r"\b([a-z]{3,9} \d{1,2})\s?[-–]\s?(?=\d{1,2}\b(?![-/]))", r"\1 to "),
    (r"&", " and "),
)


_QUOTED = re.compile(r'"[^"]{1,120}"|`[^`]{1,120}`|“[^”]{1,120}”')
_MARK = "\ue000"
"""Stands for what is in quotes; a private character that no question has."""


def _spelled_out(text: str) -> str:
    """Contractions and shorthand in full, so that later rules see one form of each.

    What is in quotes is somebody's name, and stays as it is.
    """
    text = text.replace(_MARK, " ")
    names = iter(_QUOTED.findall(text))
    text = _QUOTED.sub(_MARK, text)
    for pattern, full in _SPELLED:
        text = re.sub(pattern, full, text, flags=re.IGNORECASE)
    return re.sub(_MARK, lambda _: next(names, ""), text)


def _word(match: re.Match[str]) -> Word:
    kind, text = str(match.lastgroup), match.group()
    if kind == "quoted":
        inner = text[1:-1].strip()
        return Word(inner, inner.lower(), kind, parts(inner))
    if kind == "number":
        return _number(text)
    if kind == "date":
        return Word(text, text.lower(), kind, (text.lower(),))
    if kind == "word":
        return _plain(text)
    sign = {"≥": ">=", "≤": "<=", "≠": "!=", "<>": "!=", "==": "="}.get(text, text)
    return Word(text, sign, kind, ())


def _number(text: str) -> Word:
    digits = text.replace(",", "").rstrip("% \t")
    plus = digits.endswith("+")
    digits = digits.rstrip("+")
    scale = {"k": 1_000.0, "m": 1_000_000.0}.get(digits[-1:].lower(), 1.0)
    value = float(digits.rstrip("kKmM")) * scale
    if not math.isfinite(value):  # "1e999" is no number that a run can have
        return Word(text, text.lower(), "word", (digits.lower(),))
    kind = "atleast" if plus else "number"
    return Word(text, text.lower(), kind, (digits.lower(),), value, "%" in text)


def _plain(text: str) -> Word:
    possessive = text.endswith(("'s", "s'"))
    bare = text[:-2] if text.endswith("'s") else text.rstrip("'")
    return Word(bare, bare.lower(), "word", parts(bare), possessive=possessive)
