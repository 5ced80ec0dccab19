"""Numbers over many runs: the mean, the range, a percentile, how long they took, the trend."""

from __future__ import annotations

import re

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.comparing import ref_of
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.offline.wishes.dimensions import AGGREGATE, DURATION
from texttosql.plan import Fn

_HOW_LONG = (
    r"(?:how long|duration|durations|runtime|runtimes|run_time|running time|training time|"
    r"wall time|wall-clock|wall clock|wallclock|compute time|elapsed time|time "
    r"(?:spent|taken|it took|to train)|train time|took to (?:finish|train|run)|took|length)"
    r"(?: (?:did|does|do|of|is|was|were|are|has|have|the|it|they))*(?: (?:it take|they take|take))?"
)
_TAKE_TO_TRAIN = r"(?:take|taken|spent|run|last)(?: (?:to|for))?(?: (?:train|run|finish|complete))?"
_PERCENTILE = r"(?:the )?(?:p(?P<p>\d{1,2})|(?P<q>\d{1,2})(?:th|st|nd|rd) percentile)(?: of)?"
_RANGE = (
    r"(?:range(?: of)?|(?:min|minimum|lowest|least|smallest) (?:and|to|/|&) (?:the )?"
    r"(?:max|maximum|highest|largest|biggest)|(?:max|maximum|highest|largest) (?:and|to|/) "
    r"(?:the )?(?:min|minimum|lowest|smallest))"
)
_RANGE_AGAIN = r"(?::|,)? ?(?:lowest|min) (?:and|to) (?:the )?(?:highest|max)"
_MEASURED = (
    r"(?:(?:of|the|for|in|all|on|its|their|a|an|our|,|value|values|final|latest|overall|and|or|"
    rf"{AGGREGATE}) )*(?P<keys>{t.METRIC}(?: (?:and|,|or|/)+ {t.METRIC})*|{t.PARAM})"
)
_NEARBY = 4  # tokens between an aggregate and what it measures
_TREND = (
    r"(?:over time|trend(?:s|ing|ed)?(?: (?:of|in|for|over time))?|through time|across time|"
    r"timeline|as time goes by|improv(?:e|ed|ing|ement)(?: over time)?|getting (?:better|worse)|"
    r"evol(?:ve|ved|ving|ution)(?: of)?|changed?(?: over time)?|progress(?:ed)?|develop(?:ed)?|go"
    r"(?:ing)? (?:up|down)|regressed?|drift(?:ed|ing)?)"
)
_JUDGES = r"improv|better|worse|regress|drift"


def lengths(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """How long runs take, as a thing to show or to average."""
    hit = sentence.find(_HOW_LONG)
    if hit is None or (hit[0].group() == "took" and not _ranks_by_time(sentence)):
        return
    sentence.take(hit[1], hit[2])
    if not any(ref.key.startswith("duration") for ref in frame.shown):
        frame.shown.append(DURATION)
    sentence.eat(_TAKE_TO_TRAIN)


def _ranks_by_time(sentence: Sentence) -> bool:
    return re.search(r"longest|shortest|least time|most time", sentence.text) is not None


def aggregates(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Every function named, of what is named behind it."""
    _percentile(sentence, frame, context)
    _range(sentence, frame, context)
    sentence.eat(rf"(?:instead of|rather than|not) (?:the )?{AGGREGATE}")
    start = 0
    while (hit := sentence.find(AGGREGATE, start)) is not None:
        match, first, end = hit
        start = first + 1
        fn: Fn = lexicon.AGGREGATES[match.group()]  # type: ignore[assignment]  # its values are Fns
        if match.group() == "deviation":
            sentence.eat("standard")
        _measure(sentence, frame, fn, first, end, context)


def _percentile(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: p95 latency."""
    if (hit := sentence.find(_PERCENTILE)) is not None:
        match, first, end = hit
        frame.percentile = int(match["p"] or match["q"]) / 100
        _measure(sentence, frame, "pct", first, end, context)


def _range(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: the range of f1, min and max f1."""
    if (hit := sentence.find(_RANGE)) is not None:
        _measure(sentence, frame, "min", hit[1], hit[2], context)
        frame.measures += [("max", ref) for fn, ref in frame.measures if fn == "min"]
        sentence.eat(_RANGE_AGAIN)


def _measure(
    sentence: Sentence, frame: Frame, fn: Fn, first: int, end: int, context: Context
) -> None:
    """The aggregate of the metric or param that follows, or that is named elsewhere."""
    following = sentence.find(_MEASURED, end)
    sentence.take(first, end)
    if following is not None and following[1] <= end + _NEARBY:
        match, key_first, key_end = following
        lead = match.group()[: match.start("keys") - match.start()]
        if following[1] == end or lead:
            for key in re.findall(r"[A-Z]+#\d+", match["keys"]):
                frame.measures.append((fn, ref_of(sentence, key, frame, context)))
            if not re.search(AGGREGATE, lead):  # "mean and max f1" needs the key once more
                sentence.take(key_first, key_end)
            return
    if fn != "sum" or not _spent_in_a_condition(sentence, frame, first, end):
        _measure_of_all(sentence, frame, fn)


def _spent_in_a_condition(sentence: Sentence, frame: Frame, first: int, end: int) -> bool:
    """Whether "burned" is only the verb of a condition: "runs that burned more than 60 hours"."""
    verb = not re.search(r"\b(?:total|sum|overall|altogether)\b", sentence.said(first, end).lower())
    return verb and bool(frame.tests) and not sentence.has(t.METRIC) and "run" not in frame.counted


def _measure_of_all(sentence: Sentence, frame: Frame, fn: Fn) -> None:
    """A function of no key: "total" alone counts runs, the others wait for a metric."""
    timed = any(ref.key.startswith("duration") for ref in frame.shown)
    if fn == "sum" and not timed and not sentence.has(t.METRIC):
        frame.count = True
    else:
        frame.measures.append((fn, None))


def trend(sentence: Sentence, frame: Frame, _context: Context) -> None:
    """Such as: over time; is it improving, which also wants a verdict."""
    match = sentence.eat(_TREND)
    if match is not None:
        frame.trend = True
        frame.judged = re.search(_JUDGES, match.group()) is not None
