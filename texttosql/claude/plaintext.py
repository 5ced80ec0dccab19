"""What a model wrote for people, made harmless: one line, so long, with no link and no ping in it.

A name that somebody logged may have talked the model into anything; what it says is shown in a
channel, so nothing in it may be clicked, and nobody is called. An address of a person
(alice@example.com) stays: MLflow's users are called so.
"""

from __future__ import annotations

import re
import unicodedata

from texttosql.format import clean, shorten

_DOT = "[.\u3002\uff61\u2024]"
_ENDINGS = (
    "com|net|org|edu|gov|io|ai|dev|app|co|me|info|biz|xyz|top|site|online|click|page|link|shop|club"
    "|vip|icu|cyou|cfd|ly|gg|tk|cc|su|ru|cn|de|uk|eu|fr|nl|jp|kr|au|example"
)
"""Of hosts. Not all there are: test.py, run.name and latency.us are no links to a team."""
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_SLACK = re.compile(r"<([@#!])([^<>|]*)(?:\|([^<>]*))?>")
_SLACK_LINK = re.compile(r"<[a-z][a-z0-9+.-]*:[^<>|]*(?:\|([^<>]*))?>", re.IGNORECASE)
_ADDRESS = re.compile(
    rf"\b(?:[a-z][a-z0-9+.-]*:/ ?/|www{_DOT}|(?:mailto|javascript|vbscript):(?=\S)|tel:\+?(?=\d)"
    r"|data:[\w.+-]+/)\S*",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?P<person>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?<![\w@-])(?:[\w-]{{1,63}}{_DOT}){{1,9}}(?:{_ENDINGS})(?![\w-])(?:[/:?#]\S*)?",
    re.IGNORECASE,
)
_PING = re.compile(r"(?<![^\W_])@(?=\w)")
_HALVES = ((re.compile(r"\]\("), "] ("), (re.compile(r"<(?=[!@#])"), ""))
"""What is left of a mark without its other half."""
_LEFT = "(link left out)"
_PASSES = 8
_MARKS = re.compile(r"[<>@\[\]]")

_UNSEEN = "\u034f\u115f\u1160\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0"
_BESIDE_ASCII = re.compile(f"(?<=[!-~])[{_UNSEEN}]+|[{_UNSEEN}]+(?=[!-~])")
_COSTUMES = frozenset({"<font>", "<wide>", "<circle>", "<small>"})


def plain(text: str, width: int) -> str:
    """At most `width` characters in one line; links are left out, @here is here."""
    # Cut before as well: what a model wrote has no limit of its own, and patterns take their time.
    line = shorten(_seen(text[: 4 * width]).strip(), 4 * width)
    for _ in range(_PASSES):
        # Again: what is left can be a link where something stood in it, or a cut made one.
        freed = shorten(_freed(line).strip(), width)
        if freed == line:
            return line
        line = freed
    return shorten(_freed(_MARKS.sub("", line)).strip(), width)


def tied(text: str) -> bool:
    """Whether there is a link or a ping in a text."""
    line = _seen(text)
    return _freed(line) != line


def _seen(text: str) -> str:
    """In one line as an eye reads it: nothing unseen inside words, no letters in costumes."""
    line = _BESIDE_ASCII.sub("", clean(text))
    return line if line.isascii() else "".join(map(_undressed, line))


def _undressed(letter: str) -> str:
    """`ｅ`, `𝐞` and `ⓔ` are e to whoever reads an address; letters of other scripts stay."""
    if letter.isascii() or unicodedata.decomposition(letter).partition(" ")[0] not in _COSTUMES:
        return letter
    bare = unicodedata.normalize("NFKC", letter)
    return bare if bare.isascii() and (bare.isalpha() or bare in ".@/<>|#!") else letter


def _freed(line: str) -> str:
    line = _MARKDOWN_LINK.sub(r"\1", line)
    line = _SLACK_LINK.sub(lambda found: found[1] or _LEFT, line)
    line = _SLACK.sub(lambda found: found[3] or found[2].split("^")[0], line)
    line = _ADDRESS.sub(_LEFT, line)
    line = _HOST.sub(lambda found: found[0] if found["person"] else _LEFT, line)
    for half, instead in _HALVES:
        line = half.sub(instead, line)
    return _PING.sub("", line)
