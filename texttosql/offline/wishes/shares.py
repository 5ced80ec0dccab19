"""Percentages and rates: the share of runs that pass a condition."""

from __future__ import annotations

from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.plan import Ref, Test

_IN_PERCENT = r"(?:,|in|as)? ?(?:in|as) (?:a |the )?(?:percent|percentage|percents|percentages|%)"
_RATE = (
    r"(?:the |our |overall )*(?P<what>failure|fail|failed|crash|error|success|completion|finish|"
    r"pass|kill|crashed|failing|succeeded)[ -]?(?:rates?|ratio|percentage|percent|share)(?: of)?"
)
_RATE_OF_STATUS = r"(?:the |overall )*rates?(?: of)?(?= ·)"
_SHARE = (
    r"(?:what |which |the |as |in |show |give |me |a )*(?:percentage|percent|%|fraction|share|"
    r"proportion|pct|ratio|percentages|perc|portion|how much)(?: of)?(?: (?:the|all|our))*"
)
_GOOD = frozenset({"success", "completion", "finish", "pass", "succeeded"})


def percent(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """A rate of a status, else a share of whatever condition the question names."""
    asked = sentence.eat(_IN_PERCENT)
    if asked is not None and frame.tests:
        frame.percent = True
        sentence.eat(
            r"(?:of )?(?:everything|all(?: runs)?|the total|total|how often|how much(?: of)?)"
        )
    if not (_named_rate(sentence, frame) or _rate_of_status(sentence, frame)):
        _share(sentence, frame)


def _named_rate(sentence: Sentence, frame: Frame) -> bool:
    """Such as: failure rate, success ratio."""
    rate = sentence.eat(_RATE)
    if rate is None:
        return False
    bad = "KILLED" if rate["what"] == "kill" else "FAILED"
    status = "FINISHED" if rate["what"] in _GOOD else bad
    frame.percent = True
    frame.share_of.append(Test(Ref("field", "status"), "=", (status,), rate.group()))
    return True


def _rate_of_status(sentence: Sentence, frame: Frame) -> bool:
    """The rate of a status that an earlier rule has taken as a condition."""
    tested = next((test for test in frame.tests if test.ref.key == "status"), None)
    if tested is None or not sentence.eat(_RATE_OF_STATUS):
        return False
    frame.percent = True
    frame.share_of.append(tested)
    return True


def _share(sentence: Sentence, frame: Frame) -> None:
    """Such as: what percentage of the runs. "How much" alone may be about anything."""
    hit = sentence.find(_SHARE)
    if hit is None or "how much" in hit[0].group():
        return
    frame.percent = True
    sentence.take(hit[1], hit[2])
    frame.noun_at = hit[2]
