"""By what the numbers are to be split: "by user", "weekly", "does depth matter"."""

from __future__ import annotations

import re
from dataclasses import replace

from texttosql.offline import lexicon
from texttosql.offline import tokens as t
from texttosql.offline.comparing import ref_of
from texttosql.offline.frame import Context, Frame
from texttosql.offline.sentence import Sentence
from texttosql.offline.wishes.dimensions import DIMENSION, EXPERIMENT, RUN, SUPERLATIVE, dimension
from texttosql.plan import Ref

_ALL_RUNS = (
    r"(?:across|over|for|of|among|in) (?:all )?(?:the |these |those |our |my )*(?:·|runs|trials)"
    r"(?= |$)"
)
_ADVERB = (
    r"(?:on a )?(?P<b>daily|weekly|monthly|yearly|hourly)"
    r"(?: basis| trends?| averages?| counts?| mean| avg)?"
)
_OVER_UNITS = r"(?:over|across|through|through out) (?:the |these |all )?(?P<b>days|weeks|months)"
_BREAKDOWN = (
    rf"(?P<dims>{DIMENSION}) (?:breakdown|break down|distribution|split|counts?|histogram|mix)"
)
_UNIT_BY_UNIT = r"(?P<unit>day|week|month) (?:over|on|by|after) (?:day|week|month)"
_PER_MODEL = (
    r"(?:per|by|each|every|for each|of each|across)(?: (?:the|all))* "
    r"(?:registered |registry )?models?"
)
_WITH_AND_WITHOUT = (
    r"(?:with (?:and|vs|versus|or) without|with or w/o|on (?:and|vs|versus|or) off)(?: it)?"
)
_VARIES_WITH = (
    r"(?:(?:vary|varies|depend|depends|change|changes|changed|differ|differs|scale|scales|react|"
    r"reacts|correlate|correlates|relate|relates|correlation|relationship|compare)"
    r"(?: (?:with|on|by|across|between|to|as a function of|for|different|the|of|and|over))+|"
    r"(?:effect|impact|influence)(?: (?:of|the|does|do|did|has|have))+)"
    rf"(?: (?:the|of|different|number of|num))* (?P<dims>{DIMENSION}|{t.METRIC})"
)
_MORE_OF_IT = (
    rf"(?:higher|larger|more|bigger|lower|smaller|greater|longer|deeper) (?P<dims>{t.PARAM})"
    rf"(?= .*(?:{t.METRIC}).*|.*(?:better|higher|lower|worse|help|improve|increase|reduce))"
)
_GIVES = (
    r"(?:give|gives|have|has|lead to|leads to|mean|means|produce|yield|get|gets|improve|improves|"
    r"increase|increases|reduce|reduces|help|helps)(?: (?:a|an|the))?"
    r"(?: (?:better|higher|lower|worse))?"
)
_LONGER_IS_BETTER = (
    r"(?:is|are|does|do) (?:a |an |the )?(?:higher|larger|more|bigger|lower|smaller|longer|deeper|"
    rf"shorter) (?:{t.PARAM}|{t.TAG}) (?:better|worse|good|worth it|help|helps|useful|work|works)"
)
_WORTH_IT = (
    rf"(?:is|does|are|do|did|was|were) (?P<dims>{t.PARAM}|{t.TAG}|{t.VALUE}) "
    r"(?:useful|worth it|worth|any good|good|helpful|important|necessary|needed|help|helps|matter|"
    r"matters|work|works)"
)
_AFFECTS = (
    rf"(?P<dims>{t.PARAM}|{t.TAG}) (?:(?:really|actually|even|much) )?(?:affect|affects|impact|"
    r"impacts|influence|influences|matter|matters|help|helps|hurt|hurts|hurting|helping|affecting|"
    r"have (?:an? )?(?:effect|impact) on)"
)
_HOUR_OF_DAY = r"(?:by|per|at which|what) (?:hour of (?:the )?day|time of (?:the )?day)"
_WEEKDAY = r"(?:by|per|which|what) (?:day of (?:the )?week|weekday)"
_BY = (
    r"(?:(?:grouped|group|split|broken down|break down|break it down|broken|breakdown|"
    r"break that down|segmented|bucketed|aggregated|aggregate|organized|split up|split it|"
    r"split that|summarized|summarised|averaged)(?: (?:it|them|that|this|up|down))* "
    r"(?:by|per|across|on|into)|"
    r"by|per|for each|for every|each|every|across(?: (?:the|all|different))*|in each|of each|"
    r"from each|over each|within each|between(?: different)?|for (?:all|different|various|"
    r"the different)|by each|depending on|as a function of|vs|versus|against|broken down)"
)
_BY_DIMENSIONS = (
    rf"{_BY}(?: (?:of|the|our|their|its|all|different|type of|kind of|single|given|value of|"
    r"values of|level of|setting of|choice of|value|level|individual))* "
    rf"(?P<dims>{DIMENSION}(?: (?:and|,|x|/|by|per|then|& )+ (?:each |every |per )?{DIMENSION})*)"
)


def grouping(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Every pattern that splits, the unmistakable ones first."""
    _all_runs(sentence)
    _calendar(sentence, frame, context)
    _unit_by_unit(sentence, frame)
    _per_model(sentence, frame)
    _with_and_without(sentence, frame, context)
    _varies_with(sentence, frame, context)
    _more_of_it(sentence, frame, context)
    if _worth_it(sentence, frame):
        return
    _affects(sentence, frame, context)
    _hours_and_weekdays(sentence, frame)
    _by(sentence, frame, context)


def _all_runs(sentence: Sentence) -> None:
    """Over all runs is no split."""
    if sentence.has(r"across (?:all )?(?:the )?runs"):
        sentence.eat(_ALL_RUNS)


def _calendar(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: a weekly average, over the months, daily counts."""
    adverb = sentence.eat(_ADVERB)
    over = sentence.eat(_OVER_UNITS)
    if over is not None and adverb is None:
        frame.groups.append(Ref("bucket", lexicon.BUCKETS[over["b"]]))
    _breakdown(sentence, frame, context)
    if adverb is not None:
        frame.groups.append(Ref("bucket", lexicon.BUCKETS[adverb["b"]]))
        if re.search(r"average|mean|avg", adverb.group()):
            frame.measures.append(("mean", None))


def _breakdown(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: status breakdown, optimizer split."""
    if (hit := sentence.find(_BREAKDOWN)) is None:
        return
    ref = dimension(sentence, hit[0]["dims"], frame, context)
    if ref is not None and ref != RUN:
        frame.groups.append(ref)
        sentence.take(hit[1], hit[2])


def _unit_by_unit(sentence: Sentence, frame: Frame) -> None:
    """Such as: week over week."""
    if (match := sentence.eat(_UNIT_BY_UNIT)) is not None:
        frame.groups.append(Ref("bucket", match["unit"]))


def _per_model(sentence: Sentence, frame: Frame) -> None:
    """Per registered model, where the registry is asked about."""
    if frame.registry and sentence.eat(_PER_MODEL):
        frame.groups.append(Ref("field", "model"))


def _with_and_without(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: with vs without early stopping."""
    if not sentence.eat(_WITH_AND_WITHOUT):
        return
    frame.compare = True
    if (flag := sentence.find(t.PARAM)) is not None:
        frame.groups.append(ref_of(sentence, flag[0].group(), frame, context))


def _varies_with(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: how does f1 vary with lr, the effect of depth."""
    if (hit := sentence.find(_VARIES_WITH)) is None:
        return
    match, first, end = hit
    if match["dims"].startswith("METRIC") and not _as_param(sentence, match["dims"]):
        return
    last = sentence.tokens[end - 1].text  # a metric read as a param has another text now
    ref = dimension(sentence, last if "#" in last else match["dims"], frame, context)
    if ref is not None and ref.kind != "bucket":
        frame.groups.append(ref)
        sentence.take(first, end)


def _as_param(sentence: Sentence, text: str) -> bool:
    """Read a metric as the param of the same name, where something is said to vary with it."""
    token = sentence.token(text)
    params = tuple(name for name in token.rivals if name.kind == "param")
    if not params:
        return False
    place = sentence.tokens.index(token)
    sentence.retype(place, replace(token, text=f"PARAM#{place}", kind="param", names=params))
    return True


def _more_of_it(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: does a higher lr give better f1."""
    if not sentence.has(t.METRIC) and sentence.eat(_LONGER_IS_BETTER):
        frame.judged = frame.trend = True
        return
    hit = sentence.find(_MORE_OF_IT)
    if hit is not None and sentence.has(t.METRIC):
        frame.groups.append(ref_of(sentence, hit[0]["dims"], frame, context))
        sentence.take(hit[1], hit[2])
        sentence.eat(_GIVES)


def _worth_it(sentence: Sentence, frame: Frame) -> bool:
    """Such as: is dropout worth it. A verdict is wanted, so a metric must be asked for."""
    if sentence.has(t.METRIC) or not sentence.eat(_WORTH_IT):
        return False
    frame.judged = frame.trend = True
    return True


def _affects(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: does depth affect f1."""
    if (hit := sentence.find(_AFFECTS)) is None:
        return
    ref = dimension(sentence, hit[0]["dims"], frame, context)
    if ref is not None:
        frame.groups.append(ref)
        sentence.take(hit[1], hit[2])


def _hours_and_weekdays(sentence: Sentence, frame: Frame) -> None:
    if sentence.eat(_HOUR_OF_DAY):
        frame.groups.append(Ref("bucket", "hourofday"))
    if sentence.eat(_WEEKDAY):
        frame.groups.append(Ref("bucket", "weekday"))


def _by(sentence: Sentence, frame: Frame, context: Context) -> None:
    """Such as: by user and model, per optimizer, across experiments."""
    start = 0
    while (hit := sentence.find(_BY_DIMENSIONS, start)) is not None:
        match, first, end = hit
        start = first + 1
        refs = _dimensions(sentence, match["dims"], frame, context)
        lead = match.group().split()[0]
        if lead in {"across", "over"} and all(_repeats(ref) for ref in refs):
            sentence.take(first, end)  # the mean across seeds is one number
        elif refs and not _no_split(sentence, frame, lead, refs):
            _split_by(frame, refs)
            sentence.take(first, end)


def _dimensions(sentence: Sentence, said: str, frame: Frame, context: Context) -> list[Ref]:
    found = (dimension(sentence, one, frame, context) for one in re.findall(DIMENSION, said))
    return [ref for ref in found if ref is not None]


def _repeats(ref: Ref) -> bool:
    return re.search(r"seed|fold", ref.key.lower()) is not None


def _no_split(sentence: Sentence, frame: Frame, lead: str, refs: list[Ref]) -> bool:
    """Against something without a metric is a contest; "for all runs" is everything."""
    if lead in {"vs", "versus", "against"} and not frame.metrics and not sentence.has(t.METRIC):
        return True
    listed = lead in {"every", "each"} and not (frame.measures or sentence.has(t.METRIC))
    over_all = listed or lead in {"across", "for", "in", "over", "between"}
    return refs == [RUN] and (over_all or sentence.has(SUPERLATIVE))


def _split_by(frame: Frame, refs: list[Ref]) -> None:
    for ref in refs:
        if ref not in frame.groups:
            frame.groups.append(ref)
    if EXPERIMENT in refs:
        frame.nouns.discard("experiment")
