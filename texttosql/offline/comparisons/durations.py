"""How long runs took, or have been running: "longer than 2 hours", "running for over a week"."""

from __future__ import annotations

import re

from texttosql.offline import tokens as t
from texttosql.offline.comparisons.signs import signed
from texttosql.offline.frame import Context, Frame
from texttosql.offline.keeping import keep
from texttosql.offline.lexicon import UNITS
from texttosql.offline.sentence import Sentence
from texttosql.plan import Op, Ref, Test, Window

_DURATION = Ref("field", "duration")
_GLUED = r"(?P<glued>\d+(?:\.\d+)?(?:ms|secs?|s|mins?|m|hours?|hrs?|hr|h|days?|d))"
_TOOK = (
    r"(?:(?:that |which )?(?:took|take|taking|takes|lasted|lasting|lasts|ran|run|running|"
    r"runs|needed|"
    r"duration|runtime|run_time|training time|wall time|trained)(?: (?:for|is|was|of|time|in))*)"
)
_DAY = 86_400.0
_LONG_UNITS = {"week": 7 * _DAY, "weeks": 7 * _DAY, "month": 30 * _DAY, "months": 30 * _DAY}


def durations(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Only with a unit of time, or after "took"; "more than 10" alone is no duration."""
    amount = rf"(?:(?P<n>{t.NUM}|an?|half an) (?P<unit>{t.UNIT})|{_GLUED})"
    pattern = (
        rf"(?P<neg>not )?(?:{_TOOK} )?(?:with (?:a )?duration )?(?P<cmp>{t.COMPARE})(?: "
        rf"(?:than|about|a|the))? {amount}(?: (?P<post>{t.AFTERWARDS}))?(?: (?:long|to run|"
        r"to train|to finish|to complete))?"
    )
    while (hit := sentence.find(pattern)) is not None:
        match, first, end = hit
        before = sentence.tokens[first - 1].kind if first else None
        if before == "metric":
            break
        seconds = _whole(_seconds(sentence, match))
        longer = match["cmp"].startswith(("slower", "longer", "older"))
        sign: Op = ">" if longer else t.operator(match["cmp"])
        sign = signed(sign, negated=bool(match["neg"]))
        keep(sentence, frame, _DURATION, sign, (seconds,), (first, end))


def still_running(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Not ended, and started before then: "running for more than a week"."""
    pattern = (
        r"(?:(?:have|has|still|been|are|is|that) )*running(?: (?:for|"
        rf"since))? (?P<cmp>more than|longer than|over|at least|>) (?:(?P<n>{t.NUM}|"
        rf"an?) (?P<unit>{t.UNIT}|weeks?|months?)|{_GLUED})"
    )
    hit = sentence.find(pattern)
    if hit is None:
        return
    match, first, end = hit
    edge = int((context.now.timestamp() - _seconds(sentence, match)) * 1000)
    said = sentence.said(first, end)
    frame.add(Test(Ref("field", "status"), "=", ("RUNNING",), said), first)
    frame.windows.append(Window(None, edge, said))
    sentence.take(first, end)


def _seconds(sentence: Sentence, match: re.Match[str]) -> float:
    if glued := match.groupdict().get("glued"):
        split = re.fullmatch(r"([\d.]+)([a-z]+)", glued)
        return float(split[1]) * UNITS[split[2]] if split else 0.0
    unit = match["unit"]
    return _amount(sentence, match["n"]) * (_LONG_UNITS.get(unit) or UNITS[unit])


def _amount(sentence: Sentence, said: str) -> float:
    spelled = {"a": 1.0, "an": 1.0, "half an": 0.5}
    if said in spelled:
        return spelled[said]
    word = sentence.token(said).word
    return float(word.number or 0) if word else 0.0


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value
