"""Words that only say what kind of thing the next one is, and reminders we keep anyway."""

from __future__ import annotations

from texttosql.offline import tokens as t
from texttosql.offline.sentence import Sentence

_KIND_FIRST = (
    r"(?:params?|parameters?|hyperparameters?|hyperparams?|metrics?|tags?|"
    rf"labels?)(?= (?:{t.KEY}))"
)
_KIND_LAST = (
    rf"(?P<key>{t.KEY}|RTAG#\d+) (?P<noun>params?|parameters?|hyperparameters?|metrics?|tags?|"
    r"settings?|config|choices?|options?|tickets?|variants?|flags?|labels?|sizes?|levels?|"
    r"lengths?)(?= |$)"
)
_AMONG_KEYS = (
    r"(?:in|from|among) (?:the |our |all )*(?:tags|params|parameters|hyperparameters|"
    r"metrics)(?= |$)"
)
_NAN_LEFT_OUT = (
    r"(?:(?:,|\() )?(?:skip|skipping|ignore|ignoring|excluding|exclude|without|drop|no|"
    r"not counting|leave out|leaving out) (?:the |any |all )*(?:nans?|nulls?|infs?|infinities)"
)


def noise(sentence: Sentence) -> None:
    """Account for the words that change nothing."""
    while (hit := sentence.find(_KIND_FIRST)) is not None:
        sentence.take(hit[1], hit[2])
    while (hit := sentence.find(_KIND_LAST)) is not None:
        sentence.take(hit[2] - 1, hit[2])
    sentence.eat(r"\( ?(?:tag|param|metric|parameter) ?\)")
    if sentence.has(t.KEY):
        sentence.eat(_AMONG_KEYS)
    sentence.eat(_NAN_LEFT_OUT)
    if sentence.has(rf"{t.COMPARE} {t.NUM}(?: \S+)*? i\.?e {t.COMPARE} {t.NUM}"):
        sentence.eat(rf"i\.?e {t.COMPARE} {t.NUM}")  # the same bound said twice
    sentence.eat(r"(?:i\.?e|e\.?g|aka|a\.k\.a|viz)")
    if not sentence.has(r"(?:how many|list|show|name|count) .*experiments?"):
        sentence.eat(
            r"(?:in |across |from )?(?:any experiment|(?:in|across|from) all experiments|"
            r"(?:whichever|whatever) experiments?)(?= |$)"
        )
