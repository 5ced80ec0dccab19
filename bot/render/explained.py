"""What a model says of an answer's rows, marked as such, and why it says nothing."""

from __future__ import annotations

from bot.render.blocks import context, section
from bot.render.message import Message, Rendered
from bot.render.said import bold
from bot.render.text import SECTION, code, mrkdwn
from texttosql.errors import TextToSQLError
from texttosql.explaining.explanation import Explanation

_SENTENCE, _QUESTION = 900, 900
_SMALL = 50
_CHECKED = "Written by Claude; every number was checked against the rows"


def explanation(found: Explanation) -> Rendered:
    """The sentences, one a line, and who wrote them."""
    said = [mrkdwn(sentence, _SENTENCE) for sentence in found.told]
    small = _small(found)
    blocks = (section("\n".join(said)), *([context(small)] if small else []))
    alone = "\n".join([*said, *([small] if small else [])])
    return Rendered((Message(" ".join(said)[:SECTION], blocks), Message(alone)))


def _small(found: Explanation) -> str:
    if not found.sentences:
        return ""
    if not found.dropped:
        return _CHECKED
    noun = "sentence" if found.dropped == 1 else "sentences"
    return f"{_CHECKED} · {found.dropped} {noun} left out"


def not_explained(error: TextToSQLError) -> Rendered:
    """What happened and what to do now; the answer stands."""
    what, fix = bold(error.what, _QUESTION), mrkdwn(error.fix, _QUESTION)
    reference = [f"Reference {code(error.reference, _SMALL)}"] if error.reference else []
    text = "\n".join([what, fix, *reference])
    return Rendered((Message(mrkdwn(error.what, _QUESTION), (section(text),)), Message(text)))
